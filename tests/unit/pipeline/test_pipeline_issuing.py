"""Issues on their way to being published; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from desk_values import (
    ARTICLES,
    AT,
    SENTENCE,
    STORY_IDS,
    keep,
    later,
    make_article,
    make_issue,
    mention,
    mentioned,
    seed,
)

from alliance_nlp.config import Settings
from alliance_nlp.core.errors import DigestError, InputError, StoreError
from alliance_nlp.core.types import AuditEntry, Issue, IssueState, IssueVersion, Override
from alliance_nlp.pipeline.issue_checking import check_issue
from alliance_nlp.pipeline.issuing import (
    move_issue,
    override_flags,
    publish_issue,
    save_version,
    warnings_of,
)
from alliance_nlp.store import (
    Database,
    mark_withdrawn,
    newest_version,
    read_audit,
    read_frozen,
    read_issue,
    read_issue_versions,
)

ISSUE_ID = "vol-3.7"
SETTINGS = Settings()
WRONG = "The yard at Sasebo will repair 400 ships a year from April 2025."


@pytest.fixture
def desk(database: Database) -> Database:
    seed(database)
    return database


def _save(desk: Database, issue: Issue, **more: Any) -> IssueVersion:
    return save_version(desk, issue, **{"editor": "kano", "at": AT, **more})


def _move(desk: Database, *states: IssueState) -> None:
    for state in states:
        move_issue(desk, SETTINGS, ISSUE_ID, to=state, editor="kano", at=AT)


def _publish(desk: Database, **more: Any) -> IssueVersion:
    return publish_issue(desk, SETTINGS, ISSUE_ID, **{"editor": "ibe", "at": later(5), **more})


def _audit(desk: Database) -> list[tuple[str, str, str]]:
    with desk.read() as tx:
        entries: list[AuditEntry] = [entry for _, entry in read_audit(tx, before=None, n=99)]
    return [(entry.who, entry.action, entry.detail) for entry in reversed(entries)]


def _newest(desk: Database) -> IssueVersion:
    with desk.read() as tx:
        found = newest_version(tx, ISSUE_ID)
    assert found is not None
    return found


def test_each_save_is_a_version_with_its_editor_and_reason(desk: Database) -> None:
    first = _save(desk, make_issue())
    second = _save(desk, make_issue(SENTENCE, SENTENCE), editor="ibe", why=" fuller ")
    assert (first.number, first.state, first.why) == (1, IssueState.DRAFT, "")
    assert (second.number, second.editor, second.why) == (2, "ibe", "fuller")
    with desk.read() as tx:
        assert read_issue_versions(tx, ISSUE_ID) == [first, second]


def test_saving_what_stands_already_makes_no_version(desk: Database) -> None:
    first = _save(desk, make_issue())
    assert _save(desk, make_issue(), editor="ibe") == first


def test_save_that_started_from_an_older_version_is_refused(desk: Database) -> None:
    first = _save(desk, make_issue())
    _save(desk, make_issue(SENTENCE, SENTENCE), editor="ibe")
    with pytest.raises(StoreError, match=r"version 2 is by ibe.*you started from version 1"):
        _save(desk, make_issue("Other words."), after=first.number)
    assert _save(desk, make_issue("Other words."), after=2).number == 3


def test_issue_goes_through_its_states_in_order_and_the_audit_tells(desk: Database) -> None:
    _save(desk, make_issue())
    _move(desk, IssueState.IN_REVIEW, IssueState.SIGNED_OFF)
    published = move_issue(desk, SETTINGS, ISSUE_ID, to=IssueState.PUBLISHED, editor="ibe")
    assert (published.number, published.state) == (4, IssueState.PUBLISHED)
    assert _audit(desk) == [
        ("kano", "issue-moved", "draft to in-review"),
        ("kano", "issue-moved", "in-review to signed-off"),
        ("ibe", "issue-published", "signed-off to published"),
    ]


@pytest.mark.parametrize("states", [["in-review"], ["in-review", "signed-off"]])
def test_issue_goes_back_to_draft_from_review_and_sign_off(
    desk: Database, states: list[str]
) -> None:
    _save(desk, make_issue())
    _move(desk, *map(IssueState, states), IssueState.DRAFT)
    assert _newest(desk).state is IssueState.DRAFT


@pytest.mark.parametrize(
    ("states", "to", "why"),
    [
        ([], "signed-off", "is draft and cannot go to signed-off, but to in-review"),
        ([], "published", "is draft; it is published once signed off"),
        (["in-review"], "published", "is in-review; it is published once signed off"),
        (["in-review", "signed-off"], "in-review", "but to published or draft"),
    ],
)
def test_move_that_skips_a_state_is_refused(
    desk: Database, states: list[str], to: str, why: str
) -> None:
    _save(desk, make_issue())
    _move(desk, *map(IssueState, states))
    with pytest.raises(DigestError, match=why):
        _move(desk, IssueState(to))


def test_move_to_where_it_is_makes_no_version(desk: Database) -> None:
    _save(desk, make_issue())
    _move(desk, IssueState.DRAFT)
    assert _newest(desk).number == 1


def test_words_of_a_signed_off_issue_do_not_change_until_it_is_a_draft(desk: Database) -> None:
    _save(desk, make_issue())
    _move(desk, IssueState.IN_REVIEW, IssueState.SIGNED_OFF)
    with pytest.raises(DigestError, match="signed off as it stands"):
        _save(desk, make_issue("Other words."))
    saved = _save(desk, make_issue("Other words."), state=IssueState.DRAFT)
    assert saved.state is IssueState.DRAFT


def test_publishing_by_one_person_keeps_the_states_between(desk: Database) -> None:
    _save(desk, make_issue(published_on=None))
    published = _publish(desk)
    assert published.issue.published_on == date(2024, 4, 14)
    with desk.read() as tx:
        states = [version.state.value for version in read_issue_versions(tx, ISSUE_ID)]
        assert read_issue(tx, ISSUE_ID) == (published.issue, "published")
    assert states == ["draft", "in-review", "signed-off", "published"]


def test_publishing_takes_another_date_when_one_is_given(desk: Database) -> None:
    _save(desk, make_issue())
    assert _publish(desk, on=date(2024, 5, 1)).issue.published_on == date(2024, 5, 1)


@pytest.mark.parametrize("states", [[], ["in-review"]])
def test_desk_of_several_publishes_what_is_signed_off_only(
    desk: Database, states: list[str]
) -> None:
    _save(desk, make_issue())
    _move(desk, *map(IssueState, states))
    with pytest.raises(DigestError, match="once signed off"):
        _publish(desk, only_signed_off=True)


def test_published_issue_changes_no_more(desk: Database) -> None:
    _save(desk, make_issue())
    _publish(desk)
    with pytest.raises(DigestError, match="published already"):
        _publish(desk)
    with pytest.raises(StoreError, match="frozen"):
        _save(desk, make_issue("Other words."))
    with pytest.raises(DigestError, match="nothing any more"):
        _move(desk, IssueState.DRAFT)


def test_unknown_and_empty_issues_are_not_published(desk: Database) -> None:
    with pytest.raises(DigestError, match=r"no issue vol-3\.7"):
        _publish(desk)
    _save(desk, make_issue(items=()))
    with pytest.raises(DigestError, match="no item"):
        _publish(desk)


def test_published_issue_is_frozen_with_candidates_models_and_archive_references(
    desk: Database,
) -> None:
    _save(desk, make_issue())
    _publish(desk)
    with desk.read() as tx:
        record = read_frozen(tx, ISSUE_ID)
    assert record is not None
    assert record["candidates"] == [
        {"story": STORY_IDS[0], "rank": 1, "score": 0.9},
        {"story": STORY_IDS[1], "rank": 2, "score": 0.8},
    ]
    assert record["models"] == ["model-a", "model-b"]
    cited = record["articles"][ARTICLES[0].id]
    assert cited["archived"] == {
        "file": f"{ARTICLES[0].id}.warc.gz",
        "offset": 0,
        "length": 9,
        "sha256": "ab" * 32,
    }
    assert (record["version"], record["editor"]) == (4, "ibe")


def test_sentence_that_its_source_carries_is_not_flagged(desk: Database) -> None:
    with desk.read() as tx:
        assert check_issue(tx, make_issue()) == ()


def test_issue_with_a_flag_is_not_published_and_stays_as_it_was(desk: Database) -> None:
    _save(desk, make_issue(SENTENCE, WRONG))
    with pytest.raises(DigestError, match=r"item 1, sentence 2 \(number: 400"):
        _publish(desk)
    assert _newest(desk).state is IssueState.DRAFT
    with desk.read() as tx:
        assert read_frozen(tx, ISSUE_ID) is None
    assert _audit(desk) == []


def test_sentence_without_sources_is_flagged(desk: Database) -> None:
    issue = make_issue(SENTENCE)
    bare = replace(issue.items[0].sentences[0], sources=())
    unsourced = replace(issue, items=(replace(issue.items[0], sentences=(bare,)),))
    with desk.read() as tx:
        places = {one.sentence for one in check_issue(tx, unsourced)}
    assert 1 in places


def test_headline_is_checked_too(desk: Database) -> None:
    issue = make_issue()
    wrong = replace(issue.items[0], headline="Yard at Sasebo will repair 400 ships")
    with desk.read() as tx:
        [found] = check_issue(tx, replace(issue, items=(wrong,)))
    assert (found.where, found.told) == ("item 1, headline", ("number: 400",))


def test_overridden_flag_lets_the_issue_out_and_is_told_to_the_audit(desk: Database) -> None:
    _save(desk, make_issue(WRONG))
    version = override_flags(
        desk, ISSUE_ID, text=WRONG, reason=" told by phone ", editor="ibe", at=later(1)
    )
    [override] = version.overrides
    assert (override.text, override.reason, override.editor) == (WRONG, "told by phone", "ibe")
    assert override.flags == ("number: 400",)
    assert _audit(desk)[-1][:2] == ("ibe", "issue-override")
    assert "told by phone" in _audit(desk)[-1][2]
    assert _publish(desk).overrides == (override,)


def test_override_stands_for_its_own_wording_alone(desk: Database) -> None:
    _save(desk, make_issue(WRONG))
    override_flags(desk, ISSUE_ID, text=WRONG, reason="told by phone", editor="ibe")
    changed = _save(desk, make_issue(WRONG.replace("400", "500")))
    assert changed.overrides == ()
    with pytest.raises(DigestError, match="number: 500"):
        _publish(desk)


def test_override_stays_when_another_sentence_changes(desk: Database) -> None:
    _save(desk, make_issue(WRONG))
    override_flags(desk, ISSUE_ID, text=WRONG, reason="told by phone", editor="ibe")
    assert len(_save(desk, make_issue(SENTENCE, WRONG)).overrides) == 1


def test_signed_off_issue_takes_an_override(desk: Database) -> None:
    _save(desk, make_issue(WRONG))
    _move(desk, IssueState.IN_REVIEW, IssueState.SIGNED_OFF)
    version = override_flags(desk, ISSUE_ID, text=WRONG, reason="told by phone", editor="ibe")
    assert version.state is IssueState.SIGNED_OFF
    assert _publish(desk, only_signed_off=True).state is IssueState.PUBLISHED


@pytest.mark.parametrize(
    ("text", "reason", "error"), [(WRONG, " ", InputError), (SENTENCE, "why not", DigestError)]
)
def test_override_without_reason_or_flag_is_refused(
    desk: Database, text: str, reason: str, error: type[Exception]
) -> None:
    _save(desk, make_issue(SENTENCE, WRONG))
    with pytest.raises(error):
        override_flags(desk, ISSUE_ID, text=text, reason=reason, editor="ibe")


def test_overrides_given_with_a_save_are_told_once(desk: Database) -> None:
    override = Override(text=WRONG, flags=("number: 400",), reason="seen", editor="ibe", at=AT)
    _save(desk, make_issue(WRONG), overrides=[override])
    _save(desk, make_issue(WRONG, SENTENCE), overrides=[override])
    assert [action for _, action, _ in _audit(desk)] == ["issue-override"]


def test_office_of_the_day_that_the_source_leaves_out_is_no_flag(desk: Database) -> None:
    text = "Tai met yard owners on the pier repairs in Sasebo."
    article = make_article("talks", text)
    with desk.write() as tx:
        keep(tx, article)
    issue = make_issue("US Trade Representative Katherine Tai met yard owners.", article=article)
    issue = replace(issue, items=(replace(issue.items[0], headline="Tai meets yard owners"),))
    with desk.read() as tx:
        assert check_issue(tx, issue) != ()
    mentioned(desk, article, mention(article, "Tai", "katherine-tai"))
    with desk.read() as tx:
        assert check_issue(tx, issue) == ()


def test_edited_article_warns_with_what_changed_and_what_was_lost(desk: Database) -> None:
    _save(desk, make_issue())
    assert warnings_of(desk, ISSUE_ID) == ()
    edited = make_article("docks", SENTENCE.replace("12", "9") + "\nThe mayor asked for a road.")
    with desk.write() as tx:
        keep(tx, edited, at=later(60))
    [warning] = warnings_of(desk, ISSUE_ID)
    assert (warning.kind, warning.numbers, warning.at) == ("edited", (1,), later(60))
    assert warning.lost == (SENTENCE,)
    assert any("12 ships" in c.before and "9 ships" in c.after for c in warning.changes)


def test_edit_that_changes_no_word_is_no_warning(desk: Database) -> None:
    _save(desk, make_issue())
    with desk.write() as tx:
        keep(tx, make_article("docks", ARTICLES[0].text + " "), at=later(60))
    assert warnings_of(desk, ISSUE_ID) == ()


def test_withdrawn_and_missing_articles_warn(desk: Database) -> None:
    _save(desk, make_issue())
    with desk.write() as tx:
        mark_withdrawn(tx, ARTICLES[0].url, at=later(60), why="its address answers with 410")
    [warning] = warnings_of(desk, ISSUE_ID)
    assert (warning.kind, warning.why) == ("withdrawn", "its address answers with 410")
    _save(desk, make_issue(article=make_article("never-kept")))
    assert [warning.kind for warning in warnings_of(desk, ISSUE_ID)] == ["missing"]


def test_published_issue_warns_of_what_came_later(desk: Database) -> None:
    _save(desk, make_issue())
    _publish(desk)
    with desk.write() as tx:
        mark_withdrawn(tx, ARTICLES[0].url, at=later(60), why="gone")
    assert [warning.kind for warning in warnings_of(desk, ISSUE_ID)] == ["withdrawn"]


def test_warnings_of_no_issue_are_refused(desk: Database) -> None:
    with pytest.raises(DigestError, match=r"no issue vol-9\.9"):
        warnings_of(desk, "vol-9.9")
