"""The days that a text names as past, in English and Japanese, seen from the day it is of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTH = "|".join(f"{month}|{month[:3]}\\." for month in _MONTHS)
_WEEKDAY = "|".join(_WEEKDAYS)
_NAMED = re.compile(
    rf"\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})\b(?!\d)(?:,\s*(?P<year>\d{{4}}))?"
    rf"|\b(?P<day_first>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month_last>{_MONTH})",
    re.IGNORECASE,
)
_OF_WEEK = re.compile(
    rf"\b(?P<before>last\s+|next\s+|coming\s+|every\s+|each\s+|until\s+|by\s+)?"
    rf"(?P<weekday>{_WEEKDAY})\b(?P<after>\s+of\s+last\s+week|\s+before\s+last)?",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\b(?P<yesterday>yesterday)\b|\btoday\b", re.IGNORECASE)
_JAPANESE = re.compile(r"(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日(?!間|本|目|程|ごと)")
_AHEAD = frozenset({"next", "coming", "every", "each", "until", "by"})
_WEEK = 7
_HALF_YEAR = 183


def days_told(text: str, on: date) -> frozenset[date]:
    """Return the days up to ``on`` that a text of that day names.

    A day without a year is the last one of that name, so a plan for later in the year looks like
    a day of last year: days over half a year back are left out unless the year stands there.
    """
    folded = unicodedata.normalize("NFKC", text)
    return frozenset(day for day in _days(folded, on) if day is not None and day <= on)


def _days(text: str, on: date) -> Iterator[date | None]:
    for found in _NAMED.finditer(text):
        name = (found["month"] or found["month_last"]).lower()[:3]
        month = next(n for n, one in enumerate(_MONTHS, start=1) if one.startswith(name))
        day = int(found["day"] or found["day_first"])
        year = int(found["year"]) if found["year"] else None
        yield _last(month, day, on) if year is None else _day(year, month, day)
    for found in _OF_WEEK.finditer(text):
        if (found["before"] or "").strip().lower() not in _AHEAD:
            yield _weekday(found, on)
    for found in _RELATIVE.finditer(text):
        yield on - timedelta(days=1) if found["yesterday"] else on
    for found in _JAPANESE.finditer(text):
        if found["month"]:
            yield _last(int(found["month"]), int(found["day"]), on)
        else:
            yield _day_of_month(int(found["day"]), on)


def _weekday(found: re.Match[str], on: date) -> date:
    back = (on.weekday() - _WEEKDAYS.index(found["weekday"].lower())) % _WEEK
    if found["after"]:
        back = on.weekday() + _WEEK - _WEEKDAYS.index(found["weekday"].lower())
    elif found["before"] and back == 0:
        back = _WEEK
    return on - timedelta(days=back)


def _last(month: int, day: int, on: date) -> date | None:
    found = _day(on.year, month, day)
    if found is not None and found > on:
        found = _day(on.year - 1, month, day)
    if found is None or (on - found).days > _HALF_YEAR:
        return None
    return found


def _day_of_month(day: int, on: date) -> date | None:
    first = on.replace(day=1)
    for start in (first, (first - timedelta(days=1)).replace(day=1)):
        found = _day(start.year, start.month, day)
        if found is not None and found <= on:
            return found
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # no such day
        return None
