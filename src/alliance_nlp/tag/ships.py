"""Ships: by prefix, hull number, type of ship before or after the name, and later bare names."""

from __future__ import annotations

from alliance_nlp.core.types import Label
from alliance_nlp.tag.geography import country_codes, place_words
from alliance_nlp.tag.names import CLOSE_QUOTES, OPEN_QUOTES
from alliance_nlp.tag.reading import Reading
from alliance_nlp.tag.ship_names import (
    TYPE_TAILS,
    class_follows,
    fits,
    is_namesake,
    is_type,
    may_name_ship,
    ship_name_end,
    stands_alone,
    with_hull,
)
from alliance_nlp.tag.ship_sightings import Fleet, Sighting, link, see
from alliance_nlp.tag.titles import first_words
from alliance_nlp.tag.vessels import (
    CUES,
    LETTERS,
    PLURALS,
    PREFIXES,
    SHIP_MARKS,
    SHORE,
    SLASHED,
    TYPE_WORDS,
    VAGUE,
    WATERS,
    WEAK_PREFIXES,
)
from alliance_nlp.tag.vocabulary import not_in_names, office_words, verbs
from alliance_nlp.tag.words import Words, is_abbreviation

_SERVICES = frozenset("navy guard force jmsdf msdf jcg fleet".split())


def find_ships(reading: Reading) -> None:
    """Add the ships of a document to its reading."""
    fleet = Fleet()
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
    _known_with_article(reading, fleet, bases)
    if fleet.sightings:
        _enter(reading, fleet)
        _later(reading, fleet)


def _by_prefix(reading: Reading, fleet: Fleet, index: int) -> None:
    words = reading.words
    word, start = words.norms[index], index + 1
    if len(word) == 1:
        if words.norm(index + 1) != "/" or (word, words.norm(index + 2)) not in SLASHED:
            return
        word, start = word + words.norm(index + 2), index + 3
    quoted = words.norm(start) in OPEN_QUOTES
    name = start + quoted
    if word == "ITS" and len(words.norm(name)) > 3 and words.norm(name).isupper():
        return  # a word of a headline in capitals
    last = ship_name_end(reading, name, prefix=word)
    if last == name:
        return
    if word in WEAK_PREFIXES and not _trusted(reading, (name, last), word, quoted=quoted):
        return
    end = last + 1 if quoted and words.norm(last) in CLOSE_QUOTES else last
    if (
        word in SHORE
        and words.low(index - 1) == "at"
        and not reading.gazetteer.ships.get(words.norms[name:last])
    ):
        reading.add((index, last), Label.BASE, "designator", weight=2)
        return  # "at HMAS Waterhen": an establishment ashore
    whole = with_hull(words, end, sure=True)
    see(fleet, Sighting(index, whole, (name, last), word, "", "prefix"))
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


def _by_maru(reading: Reading, fleet: Fleet, index: int) -> None:
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
        see(fleet, Sighting(first, last, (first, last), "", "", "maru"))


def _by_cutter(reading: Reading, fleet: Fleet, index: int) -> None:
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
    see(fleet, Sighting(first, end, (index + 1, last), "USCGC", "cutter", "prefix"))
    _list_after(reading, fleet, many=False)


def _after_type_comma(reading: Reading, fleet: Fleet, index: int, *, kind: str) -> None:
    """Read ``a Chinese carrier, the Liaoning``, known ships only."""
    words = reading.words
    index += words.low(index) == "the"
    found = reading.gazetteer.ships.at(words.norms, index)
    if (
        found
        and words.norm(found[0]) in (",", ".", ";", ")")
        and any(fits(reading, entry, "", kind=kind) for entry in found[1])
    ):
        see(fleet, Sighting(index, found[0], (index, found[0]), "", kind, "type"))


def _by_type(reading: Reading, fleet: Fleet, index: int) -> None:
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
    heads = words.is_capital(index) and (words.is_capital(index - 1) or last - name > 2)
    if heads and not (known or quoted):
        return
    if vague and not (known or quoted or with_hull(words, last) > last):
        return
    end = with_hull(words, last + 1 if quoted else last) if not quoted else last
    see(fleet, Sighting(name, end, (name, last), "", kind, "type"))
    _list_after(reading, fleet, many=many)


def _by_service(reading: Reading, fleet: Fleet, index: int) -> None:
    """Read ``the Japan Coast Guard's Akitsushima``, known ships only."""
    words = reading.words
    found = reading.gazetteer.ships.at(words.norms, index + 1)
    if found and not words.is_capital(found[0]) and words.norm(found[0]) != "-":
        end = with_hull(words, found[0])
        see(fleet, Sighting(index + 1, end, (index + 1, found[0]), "", "", "service"))


def _by_hull(reading: Reading, fleet: Fleet, index: int) -> None:
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
            see(fleet, Sighting(first, end, (first, index), "", "", "hull"))
            return
    first = index
    while first > 0 and may_name_ship(words, first - 1, "") and index - first < 3:
        first -= 1
    if first < index and words.lows[first] not in first_words():
        see(fleet, Sighting(first, end, (first, index), "", "", "hull"))


def _by_apposition(reading: Reading, fleet: Fleet, index: int) -> None:
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
            see(fleet, Sighting(first, index, (first, index), "", "", "apposition"))
            return
    first = index
    while first > 0 and may_name_ship(words, first - 1, "") and index - first < 4:
        first -= 1
    if first == index or words.low(first - 1) != "the" or first in fleet.covered:
        return
    if not all(words.lows[i] in office_words() for i in range(first, index)):
        see(fleet, Sighting(first, index, (first, index), "", "", "apposition"))


def _known_with_article(reading: Reading, fleet: Fleet, bases: set[int]) -> None:
    """Read ``the Liaoning`` in a text about ships: known ships that no type announces."""
    words = reading.words
    at_sea = bool(fleet.sightings)
    for index in words.capitals:
        taken = index in fleet.covered or index in bases or words.lows[index] in office_words()
        if taken or words.low(index - 1) != "the":
            continue
        found = reading.gazetteer.ships.at(words.norms, index)
        if found is None or words.lows[found[0] - 1] in WATERS:
            continue  # the Philippine Sea
        if not stands_alone(words, found[0]) or is_namesake(words, index, found[0]):
            continue
        if at_sea or CUES & set(words.clause(index, before=30, after=30)):
            end = with_hull(words, found[0], sure=True)
            see(fleet, Sighting(index, end, (index, found[0]), "", "", "article"))


def _list_after(reading: Reading, fleet: Fleet, *, many: bool) -> None:
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
        if words.low(index) == "s":
            return
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
        see(fleet, Sighting(index, end, (index, last), seen.prefix, seen.kind, "list"))


def _enter(reading: Reading, fleet: Fleet) -> None:
    words = reading.words
    for seen in fleet.sightings:
        entity_id = link(reading, seen)
        name = tuple(words.norms[slice(*seen.name)])
        if fleet.ids.setdefault(name, entity_id) == "" and entity_id:
            fleet.ids[name] = entity_id
    for seen in fleet.sightings:
        name = tuple(words.norms[slice(*seen.name)])
        entity_id = link(reading, seen) or fleet.ids[name]
        ids = (entity_id,) if entity_id else ()
        reading.add((seen.first, seen.last), Label.SHIP, seen.how, ids=ids, weight=4)


def _later(reading: Reading, fleet: Fleet) -> None:
    """Find bare names of ships that the document introduced, before and after."""
    words = reading.words
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, entity_id in fleet.ids.items():
        if name and len(name[0]) > 1 and not is_abbreviation(name[0].lower()):
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
    if is_namesake(words, first, end):
        return False
    before = words.low(first - 1)
    if before in ("the", "aboard", "onboard"):
        return words.low(end) not in ("government", "administration", "city", "prefecture")
    if words.norm(end) == "," and words.low(end + 1) in country_codes():
        return False
    if not whole or (words.is_capital(first - 1) and before not in not_in_names()):
        return False
    if before in first_words():
        return False  # Admiral Sampson
    return not all(low in place_words() for low in words.lows[first:end])
