"""Articles, their versions and withdrawals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from alliance_nlp.core.errors import StoreError
from alliance_nlp.core.text import clean
from alliance_nlp.core.types import ArchiveRef, Article, Dated
from alliance_nlp.store import schema
from alliance_nlp.store.steps import ARTICLE_STEPS, is_due

_A = schema.articles.c
_V = schema.versions.c
_VERSIONS = select(schema.versions)
_NEWEST = (_V.seen_at.desc(), _V.fetch_id.desc(), _V.id.desc())


def read_versions(tx: Connection, url: str) -> list[tuple[str, datetime]]:
    """Return the versions of an address, oldest first: (article id, when it was first seen so)."""
    query = _VERSIONS.where(_V.url == clean(url)).order_by(_V.seen_at, _V.fetch_id, _V.id)
    return [(row.article_id, row.seen_at) for row in tx.execute(query)]


def mark_withdrawn(tx: Connection, url: str, *, at: datetime, why: str) -> int:
    """Mark an address's articles as withdrawn by their publisher; return how many were not yet."""
    mine = update(schema.articles).where(_A.url == clean(url), _A.withdrawn_at.is_(None))
    return int(tx.execute(mine.values(withdrawn_at=at, withdrawn_why=clean(why))).rowcount)


def read_withdrawn(tx: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return why each of these articles was withdrawn; those that were not are left out."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), 500):
        query = select(_A.id, _A.withdrawn_why).where(
            _A.id.in_(ids[start : start + 500]), _A.withdrawn_at.is_not(None)
        )
        found |= {row.id: row.withdrawn_why for row in tx.execute(query)}
    return found


def _article(row: Row[Any]) -> Article:
    published = None
    if row.published_at is not None:
        published = Dated(
            at=row.published_at,
            precision=row.published_precision,
            found=row.published_found,
            where=row.published_where,
            local_on=row.published_on,
        )
    return Article(
        id=row.id,
        source_id=row.source_id,
        url=row.url,
        link=row.link,
        title=row.title,
        text=row.text,
        authors=tuple(row.authors),
        published=published,
        language=row.language,
        outlet=row.outlet,
        flags=tuple(row.flags),
        archived=ArchiveRef(file=row.file, offset=row.offset, length=row.length, sha256=row.sha256),
    )


_ARTICLES = select(
    schema.articles,
    schema.fetches.c.file,
    schema.fetches.c.offset,
    schema.fetches.c.length,
    schema.fetches.c.sha256,
).join(schema.fetches, schema.fetches.c.id == _A.fetch_id)


def read_articles(tx: Connection, ids: Sequence[str]) -> dict[str, Article]:
    """Return articles by id; ids that are not there are left out."""
    found: dict[str, Article] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        for row in tx.execute(_ARTICLES.where(_A.id.in_(part))):
            found[row.id] = _article(row)
    return found


def articles_to_do(tx: Connection, step: str, *, version: str) -> list[str]:
    """Return the ids of articles on which this step's version has not settled, oldest fetch first.

    Superseded versions are among them: each stage accounts for whatever the one before let out.

    Raises
    ------
    StoreError
        If articles do not wait for such a step.
    """
    if step not in ARTICLE_STEPS:
        raise StoreError(f"no article waits for {step!r}; name one of {', '.join(ARTICLE_STEPS)}")
    query = (
        select(_A.id)
        .join(schema.steps, schema.steps.c.subject_id == _A.id)
        .where(is_due(step, version=version))
        .order_by(_A.fetch_id, _A.id)
    )
    return list(tx.execute(query).scalars())


def articles_between(
    tx: Connection, since: datetime, until: datetime
) -> list[tuple[Article, datetime, bool]]:
    """Return (article, dated_at, is_current) of a window of time, oldest first.

    An article counts by its publication, or by its fetch where it tells no date.
    """
    within = select(_A.id).where(_A.dated_at >= since, _A.dated_at <= until).order_by(_A.id)
    ids = list(tx.execute(within).scalars())
    # By their ids: joined to a whole window, PostgreSQL would read all fetches there ever were.
    return _dated(tx, (_A.id.in_(ids[n : n + 500]) for n in range(0, len(ids), 500)))


def articles_of_stories(
    tx: Connection, story_ids: Collection[str]
) -> list[tuple[Article, datetime, bool]]:
    """Return (article, dated_at, is_current) of all articles of these stories, oldest first."""
    ids = sorted(story_ids)
    members = (
        select(schema.story_articles.c.article_id).where(
            schema.story_articles.c.story_id.in_(ids[n : n + 500])
        )
        for n in range(0, len(ids), 500)
    )
    return _dated(tx, (_A.id.in_(some) for some in members))


def _dated(
    tx: Connection, parts: Iterable[ColumnElement[bool]]
) -> list[tuple[Article, datetime, bool]]:
    found = []
    for part in parts:
        query = _ARTICLES.where(part).add_columns(_A.dated_at, _A.is_current)
        found += [(_article(row), row.dated_at, row.is_current) for row in tx.execute(query)]
    return sorted(found, key=lambda row: (row[1], row[0].id))
