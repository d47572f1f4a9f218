"""Days that only the reader of that day's paper can tell, written as dates.

"on Tuesday" becomes "on March 26" and "last month" "in February", reckoned from the day on which
the article appeared. What cannot be told for certain is left out where the sentence stands without
it; where it does not, the sentence is not for use.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from alliance_nlp.digest.cutting import CUT, is_quoted, mend, replace_each
from alliance_nlp.digest.directions import lies_ahead

MONTHS = (
    "January February March April May June July August September October November December".split()
)
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTH = "|".join(MONTHS)
_SHORT_MONTH = r"(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\."
_PREPOSITION = (
    r"(?P<prep>\b(?:[Oo]n|[Ff]rom|[Bb]y|[Uu]ntil|[Ss]ince|[Tt]hrough|[Bb]efore|[Aa]fter|of|for|to|"
    r"[Bb]etween|and|or|till|than|[Ii]n|[Dd]uring|as of)\s+)?"
)
_DETERMINER = r"(?P<det>\b(?:[Aa]n?|[Tt]he|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er)\s+)?"
_PARTS = r"(?:\s+(?:morning|afternoon|evening|night))?(?:\s+local time)?"
# Names and habits, which are no day of the calendar.
_NO_DAY = r"(?<!Black )(?<!Good )(?<!Super )(?<!Bloody )(?<![Ee]very )(?<![Ee]ach )(?<!Cyber )"
_WEEKDAY = re.compile(
    rf"(?:\b(?:[Ll]ate|[Ee]arly|[Ee]arlier|[Ll]ater)\s+(?=on\b))?{_PREPOSITION}{_DETERMINER}"
    rf"(?:\b(?:[Ll]ate|[Ee]arly|[Ee]arlier)\s+)?(?P<mod>\b(?:[Ll]ast|[Nn]ext|[Tt]his|this past|"
    rf"this coming)\s+)?{_NO_DAY}\b(?P<day>{'|'.join(_WEEKDAYS)})\b"
    rf"(?!\s+(?:Prayers|Club|Market|Group|Football)\b){_PARTS}"
    r"(?P<of>\s+of\s+(?:last|this|next)\s+week)?(?P<poss>['’]s\b)?"
)
_DAYS_RANGE = re.compile(
    rf"(?P<prep>\b(?:[Ff]rom|[Bb]etween|[Oo]n)\s+)?\b(?P<day>{'|'.join(_WEEKDAYS)})"
    rf"(?P<join>\s+(?:to|through|until|and)\s+)(?P<last>{'|'.join(_WEEKDAYS)})\b(?!['’])"
)
_FULL_DATE = rf"(?:(?:{_MONTH}|{_SHORT_MONTH})\s+\d{{1,2}}|\d{{1,2}}\s+(?:{_MONTH}))(?!\d)"
_WEEKDAY_AND_DATE = re.compile(
    rf"\b(?:{'|'.join(_WEEKDAYS)}){_PARTS}(?:,\s*|\s+\(|\s+)(?P<date>{_FULL_DATE})\)?"
)
_DATE_AND_WEEKDAY = re.compile(rf"(?P<date>{_FULL_DATE})\s+\((?:{'|'.join(_WEEKDAYS)})\)")
_NEAR = re.compile(
    rf"{_PREPOSITION}\b(?P<day>[Yy]esterday|[Tt]oday|[Tt]onight|[Tt]omorrow|[Tt]his morning|"
    rf"[Tt]his afternoon|[Tt]his evening|[Ll]ast night){_PARTS}(?P<poss>['’]s\b)?"
)
_AGO = re.compile(r"\b(?P<n>\d{1,2}|two|three|four|five|six|[Tt]wo|[Tt]hree)\s+days\s+ago\b")
# So many weeks back is no day; "three years ago" does no harm.
_VAGUELY_AGO = re.compile(
    rf"{_PREPOSITION}\b(?:[Aa]|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]everal|[Aa] few|\d+)\s+"
    r"(?:weeks?|months?)\s+ago\b"
)
_SPAN = re.compile(
    rf"{_PREPOSITION}(?P<part>\b(?:[Ee]arlier|[Ll]ater|[Ll]ate|[Ee]arly)\s+)?"
    r"(?<![Tt]he )\b(?P<mod>[Ll]ast|[Nn]ext|[Tt]his)\s+(?P<unit>week|month|year|"
    rf"spring|summer|autumn|fall|winter|{_MONTH})\b(?P<poss>['’]s\b)?(?!-)"
)
_MONTH_OF_YEAR = re.compile(
    rf"\b(?P<month>(?:{_MONTH})(?:\s\d{{1,2}})?),?\s+(?:of\s+)?(?P<mod>last|this|next)\s+year\b(?!['’])"
)
_VAGUE = re.compile(r"\b(?:yesterday|today|tonight|tomorrow|this (?:morning|afternoon|evening))\b")
# "… hit the city on May 24, the mayor said on May 24": once is enough.
_SAID_ON = re.compile(
    rf"\b(?P<verb>said|told \w+|announced|confirmed|added|reported|stated|wrote|says)\s+"
    rf"(?P<day>on (?:{_MONTH}) \d{{1,2}})(?=[,.])"
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
_OFFSETS = {"last": -1, "this": 0, "next": 1}


def dated(text: str, on: date | None) -> str | None:
    """Return an English sentence with dates for relative days, ``None`` when it cannot have them.

    Parameters
    ----------
    on
        The day on which the article appeared, as its publisher counts; ``None`` if not known,
        so that days are left out.
    """
    steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
        (_WEEKDAY_AND_DATE, lambda match: match["date"]),
        (_DATE_AND_WEEKDAY, lambda match: match["date"]),
        (_DAYS_RANGE, lambda match: _days_range(match, on)),
        (_WEEKDAY, lambda match: _weekday(match, on)),
        (_NEAR, lambda match: _near(match, on)),
        (_AGO, lambda match: _ago(match, on)),
        (_VAGUELY_AGO, _without),
        (_MONTH_OF_YEAR, lambda match: _month_of_year(match, on)),
        (_SPAN, lambda match: _span(match, on)),
    )
    for pattern, new in steps:
        replaced = replace_each(pattern, text, new)
        if replaced is None:
            return None
        text = replaced
    # In a quotation the word must stand, and it would mislead.
    if any(is_quoted(text, *match.span()) for match in _VAGUE.finditer(text)):
        return None
    return mend(replace_each(_SAID_ON, text, _unless_dated_before) or text)


def said_day(day: date, on: date) -> str:
    """Return a date as the digest writes it: ``March 26``, with the year when it is another."""
    plain = f"{MONTHS[day.month - 1]} {day.day}"
    return plain if day.year == on.year else f"{plain}, {day.year}"


def _unless_dated_before(match: re.Match[str]) -> str:
    is_again = re.search(rf"\b{match['day']}\b", match.string[: match.start()])
    return match["verb"] if is_again else match.group()


def _weekday(match: re.Match[str], on: date | None) -> str | None:
    day = None
    if on is not None:
        number = _WEEKDAYS.index(match["day"])
        ahead = lies_ahead(match.string, *match.span())
        day = _day_of_week(number, on, mod=(match["mod"] or "").strip().lower(), ahead=ahead)
        if match["of"]:
            week = timedelta(days=7 * _OFFSETS[match["of"].split()[1]])
            day = on - timedelta(days=on.weekday() - number) + week
    if day is None or on is None:
        return _without(match)
    return _placed(match, said_day(day, on))


def _days_range(match: re.Match[str], on: date | None) -> str | None:
    """Write "from Monday to Friday" as two dates, the second the first such day after the first."""
    first, last = (_WEEKDAYS.index(match[key]) for key in ("day", "last"))
    ahead = lies_ahead(match.string, *match.span())
    day = _day_of_week(first, on, mod="", ahead=ahead) if on else None
    if on is None or day is None:
        return _without(match)
    until = day + timedelta(days=(last - first) % 7 or 7)
    if not ahead and until > on:
        day, until = day - timedelta(days=7), until - timedelta(days=7)
    prep = match["prep"] or ("On " if match.start() == 0 else "on ")
    return f"{prep}{said_day(day, on)}{match['join']}{said_day(until, on)}"


def _day_of_week(number: int, on: date, *, mod: str, ahead: bool | None) -> date | None:
    back = (on.weekday() - number) % 7
    if mod in ("last", "next"):
        step = -(back or 7) if mod == "last" else 7 - back
        day = on + timedelta(days=step)
        # "last Tuesday" on a Thursday may be of this week or of the one before.
        is_other_week = day.isocalendar()[:2] != on.isocalendar()[:2]
        return day if is_other_week else None
    if ahead or mod == "this coming":
        # What is to come on the day of the paper itself may as well be a week away.
        return on + timedelta(days=7 - back) if back else None
    if ahead is None and back:
        return None  # "Friday's flight carries troops": it may have left or not
    # Six days back it may be the morrow in a zone ahead of the paper's.
    return on - timedelta(days=back) if back < 6 else None


def _placed(match: re.Match[str], said: str) -> str:
    """Put a date in the place of a phrase, with the preposition or article that it takes there."""
    groups = match.groupdict()
    prep, det = groups.get("prep") or "", groups.get("det") or ""
    if groups.get("poss"):
        start = "The" if not prep and match.start() == 0 else "the"
        return f"{prep}{det or start + ' '}{said}"
    if det:
        article = {"a": "an", "A": "An"} if said[0] in "AO" else {"an": "a", "An": "A"}
        word = det.strip()
        return f"{prep}{article.get(word, word)} {said}"
    # "spent Friday among pines" has the day for its object.
    if prep or match.string[: match.start()].endswith("spent "):
        return f"{prep}{said}"
    return f"{'On' if match.start() == 0 else 'on'} {said}"


def _without(match: re.Match[str]) -> str | None:
    """Leave a phrase out, ``None`` where the sentence would miss it."""
    groups = match.groupdict()
    prep, det = (groups.get("prep") or ""), (groups.get("det") or "")
    if groups.get("poss"):
        return f"{prep}{det.strip() or ('the' if prep or match.start() else 'The')}"
    if det:
        return f"{prep}{det.strip()}"
    return CUT if prep.strip().lower() in ("", "on", "in") else None


def _near(match: re.Match[str], on: date | None) -> str | None:
    word = match["day"].lower()
    if on is None:
        return _without(match)
    if word in ("yesterday", "last night"):
        return _placed(match, said_day(on - timedelta(days=1), on))
    if word == "tomorrow":
        # "may happen here tomorrow" is no appointment.
        before = match.string[: match.start()]
        if not re.search(r"\b(?:will|is|are|due|scheduled|expected|set|begins?|starts?)\b", before):
            return _without(match)
        return _placed(match, said_day(on + timedelta(days=1), on))
    # "today" is also "nowadays": only beside what was done that day is it the day.
    is_day = word != "today" or match["poss"] or _is_beside_deed(match)
    return _placed(match, said_day(on, on)) if is_day else _without(match)


_DEED = r"(?:\w+ed|said|told|met|held|began|took|made|spoke|sent|gave|led|signed|wrote)"
_DEED_BEFORE = re.compile(
    rf"(?<!\bbe )(?<!\bbeing )(?<!\bbeen )(?<!\bto )(?<!\bare )(?<!\bis )\b{_DEED}(?:\s+\w+)?\s*$"
)
_DEED_AFTER = re.compile(rf"^\s*,?\s*{_DEED}\b")


def _is_beside_deed(match: re.Match[str]) -> bool:
    before, after = match.string[: match.start()], match.string[match.end() :]
    starts = match.start() == 0 and re.search(rf"\b{_DEED}\b", after) is not None
    return bool(starts or _DEED_BEFORE.search(before) or _DEED_AFTER.match(after))


def _ago(match: re.Match[str], on: date | None) -> str | None:
    if on is None:
        return CUT
    n = _NUMBERS.get(match["n"].lower()) or int(match["n"])
    return _placed(match, said_day(on - timedelta(days=n), on))


def _month_of_year(match: re.Match[str], on: date | None) -> str | None:
    if on is None:
        return match.group()
    offset = _OFFSETS[match["mod"]]
    comma = "," if match["month"][-1].isdigit() else ""
    return match["month"] if offset == 0 else f"{match['month']}{comma} {on.year + offset}"


def _span(match: re.Match[str], on: date | None) -> str | None:
    mod, unit = match["mod"].lower(), match["unit"]
    if on is None:
        return _without(match)
    said = _said_span(unit, _OFFSETS[mod], on)
    if said is None or (match["poss"] and unit == "week"):
        return _without(match)
    part = (match["part"] or "").strip().lower()
    if match["poss"]:
        return _placed(match, said.removeprefix("the "))
    prep = match["prep"] or ""
    if prep and not part:
        return f"{prep}{said}"
    # "earlier this month" says no more than the month; "late" does.
    shown = f"{part} in {said}" if part in ("late", "early") else f"in {said}"
    if prep:
        return f"{prep}{part} {said}" if part in ("late", "early") else f"{prep}{said}"
    return shown[0].upper() + shown[1:] if match.start() == 0 else shown


def _said_span(unit: str, offset: int, on: date) -> str | None:
    """Return "2023", "the week of March 18" or "the summer of 2024", ``None`` if unsure."""
    if unit == "week":
        # On a Sunday the week may be that which ends or that which begins.
        monday = on + timedelta(days=7 * offset - on.weekday())
        return None if on.weekday() == 6 else f"the week of {said_day(monday, on)}"
    if unit == "year":
        return str(on.year + offset)
    if unit == "month":
        months = on.year * 12 + on.month - 1 + offset
        return _said_month(months % 12 + 1, months // 12, on)
    if unit in MONTHS:
        month = MONTHS.index(unit) + 1
        if offset == 0:
            return unit
        # "last August" in October may be this year's; in March it is the year before.
        is_sure = month >= on.month if offset < 0 else month <= on.month
        return _said_month(month, on.year + offset, on) if is_sure else None
    return _said_season(unit, offset, on)


def _said_month(month: int, year: int, on: date) -> str:
    name = MONTHS[month - 1]
    return name if year == on.year else f"{name} {year}"


def _said_season(unit: str, offset: int, on: date) -> str | None:
    if unit not in _SEASONS:
        return None  # a winter lies in two years
    first, last = _SEASONS[unit]
    is_sure = offset == 0 or (on.month <= last if offset < 0 else on.month >= first)
    return f"the {unit} of {on.year + offset}" if is_sure else None
