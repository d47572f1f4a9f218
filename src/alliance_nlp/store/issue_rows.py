"""Issues and their versions to rows and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import (
    Issue,
    IssueItem,
    IssueState,
    IssueVersion,
    Override,
    Sentence,
    SentenceSource,
)


def issue_row(issue: Issue, state: IssueState) -> dict[str, Any]:
    """Return what an issue and its version have in common."""
    return {
        "volume": issue.volume,
        "number": issue.number,
        "title": clean(issue.title),
        "published_on": issue.published_on,
        "since_on": issue.since_on,
        "until_on": issue.until_on,
        "state": state.value,
        "items": [_item_json(item) for item in issue.items],
        "footer": clean(issue.footer),
    }


def version_row(version: IssueVersion) -> dict[str, Any]:
    """Return the row of a version."""
    return {
        "issue_id": version.issue.id,
        "version": version.number,
        **issue_row(version.issue, version.state),
        "editor": clean(version.editor),
        "saved_at": version.saved_at,
        "why": clean(version.why),
        "overrides": [_override_json(override) for override in version.overrides],
    }


def issue_of(row: Row[Any]) -> Issue:
    """Return the issue of a row, or of a version's row."""
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


def version_of(row: Row[Any]) -> IssueVersion:
    """Return the version of a row."""
    return IssueVersion(
        issue=issue_of(row),
        number=row.version,
        state=IssueState(row.state),
        editor=row.editor,
        saved_at=row.saved_at,
        why=row.why,
        overrides=tuple(_override(data) for data in row.overrides),
    )


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


def _item(data: Mapping[str, Any]) -> IssueItem:
    return IssueItem(
        headline=data["headline"],
        story_id=data["story_id"],
        headline_article_id=data["headline_article_id"],
        sentences=tuple(
            Sentence(text=s["text"], sources=_sources(s["sources"])) for s in data["sentences"]
        ),
    )


def _override_json(override: Override) -> dict[str, Any]:
    return {
        "text": clean(override.text),
        "flags": [clean(flag) for flag in override.flags],
        "reason": clean(override.reason),
        "editor": clean(override.editor),
        "at": override.at.isoformat(),
    }


def _override(data: Mapping[str, Any]) -> Override:
    return Override(
        text=data["text"],
        flags=tuple(data["flags"]),
        reason=data["reason"],
        editor=data["editor"],
        at=datetime.fromisoformat(data["at"]),
    )
