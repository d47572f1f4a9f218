"""The whole measurement: what is wanted, and the figures it comes to."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.backfill_figures import measure_backfill
from tests.bench.ceiling import two_alone
from tests.bench.cpu import Bystanders, tree_cpu_s
from tests.bench.own_chain import LoadModel, model_loader
from tests.bench.pages import bench_pages, folder_pages
from tests.bench.ratios import Figures, Row
from tests.bench.rivals import BASELINE, NAIVE, MissingRivalsError, load_rivals
from tests.bench.rounds import N_FIRST, measure_chain, measure_jobs, measure_rivals
from tests.bench.weights import weigh

from alliance_nlp.core.types import Page

# Most of a night: what a run costs to start is not what is asked.
N_JOBS_PAGES, N_JOBS_ROUNDS = 800, 3
# Of a run of our chain: enough for its start to be the lesser part.
N_CHAIN_PAGES = 320
# Cores that others keep busy, from which figures are worth a warning.
_MOST_OTHERS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to measure: on a folder's pages or on generated ones, and only the table if quick."""

    pages: Path | None
    n_pages: int
    n_rounds: int
    is_quick: bool


def measure(wanted: Wanted, folder: Path) -> Figures:
    """Measure all that is wanted; ``folder`` is for what is made on the way.

    Exits with a word on what to do where the rivals are not installed.
    """
    try:
        contenders = load_rivals()
    except MissingRivalsError as error:
        sys.exit(f"error: {error}")
    bystanders = Bystanders()
    pages, said = _pages(wanted)
    more, _ = _pages(replace(wanted, n_pages=max(wanted.n_pages, N_CHAIN_PAGES)))
    load_model = model_loader()
    chain = measure_chain(
        more,
        contenders[BASELINE],
        folder=folder,
        load_model=load_model,
        n_rounds=wanted.n_rounds,
        tell=_tell,
    )
    rivals = measure_rivals(pages[N_FIRST:], contenders, n_rounds=wanted.n_rounds, tell=_tell)
    naive = next(row.ratio for row in rivals if row.name == NAIVE)
    headline: dict[str, float | None] = {"chain": chain.ratio, "naive": naive / chain.ratio}
    jobs = Jobs() if wanted.is_quick else _jobs(folder, load_model)
    notes = [*jobs.notes]
    if not wanted.is_quick:
        headline |= {"jobs2": jobs.ratio, **_backfill(notes)}
    _tell(f"measured, in {tree_cpu_s():.0f} s of processor time")
    return Figures(
        pages=said,
        weights=weigh(pages),
        rows=_sorted((chain, *rivals)),
        headline=headline,
        notes=(*notes, *_disturbed(bystanders)),
        others_cores=jobs.others_cores,
    )


def _backfill(notes: list[str]) -> dict[str, float | None]:
    _tell("backfill")
    try:
        backfill = measure_backfill()
    except RuntimeError as error:
        _tell(f"warning: {error}")
        notes.append("the backfill was not measured: its benchmark did not come to an end")
        return {"backfill": None, "recall": None}
    notes.append(backfill.note)
    return {"backfill": backfill.ratio, "recall": backfill.recall}


def _tell(said: str) -> None:
    sys.stderr.write(f"{datetime.now(UTC):%H:%M:%S}  {said}\n")


def _sorted(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: row.ratio))


def _pages(wanted: Wanted) -> tuple[list[Page], str]:
    if wanted.pages is None:
        pages = [made.page for made in bench_pages(wanted.n_pages)]
        said = f"{len(pages)} pages drawn by a seeded generator"
    else:
        found = list(folder_pages(wanted.pages))
        n = min(wanted.n_pages, len(found))
        pages = [found[number * len(found) // n] for number in range(n)]
        said = f"{len(pages)} of a folder's {len(found)} real pages"
    if len(pages) <= N_FIRST:
        sys.exit(f"error: {len(pages)} pages are too few, {N_FIRST} warm up; give more with --n")
    return pages, f"{said}; {wanted.n_rounds} rounds"


def _disturbed(bystanders: Bystanders) -> tuple[str, ...]:
    cores = bystanders.cores()
    if cores <= _MOST_OTHERS:
        return ()
    said = f"other work kept {cores:.1f} cores of the machine busy meanwhile"
    _tell(f"warning: {said}; the figures are rougher than on a quiet one")
    return (said,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """Two jobs beside one: how many times as fast, and what is to be said of it."""

    ratio: float | None = None
    notes: tuple[str, ...] = ()
    others_cores: float = 0.0


def _jobs(folder: Path, load_model: LoadModel) -> Jobs:
    if len(os.sched_getaffinity(0)) < 2:
        _tell("warning: one core alone, so two jobs cannot be set beside one")
        return Jobs(notes=("two jobs were not measured: there was one core alone",))
    pages = [made.page for made in bench_pages(N_JOBS_PAGES, seed=1)]
    bystanders = Bystanders()
    ratio, rounds = measure_jobs(
        pages, folder=folder, load_model=load_model, n_rounds=N_JOBS_ROUNDS, tell=_tell
    )
    said = ", ".join(f"{one:.1f} and {two:.1f}" for one, two in rounds)
    cores = bystanders.cores()
    _tell("two processes that share nothing")
    return Jobs(
        ratio=ratio,
        notes=(
            f"seconds by the clock of {N_JOBS_PAGES} pages, one job and two: {said}; other work "
            f"kept {cores:.2f} cores busy meanwhile",
            f"two processes that share nothing, extracting alone, are {two_alone():.2f} times as "
            "fast as one on this machine",
        ),
        others_cores=round(cores, 3),
    )
