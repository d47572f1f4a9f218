"""The numbers a text states: values with their units, in English and Japanese writings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from alliance_nlp.digest.support_japanese import DIGITS, NUMERAL, narrow, numeral_value
from alliance_nlp.digest.support_units import MONEY_SIGNS, UNITS, unit_after

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_WORDS = {word: value for value, word in enumerate(_SMALL)} | {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "mn": 10**6,
    "mln": 10**6,
    "bn": 10**9,
    "tn": 10**12,
    "trn": 10**12,
    "dozen": 12,
    "k": 10**3,
    "m": 10**6,
    "b": 10**9,
}
_ORDINALS = dict(
    zip(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
        range(1, 13),
        strict=True,
    )
)
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_NUMBER_WORD = "|".join(sorted((*_WORDS, "hundred", "thousand"), key=len, reverse=True))
_WORDED = rf"(?:(?:{_NUMBER_WORD})(?:(?:[\s-]+(?:and\s+)?)(?:{_NUMBER_WORD}))*)"
_DIGITS_PLAIN = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\d\w])\.\d+"
_LARGE = r"hundred|thousand|million|billion|trillion|mln|mn|bn|trn|tn|dozen"
_NUMBER = re.compile(
    rf"(?<![\w.])(?P<sign>{MONEY_SIGNS})?\s?"
    rf"(?P<value>{_DIGITS_PLAIN}|\b{_WORDED}\b|\ban?(?=\s+(?:{_LARGE})\b))"
    rf"(?P<half>\s+and\s+a\s+half)?"
    rf"(?:(?P<ordinal>st|nd|rd|th)\b|[\s-]?(?P<scale>(?:{_LARGE})\b(?:\s+(?:{_LARGE})\b)?)"
    r"|(?P<short>[kmb])(?![\w²]))?",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"\b(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-)?"
    rf"({'|'.join(_ORDINALS)})\b(?!-?(?:party|hand|world|class|rate|degree|guess|lady|time)\b)",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"\b(?:(?P<n>a|one|two|three|four|\d)[\s-])?(?P<part>{'|'.join(_PARTS)})s?\b(?=\s+of\b|\s+the\b)"
    r"|\b(?P<m>one|two|three|four)[\s-](?P<parts>third|quarter|fifth|tenth)s?\b"
    r"|(?<=\bby )(?P<by>half)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?\s?(?P<half>[ap])\.?m\b\.?|\b(?P<h24>\d{1,2}):(?P<m24>\d{2})\b"
    r"|(?P<jhalf>午前|午後)?(?P<jh>\d{1,2})時(?:(?P<jm>\d{1,2})分|(?P<j30>半))?(?!間)",
    re.IGNORECASE,
)
_NTH_JA = re.compile(rf"第({NUMERAL.pattern})|({NUMERAL.pattern})(?:回|番|人|年|日|隻|例)目")
# A numeral in kanji alone is a number only before what is counted: 一方 and 三菱 are words.
_COUNTED = re.compile(
    r"(?:カ国|か国|ヵ国|ヶ国|カ所|か所|ヵ所|人|名|隻|機|台|発|基|件|社|校|回|トン|円|ドル|ユーロ|元|"
    r"ウォン|ポンド|ペソ|％|%|パーセント|割|倍|キロ|メートル|時間|日間|週間|カ月|か月|ヵ月|ヶ月|年間|"
    r"歳|度|本|枚|両|点|海里|平方|リットル|バレル|ワット|万|億|兆|分の|カ|条|つ|以上|余)"
)
_SHARE_JA = re.compile(rf"({NUMERAL.pattern})割(?:([{''.join(DIGITS)}\d])分)?|(半数|半分|過半)")
_HEDGE = re.compile(
    r"(?:\b(?:about|around|roughly|nearly|almost|some|approximately|over|under|least|most|than|"
    r"an estimated|as many as|up to|close to|just)|約|およそ|ほぼ)\s*\S{0,3}$",
    re.IGNORECASE,
)
_JOINT = re.compile(r"\s?(?:-|–|—|〜|～|to|and|or|から)\s?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as it stands, ``text[start:end]``, and what it may be worth.

    Attributes
    ----------
    values
        In the unit's base; two where a scale may be shared, as in "1-2 billion".
    raw
        As written, not in the unit's base: what counts where only one of two names a unit.
    unit
        Such as ``"percent"``, ``"usd"`` or ``"metre"``; empty for a bare count.
    is_hedged
        Whether "about" or the like stands before it.
    """

    start: int
    end: int
    values: frozenset[Decimal]
    raw: frozenset[Decimal]
    unit: str = ""
    is_ordinal: bool = False
    is_hedged: bool = False
    is_small_word: bool = False


@lru_cache(maxsize=512)
def find_numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers of a text in order; dates and codes are to be blanked out before."""
    text = narrow(text)
    found: list[Number] = []
    taken = [False] * len(text)
    for finder in (_clocks, _shares, _ordinals, _plain, _japanese):
        for number in finder(text):
            if not any(taken[number.start : number.end]):
                found.append(number)
                taken[number.start : number.end] = [True] * (number.end - number.start)
    return _with_shared_units(sorted(found, key=lambda number: number.start), text)


def _clocks(text: str) -> Iterable[Number]:
    for match in _CLOCK.finditer(text):
        hour = int(match["h"] or match["h24"] or match["jh"])
        minute = int(match["m"] or match["m24"] or match["jm"] or (30 if match["j30"] else 0))
        half = (match["half"] or "").lower() or {"午前": "a", "午後": "p"}.get(match["jhalf"] or "")
        if hour > 24 or minute > 59:
            continue
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        value = frozenset({Decimal(60 * hour + minute)})
        yield Number(start=match.start(), end=match.end(), values=value, raw=value, unit="clock")


def _shares(text: str) -> Iterable[Number]:
    for match in _PART.finditer(text):
        word = (match["n"] or match["m"] or "one").lower()
        n = 1 if word == "a" else _WORDS.get(word) or int(word)
        share = Decimal(100 * n) / _PARTS[(match["part"] or match["parts"] or match["by"]).lower()]
        yield _number(match.span(), round(share, 1), unit="percent")
    for match in _SHARE_JA.finditer(text):
        if match[3]:
            yield _number(match.span(), Decimal(50), unit="percent")
            continue
        tenths = numeral_value(match[2]) if match[2] else Decimal(0)
        yield _number(match.span(), 10 * numeral_value(match[1]) + tenths, unit="percent")


def _ordinals(text: str) -> Iterable[Number]:
    tens = {word: value for word, value in _WORDS.items() if value >= 20}
    for match in _ORDINAL.finditer(text):
        if match[1].lower() == "second" and re.search(
            r"\b(?:per|a|each) $", text[max(0, match.start() - 6) : match.start()]
        ):
            continue
        head = match.group().lower().partition("-")[0]
        value = _ORDINALS[match[1].lower()] + tens.get(head, 0)
        yield _number(match.span(), Decimal(value), is_ordinal=True)
    for match in _NTH_JA.finditer(text):
        yield _number(match.span(), numeral_value(match[1] or match[2]), is_ordinal=True)


def _plain(text: str) -> Iterable[Number]:
    for match in _NUMBER.finditer(text):
        surface = match["value"].lower()
        is_japanese = re.match(r"[千百万億兆]|・\d", text[match.end() :])
        if surface[-1].isdigit() and (is_japanese or text[: match.start()].endswith("・")):
            continue  # the Japanese finder takes it with its scale or decimals
        value = Decimal(1) if surface in ("a", "an") else _value(surface)
        if match["half"]:
            value += Decimal("0.5")
        scale = (match["scale"] or "").lower().split() or [(match["short"] or "").lower()]
        is_money = bool(match["sign"])
        if match["short"] and not is_money and scale[0] == "m":
            value, end = value, match.end("value")  # "500m" of something else is metres
            scale = [""]
        else:
            end = match.end()
        for word in scale:
            value *= _SCALES.get(word, 1)
        unit, factor, end = unit_after(text, end, sign=match["sign"] or "")
        start = match.start("sign") if is_money else match.start("value")
        yield Number(
            start=start,
            end=end,
            values=frozenset({(value * factor).normalize()}),
            raw=frozenset({value.normalize()}),
            unit=unit,
            is_ordinal=bool(match["ordinal"]),
            is_hedged=bool(_HEDGE.search(text[max(0, start - 40) : start])),
            is_small_word=not surface[-1].isdigit() and not match["scale"] and not unit,
        )


def _value(surface: str) -> Decimal:
    if surface[-1].isdigit():
        return Decimal(surface.replace(",", ""))
    total = current = 0
    for word in re.split(r"[\s-]+", surface):
        if word == "hundred":
            current = (current or 1) * 100
        elif word == "thousand":
            total, current = total + (current or 1) * 1000, 0
        elif word != "and":
            current += _WORDS[word]
    return Decimal(total + current)


def _japanese(text: str) -> Iterable[Number]:
    for match in NUMERAL.finditer(text):
        surface = match.group()
        is_kanji = not any(char.isascii() for char in surface)
        has_scale = surface[-1] in "万億兆" and len(surface) > 1
        if is_kanji and not has_scale and not _COUNTED.match(text, match.end()):
            continue
        if not is_kanji and surface[-1].isdigit() and not _COUNTED.match(text, match.end()):
            continue
        unit, factor, end = unit_after(text, match.end(), sign="")
        yield Number(
            start=match.start(),
            end=end,
            values=frozenset({(numeral_value(surface) * factor).normalize()}),
            raw=frozenset({numeral_value(surface).normalize()}),
            unit=unit,
            is_hedged=bool(_HEDGE.search(text[max(0, match.start() - 40) : match.start()])),
        )


def _number(
    span: tuple[int, int], value: Decimal, *, unit: str = "", is_ordinal: bool = False
) -> Number:
    return Number(
        start=span[0],
        end=span[1],
        values=frozenset({value.normalize()}),
        raw=frozenset({value.normalize()}),
        unit=unit,
        is_ordinal=is_ordinal,
    )


def _with_shared_units(numbers: list[Number], text: str) -> tuple[Number, ...]:
    # "15-20 percent", "$1-2 billion", "between 3 and 5 percent": the left shares with the right.
    for place in range(len(numbers) - 2, -1, -1):
        left, right = numbers[place], numbers[place + 1]
        if left.is_ordinal or not _JOINT.fullmatch(text[left.end : right.start]):
            continue
        if left.unit and right.unit and left.unit != right.unit:
            continue
        unit = left.unit or right.unit
        value = next(iter(left.values))
        numbers[place + 1] = replace(right, unit=unit)
        if text[left.end - 1].isdigit():
            written = text[right.start : right.end].lower()
            scales = {_SCALES[word] for word in re.findall(r"[a-z]+", written) if word in _SCALES}
            worths = {(value * scale).normalize() for scale in scales or {1}}
            worth = _factor(text, right)
            left = replace(
                left,
                values=left.values | {(each * worth).normalize() for each in worths},
                raw=left.raw | worths,
            )
        numbers[place] = replace(left, unit=unit)
    return tuple(numbers)


def _factor(text: str, number: Number) -> Decimal:
    for unit, factor, pattern in UNITS:
        if unit == number.unit and pattern.search(text, number.start, number.end):
            return factor
    return Decimal(1)
