"""All that was done at the desk in one row: decisions, stories' edits, issues, and the audit.

Each stands in a table of its own. A page is read from every table and put together, so a cursor
names the last one shown: its time, its kind and its place there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select

from alliance_nlp.core.clock import utc
from alliance_nlp.core.text import clean
from alliance_nlp.store import schema

DECISIONS, STORIES, ISSUES, ACCOUNTS, SIGN_INS, EXPORTS = DOING_KINDS = (
    "decisions",
    "stories",
    "issues",
    "accounts",
    "sign-ins",
    "exports",
)
# The audit's actions by how they begin; what begins otherwise is shown among all alone.
_BEGINNINGS = {ISSUES: "issue-", ACCOUNTS: "account-", SIGN_INS: "sign-", EXPORTS: "export"}

_D = schema.decisions.c
_E = schema.story_edits.c
_I = schema.issue_versions.c
_A = schema.audit.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One thing done at the desk.

    Attributes
    ----------
    table
        Where it stands: ``"decision"``, ``"edit"``, ``"version"`` or ``"audit"``.
    who
        ``""`` for somebody who could not sign in.
    facts
        What else is known of it, by name; plain JSON values.
    cursor
        Leads to what was done before it.
    """

    at: datetime
    table: str
    who: str
    action: str
    subject: str
    facts: Mapping[str, Any]
    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """A table of doings; within one second ``place`` tells the order, the last column first."""

    name: str
    at: ColumnElement[Any]
    who: ColumnElement[Any]
    place: tuple[ColumnElement[Any], ...]
    query: Select[Any]
    read: Callable[[Row[Any]], tuple[str, str, Mapping[str, Any]]]


def _decision(row: Row[Any]) -> tuple[str, str, Mapping[str, Any]]:
    facts = {
        "note": row.note,
        "topics": row.topics or [],
        "proposal": row.proposal,
        "undoes": row.undoes,
    }
    return row.verdict, row.subject, facts


def _edit(row: Row[Any]) -> tuple[str, str, Mapping[str, Any]]:
    moved = dict(row.moved)
    facts = {"note": row.note, "moved": moved, "before": dict(row.before), "undoes": row.undoes}
    return row.kind, next(iter(moved.values()), ""), facts


def _version(row: Row[Any]) -> tuple[str, str, Mapping[str, Any]]:
    return "saved", row.issue_id, {"version": row.version, "state": row.state, "why": row.why}


def _entry(row: Row[Any]) -> tuple[str, str, Mapping[str, Any]]:
    return row.action, row.subject, {"detail": row.detail}


# In the order of their names, which decides between what was done in the same second.
_TABLES = (
    _Table(
        name="audit",
        at=_A.at,
        who=_A.who,
        place=(_A.id,),
        query=select(schema.audit, _A.at.label("done_at"), _A.who.label("doer")),
        read=_entry,
    ),
    _Table(
        name="decision",
        at=_D.decided_at,
        who=_D.reviewer,
        place=(_D.id,),
        query=select(schema.decisions, _D.decided_at.label("done_at"), _D.reviewer.label("doer")),
        read=_decision,
    ),
    _Table(
        name="edit",
        at=_E.edited_at,
        who=_E.reviewer,
        place=(_E.id,),
        query=select(schema.story_edits, _E.edited_at.label("done_at"), _E.reviewer.label("doer")),
        read=_edit,
    ),
    _Table(
        name="version",
        at=_I.saved_at,
        who=_I.editor,
        place=(_I.issue_id, _I.version),
        query=select(schema.issue_versions, _I.saved_at.label("done_at"), _I.editor.label("doer")),
        read=_version,
    ),
)


def read_doings(
    tx: Connection, *, n: int, before: str = "", who: str = "", kind: str = ""
) -> list[Doing]:
    """Return up to ``n`` things done, newest first.

    Parameters
    ----------
    before
        The cursor of the last one shown; ``""``, or what is no cursor, begins with the newest.
    who
        Of this person alone.
    kind
        One of :data:`DOING_KINDS` alone.
    """
    cursor = _read_cursor(before)
    found: list[Doing] = []
    for table in _TABLES:
        wanted = _of_kind(table, kind)
        if wanted is None:
            continue
        conditions = [*wanted, *_earlier(table, cursor)]
        if who:
            conditions.append(table.who == clean(who))
        order = [column.desc() for column in (table.at, *table.place)]
        query = table.query.where(*conditions).order_by(*order).limit(n)
        found += [_doing(table, row) for row in tx.execute(query)]
    # Each table comes newest first, and the sort keeps that within a second.
    found.sort(key=lambda doing: (doing.at, doing.table), reverse=True)
    return found[:n]


def read_doers(tx: Connection) -> list[str]:
    """Return who ever did something at the desk, by name."""
    names = {name for t in _TABLES for name in tx.execute(select(t.who).distinct()).scalars()}
    return sorted(name for name in names if name)


def _doing(table: _Table, row: Row[Any]) -> Doing:
    action, subject, facts = table.read(row)
    place = "~".join(str(row._mapping[column.name]) for column in table.place)
    return Doing(
        at=row.done_at,
        table=table.name,
        who=row.doer,
        action=action,
        subject=subject,
        facts=facts,
        cursor=f"{row.done_at.isoformat()}~{table.name}~{place}",
    )


def _of_kind(table: _Table, kind: str) -> list[ColumnElement[bool]] | None:
    """Return what narrows a table to a kind, ``None`` where it holds none of it."""
    own = {"decision": DECISIONS, "edit": STORIES, "version": ISSUES}.get(table.name)
    if kind not in DOING_KINDS or kind == own:
        return []
    if table.name != "audit" or kind not in _BEGINNINGS:
        return None
    return [_A.action.startswith(_BEGINNINGS[kind], autoescape=True)]


def _read_cursor(text: str) -> tuple[datetime, str, tuple[str, ...]] | None:
    at, _, rest = text.partition("~")
    name, _, place = rest.partition("~")
    table = next((table for table in _TABLES if table.name == name), None)
    parts = tuple(place.split("~"))
    if table is None or len(parts) != len(table.place):
        return None
    number = parts[-1]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    try:
        return utc(datetime.fromisoformat(at)), name, parts
    except (ValueError, OverflowError):
        return None


def _earlier(
    table: _Table, cursor: tuple[datetime, str, tuple[str, ...]] | None
) -> Iterator[ColumnElement[bool]]:
    if cursor is None:
        return
    at, name, place = cursor
    if table.name < name:
        yield table.at <= at
    elif table.name > name:
        yield table.at < at
    else:
        values: Sequence[str | int] = (*place[:-1], int(place[-1]))
        yield or_(table.at < at, and_(table.at == at, _below(table.place, values)))


def _below(
    columns: Sequence[ColumnElement[Any]], values: Sequence[str | int]
) -> ColumnElement[bool]:
    """Return the condition that a row of columns comes before these values."""
    first, value = columns[0], values[0]
    if len(columns) == 1:
        return first < value
    return or_(first < value, and_(first == value, _below(columns[1:], values[1:])))
