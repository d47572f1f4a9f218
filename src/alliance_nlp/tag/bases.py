"""Bases: known names, unknown ones by their designators, and towns only where the base is meant."""

from __future__ import annotations

from functools import cache

from alliance_nlp.core.types import Label
from alliance_nlp.tag.base_context import is_town, is_used, names_civil, speaks_of_forces
from alliance_nlp.tag.gazetteer import Entry
from alliance_nlp.tag.geography import countries, country_codes, place_words
from alliance_nlp.tag.reading import Reading
from alliance_nlp.tag.records import Base
from alliance_nlp.tag.trie import Trie
from alliance_nlp.tag.vocabulary import calendar, not_in_names, office_words, verbs
from alliance_nlp.tag.words import Words

_BEFORE = """
naval air station; naval air facility; naval station; naval base; naval support facility;
naval support activity; marine corps air station; marine corps base; marine corps air facility;
joint base; joint region; fleet activities; commander fleet activities; raaf base; air station;
coast guard air station; coast guard base; us army garrison; u.s. army garrison; army garrison;
mcas; mcb; nas; naf; navsta; raf; usag; camp; fort; space force base; air force station;
marine corps logistics base; naval submarine base; naval weapons station; coast guard station;
jgsdf camp; gsdf camp; naval magazine; naval outpost; marine base; naval base camp; naval air base;
naval radio station; naval communication station; naval ordnance station; army base; base
"""
_AFTER = """
air base; airbase; air force base; afb; air station; naval base; naval station; naval air station;
naval air base; naval air facility; marine corps base; marine corps air station; air force station;
space force base; space force station; space base; army base; military base; submarine base;
training area; training range; training ground; training grounds; maneuver area; garrison;
army airfield; airfield; proving ground; proving grounds; barracks; ammunition depot; army depot;
naval shipyard; missile range; target range; bombing range; air field; naval port; navy base;
army garrison; firing range; maneuver ground; radar station; naval facility; sub base; vice camp;
naval dockyard; cantonment; training centre; field; submarine port; military port;
ordnance depot; naval complex; naval magazine;
military reservation; military training area; weapons range; air weapons range; range complex;
training range; live - fire training range complex; training range complex; training center;
training depot; training facility; training site; fuel terminal; fuel depot; oil depot; pol depot;
housing area; housing annex; auxiliary airfield; auxiliary landing field; landing field; sub - base;
communications site; communication site; radar site; missile base; missile site; rocket range;
live - fire range; rifle range; impact area; naval outpost; naval detachment; logistics base;
air reserve base; air reserve station; joint reserve base; air national guard base;
ammunition storage area; base district; air weapons complex;
air station annex; test range; test center; gunnery range; coast guard base; coast guard station;
base
"""
# Generic in lower case beside a town: the town alone is not enough for these.
_PLAIN = frozenset(
    {
        "military base",
        "army base",
        "firing range",
        "barracks",
        "airfield",
        "naval port",
        "military port",
        "base",
        "training center",
        "training centre",
        "training site",
        "training facility",
        "housing area",
        "fuel depot",
        "oil depot",
        "test center",
        "landing field",
        "radar site",
        "missile site",
        "missile base",
    }
)
_NOT_BASES = frozenset(
    "david fire worth lauderdale wayne myers collins smith nou x lejeune's counselor".split()
) - {"x"}
_SERVICES = frozenset("JASDF JMSDF JGSDF ASDF MSDF GSDF RAAF RMAF USAF".split())
_STAY = frozenset(
    "homeported stationed based deployed forward-deployed headquartered berthed homeport "
    "assigned garrisoned returned".split()
)
_NEARBY = frozenset("in near off around a an".split())


@cache
def _designators(block: str) -> Trie[str]:
    trie: Trie[str] = Trie()
    for phrase in block.split(";"):
        trie.add(phrase.split(), phrase.strip())
    return trie


def find_bases(reading: Reading) -> None:
    """Add the bases of a document to its reading."""
    known = _known(reading)
    words = reading.words
    for first, last, phrases in _designators(_BEFORE).find(words.lows, words.capitals):
        if first not in known:
            _named_after(reading, first, last, phrase=phrases[0])
    for first, last, phrases in _designators(_AFTER).find(words.lows):
        if first not in known:
            _named_before(reading, first, last, phrase=" ".join(phrases[0].split()))


def _known(reading: Reading) -> set[int]:
    words = reading.words
    hits = [hit for hit in reading.hits if hit[2][0].label == Label.BASE]
    sure = {e.id for _, _, entries in hits for e in entries if not e.doubtful}
    meant: dict[tuple[int, int], Entry] = {}
    doubtful: list[tuple[int, int, Entry]] = []
    for first, last, entries in hits:
        entry = _meant(reading, (first, last), entries, sure=sure)
        if entry is not None and not _part_of_more(words, last):
            meant[first, last] = entry
        elif entry is None and not is_town(words, first, last):
            doubtful.append((first, last, entries[0]))
    _take_lists(words, meant, doubtful)
    covered: set[int] = set()
    for (first, last), entry in meant.items():
        reading.add((first, last), Label.BASE, "kb", ids=(entry.id,), weight=3)
        covered.update(range(first, last))
    return covered


def _take_lists(
    words: Words, meant: dict[tuple[int, int], Entry], doubtful: list[tuple[int, int, Entry]]
) -> None:
    """Take what is listed with bases: ``jets at Misawa and Hachinohe``."""
    firsts, lasts = {first for first, _ in meant}, {last for _, last in meant}
    for first, last, entry in [*doubtful, *reversed(doubtful)]:
        before = first - 1 - (words.low(first - 1) == "and" and words.low(first - 2) == ",")
        after = last + 1 + (words.low(last) == "," and words.low(last + 1) == "and")
        joined = words.low(first - 1) in ("and", "or") or (
            words.low(first - 1) == "," and words.low(last) in ("and", ",", "or")
        )
        joins = words.low(last) in ("and", "or") or (
            words.low(last) == "," and words.low(first - 1) in ("at", "from", "to", "with")
        )
        listed = joined and before in lasts
        lists = joins and after in firsts
        if listed or lists:
            meant[first, last] = entry
            firsts.add(first)
            lasts.add(last)


def _meant(
    reading: Reading, span: tuple[int, int], entries: list[Entry], *, sure: set[str]
) -> Entry | None:
    """Return the entry that stands here, ``None`` for a plain town."""
    words = reading.words
    for entry in entries:
        if entry.label == Label.BASE and not entry.doubtful:
            single = span[1] - span[0] == 1
            return None if single and names_civil(words, span[1]) else entry
    if is_town(words, *span):
        return None
    if words.is_capital(span[1]) and words.low(span[1]) not in verbs():
        return None  # Norfolk State University
    for entry in entries:
        if entry.label != Label.BASE:
            continue
        known = entry.id in sure and words.low(span[0] - 1) not in _NEARBY
        base = reading.gazetteer.kb.records[entry.id]
        assert isinstance(base, Base)
        used = is_used(words, span[0], kind=base.kind or "", in_japan=base.country == "JP")
        if known or used or _based_there(words, *span):
            return entry
    return None


def _based_there(words: Words, first: int, last: int) -> bool:
    low = words.low(last)
    if low in ("base", "bases") or (low == "-" and words.low(last + 1) == "based"):
        return words.lows[first] not in countries() or low == "base"
    if words.lows[first] in ("guam", "okinawa", "hawaii") or last - first > 2:
        return False
    if words.low(first - 1) in ("at", "in", "to", "from", "of"):
        return any(w in _STAY for w in words.lows[max(0, first - 4) : first - 1]) or (
            words.low(first - 2) in ("base", "bases") and words.low(first - 1) in ("at", "in")
        )
    return False


def _part_of_more(words: Words, last: int) -> bool:
    return words.low(last) in ("class", "university", "high") or (
        words.norm(last) == "-" and words.low(last + 1) == "class"
    )


def _named_after(reading: Reading, first: int, last: int, *, phrase: str) -> None:
    """Read ``Naval Air Station X`` and ``Camp X``."""
    words = reading.words
    if not words.is_capital(first) or not words.is_capital(last - 1):
        return
    end = _run_end(words, last, limit=2)
    if end == last or words.lows[last] in _NOT_BASES:
        return
    single = phrase.strip() in ("camp", "fort", "base")
    if single and (words.lows[last] in office_words() or words.low(end) in ("school",)):
        return
    if all(words.lows[i] in countries() for i in range(last, end)) and single:
        return
    if phrase.strip() == "base" and words.lows[last] not in place_words():
        return  # Base Honolulu, but Base Realignment
    service = words.lows[first : first + 2] in (["marine", "corps"], ["coast", "guard"])
    before = words.norm(first - 1)
    start = first - (before in _SERVICES or (service and before in ("US", "U.S.")))
    reading.add((start, end), Label.BASE, "designator", weight=2)


def _run_end(words: Words, start: int, *, limit: int) -> int:
    index = start
    while index < words.n and index - start < limit and _may_name(words, index):
        if index > start and words.lows[index] in country_codes():
            break
        index += 1
        if words.norm(index) == "-" and words.touches(index) and words.is_capital(index + 1):
            index += 2
        if words.norm(index) == "." and len(words.norms[index - 1]) == 1 and words.touches(index):
            index += 1
    return index


def _may_name(words: Words, index: int) -> bool:
    word, low = words.norms[index], words.lows[index]
    if not (word[0].isupper() and word[-1].isalpha()):
        return False
    if low in calendar() or low in verbs():
        return False
    return low not in not_in_names() or low in place_words()


def _is_their_base(words: Words, first: int, *, phrase: str) -> bool:
    """Tell whether ``the Konarak base`` is a base of forces and no party's."""
    low = words.low(first - 1)
    if phrase != "base" or words.low(first - 2) not in ("the", "at", "to", "from", "s"):
        return False
    named = words.is_capital(first - 1) and low not in office_words() and low not in countries()
    return named and low not in country_codes() and speaks_of_forces(words, first)


def _named_before(reading: Reading, first: int, last: int, *, phrase: str) -> None:
    """Read ``Amberwick Air Base`` and, in lower case, ``the Ream naval base``."""
    words = reading.words
    small = not words.is_capital(first)
    if phrase == "field" and (small or not speaks_of_forces(words, first, air=True)):
        return
    if small and phrase in _PLAIN and not _is_their_base(words, first, phrase=phrase):
        return
    start = first
    while (
        start > 0
        and first - start < 4
        and (
            _may_name(words, start - 1)
            or (words.norms[start - 1] == "-" and words.touches(start) and words.touches(start - 1))
            or words.norms[start - 1] in _SERVICES
        )
    ):
        start -= 1
    while start < first and (
        words.lows[start] in countries()
        or words.norms[start] in ("-", "US", "U.S.")
        or (words.lows[start] in ("north", "south") and first - start > 1)
    ):
        start += 1
    if words.lows[start:first] == ["united", "states"]:
        return
    if phrase == "base" and first - start > 2:
        return
    if start == first or all(words.norms[i] in _SERVICES for i in range(start, first)):
        return
    reading.add((start, last), Label.BASE, "designator", weight=2)
