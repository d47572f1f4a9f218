"""Articles and what the analytic stages said of them, each result keyed by step and version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import (
    ArchiveRef,
    Article,
    Dated,
    Label,
    Mention,
    Relevance,
    Topic,
    TopicLabel,
)
from alliance_nlp.store import schema
from alliance_nlp.store.database import upsert

_A = schema.articles.c


def mark_step(
    tx: Connection, step: str, subjects: Iterable[tuple[str, str]], *, version: str
) -> None:
    """Record that a step settled its subjects: pairs of subject id and outcome."""
    upsert(
        tx,
        schema.steps,
        [
            {"subject_id": subject, "step": step, "version": version, "outcome": outcome}
            for subject, outcome in subjects
        ],
    )


def save_article(tx: Connection, article: Article, *, fetch_id: int, fetched_at: datetime) -> bool:
    """Save an article as the newest version of its URL; ``False`` when it was known already.

    A known article keeps its row, so the archive record that first gave it stays its origin.
    """
    if tx.execute(select(_A.id).where(_A.id == article.id)).first():
        return False
    newest = tx.execute(
        select(_A.id, _A.fetched_at).where(_A.url == clean(article.url), _A.is_current)
    ).first()
    is_current = newest is None or (newest.fetched_at, newest.id) <= (fetched_at, article.id)
    tx.execute(
        insert(schema.articles).values(
            **_columns(article),
            fetch_id=fetch_id,
            fetched_at=fetched_at,
            dated_at=article.published_at or fetched_at,
            is_current=is_current,
            superseded_by=None if is_current or newest is None else newest.id,
        )
    )
    if is_current and newest is not None:
        older = update(schema.articles).where(_A.id == newest.id)
        tx.execute(older.values(is_current=False, superseded_by=article.id))
    return True


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


def articles_to_do(tx: Connection, step: str, *, version: str, limit: int) -> list[Article]:
    """Return articles on which this step's version has not settled, oldest fetch first.

    Superseded versions are among them: each stage accounts for whatever the one before let out.
    """
    done = schema.steps.alias()
    query = (
        _ARTICLES.outerjoin(done, (done.c.subject_id == _A.id) & (done.c.step == step))
        .where((done.c.version.is_(None)) | (done.c.version != version))
        .order_by(_A.fetch_id, _A.id)
        .limit(limit)
    )
    return [_article(row) for row in tx.execute(query)]


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


def save_mentions(tx: Connection, article_ids: Sequence[str], mentions: Iterable[Mention]) -> None:
    """Replace the mentions of these articles."""
    tx.execute(delete(schema.mentions).where(schema.mentions.c.article_id.in_(article_ids)))
    rows = [
        {
            "article_id": mention.article_id,
            "start": mention.start,
            "end": mention.end,
            "label": mention.label.value,
            "entity_id": mention.entity_id,
            "how": mention.how,
        }
        for mention in mentions
    ]
    if rows:
        tx.execute(insert(schema.mentions), rows)


def save_topics(
    tx: Connection,
    article_ids: Sequence[str],
    *,
    topics: Iterable[Topic],
    bearing: Iterable[Relevance],
) -> None:
    """Replace the topics and the relevance of these articles."""
    for table in (schema.topics, schema.relevance):
        tx.execute(delete(table).where(table.c.article_id.in_(article_ids)))
    topic_rows = [
        {
            "article_id": topic.article_id,
            "label": topic.label.value,
            "score": topic.score,
            "holds": topic.holds,
            "model_id": topic.model_id,
        }
        for topic in topics
    ]
    relevance_rows = [
        {
            "article_id": value.article_id,
            "score": value.score,
            "relevant": value.relevant,
            "model_id": value.model_id,
        }
        for value in bearing
    ]
    if topic_rows:
        tx.execute(insert(schema.topics), topic_rows)
    if relevance_rows:
        tx.execute(insert(schema.relevance), relevance_rows)


def _by_article(tx: Connection, table: Any, ids: Sequence[str], *order: Any) -> Iterable[Row[Any]]:
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        query = select(table).where(table.c.article_id.in_(part)).order_by(*order)
        yield from tx.execute(query)


def read_mentions(tx: Connection, ids: Sequence[str]) -> dict[str, tuple[Mention, ...]]:
    """Return the mentions by article id, in order of offset."""
    found: dict[str, list[Mention]] = {article_id: [] for article_id in ids}
    for row in _by_article(tx, schema.mentions, ids, schema.mentions.c.start):
        found[row.article_id].append(
            Mention(
                article_id=row.article_id,
                start=row.start,
                end=row.end,
                label=Label(row.label),
                entity_id=row.entity_id,
                how=row.how,
            )
        )
    return {article_id: tuple(mentions) for article_id, mentions in found.items()}


def read_topics(tx: Connection, ids: Sequence[str]) -> dict[str, tuple[Topic, ...]]:
    """Return the topics by article id, most likely first."""
    found: dict[str, list[Topic]] = {article_id: [] for article_id in ids}
    for row in _by_article(tx, schema.topics, ids, schema.topics.c.score.desc()):
        found[row.article_id].append(
            Topic(
                article_id=row.article_id,
                label=TopicLabel(row.label),
                score=row.score,
                holds=row.holds,
                model_id=row.model_id,
            )
        )
    return {article_id: tuple(topics) for article_id, topics in found.items()}


def read_relevance(tx: Connection, ids: Sequence[str]) -> dict[str, Relevance]:
    """Return the relevance by article id."""
    return {
        row.article_id: Relevance(
            article_id=row.article_id,
            score=row.score,
            relevant=row.relevant,
            model_id=row.model_id,
        )
        for row in _by_article(tx, schema.relevance, ids)
    }
