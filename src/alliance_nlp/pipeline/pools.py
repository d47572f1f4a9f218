"""Pools: the articles of a time with what the models say of them, from a file or a workspace."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alliance_nlp.classify import classify
from alliance_nlp.core.clock import utc
from alliance_nlp.core.errors import InputError
from alliance_nlp.core.ids import short_hash
from alliance_nlp.core.text import normal_text, one_line
from alliance_nlp.core.types import Article, Dated, Mention, Relevance, Source, SourceKind, Topic
from alliance_nlp.store import (
    Database,
    articles_between,
    read_mentions,
    read_relevance,
    read_topics,
    read_withdrawn,
)
from alliance_nlp.tag import Tagger, TagInput

_EVER = (datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """Articles, when they appeared, and what is known of them, by article id.

    Attributes
    ----------
    articles
        Every article with its time, in order of time.
    sources
        The outlets by source id.
    relevance, topics, mentions
        What the models said.
    """

    articles: tuple[tuple[Article, datetime], ...]
    sources: Mapping[str, Source]
    relevance: Mapping[str, Relevance]
    topics: Mapping[str, Sequence[Topic]]
    mentions: Mapping[str, Sequence[Mention]]


def read_pool(path: Path, *, model: Any, model_id: str, tagger: Tagger) -> Pool:
    """Return the dated articles of a JSON Lines file, classified and tagged.

    A line has ``title``, ``text`` and ``published_at`` (or ``published_on``); ``id``, ``source``,
    ``outlet``, ``country``, ``weight`` and ``language`` where known.

    Raises
    ------
    InputError
        If the file cannot be read, or a line is no such article; the line is named.
    """
    rows = list(_rows(path))
    articles = [_article(path, number, row) for number, row in rows]
    times = [_time(path, number, row) for number, row in rows]
    triples = [(article.id, article.title, article.text) for article in articles]
    judged = classify(model, triples, model_id=model_id)
    tagged = tagger.tag(
        TagInput(article_id=a.id, text=a.text, language=a.language, published_on=at.date())
        for a, at in zip(articles, times, strict=True)
    )
    return Pool(
        articles=tuple(sorted(zip(articles, times, strict=True), key=lambda p: (p[1], p[0].id))),
        sources={
            article.source_id: _source(row)
            for article, (_, row) in zip(articles, rows, strict=True)
        },
        relevance={relevance.article_id: relevance for _, relevance in judged},
        topics={relevance.article_id: topics for topics, relevance in judged},
        mentions={a.id: mentions for a, mentions in zip(articles, tagged, strict=True)},
    )


def workspace_pool(database: Database, sources: Sequence[Source]) -> Pool:
    """Return a workspace's current articles with what its models said of them."""
    with database.read() as tx:
        rows = articles_between(tx, *_EVER)
        ids = [article.id for article, _, is_current in rows if is_current]
        withdrawn = read_withdrawn(tx, ids)
        return Pool(
            articles=tuple(
                (article, at)
                for article, at, is_current in rows
                if is_current and article.id not in withdrawn
            ),
            sources={source.id: source for source in sources},
            relevance=read_relevance(tx, ids),
            topics=read_topics(tx, ids),
            mentions=read_mentions(tx, ids),
        )


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the articles cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(f"{path}, line {number}: no JSON: {error}") from error
        if not isinstance(row, dict):
            raise InputError(f"{path}, line {number}: an article is an object with title and text")
        yield number, row


def _article(path: Path, number: int, row: Mapping[str, Any]) -> Article:
    title, text = (row.get(name) for name in ("title", "text"))
    if not (isinstance(title, str) and isinstance(text, str) and text.strip()):
        raise InputError(f"{path}, line {number}: title and text must be strings, text not empty")
    at = _time(path, number, row)
    article_id = str(row.get("id") or short_hash(title, text))
    return Article(
        id=article_id,
        source_id=str(row.get("source") or "unknown"),
        url=str(row.get("url") or f"https://article.invalid/{article_id}"),
        title=one_line(title),
        text=normal_text(text),
        published=Dated(at=at, precision="minute", found=at.isoformat(), where="input"),
        language=str(row.get("language") or ""),
        outlet=str(row.get("outlet") or row.get("source") or ""),
        flags=tuple(map(str, row.get("flags") or ())),
    )


def _time(path: Path, number: int, row: Mapping[str, Any]) -> datetime:
    told = row.get("published_at") or row.get("published_on")
    try:
        at = datetime.fromisoformat(str(told))
    except ValueError as error:
        raise InputError(
            f"{path}, line {number}: published_at {told!r} is no ISO date or time, and a back-test "
            "needs one"
        ) from error
    return utc(at if at.tzinfo else at.replace(tzinfo=UTC))


def _source(row: Mapping[str, Any]) -> Source:
    return Source(
        id=str(row.get("source") or "unknown"),
        name=str(row.get("outlet") or row.get("source") or "unknown"),
        kind=SourceKind.FOLDER,
        url="",
        country=str(row.get("country") or ""),
        weight=float(row.get("weight") or 0.5),
    )
