"""What the analytic stages said of articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from alliance_nlp.core.types import Label, Mention, Relevance, Topic, TopicLabel
from alliance_nlp.store import schema

_LABELS = {label.value: label for label in Label}
_TOPICS = {label.value: label for label in TopicLabel}


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
    once = list(dict.fromkeys(ids))  # an article of two stories is asked for twice
    for start in range(0, len(once), 500):
        part = once[start : start + 500]
        query = select(table).where(table.c.article_id.in_(part)).order_by(*order)
        yield from tx.execute(query)


def read_mentions(tx: Connection, ids: Sequence[str]) -> dict[str, tuple[Mention, ...]]:
    """Return the mentions by article id, in order of offset."""
    found: dict[str, list[Mention]] = {article_id: [] for article_id in ids}
    # Thousands a page: rows are unpacked and not asked by name.
    for row in _by_article(tx, schema.mentions, ids, schema.mentions.c.start):
        article_id, start, end, label, entity_id, how = tuple(row)
        found[article_id].append(
            Mention(
                article_id=article_id,
                start=start,
                end=end,
                label=_LABELS[label],
                entity_id=entity_id,
                how=how,
            )
        )
    return {article_id: tuple(mentions) for article_id, mentions in found.items()}


def read_topics(tx: Connection, ids: Sequence[str]) -> dict[str, tuple[Topic, ...]]:
    """Return the topics by article id, most likely first."""
    found: dict[str, list[Topic]] = {article_id: [] for article_id in ids}
    for row in _by_article(tx, schema.topics, ids, schema.topics.c.score.desc()):
        article_id, label, score, holds, model_id = tuple(row)
        found[article_id].append(
            Topic(
                article_id=article_id,
                label=_TOPICS[label],
                score=score,
                holds=holds,
                model_id=model_id,
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
