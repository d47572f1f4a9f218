"""Rounds in which each way takes its turn on the same pages, in processor time."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import process_time

from tests.bench.own_chain import LoadModel, archived, processed
from tests.bench.ratios import OURS, Row, as_row
from tests.bench.rivals import BASELINE, NAIVE, Contender
from trafilatura.meta import reset_caches

from alliance_nlp.core.types import Page

# A worker's first pages pay for what is loaded late; nights have thousands of pages, so the time
# of a run with these alone is taken off that of a run with these and the others.
N_FIRST = 20
N_WARM = 6
# What takes longer than our chain works on a part of the pages a round, another part each time.
_IN_PARTS = (NAIVE, "readability-lxml", "newspaper4k", "goose3")
Told = Callable[[str], None]


@dataclass(slots=True)
class _Clock:
    """Seconds by page of each round, and the pages on which a way raised."""

    seconds: dict[str, list[dict[int, float]]] = field(default_factory=dict)
    failed: dict[str, set[int]] = field(default_factory=dict)

    def begin(self) -> None:
        """Begin a round."""
        for rounds in self.seconds.values():
            rounds.append({})

    def time(self, name: str, work: Contender, page: tuple[int, Page]) -> None:
        """Let a way take its turn on a numbered page."""
        number, one = page
        start = process_time()
        try:
            work(one)
        except Exception:  # noqa: BLE001 - what a rival cannot read is a figure of its row
            self.failed.setdefault(name, set()).add(number)
            return
        self.seconds[name][-1][number] = process_time() - start

    def row(self, name: str) -> Row:
        """Return a way's row; the baseline is counted on the same pages of the same round."""
        rounds = [
            (sum(times.values()), sum(base[number] for number in times), len(times))
            for times, base in zip(self.seconds[name], self.seconds[BASELINE], strict=True)
        ]
        return as_row(name, rounds, n_failed=len(self.failed.get(name, ())))


def measure_rivals(
    pages: Sequence[Page], contenders: Mapping[str, Contender], *, n_rounds: int, tell: Told
) -> list[Row]:
    """Return the row of every contender; all take turns on each page, none always first."""
    clock = _Clock(seconds={name: [] for name in contenders})
    names = list(contenders)
    for number in range(-1, n_rounds):
        tell(f"rivals, round {number + 1} of {n_rounds}" if number >= 0 else "rivals, warming up")
        _new_round()
        if number >= 0:
            clock.begin()
        for at, page in enumerate(pages if number >= 0 else pages[:N_WARM]):
            turn = at % len(names)
            for name in names[turn:] + names[:turn]:
                if number < 0:
                    _Clock(seconds={name: [{}]}).time(name, contenders[name], (at, page))
                elif name not in _IN_PARTS or at % n_rounds == number:
                    clock.time(name, contenders[name], (at, page))
    return [clock.row(name) for name in names]


def measure_chain(
    pages: Sequence[Page],
    baseline: Contender,
    *,
    folder: Path,
    load_model: LoadModel,
    n_rounds: int,
    tell: Told,
) -> Row:
    """Return the row of our chain, on the pages beyond the first.

    What a start costs is measured before and after each run, and half of the baseline's work is
    done before and half after them: a machine that is slow for a while is so for all of a round.
    """
    few = archived(folder / "few", pages[:N_FIRST], load_model)
    full = archived(folder / "full", pages, load_model)
    counted = pages[N_FIRST:]
    halves = counted[::2], counted[1::2]
    for page in pages[:N_WARM]:
        baseline(page)
    processed(few, load_model)
    rounds = []
    for number in range(n_rounds):
        tell(f"chain, round {number + 1} of {n_rounds}")
        _new_round()
        base_s = _seconds(baseline, halves[0])
        start_s, full_s, again_s = (
            processed(archive, load_model).cpu_s for archive in (few, full, few)
        )
        base_s += _seconds(baseline, halves[1])
        rounds.append((full_s - (start_s + again_s) / 2, base_s, len(counted)))
    return as_row(OURS, rounds)


def _seconds(work: Contender, pages: Sequence[Page]) -> float:
    start = process_time()
    for page in pages:
        work(page)
    return process_time() - start


def _new_round() -> None:
    """Forget what was kept of the round before: in a night, every page is new."""
    reset_caches()
    # The models of all ways lie in this one process; none is to pay for walking over them.
    gc.collect()
    gc.freeze()


def measure_jobs(
    pages: Sequence[Page], *, folder: Path, load_model: LoadModel, n_rounds: int, tell: Told
) -> tuple[float, list[tuple[float, float]]]:
    """Return how many times as fast two jobs are as one, and each round's seconds by the clock.

    One job runs before and after two, and counts as the mean of both, for a machine's pace may
    change by the minute; the median of the rounds is returned.
    """
    workspace = archived(folder / "jobs", pages, load_model)
    rounds = []
    for number in range(n_rounds):
        tell(f"jobs, round {number + 1} of {n_rounds}")
        before, two, after = (
            processed(workspace, load_model, jobs=jobs).wall_s for jobs in (1, 2, 1)
        )
        rounds.append(((before + after) / 2, two))
    return median(one / two for one, two in rounds), rounds
