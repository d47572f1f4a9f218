"""A night as people look at it: its report, the nights before, and what it may have missed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from alliance_nlp.core.types import Outcome, Source, Stage, StageCount, Visit
from alliance_nlp.pipeline.drift import told as drift_told
from alliance_nlp.pipeline.figures import Report, SourceLine, source_lines
from alliance_nlp.pipeline.healthcheck import judge_all
from alliance_nlp.pipeline.recapture import Recapture, recapture
from alliance_nlp.pipeline.report import read_report
from alliance_nlp.sources import Missed, interval, missed_by
from alliance_nlp.store import (
    Connection,
    Database,
    Run,
    last_run,
    newest_story_edit,
    outlets_of_ranking,
    read_ledger,
    read_run,
    read_visits,
    recent_runs,
)

N_NIGHTS = 14
FEWEST_NIGHTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One number of a night, by run."""

    run: Run
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One number of this night and of those before it.

    Attributes
    ----------
    nights
        Oldest first; the last is this one.
    usual
        The median of those before it, ``None`` where there are none.
    """

    name: str
    says: str
    nights: tuple[Night, ...]

    @property
    def value(self) -> int:
        """The number of the night itself."""
        return self.nights[-1].value

    @property
    def before(self) -> tuple[int, ...]:
        """The numbers of the nights before, oldest first."""
        return tuple(night.value for night in self.nights[:-1])

    @property
    def usual(self) -> float | None:
        """The median of the nights before, ``None`` where there are none."""
        return median(self.before) if self.before else None

    @property
    def is_unusual(self) -> bool:
        """Whether it lies outside of all that five nights or more before it brought."""
        before = self.before
        return len(before) >= FEWEST_NIGHTS and not min(before) <= self.value <= max(before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a night may have missed.

    Attributes
    ----------
    mean, low, high
        Articles that sources would have brought which did not answer or fell silent, and a 90%
        interval.
    missed
        Those sources, the greatest first.
    n_failed_pages
        Article pages that were listed and could not be fetched; known, not estimated.
    n_failed_later
        Articles on which a later stage failed; known too.
    stories
        Stories that none of our outlets told; ``None`` where that cannot be asked.
    """

    mean: float
    low: int
    high: int
    missed: tuple[Missed, ...]
    n_failed_pages: int
    n_failed_later: int
    stories: Recapture | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NightView:
    """All that the desk shows of a night.

    ``earlier`` and ``later`` are the runs beside it, ``None`` at either end.
    """

    report: Report
    lines: tuple[SourceLine, ...]
    series: tuple[Series, ...]
    estimate: Estimate | None
    drift: tuple[str, ...]
    earlier: int | None
    later: int | None


@dataclass(slots=True)
class Nights:
    """The night that was looked at last, kept until a run begins or ends or a story is edited."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    state: tuple[object, ...] = ()
    view: NightView | None = None

    def read(
        self,
        database: Database,
        sources: Sequence[Source],
        *,
        run_id: int | None = None,
        models: Path | None = None,
    ) -> NightView | None:
        """Return what :func:`read_night` returns."""
        with database.read() as tx:
            last = last_run(tx)
            state = (last, newest_story_edit(tx), run_id, tuple(sources), models)
        with self.lock:
            if state == self.state:
                return self.view
        view = read_night(database, sources, run_id=run_id, models=models)
        # What is under way goes on changing.
        if last is not None and last.finished_at is not None:
            with self.lock:
                self.state, self.view = state, view
        return view


def read_night(
    database: Database,
    sources: Sequence[Source],
    *,
    run_id: int | None = None,
    models: Path | None = None,
) -> NightView | None:
    """Return a run as people look at it, the newest unless one is named.

    Parameters
    ----------
    models
        The folder whose cards drift is measured by; without it, it is not.

    Returns
    -------
    NightView or None
        ``None`` where there is no such run.
    """
    with database.read() as tx:
        run = last_run(tx) if run_id is None else read_run(tx, run_id)
        if run is None:
            return None
        visits = [visit for visit in read_visits(tx) if visit.run_id <= run.id]
        nights = recent_runs(tx, until=run.id, most=N_NIGHTS * 4)
        ledgers = [(one, read_ledger(tx, one.id)) for one in nights]
        estimate = _estimate(tx, run, sources=sources, visits=visits)
        beside = _beside(tx, run)
    at = run.finished_at or run.started_at
    health = judge_all(tuple(sources), visits, at=at)
    report = read_report(
        database, sources, visits=visits, health=health, models=models, run_id=run.id
    )
    if report is None:
        return None
    drift = report.drift
    return NightView(
        report=report,
        lines=source_lines(report),
        series=_series(run, ledgers),
        estimate=estimate,
        drift=(drift.headline, *(drift_told(shift) for shift in drift.moved)) if drift else (),
        earlier=beside[0],
        later=beside[1],
    )


def _beside(tx: Connection, run: Run) -> tuple[int | None, int | None]:
    earlier = recent_runs(tx, until=run.id - 1, most=1)
    later = read_run(tx, run.id + 1) or read_run(tx, run.id + 2)
    return (earlier[-1].id if earlier else None), (later.id if later else None)


def _n_out(stage: Stage) -> Callable[[tuple[StageCount, ...]], int]:
    return lambda counts: sum(count.n_out for count in counts if count.stage is stage)


_NUMBERS: tuple[tuple[str, str, Callable[[tuple[StageCount, ...]], int]], ...] = (
    ("Pages", "fetched and archived", _n_out(Stage.COLLECT)),
    ("Articles", "read out of pages", _n_out(Stage.EXTRACT)),
    ("Relevant", "in the window, or nearly so", _n_out(Stage.FOLD)),
    ("Candidates", "stories that were ranked", _n_out(Stage.RANK)),
    ("Rejected", "in all stages", lambda counts: sum(count.n_rejected for count in counts)),
    ("Failed", "in all stages", lambda counts: sum(count.n_failed for count in counts)),
)


def _series(run: Run, ledgers: Sequence[tuple[Run, tuple[StageCount, ...]]]) -> tuple[Series, ...]:
    """Return the numbers of a night beside those of up to 14 whole nights before it."""
    whole = [
        (one, counts)
        for one, counts in ledgers
        if one.id == run.id or any(count.stage is Stage.COLLECT for count in counts)
    ][-(N_NIGHTS + 1) :]
    if not whole or whole[-1][0].id != run.id:
        return ()
    return tuple(
        Series(
            name=name,
            says=says,
            nights=tuple(Night(run=one, value=number(counts)) for one, counts in whole),
        )
        for name, says, number in _NUMBERS
    )


def _estimate(
    tx: Connection, run: Run, *, sources: Sequence[Source], visits: Sequence[Visit]
) -> Estimate | None:
    tonight = [visit for visit in visits if visit.run_id == run.id]
    if not tonight:
        return None  # it asked no source for anything, so nothing could be missed
    at = max(visit.at for visit in tonight)
    found = []
    by_source: dict[str, list[Visit]] = {source.id: [] for source in sources}
    for visit in visits:
        by_source.setdefault(visit.source_id, []).append(visit)
    for source in sources:
        own = by_source[source.id]
        missed = missed_by(source, own, run_id=run.id, at=at)
        # A source that was put into the configuration later was nobody's to visit.
        if missed and (own or run.state == "interrupted"):
            found.append(missed)
    found.sort(key=lambda one: (-one.mean, one.source_id))
    mean, variance = sum(one.mean for one in found), sum(one.variance for one in found)
    low, high = interval(mean, max(variance, mean))
    counts = read_ledger(tx, run.id)
    countries = {source.id: source.country for source in sources}
    return Estimate(
        mean=mean,
        low=low,
        high=high,
        missed=tuple(found),
        n_failed_pages=sum(v.n_failed for v in tonight if v.outcome is not Outcome.RESTING),
        n_failed_later=sum(c.n_failed for c in counts if c.stage is not Stage.COLLECT),
        stories=recapture(outlets_of_ranking(tx, run.id), countries),
    )
