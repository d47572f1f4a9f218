"""Ships as a document shows them, and which ship of the knowledge base each is."""

from __future__ import annotations

from dataclasses import dataclass, field

from alliance_nlp.tag.reading import Reading
from alliance_nlp.tag.records import Ship
from alliance_nlp.tag.ship_names import fits


@dataclass(frozen=True, slots=True)
class Sighting:
    """A ship's span and, inside it, its name (words)."""

    first: int
    last: int
    name: tuple[int, int]
    prefix: str
    kind: str
    how: str


@dataclass(slots=True)
class Fleet:
    """Ships seen in a document, by the words of their names."""

    sightings: list[Sighting] = field(default_factory=list)
    covered: set[int] = field(default_factory=set)
    ids: dict[tuple[str, ...], str] = field(default_factory=dict)


def see(fleet: Fleet, sighting: Sighting) -> None:
    """Add a ship to those of the document."""
    fleet.sightings.append(sighting)
    fleet.covered.update(range(sighting.first, sighting.last))


def link(reading: Reading, seen: Sighting) -> str:
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
