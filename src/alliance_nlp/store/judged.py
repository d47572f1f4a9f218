"""The decisions on the articles that runs brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, literal, select

from alliance_nlp.store import schema

RELEVANT = "relevant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One decision on one article; ``target`` is a topic or ``"relevant"``."""

    article_id: str
    target: str
    score: float
    holds: bool
    model_id: str


def runs_with_articles(tx: Connection, *, until: int, most: int) -> list[int]:
    """Return the newest runs up to ``until`` that brought articles, newest first."""
    run_id = schema.fetches.c.run_id
    query = (
        select(run_id)
        .join(schema.articles, schema.articles.c.fetch_id == schema.fetches.c.id)
        .where(run_id <= until)
        .distinct()
        .order_by(run_id.desc())
        .limit(most)
    )
    return list(tx.execute(query).scalars())


def read_judged(tx: Connection, run_ids: Sequence[int]) -> list[Judged]:
    """Return topics and relevance of the articles that these runs were the first to bring."""
    topics, relevance = schema.topics.c, schema.relevance.c
    queries = (
        select(
            topics.article_id,
            topics.label.label("target"),
            topics.score,
            topics.holds,
            topics.model_id,
        ).select_from(schema.topics),
        select(
            relevance.article_id,
            literal(RELEVANT).label("target"),
            relevance.score,
            relevance.relevant.label("holds"),
            relevance.model_id,
        ).select_from(schema.relevance),
    )
    brought = (
        select(schema.articles.c.id)
        .join(schema.fetches, schema.fetches.c.id == schema.articles.c.fetch_id)
        .where(schema.fetches.c.run_id.in_(run_ids))
    )
    return [
        Judged(article_id=article_id, target=target, score=score, holds=holds, model_id=model_id)
        for query in queries
        # Thousands a night: rows are unpacked and not asked by name.
        for article_id, target, score, holds, model_id in tx.execute(
            query.where(query.selected_columns.article_id.in_(brought))
        )
    ]
