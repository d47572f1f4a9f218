"""A store of any size, made inside the database: what the benches of the desk and the store use.

Rows are made by SQL from their number, so a million articles take minutes and not hours; only the
halves that texts are put together from are drawn here, with a Zipf vocabulary, so that common words
stand in most articles, as "Japan" does in ours. Seven articles in ten are English, the rest
Japanese. A night is 2,000 articles; two or three of them are a story; and every night has its run
with visits, problems and a ranking.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa
from fill_tables import PARTS, TABLES, Words
from sqlalchemy import func, select

from alliance_nlp.core.types import Candidate, Contribution
from alliance_nlp.store import Database, count_on, save_candidates, schema

START = datetime(2023, 1, 1, tzinfo=UTC)
NIGHT = 2_000  # articles
APART_S = 43  # seconds between two articles, so that a night is a day
N_SOURCES, N_ENTITIES, N_FEATURES, N_HALVES = 150, 3_000, 16, 4_096
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
    """How large the store is; about a tenth of the articles' ten mentions name no entity.

    ``n_words`` is the length of an English article; a Japanese one has twice as many characters.
    """

    n_articles: int = 100_000
    n_candidates: int = 10_000
    n_words: int = 320


def time_of(number: int) -> datetime:
    """Return when an article was published; the first has number 1."""
    return START + timedelta(seconds=APART_S * number)


def article_id(number: int) -> str:
    """Return an article's id: spread, as hashes are."""
    return f"{number * 2_654_435_761 % 2**32:08x}"


def story_id(number: int) -> str:
    """Return the id of the story that an article is in."""
    return f"s{article_id(1 + (number - 1) * 2 // 5)}"


def fill(database: Database, size: Size) -> list[str]:
    """Fill an empty store; return the ids of the ranking's stories, best first."""
    grow(database, size, start=0)
    return rank(database, size)


def grow(database: Database, size: Size, *, start: int) -> None:
    """Bring a store that :func:`grow` filled up to article ``start`` up to a size."""
    generator = np.random.default_rng(7 + start)
    words = Words(
        kind=database.kind, first=start + 1, last=size.n_articles, n_halves=N_HALVES, night=NIGHT
    )
    with _bulk(database) as run:
        run("CREATE TEMPORARY TABLE halves (n INTEGER PRIMARY KEY, text TEXT, words TEXT)", ())
        run("INSERT INTO halves VALUES ({}, {}, {})", list(_halves(generator, size)))
        run(
            "CREATE TEMPORARY TABLE draws (n INTEGER PRIMARY KEY, entity TEXT, label TEXT)",
            (),
        )
        run("INSERT INTO draws VALUES ({}, {}, {})", list(_draws(generator)))
        run(words.numbers(), ())
        for table in TABLES:
            run(words.insert(table), ())
    with database.write() as tx:
        count_on(tx)


def rank(database: Database, size: Size) -> list[str]:
    """Rank the newest stories in a further run; return their ids, best first."""
    generator = np.random.default_rng(11)
    last = size.n_articles
    newest = range(max(0, last - 1 - size.n_candidates * 5 // 2) + 1, last + 1)
    ids = list(dict.fromkeys(story_id(number) for number in newest))[-size.n_candidates :]
    generator.shuffle(ids)
    with database.write() as tx:
        run_id = int(tx.execute(select(func.max(schema.runs.c.id))).scalar_one())
        tx.execute(sa.delete(schema.candidates).where(schema.candidates.c.run_id == run_id))
        save_candidates(tx, run_id, [_candidate(generator, i, n) for n, i in enumerate(ids, 1)])
    with database.write() as tx:
        if database.kind == "postgresql":  # as its own vacuum does within minutes
            tx.exec_driver_sql("ANALYZE")
    return ids


@contextmanager
def _bulk(database: Database) -> Iterator[Any]:
    """Yield what runs a statement on a connection without checks and without indices."""
    engine = database._engine
    if database.kind == "sqlite":
        with _bulk_sqlite(str(engine.url.database)) as run:
            yield run
        return
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        cursor = raw.cursor()

        def execute(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
            if rows:
                cursor.executemany(statement.format(*["%s"] * len(rows[0])), rows)
            else:
                cursor.execute(statement)

        for setting in (
            "session_replication_role = replica",
            "work_mem = '256MB'",
            "maintenance_work_mem = '1GB'",
            "synchronous_commit = off",
        ):
            cursor.execute(f"SET {setting}")
        made = _without_indices(cursor)
        yield execute
        for statement in made:
            cursor.execute(statement)
        cursor.execute("DROP TABLE halves, draws, numbers")
        raw.commit()
        raw.autocommit = True
        cursor.execute("RESET ALL")
        cursor.execute("VACUUM ANALYZE")  # as its own does after a bulk load
        raw.autocommit = False


def _without_indices(cursor: Any) -> list[str]:
    """Drop the indices that hold no constraint; return what makes them again."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
        "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    )
    found = list(cursor.fetchall())
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [made for _, made in found]


@contextmanager
def _bulk_sqlite(path: str) -> Iterator[Any]:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in (
        "synchronous=OFF",
        "foreign_keys=OFF",
        "cache_size=-1000000",
        "temp_store=MEMORY",
        "wal_autocheckpoint=100000",
    ):
        connection.execute(f"PRAGMA {pragma}")

    def execute(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        connection.execute("BEGIN")
        if rows:
            connection.executemany(statement.format(*"?" * len(rows[0])), rows)
        else:
            connection.execute(statement)
        connection.execute("COMMIT")

    yield execute
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _halves(generator: np.random.Generator, size: Size) -> Iterator[tuple[int, str, str]]:
    """Yield number, text and indexed words of the halves: English ones, then Japanese."""
    from alliance_nlp.store.search_words import indexed_words

    vocabulary = np.array([*_WORDS, *(f"word{number}" for number in range(30_000))])
    signs = np.array(
        list(_SIGNS + _KANA * 2) + [chr(0x4E00 + 13 * number) for number in range(800)]
    )
    for number in range(N_HALVES):
        drawn = np.minimum(generator.zipf(1.2, size=size.n_words // 2), len(vocabulary)) - 1
        text = " ".join(vocabulary[drawn])
        yield number, text, indexed_words(text)
    for number in range(N_HALVES):
        drawn = np.minimum(generator.geometric(0.012, size=size.n_words), len(signs)) - 1
        text = "".join(signs[drawn])
        yield N_HALVES + number, text, indexed_words(text)


def _draws(generator: np.random.Generator) -> Iterator[tuple[int, str, str]]:
    labels = ("OFFICIAL", "EXERCISE", "SHIP", "MINERAL", "BASE")
    drawn = np.minimum(generator.zipf(1.3, size=PARTS), N_ENTITIES)
    for number, entity in enumerate(drawn):
        name = "" if entity % 10 == 9 else f"entity-{entity}"
        yield number, name, labels[int(entity) % len(labels)]


def _candidate(generator: np.random.Generator, story: str, rank: int) -> Candidate:
    values = generator.normal(size=N_FEATURES)
    reasons = tuple(
        Contribution(feature=f"feature-{k}", value=float(v), contribution=float(v) / 4)
        for k, v in enumerate(values)
    )
    logit = sum(reason.contribution for reason in reasons)
    score = float(1 / (1 + np.exp(-logit)))
    return Candidate(story_id=story, rank=rank, score=score, logit=logit, reasons=reasons)
