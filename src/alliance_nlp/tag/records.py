"""What the knowledge base holds: frozen records, one class a table."""

from __future__ import annotations

from dataclasses import dataclass

from alliance_nlp.core.types import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An office held from one day until another.

    ``since`` and ``until`` are ISO dates, whole (``2021-10-04``) or cut to the month or the year;
    ``None`` means unknown (``since``) or still held (``until``).
    """

    title: str
    kind: str
    org: str
    since: str | None
    until: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """A person and the offices he or she held; ``ja`` holds the Japanese writings of the name.

    ``namesakes`` are the ids of other people who truly bear the same full name.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    ja: tuple[str, ...]
    country: str
    offices: tuple[Office, ...]
    namesakes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """A named exercise; ``ambiguous`` names count only beside an exercise word or an edition."""

    id: str
    name: str
    aliases: tuple[str, ...]
    ja: tuple[str, ...]
    ambiguous: bool
    hosts: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    years: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ship:
    """A ship; ``name`` is without the prefix, ``hull`` such as ``DDG-69``."""

    id: str
    name: str
    aliases: tuple[str, ...]
    ja: tuple[str, ...]
    prefix: str | None
    hull: str | None
    type: str
    country: str
    service: str
    since: str | None
    until: str | None
    ship_class: str | None = None
    homeport: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mineral:
    """A raw material; ``guarded`` ones need one of ``guard_context`` in the sentence."""

    id: str
    name: str
    aliases: tuple[str, ...]
    ja: tuple[str, ...]
    guarded: bool
    guard_context: tuple[str, ...]
    trap_context: tuple[str, ...]
    symbol: str | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A base; ``short`` is its bare form, which is also a town's where ``short_is_city``."""

    id: str
    name: str
    aliases: tuple[str, ...]
    ja: tuple[str, ...]
    short: str | None
    short_is_city: bool
    country: str
    service: str | None = None
    region: str | None = None
    kind: str | None = None
    since: str | None = None
    until: str | None = None


Record = Official | Exercise | Ship | Mineral | Base

LABELS: dict[type[Record], Label] = {
    Official: Label.OFFICIAL,
    Exercise: Label.EXERCISE,
    Ship: Label.SHIP,
    Mineral: Label.MINERAL,
    Base: Label.BASE,
}
