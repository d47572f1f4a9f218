"""Which numbers and dates of a sentence its sources do not carry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from alliance_nlp.digest.support_dates import (
    DateClaim,
    Partial,
    completed,
    find_dates,
    speaks_ahead,
)
from alliance_nlp.digest.support_names import find_codes
from alliance_nlp.digest.support_numbers import Number, find_numbers
from alliance_nlp.digest.support_units import mentions_unit

Span = tuple[int, int]
# A source sentence, the article around it, and the article's date.
Source = tuple[str, str, date | None]

# "About 1,000" may stand for 1,046; further off it is another figure.
_ROUNDED_WITHIN = Decimal("0.05")
_DEFINITE = re.compile(r"\b(?:the|both|all|these|those|their|its|between)\s+$", re.IGNORECASE)
_NEXT_WORD = re.compile(r"\s+(?:[a-z-]+\s+){0,2}?([a-z]{3,})s\b")
_THAT_DAY = re.compile(
    r"\b(?:same|that|following|next|previous) (?:day|month|year)\b|同[日月年]|翌[日月年]|前[日月年]"
)
_FIRST_LIKE = re.compile(
    r"\b(?:first|1st|initial|inaugural|maiden|debut|never before|begin|began|start)|初|第[1一]",
    re.IGNORECASE,
)
_SAME_UNITS = frozenset({frozenset({"lb", "gbp"})})


def lacking_dates(text: str, sources: Sequence[Source]) -> tuple[list[Span], list[Span]]:
    """Return the dates that no source carries, and all dates of the sentence."""
    claims = find_dates(text, None)
    carried = [_carried(*source) for source in sources]
    plain = [
        value
        for source in sources
        for number in find_numbers(_without_dates(source[0], source[2]))
        for value in number.raw
    ]
    lacking = [
        (claim.start, claim.end)
        for claim in claims
        if not _is_carried(claim, text=text, carried=carried, sources=sources)
        and not (claim.is_bare_year and _year(claim) in plain)
    ]
    return lacking, [(claim.start, claim.end) for claim in claims]


def _carried(text: str, context: str, published_on: date | None) -> tuple[DateClaim, ...]:
    claims = find_dates(text, published_on)
    if _THAT_DAY.search(text):
        claims += find_dates(context, published_on)
    return claims


def _is_carried(
    claim: DateClaim,
    *,
    text: str,
    carried: Sequence[tuple[DateClaim, ...]],
    sources: Sequence[Source],
) -> bool:
    for theirs in carried:
        if claim.phrase and any(other.phrase == claim.phrase for other in theirs):
            return True
        if claim.weekday is not None and any(o.weekday == claim.weekday for o in theirs):
            return True
    theirs_dated = [
        whole
        for claims, (stated, _, published_on) in zip(carried, sources, strict=True)
        for other in claims
        for readings in other.parts
        for part in readings
        for whole in completed(part, published_on, is_ahead=speaks_ahead(stated))
    ]
    if claim.weekday is not None:
        return any(_weekday(part) == claim.weekday for part in theirs_dated)
    if claim.phrase:
        return _phrase_fits(claim, text=text, sources=sources, dated=theirs_dated)
    return bool(claim.parts) and all(
        any(_agrees(part, other) for part in readings for other in theirs_dated)
        for readings in claim.parts
    )


def _phrase_fits(
    claim: DateClaim, *, text: str, sources: Sequence[Source], dated: Sequence[Partial]
) -> bool:
    """Tell whether "last month" is what a source states, told from the source's own date."""
    for _, _, published_on in sources:
        for other in find_dates(text, published_on):
            if other.start == claim.start and any(
                _agrees(part, each)
                for readings in other.parts
                for part in readings
                for each in dated
            ):
                return True
    is_same = "same" in claim.phrase or claim.phrase[0] in "同翌前"
    return is_same and bool(dated)


def _agrees(claimed: Partial, stated: Partial) -> bool:
    return all(
        ours is None or ours == theirs or (theirs is None and place == 0)
        for place, (ours, theirs) in enumerate(zip(claimed, stated, strict=True))
    )


def _weekday(part: Partial) -> int | None:
    year, month, day = part
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day).weekday()
    except ValueError:  # February 30, or a year that was guessed
        return None


def _year(claim: DateClaim) -> Decimal:
    return Decimal(next(iter(claim.parts[0]))[0] or 0)


def lacking_numbers(
    text: str, sources: Sequence[Source], *, blank: Sequence[bool], granted: str
) -> tuple[list[Span], list[Span]]:
    """Return the numbers that no source carries, and all numbers of the sentence.

    Parameters
    ----------
    blank
        For each code point whether a date or a code accounts for it.
    granted
        Text whose numbers count as carried.
    """
    visible = "".join(" " if hidden else char for char, hidden in zip(text, blank, strict=True))
    claims = find_numbers(visible)
    stated = [(_without_dates(source[0], source[2]), source[0]) for source in sources]
    stated.append((granted, granted))
    around = [_without_dates(source[1], source[2]) for source in sources]
    lacking = [
        (claim.start, claim.end)
        for claim in claims
        if not _has_number(claim, text=text, stated=stated, around=around)
    ]
    return lacking, [(claim.start, claim.end) for claim in claims]


def _has_number(
    claim: Number, *, text: str, stated: Sequence[tuple[str, str]], around: Sequence[str]
) -> bool:
    value = min(claim.raw)
    if claim.is_small_word and value == 1 and not claim.is_ordinal:
        return True  # "one of the" counts nothing
    for visible, whole in stated:
        for number in find_numbers(visible):
            if _is_same(claim, number, ours=text, theirs=whole):
                return True
    if claim.is_ordinal:
        return _has_ordinal(claim, text=text, stated=stated, around=around)
    return _is_definite(claim, text=text, stated=stated)


def _is_same(claim: Number, number: Number, *, ours: str, theirs: str) -> bool:
    if claim.unit == number.unit or frozenset({claim.unit, number.unit}) in _SAME_UNITS:
        mine, its = claim.values, number.values
    elif not claim.unit:
        if number.unit == "percent" and not mentions_unit(ours, "percent"):
            return False
        mine, its = claim.raw, number.raw
    elif not number.unit and mentions_unit(theirs, claim.unit):
        mine, its = claim.raw, number.raw
    else:
        return False
    if "clock" in (claim.unit, number.unit) and claim.unit != number.unit:
        return False
    if mine & its:
        return True
    is_near = claim.is_hedged and not claim.is_ordinal
    is_third = claim.unit == "percent" and any(value % 1 for value in mine | its)
    return any(
        (is_near and _is_rounded(a, b)) or (is_third and abs(a - b) < Decimal("0.5"))
        for a in mine
        for b in its
    )


def _is_rounded(claimed: Decimal, stated: Decimal) -> bool:
    if not stated or abs(claimed - stated) > _ROUNDED_WITHIN * abs(stated):
        return False
    n_claimed = len(claimed.normalize().as_tuple().digits)
    return n_claimed < len(stated.normalize().as_tuple().digits)


def _has_ordinal(
    claim: Number, *, text: str, stated: Sequence[tuple[str, str]], around: Sequence[str]
) -> bool:
    rest = text[claim.end :]
    if re.match(r"\s+[A-Z]", rest):  # a name such as "7th Fleet" may be introduced earlier
        numbers = [n for each in around for n in find_numbers(each) if n.is_ordinal]
        if any(claim.values & number.values for number in numbers):
            return True
    if min(claim.values) != 1 or not any(whole for _, whole in stated):
        return False
    # "First" is said of much; it is flagged only where the source counts otherwise.
    counts_otherwise = any(
        number.is_ordinal for visible, _ in stated for number in find_numbers(visible)
    )
    return not counts_otherwise or any(_FIRST_LIKE.search(whole) for _, whole in stated)


def _is_definite(claim: Number, *, text: str, stated: Sequence[tuple[str, str]]) -> bool:
    """Tell whether "the two ministers" only counts those who were named, and nothing gainsays."""
    if not claim.is_small_word or min(claim.raw) > 4 or not any(whole for _, whole in stated):
        return False
    noun = _NEXT_WORD.match(text[claim.end :])
    if noun is None or not _DEFINITE.search(text[: claim.start]):
        return False
    for visible, whole in stated:
        for number in find_numbers(visible):
            theirs = _NEXT_WORD.match(whole[number.end :])
            if theirs is not None and theirs[1] == noun[1]:
                return False
    return True


def _without_dates(text: str, published_on: date | None) -> str:
    spans = [(claim.start, claim.end) for claim in find_dates(text, published_on)]
    chars = list(text)
    for start, end in (*spans, *find_codes(text)):
        chars[start:end] = " " * (end - start)
    return "".join(chars)
