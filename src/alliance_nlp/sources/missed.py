"""What a source would have brought on a night on which it did not answer, or fell silent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alliance_nlp.core.clock import utc
from alliance_nlp.core.types import Outcome, Source, Visit
from alliance_nlp.sources.health import State, judge_health
from alliance_nlp.sources.rhythm import ANSWERED, DAY, prior_per_run, shares, spans

# What gathered in a longer absence has mostly left the listing, and more is guessed than known.
MOST_DAYS = 14.0
_UNSTATED = 10_000
_UNASKED = (Outcome.RESTING,)
_QUIET = (State.SILENT, State.SHRUNKEN, State.FAILING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Articles that a source did not bring, as its own history lets one expect them.

    The rate has a gamma posterior, so the number is negative binomial with this mean and variance.

    Attributes
    ----------
    days
        In how many days they gathered, 14 at most.
    got
        What it brought in these days all the same.
    why
        ``"blocked"``, ``"failed"``, ``"put-off"``, ``"unvisited"``, ``"silent"``, ``"shrunken"`` or
        ``"failing"``.
    is_known
        Whether its rate is known, from its history or a stated ``expected``; if not, the mean is 0
        and says nothing.
    """

    source_id: str
    mean: float
    variance: float
    days: float
    got: int
    why: str
    is_known: bool = True


def missed_by(
    source: Source, visits: Sequence[Visit], *, run_id: int, at: datetime
) -> Missed | None:
    """Return what a source missed on a night; ``None`` when it answered as usual, or rested.

    Parameters
    ----------
    visits
        The source's own up to that night, in any order.
    run_id, at
        The night, and when it was.
    """
    before = [visit for visit in visits if visit.run_id < run_id]
    tonight = next((visit for visit in visits if visit.run_id == run_id), None)
    if tonight is not None and tonight.outcome in _UNASKED:
        return None
    why = _why(source, visits, tonight, at=at)
    if not why:
        return None
    history = spans(before)
    last = max((utc(visit.at) for visit in before if visit.outcome in ANSWERED), default=None)
    days = min((utc(at) - last) / DAY, MOST_DAYS) if last else 1.0
    got = tonight.n_new if tonight else 0
    if not history and source.expected[1] >= _UNSTATED:
        return Missed(
            source_id=source.id, mean=0, variance=0, days=days, got=got, why=why, is_known=False
        )
    seen_days = sum(span.days for span in history)
    # As in rate_per_day: what is stated weighs as much as one day of history.
    n_seen = prior_per_run(source) if source.expected[1] < _UNSTATED else 0.5
    n_seen += sum(span.n_new for span in history)
    clock = _clock_days(source, shares(source, history), days=days, at=at)
    mean = n_seen * clock / (1.0 + seen_days)
    return Missed(
        source_id=source.id,
        mean=max(0.0, mean - got),
        variance=mean * (1.0 + clock / (1.0 + seen_days)),
        days=days,
        got=got,
        why=why,
    )


def _why(source: Source, visits: Sequence[Visit], tonight: Visit | None, *, at: datetime) -> str:
    if tonight is None:
        return "unvisited"
    if tonight.outcome not in ANSWERED:
        return tonight.outcome.value
    state = judge_health(source, visits, at=at).state
    return state.value if state in _QUIET else ""


def _clock_days(source: Source, share: dict[int, float], *, days: float, at: datetime) -> float:
    """Return days on the clock that runs by each weekday's share."""
    try:
        zone = ZoneInfo(source.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    n_days = max(1, round(days))
    step = days / n_days
    return sum(
        share[(utc(at) - (n + 0.5) * step * DAY).astimezone(zone).weekday()] * step
        for n in range(n_days)
    )


def interval(mean: float, variance: float, *, level: float = 0.9) -> tuple[int, int]:
    """Return the ends between which a count lies, with equal tails.

    A negative binomial of this mean and variance, or a Poisson where they are equal.
    """
    if mean <= 0:
        return 0, 0
    tail = (1 - level) / 2
    return _quantile(mean, variance, tail), _quantile(mean, variance, 1 - tail)


def _quantile(mean: float, variance: float, probability: float) -> int:
    low, high = -1, 1
    while _at_most(high, mean, variance) < probability:
        high *= 2
    while high - low > 1:
        middle = (low + high) // 2
        if _at_most(middle, mean, variance) < probability:
            low = middle
        else:
            high = middle
    return high


def _at_most(count: int, mean: float, variance: float) -> float:
    from scipy.special import betainc, gammaincc  # the command line starts without scipy

    if count < 0:
        return 0.0
    if variance <= mean * (1 + 1e-9):
        return float(gammaincc(count + 1, mean))
    size = mean**2 / (variance - mean)
    if not math.isfinite(size) or size > 1e9:
        return float(gammaincc(count + 1, mean))
    return float(betainc(size, count + 1, size / (size + mean)))
