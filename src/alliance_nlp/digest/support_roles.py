"""Who did it to whom, and who said it: names that have changed places since the source.

Only plain cases are told: a verb that stands between two names in the source and between the same
two, the other way round, in the sentence; "from A to B"; and the name beside "said".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from alliance_nlp.digest.support_known import Word, find_known, split_words, ways_to_say
from alliance_nlp.digest.support_quotes import alike_parts, plain_quote, quotations, verb_stem

Span = tuple[int, int]

_SPEECH = frozenset(
    "said says say told added adds noted notes stated states warned warns argued argues announced "
    "announces explained explains wrote writes stressed stresses insisted insists called calls "
    "claimed claims confirmed confirms admitted admits".split()
)
# What two do together has no order.
_MUTUAL = frozenset(
    "meet talk speak discuss agree confer join hold sign share cooperate work train sail between "
    "and with or both than versus trade exchange host visit partner ally connect link".split()
)
_NO_NAME = frozenset(
    "foreign defense defence prime minister president secretary governor mayor ambassador admiral "
    "general senator chief vice deputy trade finance chairman chancellor premier representative "
    "the a an mr mrs ms dr adm gen sen rep gov monday tuesday wednesday thursday friday saturday "
    "sunday january february march april may june july august september october november december "
    "it he she they we in on at after before but and while when as for however meanwhile both "
    "state department ministry officials of".split()
)
_CLAUSE = re.compile(r"[;:()—]|\.\s")
_BY = re.compile(r"\bby\s+(?:the\s+)?$")
_REACH = 9
_AROUND = 240
_MOST_QUOTES = 60
_MOST_OF_OURS = 6


@dataclass(frozen=True, slots=True)
class _Name:
    """A run of capitalised words, ``text[start:end]``: its keys without offices."""

    first: int
    last: int
    start: int
    end: int
    keys: frozenset[str]


_TwoNames = tuple[frozenset[str], frozenset[str]]


def swapped_names(text: str, texts: Sequence[str]) -> list[Span]:
    """Return the first of two names that stand about a verb, or "from" and "to", the wrong way."""
    mine = _pairs(text)
    if not mine:
        return []
    parts = alike_parts(text, texts)
    theirs = [pair for part in parts for pair in _pairs(part)]
    found = []
    for verb, one, other, is_passive in mine:
        a, b = one.keys - other.keys, other.keys - one.keys
        same = [
            _order((a, b), (first.keys, second.keys), is_turned=passive != is_passive)
            for stem, first, second, passive in theirs
            if stem == verb
        ]
        if a and b and False in same and True not in same:
            found.append((one.start, one.end))
    return sorted(set(found))


def _order(said: _TwoNames, source: _TwoNames, *, is_turned: bool) -> bool | None:
    """Tell whether two names stand as in the source, ``None`` if they are others."""
    (a, b), (first, second) = said, source
    if is_turned:
        first, second = second, first
    first, second = first - second, second - first
    if a & first and b & second:
        return True
    if a & second and b & first:
        return False
    return None


_Pair = tuple[str, _Name, _Name, bool]


@lru_cache(maxsize=1024)
def _pairs(text: str) -> tuple[_Pair, ...]:
    """Return (verb's stem, name before, name after, whether passive) for every verb of a text."""
    words = split_words(text)
    names = _names(words, text)
    return (*_verb_pairs(words, names, text), *_from_to(words, names, text))


def _verb_pairs(words: Sequence[Word], names: Sequence[_Name], text: str) -> Iterable[_Pair]:
    for place, word in enumerate(words):
        stem = verb_stem(word.key)
        is_plain = len(word.key) > 2 and not word.is_capital and stem not in _MUTUAL
        before = [name for name in names if name.last <= place]
        after = [name for name in names if name.first > place]
        if not (is_plain and before and after):
            continue
        one, other = before[-1], after[0]
        if place - one.last > _REACH or other.first - place > _REACH:
            continue
        # "Kihara, whom Austin met," and two clauses are left alone.
        if _CLAUSE.search(text[one.end : other.start]):
            continue
        yield stem, one, other, bool(_BY.search(text[word.end : other.start]))


def _from_to(words: Sequence[Word], names: Sequence[_Name], text: str) -> Iterable[_Pair]:
    for one, other in pairwise(names):
        before = words[one.first - 1].key if one.first else ""
        between = text[one.end : other.start].strip().lower()
        if before == "from" and between in ("to", "to the", "into", "for", "toward"):
            yield "from", one, other, False


def _names(words: Sequence[Word], text: str) -> list[_Name]:
    known = {
        place: found.concept
        for found in find_known(words, text, in_capitals=True)
        if found.kind in ("countries", "places")
        for place in range(found.first, found.last)
    }
    runs: list[_Name] = []
    place = 0
    while place < len(words):
        if not words[place].is_capital:
            place += 1
            continue
        last = place + 1
        while last < len(words) and words[last].is_capital and _is_joined(words, last, text):
            last += 1
        keys = {words[at].key for at in range(place, last)} - _NO_NAME
        keys |= {known[at] for at in range(place, last) if at in known}
        keys |= {way for concept in list(keys) for way in _ways(concept)}
        if keys:
            start, end = words[place].start, words[last - 1].end
            runs.append(_Name(place, last, start, end, frozenset(keys)))
        place = last
    return runs


def _ways(concept: str) -> Iterable[str]:
    return ways_to_say(concept) if "/" in concept else ()


def _is_joined(words: Sequence[Word], last: int, text: str) -> bool:
    return text[words[last - 1].end : words[last].start] in (" ", "-", ". ")


def changed_speakers(text: str, texts: Sequence[str]) -> list[Span]:
    """Return the name beside a "said" that the sources put beside another name's."""
    return sorted({*_of_quotes(text, texts), *_of_speech(text, texts)})


def _of_quotes(text: str, texts: Sequence[str]) -> list[Span]:
    theirs = [spoken for each in texts for spoken in _spoken(each)]
    found = []
    for inner, ours in _spoken(text)[:_MOST_OF_OURS]:
        speakers = [name for said, name in theirs if inner in said]
        if speakers and not any(ours.keys & name.keys for name in speakers):
            found.append((ours.start, ours.end))
    return found


@lru_cache(maxsize=256)
def _spoken(text: str) -> tuple[tuple[str, _Name], ...]:
    """Return the quotations of a text, plain, that it gives to a name, with that name."""
    found = []
    for start, end in quotations(text)[:_MOST_QUOTES]:
        speaker = _speaker_of(text, start, end)
        inner = plain_quote(text[start:end])
        if speaker is not None and inner:
            found.append((inner, speaker))
    return tuple(found)


def _speaker_of(text: str, start: int, end: int) -> _Name | None:
    """Return the name that a speech verb gives a quotation to: right behind it or before it."""
    shift = max(0, start - _AROUND)
    text, start, end = text[shift : end + _AROUND], start - shift, end - shift
    words = split_words(text)
    names = _names(words, text)
    speech = [place for place, word in enumerate(words) if word.key in _SPEECH]
    behind = [p for p in speech if 0 <= words[p].start - end <= 60]
    ahead = [p for p in speech if 0 <= start - words[p].end <= 40]
    for place in (*behind[:1], *ahead[-1:]):
        gap = text[end : words[place].start] if place in behind else text[words[place].end : start]
        if _CLAUSE.search(gap.rstrip(":, ")) or "“" in gap or '"' in gap[1:]:
            continue
        before = [n for n in names if n.last <= place and place - n.last <= 1 and n.start >= 0]
        after = [n for n in names if n.first > place and n.first - place <= 2]
        is_behind = place in behind
        if before and (not is_behind or before[-1].start >= end):
            return _shifted(before[-1], shift)
        if is_behind and after:
            return _shifted(after[0], shift)
    return None


def _shifted(name: _Name, shift: int) -> _Name:
    return replace(name, start=name.start + shift, end=name.end + shift)


def _of_speech(text: str, texts: Sequence[str]) -> list[Span]:
    mine = _said_by(text)
    if not mine:
        return []
    parts = alike_parts(text, texts)
    theirs = [name for part in parts for name in _said_by(part)]
    if not theirs or len(mine) > 1:
        return []
    (ours,) = mine
    is_known = any(ours.keys & name.keys for name in theirs)
    stands = any(
        ours.keys & name.keys for part in parts for name in _names(split_words(part), part)
    )
    return [] if is_known or stands else [(ours.start, ours.end)]


def _said_by(text: str) -> list[_Name]:
    words = split_words(text)
    names = _names(words, text)
    speech = [place for place, word in enumerate(words) if word.key in _SPEECH]
    return [
        name
        for place in speech
        for name in names
        if name.last == place and text[name.end : words[place].start] == " "
    ]
