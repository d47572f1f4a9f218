"""A store of a desk's size, filled in bulk: what the desk's bench measures on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import insert

from alliance_nlp.core.types import Candidate, Contribution, Label, TopicLabel
from alliance_nlp.store import Connection, Database, save_candidates, schema
from alliance_nlp.store.search import fill_index

START = datetime(2024, 1, 1, tzinfo=UTC)
N_SOURCES, N_ENTITIES, N_FEATURES = 150, 3_000, 16
_WORDS = (
    "the of to and in a that for on said with is by as at from was Japan US Tokyo alliance prime "
    "minister defense government trade tariffs Navy base Okinawa agreement exercise ships talks "
    "officials military Washington security new joint forces last year cost relocation Henoko "
    "destroyer missile critical minerals gallium rare earth supply LNG energy carbon investment"
).split()
_SIGNS = (
    "日米同盟防衛省沖縄県知事首相会談共同訓練基地移設護衛艦尖閣諸島経済貿易関税交渉重要鉱物供給網"
)
_KANA = "のはをにがとでしたいるもなれ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the store is; about a tenth of the articles' mentions name no entity."""

    n_articles: int = 100_000
    n_mentions_each: int = 10
    n_candidates: int = 10_000


def fill(database: Database, size: Size) -> list[str]:
    """Fill an empty store; return the ids of the ranking's stories, best first."""
    generator = np.random.default_rng(7)
    parts = [1 + int(n) for n in generator.poisson(1.5, size=size.n_articles)]
    with database.write() as tx:
        _bulk(tx, schema.runs, iter([_run()]))
        _bulk(tx, schema.fetches, (_fetch(n) for n in range(size.n_articles)))
        _bulk(tx, schema.articles, _articles(generator, size.n_articles))
        _bulk(tx, schema.mentions, _mentions(generator, size))
        _bulk(tx, schema.topics, _topics(generator, size.n_articles))
        stories = list(_stories(parts, size.n_articles))
        _bulk(tx, schema.stories, ({k: v for k, v in s.items() if k != "held"} for s in stories))
        _bulk(tx, schema.story_articles, (row for s in stories for row in s["held"]))
        fill_index(tx)
    ranked = [str(story["id"]) for story in stories[-size.n_candidates :]]
    generator.shuffle(ranked)
    with database.write() as tx:
        if database.kind == "postgresql":  # as its own vacuum does within minutes
            tx.exec_driver_sql("ANALYZE")
        save_candidates(tx, 1, [_candidate(generator, i, n) for n, i in enumerate(ranked, 1)])
    return ranked


def _bulk(tx: Connection, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    while part := list(islice(rows, 5_000)):
        tx.execute(insert(table), part)


def _run() -> dict[str, Any]:
    return {"id": 1, "command": "nightly", "as_of": START, "started_at": START, "state": "done"}


def _fetch(n: int) -> dict[str, Any]:
    return {
        "id": n + 1,
        "run_id": 1,
        "source_id": f"source-{n % N_SOURCES}",
        "role": "article",
        "asked_url": f"https://press.example/{n}",
        "url": f"https://press.example/{n}",
        "lead_key": f"https://press.example/{n}",
        "status": 200,
        "fetched_at": START + timedelta(minutes=5 * n),
        "payload_sha256": f"{n:064x}",
        "n_bytes": 50_000,
        "file": "bench.warc.gz",
        "offset": n * 50_000,
        "length": 50_000,
        "sha256": f"{n:064x}",
    }


def _texts(generator: np.random.Generator, n: int) -> Iterator[tuple[str, str]]:
    """Yield (text, language): seven in ten English with a Zipf vocabulary, the rest Japanese."""
    vocabulary = [*_WORDS, *(f"word{number}" for number in range(30_000))]
    signs = list(_SIGNS + _KANA * 2) + [chr(0x4E00 + 13 * number) for number in range(800)]
    for number in range(n):
        if number % 10 < 7:
            drawn = np.minimum(generator.zipf(1.2, size=320), len(vocabulary)) - 1
            yield " ".join([vocabulary[at] for at in drawn]), "en"
        else:
            drawn = np.minimum(generator.geometric(0.012, size=700), len(signs)) - 1
            yield "".join([signs[at] for at in drawn]), "ja"


def _articles(generator: np.random.Generator, n: int) -> Iterator[dict[str, Any]]:
    for number, (text, language) in enumerate(_texts(generator, n)):
        at = START + timedelta(minutes=5 * number)
        yield {
            "id": f"article-{number:06d}",
            "source_id": f"source-{int(generator.integers(N_SOURCES))}",
            "url": f"https://press.example/{number}",
            "link": "",
            "title": text[100:160],
            "text": text,
            "authors": [],
            "published_at": at,
            "published_precision": "time",
            "published_found": at.isoformat(),
            "published_where": "json-ld:datePublished",
            "language": language,
            "outlet": "",
            "flags": ["opinion"] if number % 17 == 0 else [],
            "fetch_id": number + 1,
            "fetched_at": at,
            "dated_at": at,
            "is_current": True,
        }


def _mentions(generator: np.random.Generator, size: Size) -> Iterator[dict[str, Any]]:
    labels = [label.value for label in Label]
    for number in range(size.n_articles):
        drawn = np.minimum(generator.zipf(1.3, size=size.n_mentions_each), N_ENTITIES)
        for place, entity in enumerate(drawn):
            yield {
                "article_id": f"article-{number:06d}",
                "start": 30 * place,
                "end": 30 * place + 12,
                "label": labels[int(entity) % len(labels)],
                "entity_id": "" if entity % 10 == 9 else f"entity-{entity}",
                "how": "table",
            }


def _topics(generator: np.random.Generator, n: int) -> Iterator[dict[str, Any]]:
    for number in range(n):
        for label, score in zip(TopicLabel, generator.uniform(size=4), strict=True):
            yield {
                "article_id": f"article-{number:06d}",
                "label": label.value,
                "score": float(score),
                "holds": bool(score > 0.7),
                "model_id": "bench",
            }


def _stories(parts: Sequence[int], n_articles: int) -> Iterator[dict[str, Any]]:
    first = 0
    for number, n in enumerate(parts):
        ids = [f"article-{k:06d}" for k in range(first, min(first + n, n_articles))]
        if not ids:
            return
        story_id = f"story-{number:06d}"
        yield {
            "id": story_id,
            "representative_id": ids[0],
            "first_at": START + timedelta(minutes=5 * first),
            "last_at": START + timedelta(minutes=5 * (first + len(ids) - 1)),
            "novelty": ("new", "new", "follow-up", "repeat")[number % 4],
            "held": [
                {"article_id": i, "story_id": story_id, "position": place}
                for place, i in enumerate(ids)
            ],
        }
        first += n


def _candidate(generator: np.random.Generator, story_id: str, rank: int) -> Candidate:
    values = generator.normal(size=N_FEATURES)
    reasons = tuple(
        Contribution(feature=f"feature-{k}", value=float(v), contribution=float(v) / 4)
        for k, v in enumerate(values)
    )
    logit = sum(reason.contribution for reason in reasons)
    score = float(1 / (1 + np.exp(-logit)))
    return Candidate(story_id=story_id, rank=rank, score=score, logit=logit, reasons=reasons)
