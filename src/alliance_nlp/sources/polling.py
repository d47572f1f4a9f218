"""When to visit a source again, and whom to visit tonight within a budget of requests."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from alliance_nlp.core.clock import utc
from alliance_nlp.core.types import Outcome, Source, SourceKind, Visit
from alliance_nlp.sources.rhythm import DAY, in_order, rate_per_day, spans

TROUBLED = (Outcome.BLOCKED, Outcome.FAILED)
TRIED = (Outcome.NEW, Outcome.UNCHANGED, *TROUBLED)
MOST_WAIT = 30 * DAY
# A night that begins some hours earlier than the last must not skip what waits for a day.
_EARLY = timedelta(hours=6)
# Reruns of one night, say while our own line is down, are one try.
_ONE_TRY = timedelta(hours=18)
_SLOW_PER_DAY = 0.1
_KNOWN_DAYS = 10.0
# A listing seldom reaches back further than that.
_MOST_DAYS_OF_NEWS = 7.0
_NEVER_SEEN_DAYS = 1.0
_UNTIL = re.compile(r"until (\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Tonight's sources, each in one place only.

    Attributes
    ----------
    due
        To visit, in this order.
    resting
        Not due yet, with the time from which each is.
    put_off
        Due, but beyond the budget; the first to come on the next night.
    """

    due: tuple[Source, ...]
    resting: tuple[tuple[Source, datetime], ...] = ()
    put_off: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    source: Source
    late_days: int
    expected_new: float
    value: float


def backoff(n_failures: int) -> timedelta:
    """Return the wait after so many failed tries in a row: 0, 1, 2, 4, 8, 16, then 30 days.

    The wait of the first is none: the next run tries again, be it tonight's rerun.
    """
    if n_failures <= 1:
        return timedelta(0)
    return min(DAY * (1 << min(n_failures - 2, 10)), MOST_WAIT)


def tried(visits: Sequence[Visit]) -> list[Visit]:
    """Return the visits that asked the source for anything, oldest first."""
    return [visit for visit in in_order(visits) if visit.outcome in TRIED]


def trouble(visits: Sequence[Visit]) -> list[Visit]:
    """Return the newest visits that failed or were denied without a success since, oldest first."""
    newest = takewhile(lambda visit: visit.outcome in TROUBLED, reversed(tried(visits)))
    return list(newest)[::-1]


def n_failures(visits: Sequence[Visit]) -> int:
    """Return how many tries in a row failed; reruns within 18 hours are one try."""
    n, counted_at = 0, None
    for visit in trouble(visits):
        if counted_at is None or utc(visit.at) - counted_at >= _ONE_TRY:
            n, counted_at = n + 1, utc(visit.at)
    return n


def next_visit_at(source: Source, visits: Sequence[Visit], *, at: datetime) -> datetime:
    """Return from when on a run should visit a source: ``at`` itself, or later.

    A healthy source is due in every run, one that yields less than an article in ten days once a
    day. One that fails or is blocked is due less and less often, and at least every 30 days; one
    that was asked to wait until some time is not due before it. Visits that were put off or
    rested are no tries.

    Parameters
    ----------
    visits
        The source's own, in any order.
    """
    due = _due_at(source, visits)
    return max(utc(at), due) if due else utc(at)


def _due_at(source: Source, visits: Sequence[Visit]) -> datetime | None:
    """Return when a source became or becomes due; ``None`` if it was never tried."""
    known = tried(visits)
    if not known:
        return None
    last = utc(known[-1].at)
    if known[-1].outcome in TROUBLED:
        wait = backoff(n_failures(known))
    else:
        wait = DAY if _is_slow(source, known) else timedelta(0)
    return max(last + max(wait - _EARLY, timedelta(0)), _asked_until(known[-1]) or last)


def _asked_until(visit: Visit) -> datetime | None:
    """Return the time before which the host wants no visit, at most 30 days on."""
    found = _UNTIL.search(visit.detail) if visit.outcome in TROUBLED else None
    if found is None:
        return None
    try:
        until = datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=UTC)
    except ValueError:
        return None
    return min(until, utc(visit.at) + MOST_WAIT)


def _is_slow(source: Source, visits: Sequence[Visit]) -> bool:
    if source.kind in (SourceKind.FOLDER, SourceKind.WARC):
        return False  # nobody is asked, so nothing is saved
    history = spans(visits)
    known_days = sum(span.days for span in history)
    return known_days >= _KNOWN_DAYS and rate_per_day(source, history) < _SLOW_PER_DAY


def plan(
    sources: Sequence[Source],
    visits_by_source: Mapping[str, Sequence[Visit]],
    *,
    at: datetime,
    budget: int | None,
) -> Plan:
    """Choose tonight's sources and their order.

    Those that waited longest beyond their turn come first, then those with the most new articles
    to expect, by weight. Each costs its listing and the articles expected of it; whatever no longer
    fits is put off, while cheaper ones behind it may still fit.

    Parameters
    ----------
    visits_by_source
        Visits by source id; a source without any is due.
    budget
        Requests, or ``None`` for no limit. A source that alone costs more than the whole budget
        counts as costing all of it, lest it never have its turn.
    """
    turns, resting = [], []
    for source in sources:
        visits = visits_by_source.get(source.id, ())
        begins = next_visit_at(source, visits, at=at)
        if begins > utc(at):
            resting.append((source, begins))
        else:
            turns.append(_turn(source, visits, utc(at)))
    turns.sort(key=lambda turn: (-turn.late_days, -turn.value, turn.source.id))
    due, put_off = _within(turns, budget)
    return Plan(due=due, resting=tuple(resting), put_off=put_off)


def _turn(source: Source, visits: Sequence[Visit], at: datetime) -> _Turn:
    known = tried(visits)
    last = utc(known[-1].at) if known else None
    days = (at - last) / DAY if last else _NEVER_SEEN_DAYS
    rate = rate_per_day(source, spans(known))
    expected = rate * min(max(days, 0.0), _MOST_DAYS_OF_NEWS)
    # Each failure halves the hope that the next try brings anything.
    expected *= 0.5 ** min(n_failures(known), 10)
    return _Turn(
        source=source,
        late_days=_late_days(source, visits, at),
        expected_new=expected,
        value=expected * source.weight,
    )


def _late_days(source: Source, visits: Sequence[Visit], at: datetime) -> int:
    """Return by how many nights a source missed its turn."""
    ordered = in_order(visits)
    n_put_off = 0
    for visit in reversed(ordered):
        if visit.outcome in TRIED:
            break
        n_put_off += visit.outcome is Outcome.PUT_OFF
    known = tried(visits)
    if not known:
        return n_put_off
    turn_at = max(_due_at(source, known) or at, utc(known[-1].at) + DAY)
    return max(n_put_off, int((at - turn_at) / DAY + 0.25))


def _within(
    turns: Sequence[_Turn], budget: int | None
) -> tuple[tuple[Source, ...], tuple[Source, ...]]:
    if budget is None:
        return tuple(turn.source for turn in turns), ()
    left = float(budget)
    due: list[Source] = []
    put_off: list[Source] = []
    for turn in turns:
        cost = min(1.0 + turn.expected_new, max(float(budget), 1.0))
        (due if cost <= left else put_off).append(turn.source)
        left -= cost if cost <= left else 0.0
    return tuple(due), tuple(put_off)
