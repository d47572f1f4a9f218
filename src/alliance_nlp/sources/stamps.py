"""Dates as listings write them, read into UTC.

feedparser reads JST, KST, IST and BST as UTC and 2026年11月21日 as the first of November, so the
listing's own strings are read here. Each form is a pattern of its own, and a string that fits none
is no date: nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_HOURS = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "CEST": 2,
    "EET": 2, "EEST": 3, "MSK": 3, "GST": 4, "PKT": 5, "IST": 5.5, "NPT": 5.75, "ICT": 7, "WIB": 7,
    "SGT": 8, "HKT": 8, "PHT": 8, "PHST": 8, "MYT": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5,
    "ACDT": 10.5, "AEST": 10, "AEDT": 11, "CHST": 10, "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4,
    "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8,
    "HST": -10, "SST": -11, "AST": -4, "ADT": -3, "日本時間": 9,
}  # fmt: skip
_PLACES = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
# The same letters elsewhere: (letters, how the source's own zone begins) -> hours.
_ELSEWHERE = {
    ("CST", "Asia/"): 8,
    ("PST", "Asia/Manila"): 8,
    ("IST", "Asia/Jerusalem"): 2,
    ("IST", "Europe/Dublin"): 1,
    ("BST", "Asia/Dhaka"): 6,
    ("AST", "Asia/"): 3,
    ("EST", "Australia/"): 10,
    ("EDT", "Australia/"): 11,
    ("SST", "Asia/Singapore"): 8,
    ("GST", "Pacific/Guam"): 10,
}
_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH_FIRST = ("America/", "US/", "Pacific/Guam", "Pacific/Honolulu", "Asia/Manila", "UTC")

_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s*)?"
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_CLOCK = (
    r"(?:(?P<half>午前|午後|오전|오후)\s*)?(?P<hour>\d{1,2})"
    r"(?:\s*[:時시]\s*(?:(?P<minute>\d{1,2})\s*[分분]?)?"
    r"(?:\s*:?\s*(?P<second>\d{1,2})\s*[秒초]?(?:[.,]\d+)?)?)?"
    r"(?:\s*(?P<noon>[ap])\.?m\b\.?)?"
)
_ZONE = (
    r"(?:\s*(?:GMT|UTC?)?(?P<sign>[+-])(?P<off_h>\d{1,2}?):?(?P<off_m>\d{2})?(?:\s*[a-z]{1,5})?"
    r"|\s*(?P<zone>[a-z]{1,5}|日本時間|[a-z]+/[a-z_]+))?"
)
_FORMS = tuple(
    re.compile(rf"\s*{form}\s*", re.IGNORECASE)
    for form in (
        # ISO 8601 and its looser spellings
        rf"(?P<year>\d{{4}})([-/.])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}})"
        rf"(?:(?:\s*T\s*|[\s,_]+){_CLOCK}{_ZONE})?",
        # ISO 8601, basic
        r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)"
        rf"(?:[T\s]?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?{_ZONE})?",
        # W3CDTF: a month or a year alone
        r"(?P<year>\d{4})(?:[-/](?P<month>\d{1,2}))?",
        # RFC 822, RFC 850 and RFC 5322
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]*{_MONTH}[\s,-]*(?P<year>\d{{4}}|\d\d)"
        rf"(?:(?:,|\s|\bat\b|-)+{_CLOCK}{_ZONE})?",
        # asctime and date(1)
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})\s+{_CLOCK}{_ZONE}\s+(?P<year>\d{{4}})",
        # American
        rf"{_WEEKDAY}{_MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})"
        rf"(?:(?:,|\s|\bat\b|-)+{_CLOCK}{_ZONE})?",
        # numbers with the year last
        rf"(?P<one>\d{{1,2}})([/.-])(?P<two>\d{{1,2}})\2(?P<year>\d{{4}})"
        rf"(?:[\s,]+{_CLOCK}{_ZONE})?",
        # Japanese and Korean
        r"(?:(?P<era>令和|平成|昭和)\s*(?P<nth>\d{1,2}|元)|(?P<year>\d{4}))\s*[年년]"
        r"\s*(?P<month>\d{1,2})\s*[月월]"
        rf"(?:\s*(?P<day>\d{{1,2}})\s*[日일](?:\s*[月火水木金土日]曜日?)?(?:[\s,]*{_CLOCK}{_ZONE})?)?",
        r"(?P<era>令和|平成|昭和|[RHS])\s*(?P<nth>\d{1,2}|元)[./-](?P<month>\d{1,2})[./-]"
        rf"(?P<day>\d{{1,2}})(?:\s+{_CLOCK}{_ZONE})?",
    )
)
_EPOCH = re.compile(r"(\d{10})(?:\d{3}|\.\d+)?")
_ASIDE = re.compile(r"[(\[]\s*([^()\[\]]*?)\s*[)\]]")
_LONGEST = 100  # no date is longer; what is, is a sentence


def parse_stamp(text: str, zone: str = "UTC") -> datetime | None:
    """Read a listing's date.

    Parameters
    ----------
    text
        The whole string: RFC 822 and its kin, ISO 8601 and W3CDTF (a year or a month alone is its
        first day), American and numeric dates, Japanese ones with Western or era years, epoch
        seconds or milliseconds.
    zone
        IANA zone of dates that state none, and of days without a time, which begin at midnight
        there. It also decides what IST or CST and 11/12/2026 mean.

    Returns
    -------
    datetime or None
        Aware UTC, whole seconds; ``None`` when the string is no date or no such day exists. Dates
        in the future are given as they are.
    """
    text = text.strip()[: _LONGEST + 1]
    if not text or len(text) > _LONGEST:
        return None
    try:  # the commonest form by far, and the quickest to read
        return _in_utc(datetime.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        text = unicodedata.normalize("NFKC", text)
    text = _ASIDE.sub(_if_a_zone, text)
    if epoch := _EPOCH.fullmatch(text.strip()):
        return datetime.fromtimestamp(int(epoch[1]), UTC)
    for form in _FORMS:
        if found := form.fullmatch(text):
            return _moment(found.groupdict(), zone)
    return None


def _in_utc(at: datetime, zone: str) -> datetime:
    aware = at if at.tzinfo else at.replace(tzinfo=_named(zone))
    return aware.astimezone(UTC).replace(microsecond=0)


def _if_a_zone(aside: re.Match[str]) -> str:
    """Keep the (JST) behind a time, drop the (土) behind a day and the repeated [Asia/Tokyo]."""
    return f" {aside[1]} " if aside[1].upper() in _HOURS or aside[1].upper() in _PLACES else " "


def _moment(parts: dict[str, str | None], zone: str) -> datetime | None:
    hour = _hour(parts)
    # RFC 5322 allows a leap second and ISO 8601 once allowed 24:00; Python knows neither.
    second = min(int(parts.get("second") or 0), 59)
    try:
        local = datetime(
            *_day(parts, zone),
            hour % 24 if hour == 24 else hour,
            int(parts.get("minute") or 0),
            second,
            tzinfo=_zone(parts, zone),
        )
        return (local + timedelta(days=hour == 24)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day(parts: dict[str, str | None], zone: str) -> tuple[int, int, int]:
    if parts.get("era"):
        nth = 1 if parts["nth"] == "元" else int(parts["nth"] or 0)
        year = _ERAS[str(parts["era"]).upper()] + nth
    else:
        year = int(parts["year"] or 0)
    if len(parts.get("year") or "") == 2:
        year += 2000 if year < 70 else 1900  # RFC 850 years have two digits
    if parts.get("one"):
        one, two = int(parts["one"] or 0), int(parts["two"] or 0)
        is_month_first = one <= 12 and (two > 12 or zone.startswith(_MONTH_FIRST))
        return (year, one, two) if is_month_first else (year, two, one)
    if parts.get("name"):
        month = _MONTHS.index(str(parts["name"]).lower()) + 1
    else:
        month = int(parts.get("month") or 1)
    return year, month, int(parts.get("day") or 1)


def _hour(parts: dict[str, str | None]) -> int:
    hour = int(parts.get("hour") or 0)
    noon = (parts.get("noon") or "").lower()
    if (noon == "p" or parts.get("half") in ("午後", "오후")) and hour < 12:
        return hour + 12
    if (noon == "a" or parts.get("half") in ("午前", "오전")) and hour == 12:
        return 0
    return hour


def _zone(parts: dict[str, str | None], zone: str) -> tzinfo:
    if parts.get("sign"):
        span = timedelta(hours=int(parts["off_h"] or 0), minutes=int(parts["off_m"] or 0))
        return timezone(span if parts["sign"] == "+" else -span)
    name = parts.get("zone") or ""
    key = name.upper()
    for (letters, place), hours in _ELSEWHERE.items():
        if letters == key and zone.startswith(place):
            return timezone(timedelta(hours=hours))
    if key in _HOURS:
        return timezone(timedelta(hours=_HOURS[key]))
    return _named(_PLACES.get(key) or (name if "/" in name else zone))


@cache
def _named(zone: str) -> tzinfo:
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
