"""Decisions (append-only) and issues of the digest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from alliance_nlp.core.errors import StoreError
from alliance_nlp.core.text import clean
from alliance_nlp.core.types import (
    Decision,
    Issue,
    IssueItem,
    Sentence,
    SentenceSource,
    Verdict,
)
from alliance_nlp.store import schema
from alliance_nlp.store.database import upsert


def append_decision(tx: Connection, decision: Decision) -> None:
    """Append a decision; earlier ones on the subject stay."""
    tx.execute(
        insert(schema.decisions).values(
            subject=clean(decision.subject),
            verdict=decision.verdict.value,
            reviewer=clean(decision.reviewer),
            decided_at=decision.decided_at,
            note=clean(decision.note),
            seen_hash=clean(decision.seen_hash),
        )
    )


def read_decisions(tx: Connection) -> list[Decision]:
    """Return all decisions, oldest first."""
    rows = tx.execute(select(schema.decisions).order_by(schema.decisions.c.id))
    return [
        Decision(
            subject=row.subject,
            verdict=Verdict(row.verdict),
            reviewer=row.reviewer,
            decided_at=row.decided_at,
            note=row.note,
            seen_hash=row.seen_hash,
        )
        for row in rows
    ]


def save_issue(tx: Connection, issue: Issue, *, state: str) -> None:
    """Save an issue; a draft replaces the draft of the same number.

    Raises
    ------
    StoreError
        If a published issue would be replaced by a draft: it is frozen.
    """
    known = tx.execute(select(schema.issues.c.state).where(schema.issues.c.id == issue.id)).scalar()
    if known == "published" and state != "published":
        raise StoreError(
            f"{issue.id} is published and frozen; give the draft another number with --number"
        )
    upsert(
        tx,
        schema.issues,
        [
            {
                "id": issue.id,
                "volume": issue.volume,
                "number": issue.number,
                "title": clean(issue.title),
                "published_on": issue.published_on,
                "since_on": issue.since_on,
                "until_on": issue.until_on,
                "state": state,
                "items": [_item_json(item) for item in issue.items],
                "footer": clean(issue.footer),
            }
        ],
    )


def read_issues(tx: Connection) -> list[tuple[Issue, str]]:
    """Return (issue, state) of all issues, oldest first."""
    query = select(schema.issues).order_by(schema.issues.c.volume, schema.issues.c.number)
    return [(_issue(row), row.state) for row in tx.execute(query)]


def read_issue(tx: Connection, issue_id: str) -> tuple[Issue, str] | None:
    """Return (issue, state), or ``None`` when there is no such issue."""
    row = tx.execute(select(schema.issues).where(schema.issues.c.id == issue_id)).first()
    return (_issue(row), row.state) if row else None


def _source_json(source: SentenceSource) -> list[Any]:
    return [source.article_id, source.start, source.end]


def _item_json(item: IssueItem) -> dict[str, Any]:
    return {
        "headline": clean(item.headline),
        "story_id": item.story_id,
        "headline_article_id": item.headline_article_id,
        "sentences": [
            {"text": clean(s.text), "sources": [_source_json(source) for source in s.sources]}
            for s in item.sentences
        ],
    }


def _sources(rows: Iterable[list[Any]]) -> tuple[SentenceSource, ...]:
    return tuple(
        SentenceSource(article_id=article_id, start=start, end=end)
        for article_id, start, end in rows
    )


def _item(data: dict[str, Any]) -> IssueItem:
    return IssueItem(
        headline=data["headline"],
        story_id=data["story_id"],
        headline_article_id=data["headline_article_id"],
        sentences=tuple(
            Sentence(text=s["text"], sources=_sources(s["sources"])) for s in data["sentences"]
        ),
    )


def _issue(row: Row[Any]) -> Issue:
    return Issue(
        volume=row.volume,
        number=row.number,
        title=row.title,
        published_on=row.published_on,
        since_on=row.since_on,
        until_on=row.until_on,
        items=tuple(_item(data) for data in row.items),
        footer=row.footer,
    )
