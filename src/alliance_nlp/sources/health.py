"""How a source is doing: its yield against what is expected of it and against its own history.

The statistics stand in :mod:`alliance_nlp.sources.rhythm`; here they become a state, a reason in
words and a remedy. Whether a source answers comes first, then whether its listing is fresh, then
whether the number of articles is plausible.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice, pairwise, takewhile
from statistics import median

from alliance_nlp.core.clock import utc
from alliance_nlp.core.types import Outcome, Source, Visit
from alliance_nlp.sources.polling import next_visit_at, tried, trouble
from alliance_nlp.sources.rhythm import (
    ANSWERED,
    DAY,
    Span,
    is_busy,
    shares,
    silence,
    spans,
    week,
)

__all__ = ["Health", "Outcome", "State", "Visit", "judge_health"]

_SILENT_BELOW = 0.01
_UNUSUAL_BELOW = 0.001
_FEWEST_SILENT = 2
_RUNS_OUTSIDE = 3
_STALE_DAYS = 14.0
_STALE_GAPS = 5.0
# Without a rhythm of its own to go by, a source may take a month.
_STALE_UNKNOWN_DAYS = 30.0
_LOOK = (
    "Open its address in a browser: where there are new articles, check url and link_pattern; "
    "where it rests, wait."
)


class State(StrEnum):
    """How a source is doing."""

    OK = "ok"
    SILENT = "silent"
    SHRUNKEN = "shrunken"
    SWOLLEN = "swollen"
    STALE = "stale"
    MOVED = "moved"
    BLOCKED = "blocked"
    FAILING = "failing"
    RESTING = "resting"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A source's state, since when, why in words, and what to do about it."""

    source_id: str
    state: State
    since: datetime | None
    why: str
    do: str
    next_visit_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    state: State
    why: str
    do: str = ""
    since: datetime | None = None


def judge_health(source: Source, visits: Sequence[Visit], *, at: datetime) -> Health:
    """Judge how a source is doing.

    ``UNKNOWN`` was never visited, ``RESTING`` only skipped so far. ``BLOCKED`` and ``FAILING`` go
    by the last visit that asked it for anything, ``MOVED`` by its permanent redirect. ``STALE``
    lists nothing newer than its own rhythm allows. ``SILENT`` has brought no new article for longer
    than its history (or, without one, ``expected``) makes plausible: a probability under 1%.
    ``SHRUNKEN`` and ``SWOLLEN`` brought a number in seven days that is less probable than 0.1%, or
    lay outside ``expected`` in three runs on busy days. A lasting change counts as usual after some
    six weeks.

    Parameters
    ----------
    visits
        The source's own, in any order; 90 nights are enough to know a weekly source.
    at
        The present; it tells only when the next visit is due.
    """
    finding = _finding(source, tuple(visits))
    return Health(
        source_id=source.id,
        state=finding.state,
        since=finding.since,
        why=finding.why,
        do=finding.do,
        next_visit_at=next_visit_at(source, visits, at=at),
    )


# A page asks twice for each of some hundred sources, and again whenever it is looked at.
@lru_cache(maxsize=1_024)
def _finding(source: Source, visits: tuple[Visit, ...]) -> _Finding:
    return next(_findings(source, visits))


def _findings(source: Source, visits: Sequence[Visit]) -> Iterator[_Finding]:
    """Yield what is to be said of a source, the gravest first; at least one."""
    known = tried(visits)
    if not known:
        yield _never_tried(visits)
        return
    history = spans(known)
    checks: tuple[Callable[[], _Finding | None], ...] = (
        lambda: _trouble(known),
        lambda: _moved(known),
        lambda: _stale(source, known, history),
        lambda: _silent(source, history),
        lambda: _unusual_week(history),
        lambda: _outside_expected(source, history),
    )
    yield from (finding for check in checks if (finding := check()))
    yield _fine(history)


def _never_tried(visits: Sequence[Visit]) -> _Finding:
    if any(visit.outcome is Outcome.RESTING for visit in visits):
        return _Finding(
            state=State.RESTING,
            why=f"It rested in all of the last {_count(len(visits), 'run')}.",
            since=min(utc(visit.at) for visit in visits),
        )
    return _Finding(
        state=State.UNKNOWN,
        why="It was never visited.",
        do="Nothing now: the next run visits it.",
    )


def _trouble(known: Sequence[Visit]) -> _Finding | None:
    failures = trouble(known)
    if not failures:
        return None
    last, since = failures[-1], utc(failures[0].at)
    said = f": {last.detail}" if last.detail else ""
    is_blocked = last.outcome is Outcome.BLOCKED
    verb = "denied us" if is_blocked else "failed"
    do = (
        "Respect it: ask the outlet for leave, list another of its feeds, or remove the source."
        if is_blocked
        else "Open its address in a browser: correct url, or remove the source if it ended."
    )
    if last.moved_to:
        do = f"It points elsewhere: {_url_line(last)}"
    return _Finding(
        state=State.BLOCKED if is_blocked else State.FAILING,
        why=f"It {verb} in {_count(len(failures), 'visit')} since {_day(since)}{said}",
        do=do,
        since=since,
    )


def _moved(known: Sequence[Visit]) -> _Finding | None:
    last = known[-1]
    if not last.moved_to:
        return None
    same = list(takewhile(lambda visit: visit.moved_to == last.moved_to, reversed(known)))
    return _Finding(
        state=State.MOVED,
        why=f"It redirects for good to {last.moved_to}.",
        do=_url_line(last),
        since=utc(same[-1].at),
    )


def _url_line(visit: Visit) -> str:
    """Return the line to change; a JSON string is a TOML string too."""
    url = json.dumps(visit.moved_to, ensure_ascii=False)
    return f"In alliance.toml, under the source {visit.source_id!r}, write: url = {url}"


def _stale(source: Source, known: Sequence[Visit], history: Sequence[Span]) -> _Finding | None:
    """Compare the newest date listed with the steps in which it used to advance."""
    dated = [
        min(utc(visit.newest_at), utc(visit.at))
        for visit in known
        if visit.outcome in ANSWERED and visit.newest_at
    ]
    if not dated:
        return None
    newest, asked_at = max(dated), utc(known[-1].at)
    limit, rhythm = _stale_after(source, sorted(set(dated)))
    has_news = any(span.n_new and asked_at - span.until < limit for span in history)
    if asked_at - newest <= limit or has_news:
        return None
    return _Finding(
        state=State.STALE,
        why=f"The newest article listed is of {_day(newest)}, "
        f"{_days((asked_at - newest) / DAY)} old; {rhythm}.",
        do="See whether the outlet goes on at another address (alliance-nlp sources discover), "
        "and change url; remove the source if it has ended.",
        since=newest,
    )


def _stale_after(source: Source, newest: Sequence[datetime]) -> tuple[timedelta, str]:
    steps = [(later - earlier) / DAY for earlier, later in pairwise(newest)]
    if steps:
        usual = median(steps)
        days = max(_STALE_DAYS, _STALE_GAPS * usual)
        return days * DAY, f"it used to bring one every {_days(usual)}"
    days = _STALE_DAYS if source.expected[0] >= 1 else _STALE_UNKNOWN_DAYS
    return days * DAY, f"nothing newer for {_days(days)} is too long without a known rhythm"


def _silent(source: Source, history: Sequence[Span]) -> _Finding | None:
    gap = silence(source, history)
    if gap is None or gap.n_spans < _FEWEST_SILENT or gap.probability >= _SILENT_BELOW:
        return None
    quiet = history[-gap.n_spans :]
    said = f"No new article for {_days(gap.days)}; news used to come every {_days(gap.usual_days)}"
    if all(span.n_failed for span in quiet):
        n_failed = sum(span.n_failed for span in quiet)
        return _Finding(
            state=State.FAILING,
            why=f"{said}. Its listing answers, but {_count(n_failed, 'try', 'tries')} "
            "for article pages failed.",
            do="Open one of its articles in a browser and read the reasons in the run's report.",
            since=gap.since,
        )
    return _Finding(
        state=State.SILENT,
        why=f"{said}, so that the chance of this is {_percent(gap.probability)}.",
        do=_LOOK,
        since=gap.since,
    )


def _unusual_week(history: Sequence[Span]) -> _Finding | None:
    newest = week(history)
    if newest is None:
        return None
    why = (
        f"{_count(round(newest.n_new), 'article')} in seven days, "
        f"{newest.usual:.0f} in a usual week; the chance of this is "
    )
    if newest.at_most < _UNUSUAL_BELOW:
        return _shrunken(f"{why}{_percent(newest.at_most)}.", since=newest.since)
    if newest.at_least < _UNUSUAL_BELOW:
        return _swollen(f"{why}{_percent(newest.at_least)}.", since=newest.since)
    return None


def _outside_expected(source: Source, history: Sequence[Span]) -> _Finding | None:
    share, (least, most) = shares(source, history), source.expected
    busy = (span for span in reversed(history) if is_busy(source, span, share))
    runs = list(islice(busy, _RUNS_OUTSIDE))[::-1]
    if len(runs) < _RUNS_OUTSIDE:
        return None
    numbers = ", ".join(str(span.n_new) for span in runs)
    why = f"{numbers} articles in its last three runs; {least} to {most} are expected."
    do = " If it stays so, correct expected."
    if least and not any(span.n_new for span in runs):
        return _Finding(state=State.SILENT, why=why, do=_LOOK + do, since=runs[0].since)
    if all(span.n_new < least for span in runs):
        return _shrunken(why, since=runs[0].since, more=do)
    if all(span.n_new > most * max(span.days, 1.0) for span in runs):
        return _swollen(why, since=runs[0].since, more=do)
    return None


def _shrunken(why: str, *, since: datetime, more: str = "") -> _Finding:
    do = "See whether its listing got shorter or link_pattern misses some; look for a second feed."
    return _Finding(state=State.SHRUNKEN, why=why, do=do + more, since=since)


def _swollen(why: str, *, since: datetime, more: str = "") -> _Finding:
    do = "See whether link_pattern catches what is no article, or addresses of old ones changed."
    return _Finding(state=State.SWOLLEN, why=why, do=do + more, since=since)


def _fine(history: Sequence[Span]) -> _Finding:
    days = sum(span.days for span in history)
    if not history:
        return _Finding(state=State.OK, why="It answers; too few visits to tell its rhythm.")
    n_new = sum(span.n_new for span in history)
    return _Finding(state=State.OK, why=f"{_count(n_new, 'new article')} in {_days(days)}.")


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _days(days: float) -> str:
    number = f"{days:.0f}" if days >= 2 else f"{days:.1f}".removesuffix(".0")
    return f"{number} day" if number == "1" else f"{number} days"


def _percent(probability: float) -> str:
    return f"{100 * probability:.1f}%" if probability >= 0.0005 else "under 0.1%"


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n} {one}" if n == 1 else f"{n} {many or one + 's'}"
