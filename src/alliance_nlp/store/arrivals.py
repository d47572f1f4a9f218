"""Articles on their way in: which are new, which are a new version, which were known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import Article
from alliance_nlp.store import schema
from alliance_nlp.store.articles import mark_withdrawn
from alliance_nlp.store.search_index import add_to_index, number_articles, take_from_index
from alliance_nlp.store.steps import ARTICLE_STEPS, wait_for

_A = schema.articles.c
_V = schema.versions.c
_VERSIONS = select(schema.versions)
_NEWEST = (_V.seen_at.desc(), _V.fetch_id.desc(), _V.id.desc())


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An article, the fetch that gave it, and why it is withdrawn where its page says so."""

    article: Article
    fetch_id: int
    fetched_at: datetime
    withdrawn_why: str = ""


def save_articles(tx: Connection, arrivals: Sequence[Arrival]) -> list[bool]:
    """Save articles in order, each as the newest version of its URL; tell which were not known.

    A known article keeps its row, so the archive record that first gave it stays its origin; one
    that was edited and comes back as it was is the current version again.
    """
    firsts = _firsts(tx, arrivals)
    is_new: list[bool] = []
    together: list[Arrival] = []
    for arrival, is_first in zip(arrivals, firsts, strict=True):
        if is_first:
            together.append(arrival)
            is_new.append(True)
            continue
        # In order, for the order gives articles their numbers.
        _insert(tx, together)
        together = []
        is_new.append(_save(tx, arrival))
    _insert(tx, together)
    return is_new


def save_article(tx: Connection, article: Article, *, fetch_id: int, fetched_at: datetime) -> bool:
    """Save one article, as :func:`save_articles` does; tell whether it was not known."""
    return _save(tx, Arrival(article=article, fetch_id=fetch_id, fetched_at=fetched_at))


def _firsts(tx: Connection, arrivals: Sequence[Arrival]) -> list[bool]:
    """Tell which bear on nothing that is known or that comes with them."""
    ids = [arrival.article.id for arrival in arrivals]
    urls = [clean(arrival.article.url) for arrival in arrivals]
    known = set(tx.execute(select(_A.id).where(_A.id.in_(ids))).scalars())
    known |= set(tx.execute(select(_A.url).where(_A.url.in_(urls))).scalars())
    known |= set(tx.execute(select(_V.url).where(_V.url.in_(urls))).scalars())
    n_ids, n_urls = Counter(ids), Counter(urls)
    return [
        not known & {article_id, url}
        and n_ids[article_id] == n_urls[url] == 1
        and not arrival.withdrawn_why
        for arrival, article_id, url in zip(arrivals, ids, urls, strict=True)
    ]


def _insert(tx: Connection, arrivals: Sequence[Arrival]) -> None:
    """Save articles whose ids and URLs nobody knows."""
    if not arrivals:
        return
    ids = [arrival.article.id for arrival in arrivals]
    tx.execute(insert(schema.articles), [_row(arrival) for arrival in arrivals])
    number_articles(tx, ids)
    wait_for(tx, ids, ARTICLE_STEPS)
    add_to_index(tx, ids)
    tx.execute(insert(schema.versions), [_version(arrival) for arrival in arrivals])


def _save(tx: Connection, arrival: Arrival) -> bool:
    article = arrival.article
    known = tx.execute(select(_A.id, _A.is_current).where(_A.id == article.id)).first()
    url = clean(article.url)
    current = tx.execute(select(_A.id).where(_A.url == url, _A.is_current)).first()
    last = tx.execute(_VERSIONS.where(_V.url == url).order_by(*_NEWEST).limit(1)).first()
    is_newest = last is None or _comes_after(tx, last, arrival)
    if known is None or (is_newest and not known.is_current):
        if known is None:
            superseded_by = None if is_newest or current is None else current.id
            tx.execute(insert(schema.articles), [_row(arrival, superseded_by=superseded_by)])
            number_articles(tx, [article.id])
            wait_for(tx, [article.id], ARTICLE_STEPS)
        if is_newest and not (known is None and current is None):
            _make_current(tx, url, article.id)
        if is_newest or current is None:
            add_to_index(tx, [article.id])
        # Of one fetch the newest reading counts: a better extractor is no edit by the publisher.
        if last is not None:
            tx.execute(
                delete(schema.versions).where(_V.url == url, _V.fetch_id == arrival.fetch_id)
            )
        tx.execute(insert(schema.versions), [_version(arrival)])
    if arrival.withdrawn_why:
        mark_withdrawn(tx, article.url, at=arrival.fetched_at, why=arrival.withdrawn_why)
    return known is None


def _comes_after(tx: Connection, last: Row[Any], arrival: Arrival) -> bool:
    """Tell whether an arrival is newer than the last version known."""
    if last.seen_at != arrival.fetched_at:
        return bool(last.seen_at < arrival.fetched_at)
    fetches = select(schema.fetches.c.asked_url).where(
        schema.fetches.c.id.in_((last.fetch_id, arrival.fetch_id))
    )
    if len(set(tx.execute(fetches).scalars())) > 1:
        # Two addresses gave one article at once: which came first is chance, and must not count.
        return bool(last.article_id <= arrival.article.id)
    return bool(last.fetch_id <= arrival.fetch_id)


def _make_current(tx: Connection, url: str, article_id: str) -> None:
    of_others = (_A.url == url, _A.is_current, _A.id != article_id)
    take_from_index(tx, list(tx.execute(select(_A.id).where(*of_others)).scalars()))
    others = update(schema.articles).where(*of_others)
    tx.execute(others.values(is_current=False, superseded_by=article_id))
    mine = update(schema.articles).where(_A.id == article_id)
    tx.execute(mine.values(is_current=True, superseded_by=None))


def _version(arrival: Arrival) -> dict[str, Any]:
    return {
        "url": clean(arrival.article.url),
        "article_id": arrival.article.id,
        "fetch_id": arrival.fetch_id,
        "seen_at": arrival.fetched_at,
    }


def _row(arrival: Arrival, *, superseded_by: str | None = None) -> dict[str, Any]:
    article = arrival.article
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
        "fetch_id": arrival.fetch_id,
        "fetched_at": arrival.fetched_at,
        "dated_at": article.published_at or arrival.fetched_at,
        "is_current": superseded_by is None,
        "superseded_by": superseded_by,
    }
