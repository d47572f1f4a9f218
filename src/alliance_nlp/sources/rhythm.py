"""A source's rhythm: what came between its answers, and how plausible the newest of it is.

Time is counted in days between visits, never in visits, so a rerun some minutes later adds nothing.
Silence is judged as a renewal process: the gaps between days with news follow a gamma distribution,
which is a Poisson process at shape 1, tells a regular weekly from an irregular one above it, and
allows for bursts below. Weekends are allowed for by a clock that runs by the weekday's own share.
Weeks are counts from a negative binomial distribution.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import dropwhile, pairwise
from statistics import fmean, median, pvariance
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alliance_nlp.core.clock import utc
from alliance_nlp.core.types import Outcome, Source, Visit

DAY = timedelta(days=1)
WEEK_DAYS = 7
ANSWERED = (Outcome.NEW, Outcome.UNCHANGED)
# Visits closer together than this count as one; a night may begin some hours early.
_LEAST_SPAN = timedelta(hours=18)
# After a longer pause a listing that is all new may have lost what came before it.
_LISTING_REACHES_DAYS = 2.0
# Offices rest at weekends; so does a source until its own history says otherwise.
_USUAL_SHARE = (1.2, 1.2, 1.2, 1.2, 1.2, 0.5, 0.5)
_SHARE_STRENGTH = 2.0
_SHAPE_STRENGTH = 3.0
_FIRM_PRIOR = 8
_ENOUGH_GAPS = 5
# The default of ``expected`` says nothing.
_UNSTATED = 10_000
_LEAST_SHAPE, _MOST_SHAPE = 0.3, 6.0
_REGULAR_SHAPE = 2.0
# However regular a source was, a holiday halves a week: its rate varies by a fifth or so.
_LEAST_VARIATION = 1 / 20
_FEWEST_WEEKS = 3
_LEAST_COVERAGE_DAYS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What came between two answers of a source at least three quarters of a day apart.

    ``is_cut`` marks a count that is too low: the listing no longer reached back to the last visit.
    """

    since: datetime
    until: datetime
    n_new: int
    n_failed: int = 0
    is_cut: bool = False

    @property
    def days(self) -> float:
        """Its length in days."""
        return (self.until - self.since) / DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """How long nothing came, and the probability (0 to 1) of so long a gap in its rhythm."""

    since: datetime
    days: float
    n_spans: int
    usual_days: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The newest seven days' articles against a median week, and both tails' probabilities."""

    since: datetime
    n_new: float
    usual: float
    at_most: float
    at_least: float


def in_order(visits: Iterable[Visit]) -> list[Visit]:
    """Return the visits oldest first."""
    return sorted(visits, key=lambda visit: (utc(visit.at), visit.run_id))


def spans(visits: Iterable[Visit]) -> tuple[Span, ...]:
    """Return what came between a source's answers, oldest first.

    What the first answer brought is left out: nobody knows in how many days it gathered. What
    failed visits missed counts for the next answer.
    """
    return _spans(tuple(visits))


@lru_cache(maxsize=1_024)
def _spans(visits: tuple[Visit, ...]) -> tuple[Span, ...]:
    answered = [visit for visit in in_order(visits) if visit.outcome in ANSWERED]
    done: list[Span] = []
    since, pending = utc(answered[0].at) if answered else None, list[Visit]()
    for visit in answered[1:]:
        pending.append(visit)
        if since is not None and utc(visit.at) - since >= _LEAST_SPAN:
            done.append(_span(since, pending))
            since, pending = utc(visit.at), []
    if done and any(visit.n_new for visit in pending):
        last = done.pop()
        extra = _span(last.since, pending)
        done.append(
            Span(
                since=last.since,
                until=extra.until,
                n_new=last.n_new + extra.n_new,
                n_failed=last.n_failed + extra.n_failed,
                is_cut=last.is_cut,
            )
        )
    return tuple(done)


def _span(since: datetime, visits: Sequence[Visit]) -> Span:
    until = utc(visits[-1].at)
    all_new = any(0 < visit.n_listed <= visit.n_new for visit in visits)
    return Span(
        since=since,
        until=until,
        n_new=sum(visit.n_new for visit in visits),
        n_failed=sum(visit.n_failed for visit in visits),
        is_cut=all_new and (until - since) / DAY > _LISTING_REACHES_DAYS,
    )


def prior_per_run(source: Source) -> float:
    """Return the articles a run that ``expected`` alone leads one to expect: between its ends."""
    least, most = source.expected
    return math.sqrt(max(least, 0.1) * max(most, least, 0.1))


def rate_per_day(source: Source, history: Sequence[Span]) -> float:
    """Return articles a day: the history's, with ``expected`` weighing as much as one day."""
    days = sum(span.days for span in history)
    return (prior_per_run(source) + sum(span.n_new for span in history)) / (1.0 + days)


def shares(source: Source, history: Sequence[Span]) -> dict[int, float]:
    """Return how active each weekday (0 is Monday, in the source's zone) is; their mean is 1."""
    zone = _zone(source.zone)
    lively = list(dropwhile(lambda span: not span.n_new, reversed(history)))
    nightly = [span for span in lively if span.days <= 1.5]
    n_days = Counter(_weekday(span, zone) for span in nightly)
    n_active = Counter(_weekday(span, zone) for span in nightly if span.n_new)
    activity = (n_active.total() + 0.5) / (n_days.total() + 1)
    raw = {
        day: (n_active[day] + _SHARE_STRENGTH * usual * activity) / (n_days[day] + _SHARE_STRENGTH)
        for day, usual in enumerate(_USUAL_SHARE)
    }
    mean = fmean(raw.values())
    return {day: value / mean for day, value in raw.items()}


def is_busy(source: Source, span: Span, share: Mapping[int, float]) -> bool:
    """Tell whether news is usual on the days of a span."""
    return _clock_days(span, share, _zone(source.zone)) >= 0.6 * min(span.days, 1.0)


def silence(source: Source, history: Sequence[Span]) -> Silence | None:
    """Return the gap that has lasted until the newest answer; ``None`` if that brought news."""
    n_quiet = next((n for n, span in enumerate(reversed(history)) if span.n_new), len(history))
    if not n_quiet:
        return None
    share, zone = shares(source, history), _zone(source.zone)
    clock = [_clock_days(span, share, zone) for span in history]
    gaps = _gaps(history, clock)
    known = [_prior_gap_days(source)] * _prior_weight(source, gaps) + gaps
    since = history[-n_quiet].since
    return Silence(
        since=since,
        days=(history[-1].until - since) / DAY,
        n_spans=n_quiet,
        usual_days=fmean(known),
        probability=_longer(sum(clock[-n_quiet:]), known, shape=_shape(gaps)),
    )


def _gaps(history: Sequence[Span], clock: Sequence[float]) -> list[float]:
    """Return the clock's days from one span with news to the next."""
    active = [place for place, span in enumerate(history) if span.n_new]
    return [sum(clock[one + 1 : other + 1]) for one, other in pairwise(active)]


def _shape(gaps: Sequence[float]) -> float:
    """Return the gamma shape by moments, drawn to 1 (Poisson) while gaps are few."""
    usual = fmean(gaps) if gaps else 1.0
    spread = _SHAPE_STRENGTH + sum((gap / usual - 1) ** 2 for gap in gaps)
    shape = (_SHAPE_STRENGTH + len(gaps)) / spread
    if shape < _REGULAR_SHAPE:  # a dozen gaps may look a little regular by chance
        shape = min(shape, 1.0)
    return min(max(shape, _LEAST_SHAPE), _MOST_SHAPE)


def _longer(days: float, gaps: Sequence[float], *, shape: float) -> float:
    """Return the probability that the next gap is longer than ``days``, given earlier gaps.

    The sum of n gamma gaps is known, not their scale, so the next one's share of the whole follows
    a beta distribution: with few gaps the tail is heavier than that of the fitted gamma.
    """
    from scipy.special import betaincc  # the command line starts without scipy

    return float(betaincc(shape, shape * len(gaps), days / (days + sum(gaps))))


def _prior_gap_days(source: Source) -> float:
    least, most = source.expected
    if least >= 1:
        return 1.0
    if most >= _UNSTATED:
        return 14.0
    # At most 1 a run: about one a month; at most 16: about one a week.
    return max(7.0, 30.0 / math.sqrt(max(most, 1)))


def _prior_weight(source: Source, gaps: Sequence[float]) -> int:
    """Return how many gaps ``expected`` weighs: more where it promises or is all there is."""
    if source.expected[0] >= 1 or not gaps:
        return _FIRM_PRIOR
    return int(len(gaps) < _ENOUGH_GAPS)


def week(history: Sequence[Span]) -> Week | None:
    """Judge the newest seven days; ``None`` while fewer than three weeks came before them."""
    weeks = _weeks(history)
    if len(weeks) <= _FEWEST_WEEKS or weeks[0] is None:
        return None
    newest, past = weeks[0], [count for count in weeks[1:] if count is not None]
    if len(past) < _FEWEST_WEEKS:
        return None
    usual = median(past)
    deviation = 1.4826 * median(abs(count - usual) for count in past)
    high = max(usual, fmean(past), 0.5)
    return Week(
        since=history[-1].until - WEEK_DAYS * DAY,
        n_new=newest,
        usual=usual,
        at_most=_at_most(newest, mean=usual, variance=deviation**2),
        at_least=1 - _at_most(newest - 1, mean=high, variance=max(pvariance(past), deviation**2)),
    )


def _weeks(history: Sequence[Span]) -> list[float | None]:
    """Return articles in seven days, newest week first; ``None`` where too little was seen."""
    if not history:
        return []
    end = history[-1].until
    n_weeks = int((end - history[0].since) / DAY / WEEK_DAYS + 0.3)
    counts, seen = [0.0] * n_weeks, [0.0] * n_weeks
    for span in history:
        newest, oldest = (end - span.until) / DAY, (end - span.since) / DAY
        first, last = int(newest / WEEK_DAYS), int(oldest / WEEK_DAYS)
        for n in range(first, min(last + 1, n_weeks)) if not span.is_cut else ():
            days = min(oldest, (n + 1) * WEEK_DAYS) - max(newest, n * WEEK_DAYS)
            seen[n] += days
            counts[n] += span.n_new * days / (oldest - newest)
    return [
        count * WEEK_DAYS / days if days >= _LEAST_COVERAGE_DAYS else None
        for count, days in zip(counts, seen, strict=True)
    ]


def _at_most(count: float, *, mean: float, variance: float) -> float:
    """Return the negative binomial's probability of at most ``count``."""
    from scipy.special import betainc

    if count < 0:
        return 0.0
    if mean <= 0:
        return 1.0
    size = 1 / max(_LEAST_VARIATION, (variance - mean) / mean**2)
    return float(betainc(size, round(count) + 1, size / (size + mean)))


def _clock_days(span: Span, share: Mapping[int, float], zone: tzinfo) -> float:
    """Return a span's length on the clock that runs by each weekday's share."""
    n_days = max(1, round(span.days))
    length = (span.until - span.since) / n_days
    n_weeks, n_more = divmod(n_days, WEEK_DAYS)
    more = (_local_weekday(span.until - (n + 0.5) * length, zone) for n in range(n_more))
    # The shares of a whole week add up to seven.
    return (n_weeks * WEEK_DAYS + sum(share[day] for day in more)) * (length / DAY)


def _weekday(span: Span, zone: tzinfo) -> int:
    return _local_weekday(span.since + (span.until - span.since) / 2, zone)


def _local_weekday(at: datetime, zone: tzinfo) -> int:
    return at.astimezone(zone).weekday()


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
