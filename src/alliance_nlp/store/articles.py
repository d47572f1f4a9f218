"""Articles, their versions and withdrawals."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from alliance_nlp.core.errors import StoreError
from alliance_nlp.core.text import clean
from alliance_nlp.core.types import ArchiveRef, Article, Dated
from alliance_nlp.store import schema
from alliance_nlp.store.search_index import add_to_index, number_article, take_from_index
from alliance_nlp.store.steps import ARTICLE_STEPS, is_due, wait_for

_A = schema.articles.c
_V = schema.versions.c
_VERSIONS = select(schema.versions)
_NEWEST = (_V.seen_at.desc(), _V.fetch_id.desc(), _V.id.desc())


def save_article(tx: Connection, article: Article, *, fetch_id: int, fetched_at: datetime) -> bool:
    """Save an article as the newest version of its URL; ``False`` when it was known already.

    A known article keeps its row, so the archive record that first gave it stays its origin; one
    that was edited and comes back as it was is the current version again.
    """
    known = tx.execute(select(_A.id, _A.is_current).where(_A.id == article.id)).first()
    url = clean(article.url)
    current = tx.execute(select(_A.id).where(_A.url == url, _A.is_current)).first()
    last = tx.execute(_VERSIONS.where(_V.url == url).order_by(*_NEWEST).limit(1)).first()
    is_newest = last is None or _comes_after(
        tx, last, article_id=article.id, seen=(fetched_at, fetch_id)
    )
    if known is not None and (known.is_current or not is_newest):
        return False
    if known is None:
        superseded_by = None if is_newest or current is None else current.id
        _insert_article(
            tx, article, fetch_id=fetch_id, fetched_at=fetched_at, superseded_by=superseded_by
        )
        number_article(tx, article.id)
        wait_for(tx, article.id, ARTICLE_STEPS)
    if is_newest and not (known is None and current is None):
        _make_current(tx, url, article.id)
    if is_newest or current is None:
        add_to_index(tx, [article.id])
    # Of one fetch the newest reading counts: a better extractor is no edit by the publisher.
    if last is not None:
        tx.execute(delete(schema.versions).where(_V.url == url, _V.fetch_id == fetch_id))
    row = {"url": url, "article_id": article.id, "fetch_id": fetch_id, "seen_at": fetched_at}
    tx.execute(insert(schema.versions).values(row))
    return known is None


def _comes_after(
    tx: Connection, last: Row[Any], *, article_id: str, seen: tuple[datetime, int]
) -> bool:
    """Tell whether a version is newer than the last one known."""
    fetched_at, fetch_id = seen
    if last.seen_at != fetched_at:
        return bool(last.seen_at < fetched_at)
    fetches = select(schema.fetches.c.asked_url).where(
        schema.fetches.c.id.in_((last.fetch_id, fetch_id))
    )
    if len(set(tx.execute(fetches).scalars())) > 1:
        # Two addresses gave one article at once: which came first is chance, and must not count.
        return bool(last.article_id <= article_id)
    return bool(last.fetch_id <= fetch_id)


def _make_current(tx: Connection, url: str, article_id: str) -> None:
    of_others = (_A.url == url, _A.is_current, _A.id != article_id)
    take_from_index(tx, list(tx.execute(select(_A.id).where(*of_others)).scalars()))
    others = update(schema.articles).where(*of_others)
    tx.execute(others.values(is_current=False, superseded_by=article_id))
    mine = update(schema.articles).where(_A.id == article_id)
    tx.execute(mine.values(is_current=True, superseded_by=None))


def _insert_article(
    tx: Connection,
    article: Article,
    *,
    fetch_id: int,
    fetched_at: datetime,
    superseded_by: str | None,
) -> None:
    tx.execute(
        insert(schema.articles).values(
            **_columns(article),
            fetch_id=fetch_id,
            fetched_at=fetched_at,
            dated_at=article.published_at or fetched_at,
            is_current=superseded_by is None,
            superseded_by=superseded_by,
        )
    )


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


def _columns(article: Article) -> dict[str, Any]:
    published = article.published
    return {
        "id": article.id,
        "source_id": article.source_id,
        "url": clean(article.url),
        "link": clean(article.link),
        "title": clean(article.title),
        "text": clean(article.text),
        "authors": [clean(author) for author in article.authors],
        "published_at": published.at if published else None,
        "published_precision": published.precision if published else None,
        "published_found": clean(published.found) if published else None,
        "published_where": clean(published.where) if published else None,
        "published_on": published.local_on if published else None,
        "language": article.language,
        "outlet": clean(article.outlet),
        "flags": list(article.flags),
    }


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
    query = (
        _ARTICLES.where(_A.dated_at >= since, _A.dated_at <= until)
        .add_columns(_A.dated_at, _A.is_current)
        .order_by(_A.dated_at, _A.id)
    )
    return [(_article(row), row.dated_at, row.is_current) for row in tx.execute(query)]


def articles_of_stories(
    tx: Connection, story_ids: Collection[str]
) -> list[tuple[Article, datetime, bool]]:
    """Return (article, dated_at, is_current) of all articles of these stories, oldest first."""
    found = []
    ids = sorted(story_ids)
    for start in range(0, len(ids), 500):
        members = select(schema.story_articles.c.article_id).where(
            schema.story_articles.c.story_id.in_(ids[start : start + 500])
        )
        query = _ARTICLES.where(_A.id.in_(members)).add_columns(_A.dated_at, _A.is_current)
        found += [(_article(row), row.dated_at, row.is_current) for row in tx.execute(query)]
    return sorted(found, key=lambda row: (row[1], row[0].id))
