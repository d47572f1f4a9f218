"""Whether a report tells again, in other words, what another report has told.

Two desks seldom choose the same words for a vote or a visit, but they name the same people, places,
days and figures. These are a sentence's anchors; a country counts as one with its people and its
capital.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

# A first or second sentence tells the event, those after it the circumstances.
EVENT_SENTENCES = 2
# Beside a day; a country counts half, since the whole desk is about two of them.
_SHARED_WITH_DAY = 1.5
_SHARED_WITHOUT_DAY = 3.5
_SHARED_OF_ALL = 0.6

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = re.compile(rf"(?P<week>\bweek of\s+)?\b(?P<month>{_MONTHS})\s(?P<day>\d{{1,2}})\b")
_MONTH = re.compile(rf"\b(?:{_MONTHS})\b")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b(?![,.]\d)")
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
_NAME = re.compile(r"\b[A-ZÀ-ÞŌŪ][\w&’'-]*[\w]|\bA\$")
_COUNTED = {
    word: str(value)
    for value, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve".split(), start=2
    )
}
_COUNT = re.compile(rf"\b(?:{'|'.join(_COUNTED)})\b", re.IGNORECASE)
# What a name goes by; an office alone names nobody.
_ONE_NAME = {
    name: country
    for country, names in {
        "us": "US U.S. USA United States American Americans America Washington",
        "japan": "Japan Japanese Tokyo",
        "philippines": "Philippines Philippine Filipino Filipinos Manila",
        "china": "China Chinese Beijing",
        "south-korea": "Seoul South Korean Koreans Korea ROK",
        "north-korea": "Pyongyang",
        "australia": "Australia Australian Canberra",
        "britain": "Britain British UK London",
        "russia": "Russia Russian Moscow",
        "taiwan": "Taiwan Taiwanese Taipei",
    }.items()
    for name in names.split()
} | {"United": "us", "States": "us", "South": "south-korea"}
_COUNTRIES = frozenset(_ONE_NAME.values())
_NO_NAME = frozenset(
    "The A An In On At Of For And But With From By As After Before While When Under Over It Its He "
    "She They Their His Her This That These Those Officials Leaders Ministers President Prime "
    "Minister Foreign Defense Defence Secretary Trade Finance Commerce Ambassador Governor Mayor "
    "Chief Cabinet Senator Representative Deputy Vice Admiral General Ministry Department Air Base "
    "Corp Corp. Inc Inc. Ltd Co Company Group State Treasury Government Two Three Four "
    "Five Six Seven Eight Nine Ten Some Many Most Several About More Both All One No Not New "
    "Separately Shareholders Executives Lawmakers Members Industry Economy Bureau".split()
)
_RANK = re.compile(
    r"\b(?:(?:second|third|fourth|fifth)[- ])?(?:largest|biggest|smallest|longest|busiest|oldest|"
    r"top|leading|main)\b|\b(?:more|fewer|larger|bigger) (?:\w+ ){0,3}than any\b|\bno other\b"
)


@lru_cache(maxsize=8192)
def anchors(text: str) -> frozenset[str]:
    """Return the names, days and figures of an English sentence, each in one writing.

    A day begins with ``on:``, a figure with ``n:``.
    """
    found: set[str] = set()
    for match in _DAY.finditer(text):
        week = "week " if match["week"] else ""
        found.add(f"on:{week}{match['month']} {match['day']}")
    rest = _MONTH.sub(" ", _YEAR.sub(" ", _DAY.sub(" ", text)))
    found |= {f"n:{match.group().replace(',', '')}" for match in _FIGURE.finditer(rest)}
    found |= {f"n:{_COUNTED[match.group().lower()]}" for match in _COUNT.finditer(rest)}
    for match in _NAME.finditer(rest):
        name = re.sub(r"['’]s?$", "", match.group())
        if name in _NO_NAME or (match.start() == 0 and name.endswith(("ed", "ing", "ers"))):
            continue
        found.add(_ONE_NAME.get(name, name.lower()))
    return frozenset(found)


def retells(text: str, told: Iterable[str], *, is_event: bool) -> bool:
    """Tell whether a sentence brings nothing but what sentences of other reports have told.

    Parameters
    ----------
    told
        What the bullet says so far, from other reports than the sentence's own.
    is_event
        Whether it stands at the head of its report, where a report tells what happened.
    """
    mine = anchors(text)
    others = [(one, anchors(one)) for one in told]
    if any(_is_same_event(mine, theirs, is_event=is_event) for _, theirs in others):
        return True
    if is_event and any(_is_of_one_day(mine & theirs, text, one) for one, theirs in others):
        return True
    if any(_RANK.search(text) and _RANK.search(one) and mine & theirs for one, theirs in others):
        return _shares_a_thing(text, [one for one, _ in others if _RANK.search(one)])
    union = frozenset().union(*(theirs for _, theirs in others))
    known = mine & union
    return not mine - union and bool(_days(known)) and _weight(known) >= _SHARED_WITH_DAY


def _is_same_event(mine: frozenset[str], theirs: frozenset[str], *, is_event: bool) -> bool:
    shared = mine & theirs
    figures = {one for one in mine - theirs if one.startswith("n:")}
    if _days(shared) and _weight(shared) >= _SHARED_WITH_DAY:
        return is_event or not figures
    has_own_day = bool(_days(mine - theirs))
    is_most = len(shared) >= _SHARED_OF_ALL * len(mine)
    n_figures = sum(one.startswith("n:") for one in shared)
    return _weight(shared) + n_figures >= _SHARED_WITHOUT_DAY and is_most and not has_own_day


def _is_of_one_day(shared: frozenset[str], text: str, told: str) -> bool:
    """Tell whether two reports open on one day's doing of one name, in words they share."""
    words = set(_LONG_WORD.findall(text)) & set(_LONG_WORD.findall(told))
    return bool(_days(shared)) and _weight(shared) >= 1 and len(words - _LOOSE) > 1


def _days(found: Iterable[str]) -> set[str]:
    return {one for one in found if one.startswith("on:")}


def _weight(found: Iterable[str]) -> float:
    names = [one for one in found if ":" not in one]
    return sum(0.5 if one in _COUNTRIES else 1.0 for one in names)


def _shares_a_thing(text: str, told: Iterable[str]) -> bool:
    """Tell whether two rankings are of one thing: "more nickel than any", "producer of nickel"."""
    mine = set(_LONG_WORD.findall(text)) - _LOOSE
    return any(mine & set(_LONG_WORD.findall(one)) for one in told)


_LONG_WORD = re.compile(r"\b[a-z]{5,}\b")
_LOOSE = frozenset(
    "largest biggest smallest longest busiest oldest leading second third fourth fifth world "
    "country countries since other which their there would about after before years company first "
    "exports imports trade region ministry government".split()
)
