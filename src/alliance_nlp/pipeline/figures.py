"""What a run came to: the report as a value, and the sums over it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import reduce

from alliance_nlp.core.types import Outcome, Reason, Rejected, Stage, StageCount, Visit
from alliance_nlp.pipeline.drift import Drift
from alliance_nlp.sources import Health, State
from alliance_nlp.store import Run

# A source that is put off or rests was not asked, so its yield says nothing.
_TRIED = (Outcome.NEW, Outcome.UNCHANGED, Outcome.BLOCKED, Outcome.FAILED)
# The worst first; what comes before RESTING wants somebody's hand.
_URGENCY = (
    State.FAILING,
    State.BLOCKED,
    State.MOVED,
    State.SILENT,
    State.STALE,
    State.SHRUNKEN,
    State.SWOLLEN,
    State.RESTING,
    State.UNKNOWN,
    State.OK,
)
_WELL = (State.RESTING, State.UNKNOWN, State.OK)
_ENDS = {
    "done": "Done",
    "done-with-failures": "Done, with failures",
    "interrupted": "Broken off before its end",
    "running": "Still under way",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceYield:
    """What one source brought: articles in this run against what was expected."""

    source_id: str
    name: str
    n_articles: int
    expected: tuple[int, int]

    @property
    def is_unusual(self) -> bool:
        """Whether the number lies outside the expected range."""
        least, most = self.expected
        return not least <= self.n_articles <= most


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """All that a report tells of one source.

    ``visit`` is ``None`` where the run did not come to it, ``health`` where none is known.
    """

    source_id: str
    name: str
    n_articles: int
    expected: tuple[int, int] | None
    visit: Visit | None
    health: Health | None

    @property
    def was_tried(self) -> bool:
        """Whether the run asked the source for anything."""
        return self.visit is not None and self.visit.outcome in _TRIED

    @property
    def is_unusual(self) -> bool:
        """Whether it was asked and its yield lies outside the expected range."""
        if self.expected is None or (self.visit is not None and not self.was_tried):
            return False
        return not self.expected[0] <= self.n_articles <= self.expected[1]

    @property
    def is_silent(self) -> bool:
        """Whether it yields nothing though it should: by its history where it has one."""
        if self.state is not State.UNKNOWN:
            return self.state is State.SILENT
        return self.is_unusual and self.n_articles == 0

    @property
    def state(self) -> State:
        """How the source is doing; ``UNKNOWN`` without a history."""
        return self.health.state if self.health else State.UNKNOWN

    @property
    def wants_hand(self) -> bool:
        """Whether somebody should look at it."""
        return self.state not in _WELL


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCount:
    """How often one stage refused for one reason."""

    stage: Stage
    reason: Reason
    n_rejected: int
    n_failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over the sources.

    ``n_sources == n_tried + n_put_off + n_resting + n_unvisited`` and
    ``n_tried == n_new + n_unchanged + n_blocked + n_failed`` always. ``n_listed``,
    ``n_new_articles`` and ``n_failed_articles`` count articles, ``n_bytes`` what was received, and
    ``seconds`` adds up the sources' requests, of which many run at once.
    """

    n_sources: int
    n_tried: int
    n_new: int
    n_unchanged: int
    n_blocked: int
    n_failed: int
    n_put_off: int
    n_resting: int
    n_unvisited: int
    n_listed: int
    n_new_articles: int
    n_failed_articles: int
    n_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A run with its ledger, problems, yields, visits, the health of its sources, and drift."""

    run: Run
    counts: tuple[StageCount, ...]
    problems: tuple[Rejected, ...]
    yields: tuple[SourceYield, ...]
    notes: tuple[str, ...] = ()
    visits: tuple[Visit, ...] = ()
    health: tuple[Health, ...] = ()
    drift: Drift | None = None

    @property
    def adds_up(self) -> bool:
        """Whether every stage's subjects all left it by a counted door."""
        return all(c.n_in == c.n_out + c.n_rejected + c.n_failed for c in self.counts)

    @property
    def n_failed(self) -> int:
        """Failures in all stages."""
        return sum(count.n_failed for count in self.counts)

    @property
    def n_new(self) -> int:
        """Article pages archived: 0 when the run found nothing new."""
        return sum(y.n_articles for y in self.yields)

    @property
    def reached_its_end(self) -> bool:
        """Whether all stages ran and the books balance; single failures do not count."""
        return self.run.state in ("done", "done-with-failures") and self.adds_up

    @property
    def is_failure(self) -> bool:
        """Whether anything failed: what ``--when failure`` tells somebody about."""
        return not self.reached_its_end or self.n_failed > 0

    @property
    def seconds(self) -> float | None:
        """Wall-clock seconds from start to end, or ``None`` while it is under way."""
        if self.run.finished_at is None:
            return None
        return (self.run.finished_at - self.run.started_at).total_seconds()

    @property
    def has_collected(self) -> bool:
        """Whether the run asked sources for anything, so that their yields mean something."""
        return bool(self.visits) or any(c.stage is Stage.COLLECT for c in self.counts)

    @property
    def headline(self) -> str:
        """How the run ended, in words."""
        end = _ENDS.get(self.run.state, self.run.state)
        if self.n_failed:
            end = end.removesuffix(", with failures") + f", with {plural(self.n_failed, 'failure')}"
        return end if self.adds_up else f"{end}; the counts do not add up"


def source_lines(report: Report) -> tuple[SourceLine, ...]:
    """Return a line for every source configured or visited: the most urgent first, then by id."""
    yields = {y.source_id: y for y in report.yields}
    visits = {visit.source_id: visit for visit in report.visits}
    health = {state.source_id: state for state in report.health}
    lines = (
        SourceLine(
            source_id=source_id,
            name=yields[source_id].name if source_id in yields else source_id,
            n_articles=yields[source_id].n_articles
            if source_id in yields
            else visits[source_id].n_new,
            expected=yields[source_id].expected if source_id in yields else None,
            visit=visits.get(source_id),
            health=health.get(source_id),
        )
        for source_id in {**yields, **visits}
    )
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                _URGENCY.index(line.state),
                not line.is_silent,
                not line.is_unusual,
                line.source_id,
            ),
        )
    )


def totals(report: Report) -> Totals:
    """Return the sums over the sources."""
    lines = source_lines(report)
    visits = [line.visit for line in lines if line.visit is not None]
    outcomes = Counter(visit.outcome for visit in visits)
    return Totals(
        n_sources=len(lines),
        n_tried=sum(outcomes[outcome] for outcome in _TRIED),
        n_new=outcomes[Outcome.NEW],
        n_unchanged=outcomes[Outcome.UNCHANGED],
        n_blocked=outcomes[Outcome.BLOCKED],
        n_failed=outcomes[Outcome.FAILED],
        n_put_off=outcomes[Outcome.PUT_OFF],
        n_resting=outcomes[Outcome.RESTING],
        n_unvisited=len(lines) - len(visits),
        n_listed=sum(visit.n_listed for visit in visits),
        n_new_articles=sum(line.n_articles for line in lines),
        n_failed_articles=sum(visit.n_failed for visit in visits),
        n_bytes=sum(visit.n_bytes for visit in visits),
        seconds=round(sum(visit.seconds for visit in visits), 3),
    )


def reason_counts(report: Report) -> tuple[ReasonCount, ...]:
    """Return how often each stage refused and why: failures first, then the commonest."""
    rejected: Counter[tuple[Stage, Reason]] = Counter()
    failed: Counter[tuple[Stage, Reason]] = Counter()
    for problem in report.problems:
        (failed if problem.failed else rejected)[problem.stage, problem.reason] += 1
    keys = sorted(
        {*rejected, *failed},
        key=lambda key: (-failed[key], -rejected[key], *(part.value for part in key)),
    )
    return tuple(
        ReasonCount(
            stage=stage,
            reason=reason,
            n_rejected=rejected[stage, reason],
            n_failed=failed[stage, reason],
        )
        for stage, reason in keys
    )


def slowest(report: Report, *, most: int = 10) -> tuple[SourceLine, ...]:
    """Return the sources whose requests took longest, the slowest first."""
    timed = [line for line in source_lines(report) if line.visit and line.visit.seconds > 0]
    return tuple(sorted(timed, key=_seconds, reverse=True)[:most])


def _seconds(line: SourceLine) -> float:
    return line.visit.seconds if line.visit else 0.0


def silent(report: Report) -> tuple[SourceLine, ...]:
    """Return the sources that yield nothing though they should."""
    if not report.has_collected:
        return ()
    return tuple(line for line in source_lines(report) if line.is_silent)


def plural(n: int, noun: str) -> str:
    """Return a count with its noun: ``"1 source"``, ``"1,200 sources"``."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def duration(seconds: float) -> str:
    """Return seconds for people: ``"0.4 s"``, ``"4 min 12 s"``, ``"2 h 5 min"``."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def size(n_bytes: int) -> str:
    """Return bytes for people, in decimal units: ``"512 B"``, ``"1.2 MB"``."""
    if n_bytes < 1000:
        return f"{n_bytes} B"
    value, unit = reduce(
        lambda so_far, unit: so_far if so_far[0] < 999.95 else (so_far[0] / 1000, unit),
        ("MB", "GB", "TB"),
        (n_bytes / 1000, "kB"),
    )
    return f"{value:.1f} {unit}"
