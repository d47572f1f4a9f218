from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from store_values import AT, hours

from alliance_nlp.core.errors import StoreError
from alliance_nlp.core.types import (
    Decision,
    Issue,
    IssueItem,
    Sentence,
    SentenceSource,
    Verdict,
)
from alliance_nlp.store import (
    Database,
    append_decision,
    read_decisions,
    read_issue,
    read_issues,
    save_issue,
)


def _decision(subject: str, verdict: Verdict, **changes: str) -> Decision:
    decision = Decision(
        subject=subject,
        verdict=verdict,
        reviewer="Reviewer",
        decided_at=AT,
        note="a note",
        seen_hash="abc-def",
    )
    return replace(decision, **changes)


def _issue(number: int, **changes: object) -> Issue:
    sources = (
        SentenceSource(article_id="a", start=0, end=40),
        SentenceSource(article_id="b", start=7, end=19),
    )
    items = (
        IssueItem(
            headline="Ports open",
            story_id="story-1",
            headline_article_id="a",
            sentences=(Sentence(text="One. 日本語。", sources=sources), Sentence(text="Two.")),
        ),
        IssueItem(headline="Ports close", sentences=(Sentence(text="Three."),)),
    )
    issue = Issue(
        volume=2,
        number=number,
        title="US-Japan Alliance Digest",
        published_on=date(2024, 4, 14),
        since_on=date(2024, 4, 1),
        until_on=date(2024, 4, 14),
        items=items,
        footer="The Digest is free.",
    )
    return replace(issue, **changes)


def test_decisions_are_appended_and_all_read_oldest_first(database: Database) -> None:
    decisions = [
        _decision("s-1", Verdict.LATER),
        replace(_decision("s-2", Verdict.REJECT), decided_at=hours(-1)),
        _decision("s-1", Verdict.ACCEPT, note=""),
        _decision("s-1", Verdict.UNSURE),
    ]
    for decision in decisions:
        with database.write() as tx:
            append_decision(tx, decision)
    with database.read() as tx:
        assert read_decisions(tx) == decisions


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions SET verdict = 'reject'",
        "UPDATE decisions SET note = 'better' WHERE subject = 's-1'",
        "DELETE FROM decisions",
        "DELETE FROM decisions WHERE subject = 's-1'",
    ],
)
def test_database_refuses_to_change_a_decision(database: Database, statement: str) -> None:
    decision = _decision("s-1", Verdict.ACCEPT)
    with database.write() as tx:
        append_decision(tx, decision)
    with pytest.raises(StoreError, match="append-only"), database.write() as tx:
        tx.exec_driver_sql(statement)
    with database.read() as tx:
        assert read_decisions(tx) == [decision]


def test_issue_is_read_back(database: Database) -> None:
    issue = _issue(6)
    with database.write() as tx:
        save_issue(tx, issue, state="draft")
    with database.read() as tx:
        assert read_issue(tx, "vol-2.6") == (issue, "draft")
        assert read_issue(tx, "vol-2.7") is None


def test_issue_without_dates_is_read_back(database: Database) -> None:
    issue = _issue(6, published_on=None, since_on=None, until_on=None, footer="")
    with database.write() as tx:
        save_issue(tx, issue, state="published")
        assert read_issue(tx, "vol-2.6") == (issue, "published")


def test_issues_come_by_volume_and_number(database: Database) -> None:
    with database.write() as tx:
        for volume, number in ((2, 10), (2, 9), (1, 12)):
            save_issue(tx, _issue(number, volume=volume), state="published")
        assert [issue.id for issue, _ in read_issues(tx)] == ["vol-1.12", "vol-2.9", "vol-2.10"]


def test_draft_replaces_a_draft(database: Database) -> None:
    with database.write() as tx:
        save_issue(tx, _issue(6), state="draft")
        save_issue(tx, _issue(6, title="Another"), state="draft")
        assert read_issues(tx) == [(_issue(6, title="Another"), "draft")]


def test_draft_becomes_published(database: Database) -> None:
    with database.write() as tx:
        save_issue(tx, _issue(6), state="draft")
        save_issue(tx, _issue(6), state="published")
        assert read_issues(tx) == [(_issue(6), "published")]


def test_published_issue_is_frozen_against_drafts(database: Database) -> None:
    with database.write() as tx:
        save_issue(tx, _issue(6), state="published")
    refused = pytest.raises(StoreError, match=r"vol-2\.6 is published and frozen.*--number")
    with refused, database.write() as tx:
        save_issue(tx, _issue(6, title="Another"), state="draft")
    with database.read() as tx:
        assert read_issues(tx) == [(_issue(6), "published")]
