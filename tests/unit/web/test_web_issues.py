"""An issue in the browser: edited, checked, moved, overridden, compared and given out."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from issue_desk import HEADLINE, SAYS, YARD, changed, fields_of, make, said
from web_seeding import AT

from alliance_nlp.core.types import Account, IssueState, Right
from alliance_nlp.pipeline.issuing import save_version
from alliance_nlp.store import mark_withdrawn, read_audit, read_issue_versions, read_issues
from alliance_nlp.web.issue_shell import moves_of, right_for

JSON = {"Accept": "application/json"}
WRONG = "The yard in Kure will repair 400 tankers a year."


@pytest.fixture(scope="module")
def made(module_desk):
    return make(module_desk)


@pytest.fixture
def issue(made):
    made.begin()
    return made


def check(issue, name, value):
    fields = changed(issue.fields(), name, value)
    answer = issue.send(f"{issue.path}/check", fields, **JSON)
    assert answer.status == 200
    return json.loads(answer.text)


def publish(issue):
    for to in ("in-review", "signed-off", "published"):
        assert issue.post("move", to=to).status == 303


def test_editor_sends_what_is_stored_when_nothing_is_touched(issue):
    assert issue.send(issue.path, issue.fields()).status == 303
    assert issue.last().number == 1


def test_sentence_is_saved_as_the_next_version_when_it_is_changed(issue):
    answer = issue.edit("sentence", "A yard in Kure will repair 12 tankers.", why="shorter")
    assert (answer.status, answer.headers["location"]) == (303, f"{issue.path}?done=saved")
    last = issue.last()
    assert (last.number, last.editor, last.why) == (2, "mio", "shorter")
    assert issue.sentences() == ["A yard in Kure will repair 12 tankers."]
    assert last.issue.items[0].sentences[0].sources  # they stay with it


def test_script_is_answered_with_the_version_when_it_saves(issue):
    answer = issue.send(issue.path, changed(issue.fields(), "sentence", "It came."), **JSON)
    assert json.loads(answer.text) == {"version": 2, "url": issue.path}


def test_text_is_kept_and_the_other_named_when_somebody_saved_in_between(issue):
    fields = changed(issue.fields(), "sentence", "My own wording of it.")
    theirs = replace(issue.last().issue.items[0], headline="Their Headline of Six Words Here")
    save_version(
        issue.served.seed.database,
        replace(issue.last().issue, items=(theirs,)),
        editor="aoi",
    )
    answer = issue.send(issue.path, fields)
    assert answer.status == 409
    assert "aoi saved version 2 in between" in said(answer.text)
    assert "Their" in said(answer.text)
    assert ("sentence", "My own wording of it.") in fields_of(answer.text)
    assert issue.last().number == 2
    # Having seen it, the editor may put the own text after theirs.
    assert issue.send(issue.path, fields_of(answer.text)).status == 303
    assert (issue.last().number, issue.sentences()) == (3, ["My own wording of it."])


def test_text_is_kept_when_the_date_is_no_day(issue):
    fields = changed(issue.fields(), "sentence", "Kept wording.")
    answer = issue.send(issue.path, changed(fields, "date", "tomorrow"))
    assert answer.status == 400
    assert "is no day" in said(answer.text)
    assert ("sentence", "Kept wording.") in fields_of(answer.text)
    assert issue.last().number == 1


def test_other_number_makes_another_issue(issue):
    answer = issue.edit("number", "8")
    assert answer.headers["location"] == f"{issue.path[:-1]}8?done=saved"
    with issue.served.seed.database.read() as tx:
        assert [one.number for one, _ in read_issues(tx)][-2:] == [7, 8]


def test_number_of_another_issue_is_refused(issue):
    issue.edit("number", "8")
    answer = issue.edit("number", "8")
    assert answer.status == 400
    assert f"There is a Vol {issue.draft.volume}.8 already" in said(answer.text)


def test_story_is_drafted_and_put_in_from_the_runners_up(issue):
    page = issue.page()
    assert 'value="in:story-pier"' in page
    issue.send(issue.path, [*issue.fields(), ("do", "in:story-pier")])
    items = issue.last().issue.items
    assert [item.story_id for item in items] == ["story-yard", "story-pier"]
    assert items[1].sentences[0].sources[0].article_id == issue.other.id
    assert 'value="in:story-pier"' not in issue.page()


def test_items_are_ordered_and_taken_out_without_script(issue):
    issue.send(issue.path, [*issue.fields(), ("do", "in:story-pier")])
    issue.send(issue.path, [*issue.fields(), ("do", "up:2")])
    assert [i.story_id for i in issue.last().issue.items] == ["story-pier", "story-yard"]
    issue.send(issue.path, [*issue.fields(), ("do", "out:1")])
    assert [i.story_id for i in issue.last().issue.items] == ["story-yard"]


def test_runner_up_says_why_it_is_one(issue):
    assert "Rank 2; defense, as item 1; relevance +2.74" in said(issue.page())


def test_check_marks_the_number_that_no_source_has(issue):
    found = check(issue, "sentence", WRONG)
    line = found["items"][0]["lines"][1]
    assert line["flags"] == [["number", "400"]]
    assert ["400", "number"] in line["segments"]
    assert "".join(piece for piece, _ in line["segments"]) == WRONG
    assert found["flags"] == 1


def test_check_keeps_nothing(issue):
    check(issue, "sentence", WRONG)
    assert issue.last().number == 1


def test_check_tells_of_a_version_saved_meanwhile(issue):
    fields = issue.fields()
    issue.edit("sentence", "It came.")
    answer = json.loads(issue.send(f"{issue.path}/check", fields, **JSON).text)
    assert answer["newer"] == {"number": 2, "by": "mio"}


def test_style_is_mended_in_the_words_of_the_rule(issue):
    line = check(issue, "sentence", "The U.S. yard in Kure will repair 12 tankers a year.")
    [breach] = [b for b in line["items"][0]["lines"][1]["breaches"] if b["suggestion"] == "US"]
    assert breach["fixed"] == "The US yard in Kure will repair 12 tankers a year."
    assert breach["reason"]


def test_bounds_of_words_are_those_of_the_configuration(issue):
    assert "9 words, 6 to 12 wanted" in said(issue.page())


def test_sentence_without_source_is_flagged_until_one_is_attached(issue):
    fields = [*issue.fields(), ("sentence", "Talks go on.")]
    # Fields after the last item's still belong to it, the bar's own apart.
    found = json.loads(issue.send(f"{issue.path}/check", fields, **JSON).text)
    assert found["items"][0]["lines"][2]["flags"] == [["source", "Talks go on."]]
    source = f"{issue.article.id}:0:{YARD.index(chr(10))}"
    sourced = json.loads(
        issue.send(f"{issue.path}/check", [*fields, ("source", source)], **JSON).text
    )
    assert sourced["items"][0]["lines"][2]["flags"] == []


@pytest.mark.parametrize("place", ["nowhere:0:9", "{id}:0:99999"])
def test_source_is_dropped_when_no_article_has_it(issue, place):
    value = place.format(id=issue.article.id)
    issue.send(issue.path, [*issue.fields(), ("sentence", "Talks go on."), ("source", value)])
    assert issue.last().issue.items[0].sentences[1].sources == ()


def test_passages_are_the_sentences_of_the_storys_articles(issue):
    answer = issue.browser.get(f"{issue.path}/passages?story=story-yard")
    [article] = json.loads(answer.text)["articles"]
    assert [one["text"] for one in article["sentences"]] == YARD.split("\n")
    assert article["sentences"][1]["value"].startswith(f"{issue.article.id}:")


def test_page_shows_the_passage_beside_the_sentence(issue):
    page = said(issue.page())
    assert YARD.split("\n")[0] in page
    assert f"characters 0 to {YARD.index(chr(10))} of article {issue.article.id}" in page


def test_flagged_issue_is_not_given_out(issue):
    issue.edit("sentence", WRONG)
    answer = issue.browser.get(f"{issue.path}/export/markdown")
    assert answer.status == 409
    assert "number: 400" in said(answer.text)
    assert "nothing is given out yet" in said(issue.page())


def test_flagged_issue_is_not_published(issue):
    issue.edit("sentence", WRONG)
    issue.post("move", to="in-review")
    issue.post("move", to="signed-off")
    assert issue.post("move", to="published").status == 409
    assert issue.last().state is IssueState.SIGNED_OFF


def test_override_lets_the_sentence_out_and_is_kept(issue):
    issue.edit("sentence", WRONG)
    answer = issue.post("override", text=WRONG, reason="told by the yard on the phone")
    assert answer.status == 303
    [override] = issue.last().overrides
    assert (override.text, override.flags, override.editor) == (WRONG, ("number: 400",), "mio")
    assert issue.browser.get(f"{issue.path}/export/markdown").status == 200
    with issue.served.seed.database.read() as tx:
        assert "issue-override" in [one.action for _, one in read_audit(tx, before=None, n=5)]


def test_override_without_reason_is_refused(issue):
    issue.edit("sentence", WRONG)
    assert issue.post("override", text=WRONG, reason=" ").status == 409
    assert issue.last().overrides == ()


def test_move_is_refused_when_another_version_was_seen(issue):
    csrf = issue.csrf()
    issue.edit("sentence", "It came.")
    answer = issue.send(f"{issue.path}/move", {"csrf": csrf, "base": "1", "to": "in-review"})
    assert answer.status == 409
    assert issue.last().state is IssueState.DRAFT


@pytest.mark.parametrize("to", ["published", "signed-off", "nowhere"])
def test_move_that_skips_a_state_is_refused(issue, to):
    assert issue.post("move", to=to).status in (400, 409)
    assert issue.last().state is IssueState.DRAFT


def test_published_issue_is_only_read(issue):
    fields = issue.fields()
    publish(issue)
    assert fields_of(issue.page()) == []
    assert "Published and frozen" in said(issue.page())
    assert issue.send(issue.path, changed(fields, "base", "4")).status == 409
    assert issue.post("move", to="draft").status == 409
    assert issue.last().number == 4


def test_signed_off_text_is_closed_until_it_goes_back(issue):
    issue.post("move", to="in-review")
    issue.post("move", to="signed-off")
    assert fields_of(issue.page()) == []
    issue.post("move", to="draft", why="a figure is wrong")
    assert fields_of(issue.page())
    assert issue.last().why == "a figure is wrong"


@pytest.mark.parametrize("before", list(IssueState))
def test_analyst_neither_signs_off_nor_undoes_it(before):
    for to in (IssueState.SIGNED_OFF, IssueState.PUBLISHED):
        assert right_for(before, to) is Right.EDITOR
    assert right_for(IssueState.SIGNED_OFF, IssueState.DRAFT) is Right.EDITOR
    assert right_for(IssueState.DRAFT, IssueState.IN_REVIEW) is Right.ANALYST


def test_moves_that_are_an_editors_are_shown_as_such(issue):
    who = Account(
        name="ren",
        right=Right.ANALYST,
        password_hash="",
        created_at=issue.last().saved_at,
    )
    moves = moves_of(IssueState.IN_REVIEW, who)
    assert [(m.to, m.is_open) for m in moves] == [
        (IssueState.SIGNED_OFF, False),
        (IssueState.DRAFT, True),
    ]


def test_withdrawn_article_warns_on_the_issue(issue):
    with issue.served.seed.database.write() as tx:
        mark_withdrawn(tx, issue.article.url, at=AT, why="the yard took it back")
    page = said(issue.page())
    assert "What became of its sources" in page
    assert "the yard took it back" in page


def test_versions_tell_who_and_why(issue):
    issue.edit("sentence", "It came.", why="a shorter one")
    page = said(issue.browser.get(f"{issue.path}/versions").text)
    assert "mio 1 item against version 1 a shorter one" in page
    assert "kano the first" in page


def test_difference_marks_the_words_that_came_and_went(issue):
    issue.edit("sentence", SAYS.replace("12", "14"))
    text = issue.browser.get(f"{issue.path}/diff?from=1&to=2").text
    assert re.search(r"<del>.*?12<.*?</del><ins>.*?14<.*?</ins>", text)


def test_earlier_version_is_shown_as_it_was(issue):
    issue.edit("sentence", "It came.")
    page = said(issue.browser.get(f"{issue.path}/versions/1").text)
    assert SAYS in page
    assert "It came." not in page


@pytest.mark.parametrize("path", ["versions/9", "diff?from=1&to=9", "export/exe"])
def test_page_is_not_found_when_there_is_no_such_thing(issue, path):
    assert issue.browser.get(f"{issue.path}/{path}").status == 404


@pytest.mark.parametrize(
    ("form", "name", "media"),
    [
        ("markdown", ".md", "text/markdown; charset=utf-8"),
        ("html", ".html", "text/html; charset=utf-8"),
        ("text", ".txt", "text/plain; charset=utf-8"),
        ("json", ".json", "application/json"),
        ("eml", ".eml", "message/rfc822"),
    ],
)
def test_format_is_given_out_as_a_file(issue, form, name, media):
    answer = issue.browser.get(f"{issue.path}/export/{form}")
    assert answer.status == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{issue.draft.id}{name}"'
    assert answer.headers["content-type"] == media
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "Kure" in answer.text


def test_preview_runs_and_fetches_nothing(issue):
    answer = issue.browser.get(f"{issue.path}/preview")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert HEADLINE in answer.text


def test_feed_holds_the_published_issue(issue):
    publish(issue)
    answer = issue.browser.get("/issues/feed")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert HEADLINE in answer.text


def test_kept_text_is_shown_again_and_not_saved(issue):
    answer = issue.send(f"{issue.path}/text", changed(issue.fields(), "sentence", "Kept wording."))
    assert ("sentence", "Kept wording.") in fields_of(answer.text)
    assert "not saved" in said(answer.text)
    assert issue.last().number == 1


def test_hostile_text_is_harmless_in_the_editor(issue):
    hostile = '</textarea><script>alert(1)</script>"><img src=x onerror=alert(2)>'
    issue.edit("sentence", hostile)
    page = issue.page()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert issue.sentences() == [hostile]


def test_nothing_is_drafted_when_nothing_is_ranked(empty_browser):
    csrf = re.search(r'name="csrf" value="([^"]+)"', empty_browser.get("/issues").text)
    assert csrf
    answer = empty_browser.post("/issues/draft", {"csrf": csrf[1]})
    assert answer.status == 409
    assert "There is nothing to draft from" in said(answer.text)


def test_next_issue_is_drafted_from_the_list(own_desk):
    issue = make(own_desk)
    issue.begin()
    publish(issue)
    answer = issue.send("/issues/draft", {"csrf": issue.csrf()})
    assert answer.headers["location"] == "/issue/vol-3.8?done=drafted"
    with issue.served.seed.database.read() as tx:
        [first] = read_issue_versions(tx, "vol-3.8")
    assert first.editor == "mio"
