"""The knowledge base compiled for matching: tries over words, made once and kept in memory."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from alliance_nlp.core.types import Label
from alliance_nlp.tag.geography import country_codes
from alliance_nlp.tag.kb import KnowledgeBase, load_knowledge_base
from alliance_nlp.tag.records import Base, Exercise, Mineral, Official, Ship
from alliance_nlp.tag.titles import first_words
from alliance_nlp.tag.trie import Trie
from alliance_nlp.tag.vessels import EXERCISE_MARKS, SHIP_MARKS
from alliance_nlp.tag.vocabulary import office_words
from alliance_nlp.tag.words import split

# Family name first in English too.
FAMILY_FIRST = frozenset({"KR", "KP", "CN", "TW", "HK"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "."})


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase of the knowledge base stands for; ``doubtful`` ones need context."""

    id: str
    label: Label
    doubtful: bool = False


@dataclass(slots=True)
class Gazetteer:
    """Compiled vocabulary.

    Attributes
    ----------
    names
        Officials' full names, exercises and bases.
    ships
        Ship names without prefix.
    minerals
        Mineral names in lower case.
    acronyms
        Mineral names that are acronyms or symbols, case kept.
    surnames
        Surname to ids of officials who bear it.
    marks
        Lower-cased words at which some rule begins (see :class:`~alliance_nlp.tag.words.Words`).
    """

    kb: KnowledgeBase
    names: Trie[Entry] = field(default_factory=lambda: Trie(shouting=True))
    ships: Trie[Entry] = field(default_factory=lambda: Trie(shouting=True))
    minerals: Trie[Entry] = field(default_factory=Trie)
    acronyms: Trie[Entry] = field(default_factory=Trie)
    surnames: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    marks: set[str] = field(default_factory=set)


def surname_of(name: str, country: str) -> tuple[str, ...]:
    """Return the words of a full name's surname."""
    words = [w for w in split(name) if w == "-" or (w.lower() not in _SUFFIXES and _is_word(w))]
    if not words:
        return ()
    if country in FAMILY_FIRST:
        return (words[0],)
    return tuple(words[_surname_start(words) :])


def _is_word(token: str) -> bool:
    return any(letter.isalnum() for letter in token)  # "O'Neill" is one


def surname_of_official(record: Official) -> str:
    """Return the surname of a known person; the id tells it where names are family first."""
    words = split(record.name)
    if record.country in FAMILY_FIRST:
        family = record.id.split("-")[0]
        return next((word for word in words if word.lower() == family), words[0])
    return " ".join(surname_of(record.name, record.country))


def _surname_start(words: list[str]) -> int:
    """Return where the surname begins: hyphenated parts and particles belong to it."""
    start = len(words) - 1
    while start >= 2 and words[start - 1] == "-":
        start -= 2
    while start >= 2 and words[start - 1].islower():
        start -= 1
    return start


def load_gazetteer(extra: Path | None = None) -> Gazetteer:
    """Compile the knowledge base; the result is shared and must not be changed."""
    return _compile(load_knowledge_base(extra))


@lru_cache(maxsize=4)
def _compile(kb: KnowledgeBase) -> Gazetteer:
    gazetteer = Gazetteer(kb=kb)
    for record in gazetteer.kb.records.values():
        if isinstance(record, Official):
            _add_official(gazetteer, record)
        elif isinstance(record, Exercise):
            _add_exercise(gazetteer, record)
        elif isinstance(record, Ship):
            entry = Entry(record.id, Label.SHIP)
            for name in (record.name, *record.aliases):
                gazetteer.ships.add(split(name), entry)
        elif isinstance(record, Mineral):
            _add_mineral(gazetteer, record)
        else:
            _add_base(gazetteer, record)
    gazetteer.marks |= first_words() | SHIP_MARKS | EXERCISE_MARKS | {",", "("}
    gazetteer.marks |= gazetteer.minerals.first_words()
    return gazetteer


def _add_official(gazetteer: Gazetteer, record: Official) -> None:
    for name in (record.name, *record.aliases):
        phrase = split(name)
        if len(phrase) > 1:
            gazetteer.names.add(phrase, Entry(record.id, Label.OFFICIAL))
    gazetteer.surnames[surname_of_official(record)].append(record.id)


def _add_exercise(gazetteer: Gazetteer, record: Exercise) -> None:
    entry = Entry(record.id, Label.EXERCISE, record.ambiguous)
    for name in (record.name, *record.aliases):
        gazetteer.names.add(split(name), entry)


def _add_mineral(gazetteer: Gazetteer, record: Mineral) -> None:
    entry = Entry(record.id, Label.MINERAL, record.guarded)
    for name in (record.name, *record.aliases):
        phrase = split(name)
        if any(len(w) > 1 and w[1:] != w[1:].lower() for w in phrase):
            gazetteer.acronyms.add(phrase, entry)
            continue
        lower = [word.lower() for word in phrase]
        gazetteer.minerals.add(lower, entry)
        if lower[0] == "rare" and lower[1:2] == ["earth"]:
            gazetteer.minerals.add(["rare", "-", *lower[1:]], entry)


def _add_base(gazetteer: Gazetteer, record: Base) -> None:
    entry = Entry(record.id, Label.BASE)
    short = record.short or ""
    for name in (record.name, *record.aliases):
        phrase = split(name)
        if len(phrase) > 1 and phrase[-1] == "base" and phrase[-2].lower() not in _BASE_KINDS:
            continue  # "Futenma base": the name is what stands before
        if phrase[0] in ("US", "U.S.") and phrase[1:2] and phrase[1] in _NOT_SERVICES:
            continue
        doubtful = record.short_is_city and name == short
        gazetteer.names.add(phrase, Entry(record.id, Label.BASE, True) if doubtful else entry)
    if short and short not in (record.name, *record.aliases):
        gazetteer.names.add(split(short), Entry(record.id, Label.BASE, record.short_is_city))
    bare = () if short else _bare_name(split(record.name))
    if bare:
        gazetteer.names.add(bare, Entry(record.id, Label.BASE, True))


def _bare_name(name: tuple[str, ...]) -> tuple[str, ...]:
    """Return what people on the spot call it, ``Juanda`` of ``Juanda Naval Air Station``."""
    end = len(name)
    while end and name[end - 1].lower() in _KINDS:
        end -= 1
    bare = name[:end]
    tells = end < len(name) and 0 < end < 3 and all(w.isalpha() and len(w) > 3 for w in bare)
    plain = any(w.lower() in office_words() or w.lower() in country_codes() for w in bare)
    return bare if tells and not plain else ()


_KINDS = frozenset(
    "air base force naval station airfield army barracks training area range field military camp "
    "combat support facility depot complex center centre missile firing maneuver port".split()
)


_BASE_KINDS = frozenset({"air", "naval", "navy", "force", "space", "submarine", "missile"})
_NOT_SERVICES = frozenset(
    "Kadena Yokota Misawa Futenma Camp Iwakuni Atsugi Sasebo Yokosuka".split()
)
