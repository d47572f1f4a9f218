"""Minerals, with the guards that keep "to lead", tin roofs and gold medals out."""

from __future__ import annotations

from alliance_nlp.core.types import Label
from alliance_nlp.tag.gazetteer import Entry
from alliance_nlp.tag.reading import Reading
from alliance_nlp.tag.records import Mineral
from alliance_nlp.tag.words import Words

_PRODUCTS = frozenset(
    "magnet magnets battery batteries ion wire wires wafer wafers chip chips foil cans coin coins "
    "alloy alloys medal medals medalist plated".split()
)
_VERB_BEFORE = frozenset(
    "to will would can could may might should must not the a its their his her in take took taking "
    "takes who also that which and-will has have".split()
)
_VERB_AFTER = frozenset(
    "the a an to in on by its their his her with up off for role times time from us".split()
)
# Beside these any metal is raw material.
_TRADE = frozenset("price prices plant plants metals smelter smelters refinery commodities".split())
_WINDOW = 60  # code points on each side in which a trap without the mineral's own name counts


def find_minerals(reading: Reading) -> None:
    """Add the minerals of a document to its reading."""
    words = reading.words
    gazetteer = reading.gazetteer
    found = [
        *gazetteer.minerals.find(words.lows, words.marked),
        *gazetteer.acronyms.find(words.norms, words.capitals),
    ]
    places = {first for first, _, _ in found}
    plain = {i for first, last, es in found if not es[0].doubtful for i in range(first, last)}
    for first, last, entries in found:
        entry = entries[0]
        if _is_raw(reading, (first, last), entry, near=(places, plain)):
            reading.add((first, last), Label.MINERAL, "kb", ids=(entry.id,), weight=2)


def _is_raw(
    reading: Reading, span: tuple[int, int], entry: Entry, *, near: tuple[set[int], set[int]]
) -> bool:
    """Judge a hit; ``near`` holds where minerals begin, and the words of unguarded ones."""
    words = reading.words
    places, plain = near
    first, last = span
    mineral = reading.gazetteer.kb.records[entry.id]
    assert isinstance(mineral, Mineral)
    after = last + (words.norm(last) == "-" and words.touches(last))
    if words.low(after) in _PRODUCTS or words.low(after) == "permanent":
        return False
    if words.lows[first] == "lead" and not _lead_is_metal(words, span, places):
        return False
    if _proper_name(words, first, last):
        return False
    if mineral.trap_context and _trapped(words, span, mineral):
        return False
    if not mineral.guarded or last - first > 1:  # "uranium ore" says enough
        return True
    if _listed_with(words, span, plain):
        return True
    start, end = words.sentence(first)
    present = set(words.lows[start:end])
    return not _TRADE.isdisjoint(present) or any(word in present for word in mineral.guard_context)


def _listed_with(words: Words, span: tuple[int, int], plain: set[int]) -> bool:
    """Tell whether a mineral that needs no guard stands next in the same list."""
    first, last = span
    if words.low(first - 1) in (",", "and", "or") and {first - 2, first - 3} & plain:
        return True
    return words.low(last) in (",", "and", "or") and bool({last + 1, last + 2} & plain)


def _lead_is_metal(words: Words, span: tuple[int, int], places: set[int]) -> bool:
    """Tell the metal from the verb: it stands in a list with another mineral, or before "ore"."""
    first, last = span
    if last - first > 1:
        return True
    near = any(i in places for i in (first - 2, first - 3, first + 2, first + 3))
    if words.low(first - 1) in _VERB_BEFORE or words.low(last) in _VERB_AFTER:
        return False
    return near or words.low(last) in ("ore", "mine", "mines", "smelter", "smelters", "exports")


def _proper_name(words: Words, first: int, last: int) -> bool:
    """Tell whether the words are part of a company's or an agreement's name."""
    if not words.is_capital(first):
        return False
    if _in_company_name(words, first, last):
        return True
    return words.is_capital(last) and words.lows[last] in (
        "corp",
        "corporation",
        "inc",
        "ltd",
        "limited",
        "co",
        "company",
        "agreement",
        "partnership",
        "act",
        "holdings",
        "group",
        "valley",
        "coast",
        "city",
        "resources",
        "mines",
        "initiative",
        "forum",
        "dialogue",
        "mining",
        "energy",
        "international",
        "technologies",
        "plc",
        "club",
        "americas",
    )


def _in_company_name(words: Words, first: int, last: int) -> bool:
    """Tell whether capitals beside a capitalised mineral make a name: ``Toho Zinc``."""
    start, end = words.sentence(first)
    alphas = [i for i in range(start, end) if words.norms[i].isalpha() and len(words.norms[i]) > 3]
    if 2 * sum(words.is_capital(i) for i in alphas) > len(alphas) + 2:
        return False  # a headline, where everything has a capital
    before = first - 1 > start and words.is_capital(first - 1) and words.norm(first - 1).isalpha()
    return before or (words.is_capital(last) and words.norm(last).isalpha())


def _trapped(words: Words, span: tuple[int, int], mineral: Mineral) -> bool:
    """Tell whether a trap phrase overlaps the span, or one of other words stands close by."""
    start, end = words.starts[span[0]], words.ends[span[1] - 1]
    low = max(0, start - _WINDOW)
    around = words.text[low : end + _WINDOW].lower().replace("’", "'")
    name = mineral.name.split()[0].lower()
    inside = (start - low, end - low)
    for trap in mineral.trap_context:
        at = around.find(trap)
        while at >= 0:
            if name not in trap or (at < inside[1] and at + len(trap) > inside[0]):
                return True
            at = around.find(trap, at + 1)
    return False
