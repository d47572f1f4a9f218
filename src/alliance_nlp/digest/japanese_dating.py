"""Relative days in Japanese sentences, written as dates: 昨日 becomes 3月27日."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from alliance_nlp.digest.cutting import CUT, mend, replace_each

_NEAR = re.compile(
    r"(?P<day>一昨日|おととい|昨日|きのう|昨夜|昨晩|本日|きょう|今日|今夜|今朝|明日|あす|あした|明後日|あさって)(?P<after>は|の|、)?"
)
_STEPS = {
    **dict.fromkeys(("一昨日", "おととい"), -2),
    **dict.fromkeys(("昨日", "きのう", "昨夜", "昨晩"), -1),
    **dict.fromkeys(("本日", "きょう", "今日", "今夜", "今朝"), 0),
    **dict.fromkeys(("明日", "あす", "あした"), 1),
    **dict.fromkeys(("明後日", "あさって"), 2),
}
# A day of the month alone; 3月8日 has its month, 8日間 is a length of time.
_BARE_DAY = re.compile(
    r"(?<![\d月第年.・])(?P<day>[12]?\d|3[01])日(?![間目本数ぶ])"
    r"|(?<![一二三四五六七八九十百千数月第年・])(?P<kanji>[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])日"
    r"(?![間目本数ぶ一])"
)
_KANJI = "一二三四五六七八九"
_SAME_DAY = re.compile(r"同日(?P<rest>、|夜|午前|午後|に|の|付)?")
_FULL = re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>1?\d)月(?P<day>[123]?\d)日")
_MONTH = re.compile(r"(?P<mod>今|先|来|翌)月(?!\d)")
_YEAR = re.compile(r"(?P<mod>今|昨|来|一昨)年(?!度|代|来)")
_WEEK = re.compile(r"(?P<mod>今|先|来)週(?P<after>、|の|に|末)?")
_MODS = {"一昨": -2, "先": -1, "昨": -1, "今": 0, "来": 1}


def dated_japanese(text: str, on: date | None, *, before: str = "") -> str | None:
    """Return a Japanese sentence with dates for relative days, ``None`` when it cannot have them.

    Parameters
    ----------
    on
        The day on which the article appeared; ``None`` if not known.
    before
        The article's text before the sentence: its last date is what 同日 means.
    """
    steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
        (_NEAR, lambda match: _near(match, on)),
        (_BARE_DAY, lambda match: _bare_day(match, on)),
        (_MONTH, lambda match: _month(match, on)),
        (_YEAR, lambda match: _year(match, on)),
        (_WEEK, lambda match: _week(match, on)),
        (_SAME_DAY, lambda match: _same_day(match, before, on)),
    )
    for pattern, new in steps:
        replaced = replace_each(pattern, text, new)
        if replaced is None:
            return None
        text = replaced
    return mend(text).replace("、、", "、").lstrip("、")


def _said(day: date, on: date) -> str:
    plain = f"{day.month}月{day.day}日"
    return plain if day.year == on.year else f"{day.year}年{plain}"


def _near(match: re.Match[str], on: date | None) -> str | None:
    if on is None:
        return CUT if match["after"] != "の" else None
    return _said(on + timedelta(days=_STEPS[match["day"]]), on) + (match["after"] or "")


def _bare_day(match: re.Match[str], on: date | None) -> str | None:
    if on is None:
        return match.group()
    day = nearest_day(_number(match), on)
    return match.group() if day is None else _said(day, on)


def _number(match: re.Match[str]) -> int:
    """Return a day's number: 17日 and 十七日 are 17."""
    if match["day"]:
        return int(match["day"])
    tens, ten, ones = match["kanji"].partition("十")
    if not ten:
        return _KANJI.index(tens) + 1
    return 10 * (_KANJI.index(tens) + 1 if tens else 1) + (_KANJI.index(ones) + 1 if ones else 0)


def nearest_day(number: int, on: date) -> date | None:
    """Return the day of that number in the months around a date that is nearest to it."""
    days = []
    for step in (-1, 0, 1):
        months = on.year * 12 + on.month - 1 + step
        try:
            days.append(date(months // 12, months % 12 + 1, number))
        except ValueError:
            continue
    return min(days, key=lambda day: abs(day - on), default=None)


def _month(match: re.Match[str], on: date | None) -> str | None:
    if on is None or match["mod"] == "翌":
        return match.group()
    months = on.year * 12 + on.month - 1 + _MODS[match["mod"]]
    month, year = months % 12 + 1, months // 12
    return f"{month}月" if year == on.year else f"{year}年{month}月"


def _year(match: re.Match[str], on: date | None) -> str | None:
    return match.group() if on is None else f"{on.year + _MODS[match['mod']]}年"


def _week(match: re.Match[str], on: date | None) -> str | None:
    after = match["after"] or ""
    if on is None or on.weekday() == 6 or after == "末":
        return CUT if after in ("", "、") else None
    monday = on + timedelta(days=7 * _MODS[match["mod"]] - on.weekday())
    return f"{_said(monday, on)}の週{after if after != '、' else 'に、'}"


def _same_day(match: re.Match[str], before: str, on: date | None) -> str | None:
    told = _last_date(match.string[: match.start()], on) or _last_date(before, on)
    if told is None or on is None:
        return CUT if match["rest"] == "、" else None
    return _said(told, on) + (match["rest"] or "")


def _last_date(text: str, on: date | None) -> date | None:
    """Return the last day that a text names, with its month or without."""
    if on is None:
        return None
    found = [(m.start(), m) for m in _FULL.finditer(text)]
    bare = [(m.start(), m) for m in _BARE_DAY.finditer(text)]
    if not found and not bare:
        return None
    _, match = max((*found, *bare), key=lambda pair: pair[0])
    if match.re is _BARE_DAY:
        return nearest_day(_number(match), on)
    try:
        return date(int(match["year"] or on.year), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
