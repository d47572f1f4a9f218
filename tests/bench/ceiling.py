"""What two cores of this machine are worth: two processes that share nothing, beside one."""

from __future__ import annotations

from multiprocessing import get_context
from time import perf_counter
from typing import Any

from tests.bench.pages import bench_pages

from alliance_nlp.extract import extract_page

_N_PAGES, _N_TURNS, _N_ROUNDS = 60, 3, 3
_PATIENCE_S = 300


def two_alone() -> float:
    """Return how many times as many pages two processes extract as one in the same time.

    Each has its own pages and writes nothing. What is missing to 2 is the machine's: caches,
    memory and clock that its cores share.
    """
    rounds = [(_slowest(1), _slowest(2)) for _ in range(_N_ROUNDS)]
    return 2 * min(one for one, _ in rounds) / min(two for _, two in rounds)


def _slowest(n: int) -> float:
    """Return the seconds of the slower of ``n`` processes that start together."""
    context = get_context("spawn")
    start, told = context.Barrier(n), context.Queue()
    processes = [context.Process(target=_extract, args=(start, told)) for _ in range(n)]
    for process in processes:
        process.start()
    taken: list[float] = [told.get(timeout=_PATIENCE_S) for _ in processes]
    for process in processes:
        process.join()
    return max(taken)


def _extract(start: Any, told: Any) -> None:
    pages = [made.page for made in bench_pages(_N_PAGES)]
    for page in pages:
        extract_page(page)
    start.wait(_PATIENCE_S)
    begun = perf_counter()
    for _ in range(_N_TURNS):
        for page in pages:
            extract_page(page)
    told.put(perf_counter() - begun)
