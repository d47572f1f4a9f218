"""The shape of a ship's name, and whether a known ship fits what stands beside it."""

from __future__ import annotations

from alliance_nlp.tag.gazetteer import Entry
from alliance_nlp.tag.geography import place_words
from alliance_nlp.tag.names import CLOSE_QUOTES
from alliance_nlp.tag.reading import Reading
from alliance_nlp.tag.records import Ship
from alliance_nlp.tag.titles import first_words
from alliance_nlp.tag.vessels import HULL_CODES, PLURALS, PREFIXES, TYPES, VAGUE
from alliance_nlp.tag.vocabulary import calendar, not_in_names, office_words, verbs
from alliance_nlp.tag.words import Words

_JOINERS = frozenset("of the de la del du da al e".split())


_NO_SHIP = frozenset(
    "squadron strike group wing repair yard division fleet force forces command navy class crew "
    "captain commander officials officers sailors company lines line association operations self "
    "owner owners operator captain maritime defense aircraft carrier destroyer submarine cruiser "
    "frigate program shipyard conversion".split()
)


def is_type(words: Words, index: int) -> bool:
    """Tell whether a ship type ends here: "sea base" is one, "base" is none."""
    last = PLURALS.get(words.lows[index], words.lows[index])
    if (last,) in TYPES:
        return True
    return (words.low(index - 1), last) in TYPE_TAILS


TYPE_TAILS = frozenset(t[-2:] for t in TYPES if len(t) > 1)


def ship_name_end(
    reading: Reading, start: int, *, prefix: str = "", kind: str = "", quoted: bool = False
) -> int:
    """Return the end of the ship name at ``start``, or ``start``."""
    words = reading.words
    if quoted:
        for end in range(start + 1, min(start + 6, words.n)):
            if words.norms[end] in CLOSE_QUOTES:
                return end - (words.norms[end - 1] in ",.")
        return start
    found = reading.gazetteer.ships.at(words.norms, start)
    run = _run_end(words, start, prefix)
    if found is not None:
        known = any(fits(reading, entry, prefix, kind=kind) for entry in found[1])
        maru = words.norm(found[0]) in ("Maru", "II", "III", "IV") and run > found[0]
        if (known and not maru) or found[0] >= run:
            return start if class_follows(words, found[0]) else found[0]
    if not prefix and all(words.lows[i] in place_words() for i in range(start, run)):
        return start
    return start if class_follows(words, run) else run


# Words of places and trades with which ships' names end.
_AT_SEA = frozenset(
    "bay island islands harbor harbour port city central union energy development venture spirit "
    "express star maru fortune breeze voyager".split()
)


def class_follows(words: Words, end: int) -> bool:
    """Tell whether a name is that of a class of ships: ``Mogami-class``."""
    return words.low(end) == "class" or (words.norm(end) == "-" and words.low(end + 1) == "class")


def may_name_ship(words: Words, index: int, prefix: str) -> bool:
    """Tell whether a word may be part of an unknown ship's name."""
    if index >= words.n:
        return False
    word, low = words.norms[index], words.lows[index]
    if not word[0].isupper() or low in _NO_SHIP or low in verbs() or low in calendar():
        return False
    if word in PREFIXES or (word in HULL_CODES and words.norm(index + 1)[:1].isdigit()):
        return False
    if low in _AT_SEA:
        return True
    plain = low in not_in_names() and low not in place_words() and low not in office_words()
    if not prefix and low in first_words():
        return False
    return not plain and (bool(prefix) or low not in office_words())


def _run_end(words: Words, start: int, prefix: str) -> int:
    """Return the end of a run of capitalised words that may be an unknown ship's name."""
    index, count = start, 0
    if prefix in ("JCG", "CCG", "PCG") and words.low(start) in first_words():
        return start
    while index < words.n and count < 4:
        low = words.lows[index]
        if count and low == "the" and words.low(index + 1) != "great":
            break
        if count and low in _JOINERS and prefix and may_name_ship(words, index + 1, prefix):
            index += 1
            continue
        if count and not prefix and low in ("may", "june", "april"):
            index, count = index + 1, count + 1
            continue
        if count > (not prefix) and words.norms[index].isdigit() and len(low) < 5:
            index += 1
            break
        if not may_name_ship(words, index, prefix):
            break
        index += 1
        count += 1
        if (
            words.norm(index) == "."
            and words.touches(index)
            and (
                len(words.norms[index - 1]) == 1
                or words.norms[index - 1] in ("St", "Jr", "Sr", "Lt")
            )
        ):
            index += 1
        while words.norm(index) == "-" and words.touches(index) and words.is_capital(index + 1):
            index += 2
    if prefix in ("CCG", "JCG") and count == 0 and words.norm(start).isdigit():
        return start + 1
    return index


def with_hull(words: Words, end: int) -> int:
    """Return the end with an adjacent hull number, ``(DDG 173)``, taken in."""
    if words.norm(end) != "(":
        return end
    index = end + 1
    if words.norm(index) == "T" and words.norm(index + 1) == "-":
        index += 2
    code = words.norm(index)
    if len(code) > 1 and code.isalpha() and code in HULL_CODES:
        index += 1
        index += words.norm(index) in ("-", "–")
        if not words.norm(index)[:1].isdigit():
            return end
    elif not (code and code[-1].isdigit() and code.rstrip("0123456789") in HULL_CODES | {""}):
        return end
    digits = sum(c.isdigit() for c in code)
    if digits and (digits < 2 or digits > 4 or (code.isdigit() and digits == 4)):
        return end
    return index + 2 if words.norm(index + 1) == ")" else end


def fits(reading: Reading, entry: Entry, prefix: str, *, kind: str) -> bool:
    """Tell whether a known ship may bear a prefix and be of a type; ``""`` for what is not said."""
    ship = reading.gazetteer.kb.records[entry.id]
    if not isinstance(ship, Ship):
        return False
    if prefix and ship.prefix and not _same_prefix(prefix, ship.prefix):
        return False
    return not kind or not ship.type or kind in VAGUE or _same_kind(kind, ship.type)


def _same_prefix(one: str, other: str) -> bool:
    return one == other or {one, other} <= {"JCG", "JCGS"} or {one, other} <= {"JS", "JDS"}


_BROAD = frozenset("warship vessel ship boat flagship flattop supercarrier submarine sub".split())


_ALIKE = (
    frozenset({"destroyer", "frigate", "cruiser", "escort", "warship", "corvette"}),
    frozenset({"carrier", "supercarrier", "flattop", "destroyer"}),
    frozenset({"cutter", "vessel", "ship", "boat", "tender"}),
    frozenset({"dock", "ship", "carrier", "transport"}),
    frozenset({"tanker", "oiler", "ship", "carrier"}),
)


def _same_kind(kind: str, ship_type: str) -> bool:
    last = ship_type.split()[-1]
    return kind in ship_type or kind in _BROAD or any({kind, last} <= group for group in _ALIKE)
