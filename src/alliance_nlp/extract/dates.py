"""Dates as publishers write them: ISO 8601, RFC 5322, English, Japanese with eras, numbers.

Each form is a pattern of its own, because a general parser guesses: feed libraries take
2026年11月21日 for the first of November and JST for UTC.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import partial

from alliance_nlp.extract.zones import home_zone, is_month_first, is_zone, zone_of

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun",
            "july jul", "august aug", "september sept sep", "october oct", "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?=T\d|\b)")
_EAST_ASIAN = re.compile(
    r"(?:(?P<era>令和|平成|昭和|(?<![A-Za-z])[RH](?=\s*\d))\s*(?P<nth>\d{1,2}|元)|(?P<year>\d{4}))"
    r"\s*[年년.]\s*(?P<month>\d{1,2})\s*[月월.]\s*(?P<day>\d{1,2})\s*[日일]?"
)
_NO_YEAR = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})日")
_MONTH_DAY = re.compile(
    rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(\d{{4}})\b", re.IGNORECASE
)
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?({_MONTH})\.?,?[\s-]+(\d{{4}})\b", re.IGNORECASE
)
_AMBIGUOUS = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?![\d/])")
_EPOCH = re.compile(r"^(\d{10})(\d{3})?$")
_CLOCK = re.compile(
    r"(?P<half>午前|午後|오전|오후)?\s*(?<![\d:+-])(?P<hour>\d{1,2})\s*(?:[:：]|時|시|\.(?=\d\d\b))\s*"
    r"(?:(?P<minute>\d{2}|\d(?=\s*[分분]))\s*[分분]?)?(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<noon>[ap]\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_HOUR_ONLY = re.compile(r"\b(?P<hour>\d{1,2})\s*(?P<noon>[ap]\.?m\b\.?)", re.IGNORECASE)
_OFFSET = re.compile(r"^\s*(?:GMT|UTC)?\s*([+-])(\d{2}):?(\d{2})?\b")
_ZONE = re.compile(r"^\s*\(?\s*([A-Za-z]{1,7}|日本時間|現地時間|米東部時間)\b\.?")
_AGO = re.compile(
    r"(?P<n>\d+|an?|one)\s*(?P<unit>min(?:ute)?|hour|hr|day|week|month)s?\s+ago"
    r"|(?P<jn>\d+)\s*(?P<junit>分|時間|日|週間|か月|カ月|ヶ月)前|(?P<word>yesterday|昨日)",
    re.IGNORECASE,
)
_UNITS = {
    "min": timedelta(minutes=1), "minute": timedelta(minutes=1), "hour": timedelta(hours=1),
    "hr": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7),
    "month": timedelta(days=30), "分": timedelta(minutes=1), "時間": timedelta(hours=1),
    "日": timedelta(days=1), "週間": timedelta(days=7), "か月": timedelta(days=30),
    "カ月": timedelta(days=30), "ヶ月": timedelta(days=30),
}  # fmt: skip
# Before this there was no web; anything earlier is a default value or a slip.
EARLIEST = date(1990, 1, 1)
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A parsed date: UTC time, whether a time of day was given, and the day as it was written."""

    at: datetime
    has_time: bool
    day: date

    @property
    def precision(self) -> str:
        """``"time"`` or ``"day"``."""
        return "time" if self.has_time else "day"


def parse_date(text: str, *, home: str = "UTC", near: datetime | None = None) -> Moment | None:
    """Read the first date of a short string; ``None`` when there is none or it does not exist.

    Parameters
    ----------
    text
        A header, an attribute or a dateline; of longer strings the first 200 characters.
    home
        IANA zone for times that state none; it also decides what ambiguous abbreviations and
        11/12/2026 mean.
    near
        For dates without a year and for "2 hours ago"; without it these are not read.

    Notes
    -----
    A date without a time of day is midnight UTC of the day as written, so that its calendar day
    is the publisher's.
    """
    text = unicodedata.normalize("NFKC", text[:_LONGEST]).strip()
    epoch = _EPOCH.match(text)
    if epoch:
        at = datetime.fromtimestamp(int(epoch.group(1)), UTC)
        return Moment(at=at, has_time=True, day=at.astimezone(home_zone(home)).date())
    found = _day(text, home)
    if found is None:
        return _relative(text, home, near) if near else None
    day, rest = found
    return _with_clock(day, rest, home)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _from_numbers(found: re.Match[str]) -> date | None:
    return _date(int(found[1]), int(found[3]), int(found[4]))


def _from_compact(found: re.Match[str]) -> date | None:
    return _date(int(found[1]), int(found[2]), int(found[3]))


def _from_east_asian(found: re.Match[str]) -> date | None:
    if found["era"]:
        year = _ERAS[found["era"]] + (1 if found["nth"] == "元" else int(found["nth"]))
    else:
        year = int(found["year"])
    return _date(year, int(found["month"]), int(found["day"]))


def _from_month_first(found: re.Match[str]) -> date | None:
    return _date(int(found[3]), _MONTHS[found[1].lower()], int(found[2]))


def _from_day_first(found: re.Match[str]) -> date | None:
    return _date(int(found[3]), _MONTHS[found[2].lower()], int(found[1]))


def _from_ambiguous(found: re.Match[str], *, home: str) -> date | None:
    one, two, year = int(found[1]), int(found[3]), int(found[4])
    # Points are the continental spelling, day first wherever the source is.
    month_first = two > 12 or (one <= 12 and found[2] != "." and is_month_first(home))
    month, day = (one, two) if month_first else (two, one)
    return _date(year, month, day)


_FORMS = (
    (_ISO, _from_numbers),
    (_EAST_ASIAN, _from_east_asian),
    (_MONTH_DAY, _from_month_first),
    (_DAY_MONTH, _from_day_first),
    (_COMPACT, _from_compact),
)


def _day(text: str, home: str) -> tuple[date, str] | None:
    """Return the first day of a text and the text around it, where its clock stands."""
    forms = (*_FORMS, (_AMBIGUOUS, partial(_from_ambiguous, home=home)))
    found = [
        (match.start(), day, f"{text[match.end() :]}\n{text[: match.start()]}")
        for pattern, read in forms
        if (match := pattern.search(text)) and (day := read(match))
    ]
    return min(found)[1:] if found else None


def _with_clock(day: date, rest: str, home: str) -> Moment:
    plain = Moment(at=datetime.combine(day, time(), UTC), has_time=False, day=day)
    glued = re.match(r"T(\d\d)(\d\d)(\d\d)?(?!\d|:)", rest)
    if glued:
        rest = f" {glued[1]}:{glued[2]}:{glued[3] or '00'}{rest[glued.end() :]}"
    rest = re.sub(r"^\s*T(?=\d)", " ", rest)
    found = _CLOCK.search(rest) or _HOUR_ONLY.search(rest)
    if not found:
        return plain
    clock = _clock(found)
    if clock is None:
        return plain
    zone = _zone(rest[found.end() :], home)
    extra = timedelta(days=1) if int(found["hour"]) == 24 else timedelta()
    try:
        at = (datetime.combine(day, clock, zone) + extra).astimezone(UTC)
    except (OverflowError, ValueError):
        return plain
    return Moment(at=at, has_time=True, day=day + extra)


def _clock(found: re.Match[str]) -> time | None:
    parts = found.groupdict()
    hour, minute = int(parts["hour"]), int(parts.get("minute") or 0)
    noon = (parts["noon"] or "").lower()
    is_late = noon.startswith("p") or parts.get("half") in ("午後", "오후")
    if is_late and hour < 12:
        hour += 12
    elif hour == 12 and (noon.startswith("a") or parts.get("half") in ("午前", "오전")):
        hour = 0
    try:
        return time(hour % 24 if hour == 24 else hour, minute, int(parts.get("second") or 0))
    except ValueError:
        return None


def _zone(after: str, home: str) -> tzinfo:
    offset = _OFFSET.match(after)
    if offset:
        span = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        if span < timedelta(hours=24):
            return timezone(span if offset[1] == "+" else -span)
    named = _ZONE.match(after)
    if named and is_zone(named[1]):
        return zone_of(named[1], home=home)
    return home_zone(home)


def _relative(text: str, home: str, near: datetime) -> Moment | None:
    local = near.astimezone(home_zone(home))
    found = _AGO.search(text)
    if found:
        return _ago(found, near, local)
    found = _NO_YEAR.search(text)
    if not found:
        return None
    month, number = int(found[1]), int(found[2])
    # The latest such day that is not in the future: in January, 12月28日 was last year.
    days = (_date(local.year - back, month, number) for back in (0, 1))
    day = next((d for d in days if d and d <= local.date() + timedelta(days=1)), None)
    return _with_clock(day, text[found.end() :], home) if day else None


def _ago(found: re.Match[str], near: datetime, local: datetime) -> Moment | None:
    if found["word"]:
        span, is_exact = timedelta(days=1), False
    else:
        unit = (found["unit"] or found["junit"]).lower()
        number = found["n"] or found["jn"]
        span = _UNITS[unit] * (int(number) if number.isdigit() else 1)
        is_exact = span < timedelta(days=1)
    if span > timedelta(days=365 * 5):
        return None
    if is_exact:
        return Moment(at=near - span, has_time=True, day=(local - span).date())
    day = (local - span).date()
    return Moment(at=datetime.combine(day, time(), UTC), has_time=False, day=day)
