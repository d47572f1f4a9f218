from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from store_values import AT, hours

from alliance_nlp.core.errors import StoreError
from alliance_nlp.core.types import (
    Decision,
    Issue,
    IssueItem,
    Novelty,
    Proposal,
    Sentence,
    SentenceSource,
    TopicLabel,
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
        assert [replace(found, id=0) for found in read_decisions(tx)] == decisions


def test_decision_keeps_its_topics_its_proposal_and_what_it_undoes(database: Database) -> None:
    proposal = Proposal(
        rank=3,
        score=0.75,
        novelty=Novelty.FOLLOW_UP,
        topics=(TopicLabel.TRADE, TopicLabel.ENERGY),
        models=("model-1", "model-2"),
    )
    retopic = replace(
        _decision("s-1", Verdict.RETOPIC), topics=(TopicLabel.DEFENSE,), proposal=proposal
    )
    with database.write() as tx:
        first = append_decision(tx, retopic)
        second = append_decision(tx, replace(_decision("s-1", Verdict.UNDO), undoes=first))
        found = read_decisions(tx)
    assert second > first
    assert found[0] == replace(retopic, id=first)
    assert (found[1].id, found[1].undoes, found[1].proposal, found[1].topics) == (
        second, first, None, (),
    )  # fmt: skip


def test_decisions_of_subjects_alone_are_read_oldest_first(database: Database) -> None:
    with database.write() as tx:
        for subject in ("s-1", "s-2", "s-3", "s-1"):
            append_decision(tx, _decision(subject, Verdict.LATER))
        several = [f"none-{n}" for n in range(600)]  # more than one query takes
        found = read_decisions(tx, ["s-1", *several, "s-3", "s-1"])
        assert [decision.subject for decision in found] == ["s-1", "s-3", "s-1"]
        assert read_decisions(tx, []) == []


@pytest.mark.postgres
@pytest.mark.parametrize(
    "table", ["decisions", "story_edits", "audit", "issue_versions", "frozen_issues"]
)
def test_postgresql_refuses_to_empty_a_primary_record(
    make_postgres_url: Callable[..., str], table: str
) -> None:
    with Database.open(make_postgres_url(migrated=True)) as database:
        refused = pytest.raises(StoreError, match="append-only")
        with refused, database.write() as tx:
            tx.exec_driver_sql(f"TRUNCATE {table}")


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
        number = append_decision(tx, decision)
    with pytest.raises(StoreError, match="append-only"), database.write() as tx:
        tx.exec_driver_sql(statement)
    with database.read() as tx:
        assert read_decisions(tx) == [replace(decision, id=number)]


def test_sqlite_refuses_to_replace_a_decision(make_sqlite_url: Callable[..., str]) -> None:
    with Database.open(make_sqlite_url(migrated=True)) as database:
        with database.write() as tx:
            number = append_decision(tx, _decision("s-1", Verdict.ACCEPT))
        refused = pytest.raises(StoreError, match="append-only")
        with refused, database.write() as tx:
            tx.exec_driver_sql(
                "INSERT OR REPLACE INTO decisions (id, subject, verdict, reviewer, decided_at, "
                f"note, seen_hash) VALUES ({number}, 's-1', 'reject', 'R', '2024-04-14', '', '')"
            )
        with database.read() as tx:
            assert [decision.verdict for decision in read_decisions(tx)] == [Verdict.ACCEPT]


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
