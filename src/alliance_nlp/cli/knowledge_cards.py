"""Records of the knowledge base and problems in it, as cards for people and values for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from rich.table import Table
from rich.text import Text

from alliance_nlp.cli import console
from alliance_nlp.tag import (
    TABLES,
    Base,
    Exercise,
    KnowledgeBase,
    Mineral,
    Office,
    Official,
    Problem,
    Record,
    Ship,
    offices_on,
)

_TABLE_OF: dict[type[Record], str] = dict(
    zip((Official, Exercise, Ship, Mineral, Base), TABLES, strict=True)
)


def counts(kb: KnowledgeBase) -> dict[str, int]:
    """Return how many records there are by table."""
    return {table: len(kb.of(kind)) for kind, table in _TABLE_OF.items()}


def counts_table(kb: KnowledgeBase, own: KnowledgeBase) -> Table:
    """Return how many records there are by table, and how many the package has not the same."""
    known = own.records
    rows = []
    for kind, table in _TABLE_OF.items():
        records = kb.of(kind)
        n_added = sum(record.id not in known for record in records)
        n_changed = sum(record != known[record.id] for record in records if record.id in known)
        rows.append((table, len(records), n_added or "", n_changed or ""))
    return console.table("Knowledge base", ["table", "#rows", "#added", "#corrected"], rows)


def problems_table(kb: KnowledgeBase, problems: Sequence[Problem]) -> Table:
    """Return what was found, as given."""
    rows = [(p.entity_id, kb.name(p.entity_id), p.problem) for p in problems]
    built = console.table("Problems", ["id", "name", "what is wrong, what to do"], rows)
    built.columns[0].no_wrap = True
    return built


def record_json(kb: KnowledgeBase, record: Record, on: date | None) -> dict[str, Any]:
    """Return a record; with a day, each office says whether it is held on it."""
    value: dict[str, Any] = {"table": _TABLE_OF[type(record)], "label": kb.label(record.id).value}
    value |= asdict(record)
    if isinstance(record, Official) and on is not None:
        held = offices_on(record, on)
        offices = [asdict(office) | {"held": office in held} for office in record.offices]
        value |= {"on": on.isoformat(), "offices": offices}
    return value


def card(kb: KnowledgeBase, record: Record, on: date | None) -> Table:
    """Return what is known of a record; what says nothing is left out."""
    rows = [
        ("id", record.id),
        ("also", ", ".join(record.aliases)),
        ("Japanese", "、".join(record.ja)),
        *_details(record),
    ]
    built = console.table("", ["", ""], [(name, value) for name, value in rows if value])
    if isinstance(record, Official):
        held = offices_on(record, on) if on else ()
        for office in record.offices:
            said, style = (f"held on {on}", "bold") if office in held else ("role", "")
            built.add_row(said, Text(_office(office)), style=style)
    label = kb.label(record.id).value
    built.title = Text(f"{kb.name(record.id)}  {label}", style="bold")
    built.show_header = False
    return built


def _office(office: Office) -> str:
    place = f", {office.org}" if office.org else ""
    return f"{_term(office.since, office.until)}  {office.title}{place} ({office.kind})"


def _term(since: str | None, until: str | None) -> str:
    return f"{since or '?'} to {until or 'now'}"


def _details(record: Record) -> list[tuple[str, str]]:
    if isinstance(record, Official):
        return [("country", record.country)]
    if isinstance(record, Ship):
        known = record.since or record.until
        return [
            ("hull", record.hull or ""),
            ("class", record.ship_class or ""),
            ("type", record.type),
            ("service", f"{record.service} ({record.country})"),
            ("home port", record.homeport or ""),
            ("in service", _term(record.since, record.until) if known else ""),
        ]
    if isinstance(record, Exercise):
        return [
            ("hosts", ", ".join(record.hosts)),
            ("partners", ", ".join(record.partners)),
            ("years", record.years or ""),
            ("matched", "beside an exercise word or an edition" if record.ambiguous else ""),
        ]
    if isinstance(record, Mineral):
        return [
            ("symbol", record.symbol or ""),
            ("groups", ", ".join(record.groups)),
            ("only with", ", ".join(record.guard_context) if record.guarded else ""),
            ("never in", ", ".join(record.trap_context)),
        ]
    known = record.since or record.until
    return [
        ("kind", record.kind or ""),
        ("short", f"{record.short or ''}{' (also a place)' if record.short_is_city else ''}"),
        ("service", record.service or ""),
        ("where", ", ".join(part for part in (record.region, record.country) if part)),
        ("in use", _term(record.since, record.until) if known else ""),
    ]
