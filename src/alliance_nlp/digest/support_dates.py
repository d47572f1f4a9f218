"""The dates a text states, in English and Japanese, with what relative ones come to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from alliance_nlp.digest.support_japanese import KANJI_NUMERAL, narrow, numeral_value

# Year, month and day; None where the text leaves it open.
Partial = tuple[int | None, int | None, int | None]

_NAMES = (
    "january february march april may june july august september october november december".split()
)
MONTHS = {name: n for n, name in enumerate(_NAMES, start=1)}
_ABBREVIATED = {name[:3]: n for name, n in MONTHS.items()} | {"sept": 9}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_DAY_SHORT = {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4}
_DAY_SHORT |= {"sat": 5, "sun": 6}
_MONTH = rf"(?:{'|'.join(_NAMES)}|(?:{'|'.join(_ABBREVIATED)})\b\.?)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d%:]|,\d{3}|\.\d)"
# "On May 7 to 18 years" and "on May 7, 18 people" are no days.
_COUNTED = r"(?!\s+(?:years?|months?|weeks?|days?|hours?|minutes?|percent|people|troops|ships)\b)"
_MORE = rf"(?:(?:\s*(?:-|–|—|to|and|or|through|until|&|,\s*and|,)\s*){_DAY}{_COUNTED}){{0,6}}"
_YEAR = r"(?:1[89]|20|21)\d{2}(?!\d|,\d)"
_J = rf"(?:\d{{1,4}}|[{KANJI_NUMERAL}]{{1,6}})"
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018}

_MONTH_DAY = re.compile(
    rf"\b(?P<month>{_MONTH})\s+(?P<days>{_DAY}{_MORE})(?!\s*{_MONTH})(?:,?\s+(?P<year>{_YEAR}))?",
    re.IGNORECASE,
)
_DAY_MONTH = re.compile(
    rf"\b(?P<days>{_DAY}{_MORE})\s+(?:of\s+)?(?P<month>{_MONTH})(?!\s+\d{{1,2}}\b)(?:,?\s+(?P<year>{_YEAR}))?",
    re.IGNORECASE,
)
_MONTH_YEAR = re.compile(rf"\b(?P<month>{_MONTH}),?\s+(?:of\s+)?(?P<year>{_YEAR})\b", re.IGNORECASE)
_ISO = re.compile(rf"\b({_YEAR})[-/.](1[0-2]|0?[1-9])[-/.](3[01]|[12]\d|0?[1-9])\b")
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/((?:19|20)\d{2})\b")
# Names of months stand with a capital; May and March alone only where a month can stand.
_MONTH_ALONE = re.compile(rf"\b(?:{'|'.join(name.title() for name in _NAMES)})\b|\b[A-Z]{{3,9}}\b")
_BEFORE_MONTH = re.compile(
    r"\b(?:in|on|of|by|since|until|till|through|throughout|during|from|to|and|or|for|early|mid|late|last|"
    r"next|this|before|after|between|the|every|each|previous|following|-|–)[\s-]*$",
    re.IGNORECASE,
)
_FISCAL = re.compile(
    r"\b(?:FY|fiscal(?: year)?)\s?'?(\d{4}|\d{2})(?:\s?[-–/]\s?(\d{2,4}))?\b", re.IGNORECASE
)
_YEARS = re.compile(rf"\b({_YEAR})(?:\s?[-–/]\s?(\d{{2}}|{_YEAR}))?(?!\w|\.\d|[-–]\d)")
_DECADE = re.compile(r"\b(\d{3}0)s\b|\b(\d{3}0)年代")
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})s?\b|\b({'|'.join(_DAY_SHORT)})\.", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(?:today|tonight|yesterday|tomorrow|(?:last|this|next|the previous|the same|the following|"
    r"later this|earlier this)\s+"
    r"(?:day|week|month|year|weekend|spring|summer|autumn|fall|winter))\b"
    r"|(?:昨年|去年|今年|来年)(?:1[0-2]|[1-9])月"
    r"|昨日|きのう|今日|きょう|明日|あす|同日|前日|翌日|先週|今週|来週|先月|今月|来月|同月|昨年|去年|今年|来年|同年|一昨年|おととし",
    re.IGNORECASE,
)
_JA_DATE = re.compile(
    rf"(?:(?P<era>令和|平成|昭和)?(?P<year>元|{_J})年(?P<fiscal>度)?(?:の|\s)?(?P<end>末)?)?"
    rf"(?P<month>(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九]))月(?:(?P<day>{_J})日(?![間目]))?"
    rf"|(?P<era2>令和|平成|昭和)?(?P<year2>元|{_J})年(?P<fiscal2>度)?(?![間目生])(?P<end2>末)?"
    rf"|(?P<near>[来先今]月)(?P<near_day>{_J})日(?![間目])"
    rf"|(?<![月\d{KANJI_NUMERAL}])(?P<day3>{_J})日(?![間目本米中韓英豪比印])"
)
_JA_WEEKDAY = re.compile(r"([月火水木金土日])曜")
_AHEAD = re.compile(
    r"\b(?:will|would|plans?|planned|scheduled|expected|next|upcoming|coming|due|set to|is to|"
    r"are to|to be|tomorrow|later)\b|予定|見通し|見込み|来|開く|方針|調整",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateClaim:
    """A date as it stands, ``text[start:end]``, and the days it may be.

    ``parts`` must all be carried ("February 18 and 20" are two); each is a set of readings of
    which one is enough. ``weekday`` and ``phrase`` are those of "on Tuesday" and "last month".
    """

    start: int
    end: int
    parts: tuple[frozenset[Partial], ...] = ()
    weekday: int | None = None
    phrase: str = ""
    is_bare_year: bool = False


@lru_cache(maxsize=512)
def find_dates(text: str, published_on: date | None) -> tuple[DateClaim, ...]:
    """Return the dates of a text in order; without ``published_on`` relative ones stay open."""
    text = narrow(text)
    found: list[DateClaim] = []
    taken = [False] * len(text)
    finders: tuple[Callable[[str], Iterable[DateClaim]], ...] = (
        _exact,
        _monthly,
        _decades,
        lambda each: _japanese(each, published_on),
        _yearly,
        lambda each: _relative(each, published_on),
        lambda each: _weekdays(each, published_on),
    )
    for finder in finders:
        for claim in finder(text):
            if not any(taken[claim.start : claim.end]):
                found.append(claim)
                taken[claim.start : claim.end] = [True] * (claim.end - claim.start)
    return tuple(sorted(found, key=lambda claim: claim.start))


def completed(part: Partial, published_on: date | None, *, is_ahead: bool) -> set[Partial]:
    """Return what a date without a year may mean in a report: the last such day, or the next.

    Parameters
    ----------
    is_ahead
        Whether the report speaks of what will be, see :func:`speaks_ahead`.
    """
    year, month, day = part
    if year is not None or month is None or published_on is None:
        return {part}
    # The report's own month, and a day just ahead, need no "will".
    is_past = (month, day or 0) <= (published_on.month, published_on.day + 7 if day else 31)
    last = published_on.year if is_past else published_on.year - 1
    return {(last, month, day)} | ({(last + 1, month, day)} if is_ahead else set())


@lru_cache(maxsize=512)
def speaks_ahead(text: str) -> bool:
    """Tell whether a text says that something will be."""
    return bool(_AHEAD.search(text))


def _claim(match: re.Match[str], *parts: Partial) -> DateClaim:
    each = tuple(frozenset({part}) for part in parts)
    return DateClaim(start=match.start(), end=match.end(), parts=each)


def _exact(text: str) -> Iterable[DateClaim]:
    for match in _ISO.finditer(text):
        yield _claim(match, (int(match[1]), int(match[2]), int(match[3])))
    for match in _SLASHED.finditer(text):
        first, second, stated = int(match[1]), int(match[2]), int(match[3])
        readings = {(stated, a, b) for a, b in ((first, second), (second, first)) if a <= 12}
        if readings:
            yield DateClaim(start=match.start(), end=match.end(), parts=(frozenset(readings),))
    for pattern in (_MONTH_DAY, _DAY_MONTH):
        for match in pattern.finditer(text):
            if not text[match.start("month")].isupper():
                continue
            year = int(match["year"]) if match["year"] else None
            days = [int(day) for day in re.findall(r"\d+", match["days"])]
            month = _month(match["month"])
            yield _claim(match, *((year, month, day) for day in days))


def _monthly(text: str) -> Iterable[DateClaim]:
    for match in _MONTH_YEAR.finditer(text):
        if text[match.start()].isupper():
            yield _claim(match, (int(match["year"]), _month(match["month"]), None))
    for match in _MONTH_ALONE.finditer(text):
        month = MONTHS.get(match.group().lower())
        is_month = month is not None and (
            match.group() not in ("May", "March", "MAY", "MARCH")
            or _BEFORE_MONTH.search(text[max(0, match.start() - 16) : match.start()])
        )
        if is_month:
            yield _claim(match, (None, month, None))


def _decades(text: str) -> Iterable[DateClaim]:
    for match in _DECADE.finditer(text):
        decade = match[1] or match[2]
        yield DateClaim(start=match.start(), end=match.end(), phrase=f"{decade}s")


def _yearly(text: str) -> Iterable[DateClaim]:
    for match in _FISCAL.finditer(text):
        years = [_full_year(year) for year in match.groups() if year]
        yield _claim(match, *((year, None, None) for year in years))
    for match in _YEARS.finditer(text):
        first = int(match[1])
        parts: list[Partial] = [(first, None, None)]
        if match[2]:
            second = int(match[2]) if len(match[2]) == 4 else first // 100 * 100 + int(match[2])
            parts.append((second, None, None))
        each = tuple(frozenset({part}) for part in parts)
        is_bare = not match[2]
        yield DateClaim(start=match.start(), end=match.end(), parts=each, is_bare_year=is_bare)


def _japanese(text: str, published_on: date | None) -> Iterable[DateClaim]:
    for match in _JA_DATE.finditer(text):
        written = match["year"] or match["year2"]
        year = _japanese_year(match["era"] or match["era2"], written) if written else None
        if written and year is None:
            continue  # 三年 is how long, not when
        month = int(numeral_value(match["month"])) if match["month"] else None
        day = int(numeral_value(match["day"])) if match["day"] else None
        if (match["fiscal2"] and match["end2"]) or (match["fiscal"] and match["end"]):
            parts = frozenset({(year, None, None), ((year or 0) + 1, 3, None)})
            yield DateClaim(start=match.start(), end=match.end(), parts=(parts,))
        elif match["near"]:
            months = _resolve(match["near"], published_on) if published_on else {(None, None, None)}
            near_day = int(numeral_value(match["near_day"]))
            near: frozenset[Partial] = frozenset((y, m, near_day) for y, m, _ in months)
            yield DateClaim(start=match.start(), end=match.end(), parts=(near,))
        elif match["day3"]:
            days = _bare_day(int(numeral_value(match["day3"])), published_on)
            if days:
                yield DateClaim(start=match.start(), end=match.end(), parts=(days,))
        elif (day or 1) <= 31:
            yield _claim(match, (year, month, day))


def _japanese_year(era: str | None, written: str) -> int | None:
    n = 1 if written == "元" else int(numeral_value(written))
    if era:
        return _ERAS[era] + n
    if 1800 <= n <= 2199:
        return n
    # 二七年 and 25年 are years, 十年 and 3年 are how long.
    return 2000 + n if len(written) == 2 and "十" not in written and 10 <= n <= 60 else None


def _bare_day(day: int, published_on: date | None) -> frozenset[Partial]:
    # "二日" in a report of the 3rd is that month's; of another month only where it is nearer.
    if not 1 <= day <= 31:
        return frozenset()
    if published_on is None:
        return frozenset({(None, None, day)})
    near: set[Partial] = set()
    for offset in range(-24, 25):
        other = published_on + timedelta(days=offset)
        if other.day == day:
            near.add((other.year, other.month, other.day))
    return frozenset(near) or frozenset({(None, None, day)})


def _relative(text: str, published_on: date | None) -> Iterable[DateClaim]:
    for match in _RELATIVE.finditer(text):
        phrase = " ".join(match.group().lower().split())
        parts = _resolve(phrase, published_on) if published_on else frozenset()
        each = (parts,) if parts else ()
        yield DateClaim(start=match.start(), end=match.end(), parts=each, phrase=phrase)


_SHIFTS = {
    "today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1, "昨日": -1, "きのう": -1, "今日": 0,
    "きょう": 0, "明日": 1, "あす": 1,
}  # fmt: skip
_SEASONS = ("spring", "summer", "autumn", "fall", "winter")
_BACK = {"last": -1, "this": 0, "next": 1, "先": -1, "今": 0, "来": 1, "昨": -1, "去": -1}


def _resolve(phrase: str, published_on: date) -> frozenset[Partial]:
    if phrase in _SHIFTS:
        on = published_on + timedelta(days=_SHIFTS[phrase])
        return frozenset({(on.year, on.month, on.day)})
    words = phrase.split()
    shift = _BACK.get(words[-2] if len(words) > 1 else phrase[0])
    if phrase in ("一昨年", "おととし"):
        return frozenset({(published_on.year - 2, None, None)})
    if shift is None:
        return frozenset()
    if phrase.endswith(("year", "年", *_SEASONS)):
        return frozenset({(published_on.year + shift, None, None)})
    if match := re.fullmatch(r".年(\d+)月", phrase):
        return frozenset({(published_on.year + shift, int(match[1]), None)})
    if phrase.endswith(("month", "月")):
        month = published_on.month - 1 + shift
        return frozenset({(published_on.year + month // 12, month % 12 + 1, None)})
    middle = published_on + timedelta(days=7 * shift)
    monday = middle - timedelta(days=middle.weekday())
    months = {
        (on.year, on.month, None)
        for on in (middle + timedelta(days=offset) for offset in range(-6, 7))
    }
    return frozenset({*months, (monday.year, monday.month, monday.day)})


def _weekdays(text: str, published_on: date | None) -> Iterable[DateClaim]:
    is_ahead = speaks_ahead(text)
    for pattern in (_WEEKDAY, _JA_WEEKDAY):
        for match in pattern.finditer(text):
            if pattern is _JA_WEEKDAY:
                weekday = "月火水木金土日".index(match[1])
            elif match[1]:
                if not match[1][0].isupper():
                    continue
                weekday = _WEEKDAYS.index(match[1].lower())
            elif match.group()[0].isupper():
                weekday = _DAY_SHORT[match[2].lower()]
            else:
                continue
            days = _weekday_days(weekday, published_on, is_ahead=is_ahead)
            each = (days,) if days else ()
            yield DateClaim(start=match.start(), end=match.end(), parts=each, weekday=weekday)


def _weekday_days(weekday: int, published_on: date | None, *, is_ahead: bool) -> frozenset[Partial]:
    if published_on is None:
        return frozenset()
    # A report is dated in one zone and may speak in another, so the day after counts as well.
    window = range(-7, 14) if is_ahead else range(-7, 2)
    days = (published_on + timedelta(days=offset) for offset in window)
    return frozenset((on.year, on.month, on.day) for on in days if on.weekday() == weekday)


def _month(name: str) -> int:
    low = name.lower().rstrip(".")
    return MONTHS.get(low) or _ABBREVIATED[low]


def _full_year(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)
