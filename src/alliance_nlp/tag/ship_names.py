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
        goes_on = kind and not prefix and run > found[0] and _goes_on(words, found[0])
        if (known and not maru and not goes_on) or found[0] >= run:
            return start if class_follows(words, found[0]) else found[0]
    if not prefix and all(words.lows[i] in place_words() for i in range(start, run)):
        return start
    return start if class_follows(words, run) else run


# Words of places and trades with which ships' names end.
_AT_SEA = frozenset(
    "bay island islands harbor harbour port city central union energy development venture spirit "
    "express star maru fortune breeze voyager".split()
)


def _goes_on(words: Words, end: int) -> bool:
    """Tell whether an unknown merchant's name goes on after a known one: ``Ocean Artemis``."""
    return words.is_capital(end) and words.lows[end] not in office_words()


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


_SHORTENED = frozenset("St Jr Sr Lt Gen Maj Adm Capt Col Sgt Cpl Pfc Dr Fr".split())


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
            and (len(words.norms[index - 1]) == 1 or words.norms[index - 1] in _SHORTENED)
        ):
            index += 1
        while words.norm(index) == "-" and words.touches(index) and words.is_capital(index + 1):
            index += 2
    if prefix in ("CCG", "JCG") and count == 0 and words.norm(start).isdigit():
        return start + 1
    return index


def with_hull(words: Words, end: int, *, sure: bool = False) -> int:
    """Return the end with an adjacent hull number, ``(DDG 173)``, taken in.

    After a ship that is ``sure``, any letters and digits in brackets are one: ``(MM 709)``.
    """
    if words.norm(end) != "(":
        return end
    if sure and (closing := _any_hull(words, end + 1)):
        return closing + 1
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


def _any_hull(words: Words, index: int) -> int:
    """Return the closing bracket after letters and a number, 0 when there is something else."""
    code = words.norm(index)
    letters = code.rstrip("0123456789")
    if letters != code:
        number = code[len(letters) :]
    else:
        index += 1
        index += words.norm(index) in ("-", "\u2013", "/")
        number = words.norm(index)
    short = len(letters) <= 5 and letters.isupper() and letters.isalpha()
    if short and number.isdigit() and len(number) <= 4 and words.norm(index + 1) == ")":
        return index + 1
    return 0


# What a ship is named after.
_NAMESAKES = frozenset(
    "city cities state port province town explorer general heroine hero author miner company "
    "president river island hill mountain county capital capitals prefecture surname novelist "
    "adjective goddess king queen saint warrior poet pilot corpsman library man woman composer "
    "village region statesman navigator title firm maker mountain range shrine battle".split()
)
_NAMED = frozenset({("named", "for"), ("named", "after"), ("city", "of"), ("port", "of")}) | {
    (word, "of") for word in ("bust", "statue", "province", "state", "town", "battle", "life")
}


def is_namesake(words: Words, first: int, end: int) -> bool:
    """Tell whether a ship's name stands for what she is named after: ``Baotou, the city``."""
    if (words.low(first - 2), words.low(first - 1)) in _NAMED or words.low(first - 1) == "a":
        return True
    index = end
    owns = words.norm(index) in ("'", "\u2019") and words.low(index + 1) == "s"
    if owns:
        after = words.low(index + 2)
        return after in ("mayor", "presidential", "governor", "widow", "library")
    while words.low(index) in (",", "is", "was", "are", "also", "too") and index - end < 3:
        index += 1
    if words.low(index) not in ("a", "an", "the") and words.low(end) not in ("is", "was", "are"):
        return False
    index += words.low(index) in ("a", "an", "the")
    return bool(_NAMESAKES & set(words.lows[index : index + 3]))


def stands_alone(words: Words, end: int) -> bool:
    """Tell whether a name ends a noun phrase here: no word that it could belong to follows."""
    low = words.low(end)
    if words.norm(end) in ("-", "\u2013") or words.is_capital(end):
        return False
    return not low.isalpha() or low in verbs() or low in _AFTER_SHIP or low.endswith("ed")


_AFTER_SHIP = frozenset(
    "and or in on at to from off near with by for of through into before after when while as is "
    "was has had will would can could may might did does do were are that which who under since "
    "until during then again along alongside along, also now too ran sank left led sits lies s "
    "sat lay made took came went began put met".split()
)


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
