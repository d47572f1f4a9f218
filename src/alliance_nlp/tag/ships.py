"""Ships: by prefix, hull number, type of ship before or after the name, and later bare names."""

from __future__ import annotations

from dataclasses import dataclass, field

from alliance_nlp.core.types import Label
from alliance_nlp.tag.geography import country_codes, place_words
from alliance_nlp.tag.names import CLOSE_QUOTES, OPEN_QUOTES
from alliance_nlp.tag.reading import Reading
from alliance_nlp.tag.records import Ship
from alliance_nlp.tag.ship_names import (
    TYPE_TAILS,
    class_follows,
    fits,
    is_type,
    may_name_ship,
    ship_name_end,
    with_hull,
)
from alliance_nlp.tag.titles import first_words
from alliance_nlp.tag.vessels import (
    LETTERS,
    PLURALS,
    PREFIXES,
    SHIP_MARKS,
    SLASHED,
    TYPE_WORDS,
    VAGUE,
    WEAK_PREFIXES,
)
from alliance_nlp.tag.vocabulary import not_in_names, office_words, verbs
from alliance_nlp.tag.words import Words

_SERVICES = frozenset("navy guard force jmsdf msdf jcg fleet".split())


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A ship's span and, inside it, its name (words)."""

    first: int
    last: int
    name: tuple[int, int]
    prefix: str
    kind: str
    how: str


@dataclass(slots=True)
class _Fleet:
    """Ships seen in a document, by the words of their names."""

    sightings: list[_Sighting] = field(default_factory=list)
    covered: set[int] = field(default_factory=set)
    ids: dict[tuple[str, ...], str] = field(default_factory=dict)


def find_ships(reading: Reading) -> None:
    """Add the ships of a document to its reading."""
    fleet = _Fleet()
    words = reading.words
    bases = {first for first, _, entries in reading.hits if entries[0].label == Label.BASE}
    for index in words.where(SHIP_MARKS):
        if index in fleet.covered or index in bases:
            continue
        word, low = words.norms[index], words.lows[index]
        if word in PREFIXES or word in LETTERS:
            _by_prefix(reading, fleet, index)
        elif word == "Maru":
            _by_maru(reading, fleet, index)
        elif low == "cutter" and word == "Cutter":
            _by_cutter(reading, fleet, index)
        elif (low in TYPE_WORDS or low in PLURALS) and is_type(words, index):
            _by_type(reading, fleet, index)
        elif word == "s" and words.low(index - 2) in _SERVICES:
            _by_service(reading, fleet, index)
        elif word == "(" and index:
            _by_hull(reading, fleet, index)
        elif word == "," and words.lows[index + 1 : index + 2] in (["a"], ["an"], ["the"]):
            _by_apposition(reading, fleet, index)
    if fleet.sightings:
        _enter(reading, fleet)
        _later(reading, fleet)


def _by_prefix(reading: Reading, fleet: _Fleet, index: int) -> None:
    words = reading.words
    word, start = words.norms[index], index + 1
    if len(word) == 1:
        if words.norm(index + 1) != "/" or (word, words.norm(index + 2)) not in SLASHED:
            return
        word, start = word + words.norm(index + 2), index + 3
    quoted = words.norm(start) in OPEN_QUOTES
    name = start + quoted
    last = ship_name_end(reading, name, prefix=word)
    if last == name:
        return
    if word in WEAK_PREFIXES and not _trusted(reading, (name, last), word, quoted=quoted):
        return
    end = last + 1 if quoted and words.norm(last) in CLOSE_QUOTES else last
    _see(fleet, _Sighting(index, with_hull(words, end), (name, last), word, "", "prefix"))
    _list_after(reading, fleet, many=False)


def _trusted(reading: Reading, name: tuple[int, int], prefix: str, *, quoted: bool) -> bool:
    words = reading.words
    first, last = name
    known = any(
        fits(reading, e, prefix, kind="")
        for e in reading.gazetteer.ships.get(words.norms[first:last])
    )
    tanker = prefix in ("MT", "SS", "MS", "INS", "RSS") and not all(
        words.lows[i] in not_in_names() for i in range(first, last)
    )
    return known or quoted or with_hull(words, last) > last or tanker


def _by_maru(reading: Reading, fleet: _Fleet, index: int) -> None:
    """Read ``Kaiho Maru No. 8``: Maru ends the names of Japanese merchant ships."""
    words = reading.words
    first = index
    while first > 0 and index - first < 3 and may_name_ship(words, first - 1, ""):
        first -= 1
    last = index + 1
    if words.norm(last) == "No" and words.norm(last + 1) == "." and words.norm(last + 2).isdigit():
        last += 3
    elif words.norm(last).isdigit():
        last += 1
    if first < index and first not in fleet.covered:
        _see(fleet, _Sighting(first, last, (first, last), "", "", "maru"))


def _by_cutter(reading: Reading, fleet: _Fleet, index: int) -> None:
    """Read ``US Coast Guard Cutter Kimball``, whole."""
    words = reading.words
    last = ship_name_end(reading, index + 1, prefix="USCGC")
    if last == index + 1:
        return
    first = index
    if words.lows[max(0, index - 2) : index] == ["coast", "guard"]:
        first = index - 2
        if words.low(first - 1) in ("us", "u.s."):
            first -= 1
    end = with_hull(words, last)
    _see(fleet, _Sighting(first, end, (index + 1, last), "USCGC", "cutter", "prefix"))
    _list_after(reading, fleet, many=False)


def _after_type_comma(reading: Reading, fleet: _Fleet, index: int, *, kind: str) -> None:
    """Read ``a Chinese carrier, the Liaoning``, known ships only."""
    words = reading.words
    index += words.low(index) == "the"
    found = reading.gazetteer.ships.at(words.norms, index)
    if (
        found
        and words.norm(found[0]) in (",", ".", ";", ")")
        and any(fits(reading, entry, "", kind=kind) for entry in found[1])
    ):
        _see(fleet, _Sighting(index, found[0], (index, found[0]), "", kind, "type"))


def _by_type(reading: Reading, fleet: _Fleet, index: int) -> None:
    """Read ``the guided-missile destroyer Milius`` and ``destroyers Howard and Russell``."""
    words = reading.words
    low = words.lows[index]
    many = low in PLURALS
    kind = PLURALS.get(low, low)
    name = index + 1
    if words.norm(name) == ",":
        _after_type_comma(reading, fleet, name + 1, kind=kind)
        return
    quoted = words.norm(name) in OPEN_QUOTES
    name += quoted
    if words.norm(name) in PREFIXES or not words.is_capital(name):
        return
    last = ship_name_end(reading, name, kind=kind, quoted=quoted)
    if last == name:
        return
    vague = kind in VAGUE and (words.low(index - 1), kind) not in TYPE_TAILS and last - name < 2
    known = bool(reading.gazetteer.ships.get(words.norms[name:last]))
    if words.is_capital(index) and words.is_capital(index - 1) and not (known or quoted):
        return
    if vague and not (known or quoted or with_hull(words, last) > last):
        return
    end = with_hull(words, last + 1 if quoted else last) if not quoted else last
    _see(fleet, _Sighting(name, end, (name, last), "", kind, "type"))
    _list_after(reading, fleet, many=many)


def _by_service(reading: Reading, fleet: _Fleet, index: int) -> None:
    """Read ``the Japan Coast Guard's Akitsushima``, known ships only."""
    words = reading.words
    found = reading.gazetteer.ships.at(words.norms, index + 1)
    if found and not words.is_capital(found[0]) and words.norm(found[0]) != "-":
        end = with_hull(words, found[0])
        _see(fleet, _Sighting(index + 1, end, (index + 1, found[0]), "", "", "service"))


def _by_hull(reading: Reading, fleet: _Fleet, index: int) -> None:
    """Read ``Atago (DDG 177)`` without a prefix."""
    words = reading.words
    end = with_hull(words, index)
    if end == index:
        return
    for first in range(max(0, index - 4), index):
        if first in fleet.covered or not words.is_capital(first):
            continue
        found = reading.gazetteer.ships.at(words.norms, first)
        if found and found[0] == index:
            _see(fleet, _Sighting(first, end, (first, index), "", "", "hull"))
            return
    first = index
    while first > 0 and may_name_ship(words, first - 1, "") and index - first < 3:
        first -= 1
    if first < index and words.lows[first] not in first_words():
        _see(fleet, _Sighting(first, end, (first, index), "", "", "hull"))


def _by_apposition(reading: Reading, fleet: _Fleet, index: int) -> None:
    """Read ``Milius, an Arleigh Burke-class destroyer``."""
    words = reading.words
    stop = min(index + 12, words.n)
    for place in range(index + 2, stop):
        low = words.lows[place]
        if low in (",", ".", ";", "of", "for", "that", "which", "from", "\n", "and", "to", "on"):
            return
        if low in TYPE_WORDS and low not in ("tender", "escort", "liner", "sub", "carrier"):
            break
    else:
        return
    for first in range(max(0, index - 5), index):
        found = reading.gazetteer.ships.at(words.norms, first)
        if found and found[0] == index and first not in fleet.covered:
            _see(fleet, _Sighting(first, index, (first, index), "", "", "apposition"))
            return
    first = index
    while first > 0 and may_name_ship(words, first - 1, "") and index - first < 4:
        first -= 1
    if first == index or words.low(first - 1) != "the" or first in fleet.covered:
        return
    if not all(words.lows[i] in office_words() for i in range(first, index)):
        _see(fleet, _Sighting(first, index, (first, index), "", "", "apposition"))


def _list_after(reading: Reading, fleet: _Fleet, *, many: bool) -> None:
    """Take the ships that follow in a list; unknown ones only after a plural type."""
    words = reading.words
    while fleet.sightings:
        seen = fleet.sightings[-1]
        index = seen.last
        while words.low(index) in (",", "and", "&") and index - seen.last < 2:
            index += 1
        if index == seen.last:
            return
        index += words.low(index) == "the"
        if words.norm(index) in PREFIXES or not words.is_capital(index):
            return
        found = reading.gazetteer.ships.at(words.norms, index)
        last = found[0] if found else index
        known = found is not None and any(
            fits(reading, entry, seen.prefix, kind=seen.kind) for entry in found[1]
        )
        if not known:
            last = ship_name_end(reading, index, kind=seen.kind) if many else index
            if last == index or words.lows[index] in place_words():
                return
        if words.is_capital(last) or words.lows[index] in first_words():
            return
        end = with_hull(words, last)
        _see(fleet, _Sighting(index, end, (index, last), seen.prefix, seen.kind, "list"))


def _see(fleet: _Fleet, sighting: _Sighting) -> None:
    fleet.sightings.append(sighting)
    fleet.covered.update(range(sighting.first, sighting.last))


def _enter(reading: Reading, fleet: _Fleet) -> None:
    words = reading.words
    for seen in fleet.sightings:
        entity_id = _link(reading, seen)
        name = tuple(words.norms[slice(*seen.name)])
        if fleet.ids.setdefault(name, entity_id) == "" and entity_id:
            fleet.ids[name] = entity_id
    for seen in fleet.sightings:
        name = tuple(words.norms[slice(*seen.name)])
        entity_id = _link(reading, seen) or fleet.ids[name]
        ids = (entity_id,) if entity_id else ()
        reading.add((seen.first, seen.last), Label.SHIP, seen.how, ids=ids, weight=4)


def _link(reading: Reading, seen: _Sighting) -> str:
    """Return the one ship of that name that prefix, hull and type allow, or ``""``."""
    words = reading.words
    entries = reading.gazetteer.ships.get(words.norms[slice(*seen.name)])
    fitting = [e for e in entries if fits(reading, e, seen.prefix, kind=seen.kind)]
    hull = (
        "".join(c for c in words.surface(seen.name[1], seen.last) if c.isalnum()).upper()
        if (seen.last > seen.name[1])
        else ""
    )
    ships = [reading.gazetteer.kb.records[e.id] for e in fitting]
    if hull:
        same = [
            s
            for s in ships
            if isinstance(s, Ship) and "".join(c for c in s.hull or "" if c.isalnum()) == hull
        ]
        return (
            same[0].id
            if same
            else (ships[0].id if len(ships) == 1 and not _hull_of(ships[0]) else "")
        )
    if len(ships) > 1 and reading.published_on is not None:
        ships = [s for s in ships if isinstance(s, Ship) and _sails(s, reading)]
    return ships[0].id if len(ships) == 1 else ""


def _hull_of(ship: object) -> str:
    return (ship.hull or "") if isinstance(ship, Ship) else ""


def _sails(ship: Ship, reading: Reading) -> bool:
    day = reading.published_on.isoformat() if reading.published_on else "9999"
    since, until = ship.since or "", ship.until
    return day[: len(since)] >= since and (until is None or day[: len(until)] <= until)


def _later(reading: Reading, fleet: _Fleet) -> None:
    """Find bare names of ships that the document introduced, before and after."""
    words = reading.words
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, entity_id in fleet.ids.items():
        if name and len(name[0]) > 1:
            by_first.setdefault(name[0], []).append((name, entity_id))
            if len(name) > 1 and name[-1].isalpha() and len(name[-1]) > 3:
                by_first.setdefault(name[-1], []).append(((name[-1],), entity_id))
    for index in words.capitals:
        word = words.norms[index]
        if word not in by_first or index in fleet.covered:
            continue
        for name, entity_id in sorted(by_first[word], key=lambda pair: -len(pair[0])):
            end = index + len(name)
            whole = name in fleet.ids
            if tuple(words.norms[index:end]) == name and _stands_bare(
                words, index, end, whole=whole
            ):
                last = with_hull(words, end)
                ids = (entity_id,) if entity_id else ()
                reading.add((index, last), Label.SHIP, "document", ids=ids, weight=3)
                break


def _stands_bare(words: Words, first: int, end: int, *, whole: bool) -> bool:
    """Tell whether a bare name here is the ship: articles help, neighbours in capitals hurt."""
    if class_follows(words, end) or (words.is_capital(end) and words.low(end) not in verbs()):
        return False
    before = words.low(first - 1)
    if before in ("the", "aboard", "onboard"):
        return words.low(end) not in ("government", "administration", "city", "prefecture")
    if words.norm(end) == "," and words.low(end + 1) in country_codes():
        return False
    if not whole or (words.is_capital(first - 1) and before not in not_in_names()):
        return False
    single = words.lows[first] if end - first == 1 else ""
    return single not in place_words()
