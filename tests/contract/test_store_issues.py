"""Versions of issues and what published ones rested on, on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from store_values import AT, hours

from alliance_nlp.core.errors import StoreError
from alliance_nlp.core.types import (
    Issue,
    IssueItem,
    IssueState,
    IssueVersion,
    Override,
    Sentence,
    SentenceSource,
)
from alliance_nlp.store import (
    Database,
    append_issue_version,
    backup,
    forget_derived,
    freeze_issue,
    newest_version,
    read_frozen,
    read_issue,
    read_issue_versions,
    restore,
    save_issue,
)

ISSUE = Issue(
    volume=3,
    number=7,
    title="US-Japan Alliance Digest",
    published_on=date(2024, 4, 14),
    since_on=date(2024, 4, 1),
    until_on=None,
    items=(
        IssueItem(
            headline="Yard in Kure takes first frigate",
            story_id="story-1",
            headline_article_id="a",
            sentences=(
                Sentence(
                    text="A yard took a frigate. 呉。",
                    sources=(SentenceSource(article_id="a", start=0, end=9),),
                ),
            ),
        ),
    ),
    footer="Free.",
)
OTHER_WORDS = replace(ISSUE, title="Another title")


def _version(number: int, **changes: object) -> IssueVersion:
    version = IssueVersion(
        issue=ISSUE,
        number=number,
        state=IssueState.DRAFT,
        editor="kano",
        saved_at=hours(number),
        why="shorter",
    )
    return replace(version, **changes)


def test_versions_are_kept_and_the_issue_is_its_newest(database: Database) -> None:
    override = Override(
        text="A yard took a frigate. 呉。",
        flags=("number: 400", "name: Kure"),
        reason="told by phone",
        editor="ibe",
        at=hours(2),
    )
    first = _version(1)
    second = _version(
        2, issue=OTHER_WORDS, state=IssueState.IN_REVIEW, editor="ibe", overrides=(override,)
    )
    with database.write() as tx:
        append_issue_version(tx, first)
        append_issue_version(tx, second)
    with database.read() as tx:
        assert read_issue_versions(tx, "vol-3.7") == [first, second]
        assert newest_version(tx, "vol-3.7") == second
        assert read_issue(tx, "vol-3.7") == (OTHER_WORDS, "in-review")


def test_issue_that_is_not_there_has_no_version(database: Database) -> None:
    with database.read() as tx:
        assert newest_version(tx, "vol-9.9") is None
        assert read_issue_versions(tx, "vol-9.9") == []
        assert read_frozen(tx, "vol-9.9") is None


def test_version_that_somebody_saved_in_between_is_refused_and_says_who(
    database: Database,
) -> None:
    with database.write() as tx:
        append_issue_version(tx, _version(1))
        append_issue_version(tx, _version(2, editor="ibe"))
    refused = pytest.raises(StoreError, match=r"version 2 is by ibe, 2024-04-14 08:30 UTC")
    with refused, database.write() as tx:
        append_issue_version(tx, _version(2, issue=OTHER_WORDS))
    with database.read() as tx:
        assert read_issue(tx, "vol-3.7") == (ISSUE, "draft")


@pytest.mark.parametrize("number", [0, 2, 5])
def test_version_out_of_order_is_refused(database: Database, number: int) -> None:
    with pytest.raises(StoreError, match="cannot follow"), database.write() as tx:
        append_issue_version(tx, _version(number))


def test_of_two_who_save_at_once_one_is_told(database: Database) -> None:
    with database.write() as tx:
        append_issue_version(tx, _version(1))
    start = threading.Barrier(2)
    refused: list[str] = []

    def save(editor: str) -> None:
        start.wait()
        try:
            with database.write() as tx:
                append_issue_version(tx, _version(2, editor=editor))
        except StoreError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=save, args=(editor,)) for editor in ("kano", "ibe")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as tx:
        versions = read_issue_versions(tx, "vol-3.7")
    assert len(versions) == 2
    assert len(refused) == 1
    assert f"version 2 is by {versions[1].editor}" in refused[0]


def test_published_issue_takes_no_further_version(database: Database) -> None:
    with database.write() as tx:
        append_issue_version(tx, _version(1, state=IssueState.PUBLISHED))
    with pytest.raises(StoreError, match="frozen"), database.write() as tx:
        append_issue_version(tx, _version(2))


@pytest.mark.parametrize("table", ["issue_versions", "frozen_issues"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET issue_id = 'vol-1.1'"])
def test_database_refuses_to_change_versions_and_frozen_records(
    database: Database, table: str, statement: str
) -> None:
    with database.write() as tx:
        append_issue_version(tx, _version(1))
        freeze_issue(tx, "vol-3.7", {"form": 1})
    with pytest.raises(StoreError, match="append-only"), database.write() as tx:
        tx.exec_driver_sql(statement.format(table))


def test_imported_issue_is_a_published_first_version(database: Database) -> None:
    with database.write() as tx:
        save_issue(tx, ISSUE, state="published")
        save_issue(tx, ISSUE, state="published")  # read again, the same words
        [version] = read_issue_versions(tx, "vol-3.7")
    assert (version.number, version.state, version.issue) == (1, IssueState.PUBLISHED, ISSUE)


def test_imported_issue_may_be_read_again_with_other_words(database: Database) -> None:
    with database.write() as tx:
        save_issue(tx, ISSUE, state="published")
        save_issue(tx, OTHER_WORDS, state="published")
        assert [v.number for v in read_issue_versions(tx, "vol-3.7")] == [1, 2]
        assert read_issue(tx, "vol-3.7") == (OTHER_WORDS, "published")


def test_issue_published_here_is_not_overwritten_by_an_import(database: Database) -> None:
    with database.write() as tx:
        append_issue_version(tx, _version(1, state=IssueState.PUBLISHED))
        freeze_issue(tx, "vol-3.7", {"form": 1})
    with pytest.raises(StoreError, match="frozen"), database.write() as tx:
        save_issue(tx, OTHER_WORDS, state="published")


def test_draft_drawn_up_anew_is_a_new_version(database: Database) -> None:
    with database.write() as tx:
        append_issue_version(tx, _version(1))
        save_issue(tx, OTHER_WORDS, state="draft", editor="ibe", why="drawn up anew", at=AT)
        last = newest_version(tx, "vol-3.7")
    assert last == IssueVersion(
        issue=OTHER_WORDS,
        number=2,
        state=IssueState.DRAFT,
        editor="ibe",
        saved_at=AT,
        why="drawn up anew",
    )


@pytest.mark.parametrize("state", [IssueState.IN_REVIEW, IssueState.SIGNED_OFF])
def test_issue_that_others_work_on_is_not_drawn_up_anew(
    database: Database, state: IssueState
) -> None:
    with database.write() as tx:
        append_issue_version(tx, _version(1, state=state))
    with pytest.raises(StoreError, match=f"vol-3.7 is {state.value}"), database.write() as tx:
        save_issue(tx, OTHER_WORDS, state="draft")


def test_frozen_record_is_read_back_and_made_once(database: Database) -> None:
    record = {"candidates": [{"story": "s", "rank": 1, "score": 0.1}], "models": ["m"], "呉": None}
    with database.write() as tx:
        freeze_issue(tx, "vol-3.7", record)
        assert read_frozen(tx, "vol-3.7") == record
    with pytest.raises(StoreError, match="frozen already"), database.write() as tx:
        freeze_issue(tx, "vol-3.7", {})


def test_versions_survive_a_rebuild_and_a_backup(
    database: Database, empty_url: str, tmp_path: Path
) -> None:
    with database.write() as tx:
        append_issue_version(tx, _version(1))
        append_issue_version(tx, _version(2, state=IssueState.PUBLISHED))
        freeze_issue(tx, "vol-3.7", {"form": 1})
        forget_derived(tx)
    backup(database, tmp_path / "kept")
    with Database.open(empty_url) as fresh:
        restore(tmp_path / "kept", fresh)
        with fresh.read() as tx:
            assert [v.number for v in read_issue_versions(tx, "vol-3.7")] == [1, 2]
            assert read_frozen(tx, "vol-3.7") == {"form": 1}
            assert read_issue(tx, "vol-3.7") == (ISSUE, "published")


def test_issues_of_an_older_database_become_first_versions(empty_url: str) -> None:
    from alembic import command

    from alliance_nlp.store.database import migration_config

    engine = sa.create_engine(empty_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        command.upgrade(migration_config(connection), "0004")
        connection.exec_driver_sql(
            "INSERT INTO issues VALUES ('vol-1.2', 1, 2, 'Digest', '2023-01-31', NULL, NULL, "
            '\'published\', \'[{"headline": "Pier opens", "story_id": "", '
            '"headline_article_id": "", "sentences": []}]\', \'\')'
        )
    with Database.open(empty_url) as database, database.read() as tx:
        [version] = read_issue_versions(tx, "vol-1.2")
        found = read_issue(tx, "vol-1.2")
    assert found == (version.issue, version.state.value)
    assert (version.number, version.issue.items[0].headline) == (1, "Pier opens")
    assert version.issue.published_on == date(2023, 1, 31)
