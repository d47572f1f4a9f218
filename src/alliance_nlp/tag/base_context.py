"""Whether a town's name that a base shares means the base here: by what surrounds it."""

from __future__ import annotations

import re

from alliance_nlp.tag.vessels import PLURALS, PREFIXES, TYPE_WORDS
from alliance_nlp.tag.words import Words

_CIVIL = frozenset(
    "city mayor mayors town prefecture residents resident university station airport hotel "
    "district ward village restaurant museum assembly council councilor citizens governor "
    "island shrine temple line street hospital surname volcano festival".split()
)
_DASHES = frozenset("- \u2013 \u2014".split())
_PORT_VERBS = frozenset(
    "arrived arrive arrives arriving reached reach reaches reaching entered enter enters entering "
    "pulled pull pulls moored docked docks berthed visited visit visits visiting stayed stays "
    "remain remained put puts returned return returns returning left leave leaves leaving departed "
    "depart departs departing called calls call alongside sailed sail sails sailing port pier "
    "homeport dock drydock moor harbor berth tied departure arrival stop stops stopped".split()
)
_AIR = frozenset(
    "fighter fighters jet jets aircraft squadron squadrons wing bombers bomber airmen runway "
    "ospreys osprey helicopters flew fly flies flying landed land sorties scrambled deployed "
    "planes airlifters drones tankers".split()
)
_LAND = frozenset(
    "marines soldiers troops fired fire firing live-fire artillery himars rockets missiles "
    "howitzers training trained trains drill drills exercise exercises landing beach runway "
    "range maneuvers brigade regiment battalion launcher launchers radar paratroopers".split()
)
# F-35s, P-8A, MV-22
_MODEL = re.compile(r"(?:F|P|B|C|E|U|MV|CV|CMV|KC|RQ|MQ|EA|AV|CH|UH|MH|SH|EP|RC|AH|WC)$")
_AT = frozenset("at to from into for on of via with and over".split())
_BEING = frozenset("is are was were lies lie remains remain stays sits kept".split())
_TRAINING = ("training", "range", "maneuver", "landing", "beach", "radar", "construction")


def names_civil(words: Words, last: int) -> bool:
    """Tell whether a word of civil life follows: ``Futenma Shrine``, ``Misawa's mayor``."""
    owns = words.norm(last) in ("'", "\u2019") and words.low(last + 1) == "s"
    return words.low(last + 2 if owns else last) in _CIVIL


def is_town(words: Words, first: int, last: int) -> bool:
    """Tell whether what stands beside the name makes it the town's."""
    if words.norms[first].isupper() and _opens_dateline(words, first, last):
        return True
    if names_civil(words, last) or words.lows[last : last + 2] == [",", "the"]:
        return True
    if words.low(first - 1) in ("of", "from", "for"):
        return any(low in _CIVIL for low in words.lows[max(0, first - 7) : first - 1])
    return words.low(first - 1) in _CIVIL


def _opens_dateline(words: Words, first: int, last: int) -> bool:
    """Tell whether ``YOKOSUKA, Japan (May 3) --`` begins a line here."""
    if first and words.norms[first - 1] != "\n":
        return False
    return words.norm(last) == "," or any(
        words.norm(i) in _DASHES and not words.touches(i) for i in range(last, last + 8)
    )


def speaks_of_forces(words: Words, index: int, *, air: bool = False) -> bool:
    """Tell whether the sentence speaks of aircraft or, unless only ``air`` counts, of troops."""
    begin, end = words.sentence(index)
    return bool(set(words.lows[begin:end]) & (_AIR if air else _AIR | _LAND))


def is_used(words: Words, first: int, *, kind: str, in_japan: bool) -> bool:
    """Tell whether forces of the base's kind use the place in this sentence."""
    before = words.low(first - 1)
    begin, end = words.sentence(first)
    lows = set(words.lows[begin:end])
    if "naval" in kind or "port" in kind or "fleet" in kind:
        ships = any(
            w in PREFIXES or low in TYPE_WORDS or low in PLURALS
            for w, low in zip(words.norms[begin:end], words.lows[begin:end], strict=True)
        )
        if ships and lows & _PORT_VERBS:
            return before in _AT or before in ("in", "reached", "entered", "left", "visited")
        if ships and in_japan:
            return before in _AT or (before == "in" and words.low(first - 2) in _BEING)
    if "air" in kind and before in _AT:
        flies = lows & _AIR or any(
            _MODEL.match(words.norms[i]) and words.norm(i + 1) == "-" for i in range(begin, end)
        )
        if flies:
            return True
    trains = any(word in kind for word in _TRAINING)
    return trains and before in (_AT | {"in"}) and bool(lows & (_LAND | _AIR))
