"""Figures whose bound or whose noun has changed: "over 200" for "under 200", ships for crew."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from alliance_nlp.digest.support_numbers import Number, find_numbers
from alliance_nlp.digest.support_quotes import alike_parts, verb_stem

Span = tuple[int, int]

_OVER = re.compile(
    r"\b(?:more than|over|above|exceed(?:s|ed|ing)?|at least|no (?:fewer|less) than|upwards of|"
    r"in excess of|greater than|not less than|surpass(?:es|ed|ing)?|top(?:s|ped|ping))\s+"
    r"(?:the |a |an )?$",
    re.IGNORECASE,
)
_UNDER = re.compile(
    r"\b(?:fewer than|less than|under|below|up to|as (?:many|much) as|at most|nearly|almost|"
    r"no more than|not more than|a maximum of|close to|just short of)\s+(?:the |a |an )?$",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(r"\b(?:no|not)\s+$", re.IGNORECASE)
_OVER_JA = re.compile(r"^[^。、]{0,4}?(?:以上|超|を上回|余り|強)")
_UNDER_JA = re.compile(r"^[^。、]{0,4}?(?:以下|未満|を下回|足らず|弱|近く)")
_SKIPPED = frozenset(
    "of the a an its their his her other more new our and or to in on at by".split()
)
_NOUN_REACH = 3
_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*|[,.;:()]")


def turned_bounds(text: str, texts: Sequence[str]) -> list[Span]:
    """Return the figures of which the sources say the opposite bound, and never this one."""
    theirs = [each for one in texts for each in _bounds(one)]
    found = []
    for number, ours in _bounds(text):
        same = {
            bound
            for other, bound in theirs
            if other.unit == number.unit and other.values & number.values
        }
        if ours and -ours in same and ours not in same and 0 not in same:
            found.append((number.start, number.end))
    return found


@lru_cache(maxsize=512)
def _bounds(text: str) -> tuple[tuple[Number, int], ...]:
    return tuple((number, _bound(text, number)) for number in find_numbers(text))


def _bound(text: str, number: Number) -> int:
    """Return 1 for "more than", -1 for "fewer than" and 0 for neither."""
    before, after = text[max(0, number.start - 40) : number.start], text[number.end :][:10]
    for pattern, ahead, bound in ((_OVER, _OVER_JA, 1), (_UNDER, _UNDER_JA, -1)):
        match = pattern.search(before)
        if match or ahead.match(after):
            is_turned = match is not None and bool(_NOT_BEFORE.search(before[: match.start()]))
            return -bound if is_turned else bound
    return 0


def moved_counts(text: str, texts: Sequence[str]) -> list[Span]:
    """Return the figures that the sources give to another noun, and to this one another figure."""
    parts = alike_parts(text, texts)
    theirs = [pair for part in parts for pair in _counted(part)]
    found = []
    for number in find_numbers(text):
        (noun,) = _nouns(text, number, 1) or ("",)
        same = [other for other, nouns in theirs if noun in nouns]
        if not noun or number.is_ordinal or not same:
            continue
        is_elsewhere = any(other.values & number.values for other, _ in theirs)
        if is_elsewhere and not any(other.values & number.values for other in same):
            found.append((number.start, number.end))
    return found


@lru_cache(maxsize=512)
def _counted(text: str) -> tuple[tuple[Number, tuple[str, ...]], ...]:
    return tuple((number, _nouns(text, number, _NOUN_REACH)) for number in find_numbers(text))


def _nouns(text: str, number: Number, reach: int) -> tuple[str, ...]:
    """Return the stems of what a figure counts: the next words, up to another figure."""
    if number.unit:
        return ()
    starts = [other.start for other in find_numbers(text)]
    place = bisect_right(starts, number.start)
    rest = text[number.end : starts[place] if place < len(starts) else len(text)]
    nouns: list[str] = []
    for match in _WORD.finditer(rest):
        word = match.group().lower()
        if not word[0].isalpha() or len(nouns) == reach:
            break
        if word not in _SKIPPED:
            nouns.append(verb_stem(word))
    return tuple(nouns)
