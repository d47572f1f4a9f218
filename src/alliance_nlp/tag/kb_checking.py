"""What is wrong with a knowledge base although its tables keep to their schema."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from alliance_nlp.tag.kb import KnowledgeBase
from alliance_nlp.tag.periods import said, surely_overlap
from alliance_nlp.tag.records import Base, Exercise, Mineral, Office, Official, Record, Ship
from alliance_nlp.tag.words import split

# Offices of which a person holds one at a time, and offices no one holds beside each other.
_ONE_EACH = frozenset({"head-of-government", "chief-cabinet-secretary", "governor", "mayor"})
_NOT_TOGETHER = tuple(
    frozenset(pair.split())
    for pair in (
        "senator representative",
        "governor mayor",
        "governor diet-member",
        "mayor diet-member",
        "head-of-government governor",
        "head-of-government mayor",
    )
)
# Offices of which a country has one; vice chiefs and junior ministers share the other kinds.
_ONE_A_COUNTRY = frozenset(
    {"head-of-government", "head-of-state", "foreign-minister", "defense-minister"}
    | {"chief-cabinet-secretary"}
)
_ORGANISATIONS = frozenset({"EU", "NATO", "UN"})  # their people hold offices of many countries
_STAND_INS = re.compile(r"\b(?:acting|interim|in charge)\b", re.IGNORECASE)
# Of ships built before the end of the war only these still sail.
_OLDEST = "1945"
_OLD_ONES = re.compile(r"\b(?:training|museum|research|sail|tall)\b", re.IGNORECASE)
_JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff々〆ヶ\uff66-\uff9f]")

_R = TypeVar("_R", bound=Record)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should look at.

    ``problem`` says what is wrong, and what to do, about the record ``entity_id``.
    """

    entity_id: str
    problem: str


def check_knowledge_base(kb: KnowledgeBase) -> tuple[Problem, ...]:
    """Return what is wrong with the records and between them, by record in the tables' order."""
    found = [problem for check in _CHECKS for problem in check(kb)]
    place = {entity_id: index for index, entity_id in enumerate(kb.records)}
    return tuple(sorted(dict.fromkeys(found), key=lambda p: place[p.entity_id]))


def _check_names(kb: KnowledgeBase) -> Iterator[Problem]:
    for record in kb.records.values():
        for alias in _repeated((record.name, *record.aliases)):
            what = "is the name itself" if alias == record.name else "stands twice"
            yield Problem(record.id, f"the alias {alias!r} {what}; drop it")
        for writing in _repeated(record.ja):
            yield Problem(record.id, f"the Japanese writing {writing!r} stands twice; drop one")
        for writing in record.ja:
            if not _JAPANESE.search(writing):
                yield Problem(
                    record.id,
                    f"the Japanese writing {writing!r} has no Japanese letter; make it an alias",
                )


def _check_countries(kb: KnowledgeBase) -> Iterator[Problem]:
    for record in kb.records.values():
        country = getattr(record, "country", "JP")
        if country not in _ORGANISATIONS and not re.fullmatch("[A-Z]{2}", country):
            yield Problem(
                record.id,
                f"the country {country!r} is no code, so it fits no text; write two letters such "
                f"as JP, or one of {', '.join(sorted(_ORGANISATIONS))}",
            )


def _repeated(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]


def _check_officials(kb: KnowledgeBase) -> Iterator[Problem]:
    for person in _of(kb, Official):
        for alias in person.aliases:
            if len(split(alias)) < 2:
                yield Problem(
                    person.id,
                    f"the alias {alias!r} is one word, and officials are matched by two or more; "
                    "drop it, surnames are found without it",
                )
        if not person.offices:
            yield Problem(person.id, "there is no role; add one, or drop the row")
        for one, other in combinations(person.offices, 2):
            if surely_overlap(one, other) and _exclude(one, other):
                yield Problem(
                    person.id,
                    f"the roles {_office(one)} and {_office(other)} cannot be held at once; "
                    "correct their dates, or drop one",
                )


def _exclude(one: Office, other: Office) -> bool:
    if (one.title, one.kind, one.org) == (other.title, other.kind, other.org):
        return True
    if one.kind == other.kind == "diet-member":
        return one.org != other.org  # nobody sits in both houses; a speaker sits in one
    if one.kind == other.kind:
        return one.kind in _ONE_EACH
    return frozenset((one.kind, other.kind)) in _NOT_TOGETHER


def _office(office: Office) -> str:
    return f"{office.title} ({said(office)})"


def _check_namesakes(kb: KnowledgeBase) -> Iterator[Problem]:
    people = _of(kb, Official)
    for person in people:
        for entity_id in person.namesakes:
            if not isinstance(kb.records.get(entity_id), Official):
                yield Problem(person.id, f"the namesake {entity_id!r} is no official; mend the id")
    for name, one, other in _sharing(people, _full_names):
        if other.id not in one.namesakes and one.id not in other.namesakes:
            yield Problem(
                other.id,
                f"the name {name!r} is also that of {one.id}; make one row of them, or name "
                f"{one.id} among its namesakes",
            )
        elif one.country == other.country and _met(one, other):
            yield Problem(
                other.id,
                f"the name {name!r} is also that of {one.id}, in office in {one.country} at the "
                "same time; no date tells them apart, so leave it to one of them and write the "
                "other in full",
            )


def _full_names(person: Official) -> set[str]:
    return {_key(name) for name in (person.name, *person.aliases)} | set(person.ja)


def _met(one: Official, other: Official) -> bool:
    return any(surely_overlap(a, b) for a in one.offices for b in other.offices)


def _check_seats(kb: KnowledgeBase) -> Iterator[Problem]:
    seats: dict[tuple[str, str], list[tuple[Official, Office]]] = defaultdict(list)
    for person in _of(kb, Official):
        for office in person.offices:
            if office.kind in _ONE_A_COUNTRY and not _STAND_INS.search(office.title):
                seats[person.country, office.kind].append((person, office))
    for (country, kind), holders in seats.items():
        for (one, first), (other, second) in combinations(holders, 2):
            if country in _ORGANISATIONS or one is other or not surely_overlap(first, second):
                continue
            yield Problem(
                other.id,
                f"{_office(second)} overlaps with {one.id}, {_office(first)}, and {country} has "
                f"one {kind}; correct the dates of the one who left",
            )


def _check_ships(kb: KnowledgeBase) -> Iterator[Problem]:
    ships = _of(kb, Ship)
    for ship in ships:
        if ship.hull and not re.search(r"\d", ship.hull):
            yield Problem(
                ship.id, f"the hull {ship.hull!r} has no digit; write it as DDG-69, or null"
            )
        if ship.since and ship.since < _OLDEST and not _OLD_ONES.search(ship.type):
            yield Problem(
                ship.id,
                f"it is in service from {ship.since}, before {_OLDEST}; correct the year, or the "
                "type if it is a training or museum ship",
            )
    yield from _twice(ships, lambda s: {(s.prefix, _key(s.name))}, "name")
    yield from _twice(ships, lambda s: {(s.country, _digits(s.hull))} if s.hull else set(), "hull")


def _twice(
    ships: list[Ship], keys: Callable[[Ship], Iterable[Hashable]], what: str
) -> Iterator[Problem]:
    for _, one, other in _sharing(ships, keys):
        if surely_overlap(one, other):
            yield Problem(
                other.id,
                f"{one.id} has the same {what} and is in service at the same time; make one row "
                "of them, or correct their years",
            )


def _digits(hull: str) -> str:
    return re.sub(r"\W|_", "", hull).upper()


def _check_bases(kb: KnowledgeBase) -> Iterator[Problem]:
    for base in _of(kb, Base):
        if not any(letter.isupper() for letter in base.name):
            yield Problem(base.id, f"the name {base.name!r} has no capital letter; names have one")


def _check_minerals(kb: KnowledgeBase) -> Iterator[Problem]:
    for mineral in _of(kb, Mineral):
        if mineral.guarded and not mineral.guard_context:
            yield Problem(
                mineral.id,
                "it is guarded, but no guard_context word is given, so it is never found; give "
                "some, or set guard to null",
            )
        if mineral.guard_context and not mineral.guarded:
            yield Problem(
                mineral.id,
                "guard_context has no effect without a guard; say in guard what else the name "
                "means, or empty the list",
            )


def _check_one_meaning(kb: KnowledgeBase) -> Iterator[Problem]:
    """Yield names that two exercises, two bases or two minerals share."""
    for kind in (Exercise, Base, Mineral):
        for name, one, other in _sharing(_of(kb, kind), _written):
            yield Problem(
                other.id,
                f"{name!r} also stands for {one.id}, so texts that say it are linked to one of "
                "them by chance; leave it to one",
            )


def _written(record: Record) -> set[str]:
    """Return the writings of a record; case tells exercises apart, as in texts."""
    return {_words(name) for name in (record.name, *record.aliases)} | set(record.ja)


def _sharing(
    records: Iterable[_R], keys: Callable[[_R], Iterable[Hashable]]
) -> Iterator[tuple[Hashable, _R, _R]]:
    """Yield each two records that share a key, once."""
    bearers: dict[Hashable, list[_R]] = defaultdict(list)
    for record in records:
        for key in keys(record):
            bearers[key].append(record)
    told: set[tuple[str, str]] = set()
    for key in sorted(bearers, key=str):
        for one, other in combinations(bearers[key], 2):
            if (one.id, other.id) not in told:
                told.add((one.id, other.id))
                yield key, one, other


def _words(name: str) -> str:
    return " ".join(split(name))


def _key(name: str) -> str:
    return _words(name).lower()


def _of(kb: KnowledgeBase, kind: type[_R]) -> list[_R]:
    return [record for record in kb.records.values() if isinstance(record, kind)]


_CHECKS: tuple[Callable[[KnowledgeBase], Iterator[Problem]], ...] = (
    _check_names,
    _check_countries,
    _check_officials,
    _check_namesakes,
    _check_seats,
    _check_ships,
    _check_bases,
    _check_minerals,
    _check_one_meaning,
)
