"""Measure the store at size: what a night and an analyst wait for, at ten thousand and a million.

    python -m pytest -q -s -o python_files="bench_*.py" tests/bench/bench_store.py

On SQLite and on PostgreSQL one store is filled with 10,000 articles, measured, and filled up to
``ALLIANCE_BENCH_STORE_ARTICLES``, ten mentions to an article, and measured again; 1000000 is the
full size. The table has CPU time, of this process and of PostgreSQL's, for another job on the
machine does not add to it; and what the larger store costs as a multiple of the smaller. At the
larger size no query may read a table whole that grows with every night.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from desk_store import NIGHT, Size, fill, grow, rank
from metering import Meter
from rich.console import Console
from rich.table import Table
from store_looks import Work, works

from alliance_nlp.store import Database

sys.path.insert(0, str(Path(__file__).parents[1] / "contract"))
from plans import full_scans

pytestmark = pytest.mark.bench

N_SMALL = 10_000
# A night is half a hundredth of such a store; of a smaller one it is worth reading all.
LEAST_LARGE = 400_000
N_LARGE = int(os.environ.get("ALLIANCE_BENCH_STORE_ARTICLES", "100000"))
LEAST_TIMES, MOST_S = 5, 1.5
# What takes less is not looked at as a ratio: it is the same few index pages and much chance.
LEAST_MS = 10.0
MOST_RATIO = 3.0
console = Console(width=100)


def _measure(database: Database, meter: Meter, work: Work) -> tuple[float, float]:
    """Return mean CPU time and median wall time, in ms."""
    walls: list[float] = []
    gc.collect()
    if work.look is not None:
        _look(database, work)  # the first one fills caches
    cpu, start = meter.cpu_ms(), perf_counter()
    while not walls or (
        work.look is not None and (len(walls) < LEAST_TIMES or perf_counter() - start < MOST_S)
    ):
        at = perf_counter()
        _look(database, work)
        walls.append(1e3 * (perf_counter() - at))
    return (meter.cpu_ms() - cpu) / len(walls), float(np.median(walls))


def _look(database: Database, work: Work) -> None:
    if work.act is not None:
        work.act(database)
    elif work.look is not None:
        with database.read() as tx:
            work.look(tx)


def measure_all(database: Database, size: Size, ids: list[str]) -> dict[str, tuple[float, float]]:
    """Return CPU and wall time by name; a night is among it, so the store grows by one."""
    meter = Meter(database)
    return {work.name: _measure(database, meter, work) for work in works(size, ids)}


def report(
    kind: str,
    n_large: int,
    *,
    small: dict[str, tuple[float, float]],
    large: dict[str, tuple[float, float]],
    reaching: Collection[str],
) -> dict[str, float]:
    """Print the table; return the ratios of what grows more than it may."""
    table = Table("", "10,000", f"{n_large:,}", "ratio", "wall", title=f"{kind}: CPU ms")
    steep = {}
    for name, (cpu, wall) in large.items():
        ratio = cpu / max(small[name][0], LEAST_MS)
        table.add_row(
            name,
            f"{small[name][0]:.1f}",
            f"{cpu:.1f}",
            f"{cpu / max(small[name][0], 0.1):.2f}",
            f"{wall:.1f}",
        )
        if ratio > MOST_RATIO and name not in reaching:
            steep[name] = round(ratio, 2)
    console.print(table)
    return steep


def scans_of(database: Database, size: Size, ids: list[str]) -> dict[str, list[str]]:
    """Return by name what reads a growing table whole."""
    found = {
        work.name: full_scans(database, work.look, is_large=True)
        for work in works(size, ids)
        if work.look is not None
    }
    return {name: scans for name, scans in found.items() if scans}


def test_store_costs_the_same_at_any_size(make_database_url: Callable[..., str]) -> None:
    size = Size(n_articles=N_SMALL, n_candidates=2_000, n_words=60)
    with Database.open(make_database_url(migrated=True)) as database:
        ids = fill(database, size)
        small = measure_all(database, size, ids)
        grown = replace(size, n_articles=N_LARGE)
        start = perf_counter()
        grow(database, grown, start=N_SMALL + NIGHT)
        ids = rank(database, grown)
        console.print(f"{database.kind}: grown to {N_LARGE:,} in {perf_counter() - start:.0f} s")
        scans = scans_of(database, grown, ids)
        large = measure_all(database, grown, ids)
        reaching = {work.name for work in works(grown, ids) if work.reaches_back}
        steep = report(database.kind, N_LARGE, small=small, large=large, reaching=reaching)
    if N_LARGE >= LEAST_LARGE:
        assert scans == {}
    assert steep == {}
