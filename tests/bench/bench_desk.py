"""Measure what an analyst waits for: lists, filters, searches and stories of a store of size.

    python -m pytest -q -s -o python_files="bench_*.py" tests/bench/bench_desk.py

100,000 articles (``ALLIANCE_BENCH_ARTICLES``) with ten mentions each, of which a ranking of 10,000
stories holds about 25,000, on SQLite and PostgreSQL. Texts are drawn from a Zipf vocabulary, so
common words stand in most articles, as "Japan" does here. The table has wall time and, as another
job on the machine adds to that, CPU time of this process and of PostgreSQL's.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from time import perf_counter

import numpy as np
import pytest
from desk_store import Size, fill, time_of
from metering import Meter
from rich.console import Console
from rich.table import Table

from alliance_nlp.core.types import Novelty, TopicLabel, Verdict
from alliance_nlp.store import (
    CandidateFilter,
    Connection,
    Database,
    facets,
    neighbours,
    read_candidate_page,
    search_articles,
)
from alliance_nlp.web.reading import read_one, read_ranked

pytestmark = pytest.mark.bench

N_ARTICLES = int(os.environ.get("ALLIANCE_BENCH_ARTICLES", "100000"))
N_CANDIDATES = min(10_000, N_ARTICLES // 10)
N_TIMES = 40
MOST_MS = 150.0  # 95th percentile of a page; what it asks of the store is the most of it

console = Console(width=100)

Look = Callable[[Connection, int], object]


def _filters() -> dict[str, CandidateFilter]:
    # The ranking is of the newest stories: its last fifth of time is the list's usual window.
    day = time_of(N_ARTICLES - N_CANDIDATES // 2).date()
    return {
        "by topics": CandidateFilter(topics=(TopicLabel.TRADE, TopicLabel.ENERGY)),
        "by novelty": CandidateFilter(novelty=(Novelty.NEW,)),
        "by source": CandidateFilter(source_ids=("source-3", "source-4")),
        "by commonest entity": CandidateFilter(entity_id="entity-1"),
        "by days": CandidateFilter(since_on=day),
        "by state": CandidateFilter(verdicts=("open",)),
        "by a common word": CandidateFilter(query="Japan"),
        "by words": CandidateFilter(query="Japan tariffs -missile"),
        "by a phrase": CandidateFilter(query='"prime minister"'),
        "by Japanese words": CandidateFilter(query="日米 同盟"),
        "by all at once": CandidateFilter(
            query="Japan", topics=(TopicLabel.TRADE,), novelty=(Novelty.NEW,), since_on=day
        ),
    }


def _looks(ids: list[str]) -> dict[str, Look]:
    standing = dict.fromkeys(ids[::5], Verdict.REJECT)
    found: dict[str, Look] = {
        "list": lambda tx, k: read_ranked(tx, after=50 * k, n=50, standing=standing)
    }
    for name, wanted in _filters().items():
        found[f"list {name}"] = _list(wanted, standing)
    for query in ("Okinawa Henoko", "the", '"prime minister"', "日米同盟", "日", "tari*"):
        found[f"search {query}"] = _search(query)
    found["story"] = lambda tx, k: read_one(tx, ids[(37 * k) % len(ids)])
    found["neighbours"] = lambda tx, k: neighbours(tx, ids[(37 * k) % len(ids)])
    found["facets"] = lambda tx, k: facets(tx)
    return found


def _list(wanted: CandidateFilter, standing: Mapping[str, Verdict]) -> Look:
    return lambda tx, _: read_candidate_page(tx, wanted, standing=standing)


def _search(query: str) -> Look:
    return lambda tx, _: search_articles(tx, query, limit=50)


def _measure(database: Database, meter: Meter, look: Look) -> tuple[np.ndarray, float]:
    """Return the wall times in ms, shape (n_times,), and the mean CPU time in ms."""
    with database.read() as tx:
        look(tx, 0)  # the first one fills caches
    walls, start = [], meter.cpu_ms()
    for k in range(N_TIMES):
        at = perf_counter()
        with database.read() as tx:
            look(tx, k)
        walls.append(1e3 * (perf_counter() - at))
    return np.array(walls), (meter.cpu_ms() - start) / N_TIMES


def test_every_look_is_quick(make_database_url: Callable[..., str]) -> None:
    with Database.open(make_database_url(migrated=True)) as database:
        start = perf_counter()
        ids = fill(database, Size(n_articles=N_ARTICLES, n_candidates=N_CANDIDATES))
        console.print(f"filled in {perf_counter() - start:.0f} s")
        slow = slow_looks(database, ids)
    assert slow == {}


def slow_looks(database: Database, ids: list[str]) -> dict[str, float]:
    """Print what every look costs; return the 95th percentiles of those that cost too much."""
    table = Table("", "p50", "p95", "CPU", title=f"{database.kind}, {N_ARTICLES:,} articles, ms")
    slow, meter = {}, Meter(database)
    for name, look in _looks(ids).items():
        walls, cpu = _measure(database, meter, look)
        p50, p95 = np.percentile(walls, (50, 95))
        table.add_row(name, f"{p50:.1f}", f"{p95:.1f}", f"{cpu:.1f}")
        if p95 > MOST_MS:
            slow[name] = round(float(p95), 1)
    console.print(table)
    return slow
