"""Dates as publishers write them: ISO 8601, RFC 5322, English, Japanese with eras, numbers.

Each form is a pattern of its own, because a general parser guesses: feed libraries take
2026年11月21日 for the first of November and JST for UTC. Relative dates ("2 hours ago") are
refused, since a page that was cached or archived says them of another day.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
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
_COMPACT = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?=T\d|\b|(?:[01]\d|2[0-4])[0-5]\d(?:[0-5]\d)?\b)"
)
_EAST_ASIAN = re.compile(
    r"(?:(?P<era>令和|平成|昭和|(?<![A-Za-z])[RH](?=\s*\d))\s*(?P<nth>\d{1,2}|元)|(?P<year>\d{4}))"
    r"\s*[年년.]\s*(?P<month>\d{1,2})\s*[月월.]\s*(?P<day>\d{1,2})\s*[日일]?"
)
_MONTH_DAY = re.compile(
    rf"\b({_MONTH})\.?[\s-]+(\d{{1,2}})(?:st|nd|rd|th)?\s*,?[\s-]+(?:\d\d?:\d\d(?::\d\d)?\s+"
    r"(?:[A-Z]{3,4}\s+)?)?(\d{4})\b(?!:)",  # Unix prints the year after the time
    re.IGNORECASE,
)
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[\s/-]+(?:of\s+)?({_MONTH})\.?,?[\s/-]+"
    r"(\d{4}|\d\d(?=\s+\d\d?:))\b",  # old feeds write the year with two digits
    re.IGNORECASE,
)
_AMBIGUOUS = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?![\d/])")
_EPOCH = re.compile(r"^(\d{10})(\d{3})?(?:\.\d+)?$")
# Without a year, and with hardly anything else, or it would be a day that a sentence tells of.
_BARE_DAY = re.compile(
    r"^\W*(?:[A-Z]\w{2,8}day,?\s+|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w{0,2}\.?,?\s+)?"
    rf"(?:(?P<m>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m2>{_MONTH})\.?)(?!\w)",
    re.IGNORECASE,
)
_NO_YEAR = re.compile(
    r"(?<![\d年/])(\d{1,2})(?:月(\d{1,2})日|/(\d{1,2})(?=\s*[(（][月火水木金土日]))"
)
_LONGEST_BARE = 40
_KANJI = {digit: number for number, digit in enumerate("〇一二三四五六七八九")}
_KANJI_NUMBER = re.compile("[〇一二三四五六七八九十]{1,4}(?=[年月日時分])")
_CLOCK = re.compile(
    r"(?P<half>午前|午後|오전|오후)?\s*(?<![\d:+-])(?P<hour>\d{1,2})\s*(?:[:：]|時|시|\.(?=\d\d\b))\s*"
    r"(?:(?P<minute>\d{2}|\d(?=\s*[分분])|半)\s*[分분]?)?(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<noon>[ap]\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_HOUR_ONLY = re.compile(r"\b(?P<hour>\d{1,2})\s*(?P<noon>[ap]\.?m\b\.?)", re.IGNORECASE)
_OFFSET = re.compile(r"^\s*\(?(?:(?:GMT|UTC)\s*([+-])(\d{1,2})|\s*([+-])(\d{2})):?(\d{2})?\b")
_ZONE = re.compile(r"^\s*\(?\s*([A-Za-z]{1,7}|日本時間|現地時間|米東部時間)\b\.?")
_ZONE_BEFORE = re.compile(r"(日本時間|現地時間|米東部時間)\s*$")
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


def parse_date(
    text: str,
    *,
    home: str = "UTC",
    near: datetime | None = None,
    month_first: bool | None = None,
) -> Moment | None:
    """Read the first date of a short string; ``None`` when there is none or it does not exist.

    Parameters
    ----------
    text
        A header, an attribute or a dateline; of longer strings the first 200 characters.
    home
        IANA zone for times that state none; it also decides what ambiguous abbreviations and
        11/12/2026 mean.
    near
        When the text was read. It gives dates without a year theirs, and settles 11/12/2026
        where one of its two meanings has not come yet.
    month_first
        Whether 11/12/2026 is in November; by default ``home`` decides.

    Notes
    -----
    A date without a time of day is midnight UTC of the day as written, so that its calendar day
    is the publisher's.
    """
    text = unicodedata.normalize("NFKC", text[:_LONGEST]).strip()
    text = _KANJI_NUMBER.sub(_from_kanji, text)
    epoch = _EPOCH.match(text)
    if epoch:
        at = datetime.fromtimestamp(int(epoch.group(1)), UTC)
        return Moment(at=at, has_time=True, day=at.astimezone(home_zone(home)).date())
    latest = near.astimezone(home_zone(home)).date() + timedelta(days=1) if near else None
    found = _day(text, partial(_from_ambiguous, home=home, first=month_first, latest=latest))
    if found is None and latest:
        found = _without_year(text, latest)
    return _with_clock(*found, home) if found else None


def _from_kanji(found: re.Match[str]) -> str:
    """Write 二十一 and 二〇二六 with Arabic digits."""
    tens, ten, ones = found[0].rpartition("十")
    if not ten:
        return "".join(str(_KANJI[digit]) for digit in ones)
    return str(10 * _KANJI.get(tens or "一", 1) + _KANJI.get(ones or "〇", 0))


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
    year = int(found[3])
    return _date(year if year > 99 else 2000 + year, _MONTHS[found[2].lower()], int(found[1]))


def _from_ambiguous(
    found: re.Match[str], *, home: str, first: bool | None, latest: date | None
) -> date | None:
    one, two, year = int(found[1]), int(found[3]), int(found[4])
    if first is None:
        # Points are the continental spelling, but for sources that write the month first anyway.
        first = is_month_first(home) and (found[2] != "." or home.startswith("America/"))
    readings = (_date(year, one, two), _date(year, two, one))
    ordered = [day for day in (readings if first else readings[::-1]) if day]
    past = [day for day in ordered if latest is None or day <= latest]
    return next(iter(past or ordered), None)


_FORMS = (
    (_ISO, _from_numbers),
    (_EAST_ASIAN, _from_east_asian),
    (_MONTH_DAY, _from_month_first),
    (_DAY_MONTH, _from_day_first),
    (_COMPACT, _from_compact),
)


def _day(
    text: str, from_ambiguous: Callable[[re.Match[str]], date | None]
) -> tuple[date, str] | None:
    """Return the first day of a text and the text around it, where its clock stands."""
    forms = (*_FORMS, (_AMBIGUOUS, from_ambiguous))
    found = [
        (match.start(), day, _around(text, match))
        for pattern, read in forms
        if (match := pattern.search(text)) and (day := read(match))
    ]
    return min(found)[1:] if found else None


def _around(text: str, match: re.Match[str]) -> str:
    inner = re.search(r"\d\d?:\d\d(?::\d\d)?(?:\s+[A-Z]{3,4})?", match[0])
    return f"{inner[0] if inner else ''}{text[match.end() :]}\n{text[: match.start()]}"


def _without_year(text: str, latest: date) -> tuple[date, str] | None:
    """Return the latest such day that has come: in January, 12月28日 was last year."""
    english = _BARE_DAY.match(text) if len(text) <= _LONGEST_BARE else None
    match = english or _NO_YEAR.search(text)
    if not match:
        return None
    if english:
        month = _MONTHS[(english["m"] or english["m2"]).lower()]
        number = int(english["d"] or english["d2"])
    else:
        month, number = int(match[1]), int(match[2] or match[3])
    days = (_date(latest.year - back, month, number) for back in (0, 1))
    day = next((d for d in days if d and d <= latest), None)
    return (day, _around(text, match)) if day else None


def _with_clock(day: date, rest: str, home: str) -> Moment:
    plain = Moment(at=datetime.combine(day, time(), UTC), has_time=False, day=day)
    glued = re.match(r"T?(\d\d)(\d\d)(\d\d)?(?!\d|:)", rest)
    if glued:
        rest = f" {glued[1]}:{glued[2]}:{glued[3] or '00'}{rest[glued.end() :]}"
    rest = re.sub(r"^\s*T(?=\d)", " ", rest)
    found = _CLOCK.search(rest) or _HOUR_ONLY.search(rest)
    if not found:
        return plain
    clock = _clock(found)
    if clock is None:
        return plain
    zone = _zone(rest[found.end() :], home, before=rest[: found.start()])
    extra = timedelta(days=1) if int(found["hour"]) == 24 else timedelta()
    try:
        at = (datetime.combine(day, clock, zone) + extra).astimezone(UTC)
    except (OverflowError, ValueError):
        return plain
    return Moment(at=at, has_time=True, day=day + extra)


def _clock(found: re.Match[str]) -> time | None:
    parts = found.groupdict()
    half_past = parts.get("minute") == "半"
    hour, minute = int(parts["hour"]), 30 if half_past else int(parts.get("minute") or 0)
    noon = (parts["noon"] or "").lower()
    is_late = noon.startswith("p") or parts.get("half") in ("午後", "오후")
    if is_late and hour < 12:
        hour += 12
    elif hour == 12 and (noon.startswith("a") or parts.get("half") in ("午前", "오전")):
        hour = 0
    try:
        return time(0 if hour == 24 else hour, minute, int(parts.get("second") or 0))
    except ValueError:
        return None


def _zone(after: str, home: str, *, before: str) -> tzinfo:
    offset = _OFFSET.match(after)
    if offset:
        span = timedelta(hours=int(offset[2] or offset[4]), minutes=int(offset[5] or 0))
        if span < timedelta(hours=24):
            return timezone(span if (offset[1] or offset[3]) == "+" else -span)
    named = _ZONE.match(after) or _ZONE_BEFORE.search(before)
    if named and is_zone(named[1]):
        return zone_of(named[1], home=home)
    return home_zone(home)
