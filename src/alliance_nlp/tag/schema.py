"""What the rows of the knowledge base's tables hold: their keys, kinds of value and defaults."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from alliance_nlp.core.errors import KnowledgeBaseError
from alliance_nlp.core.ids import is_slug

KINDS = frozenset(
    "head-of-state head-of-government deputy-head foreign-minister defense-minister trade-minister "
    "energy-minister finance-minister economic-security-minister industry-minister "
    "cabinet-minister chief-cabinet-secretary national-security-adviser deputy-minister "
    "assistant-secretary director-general ambassador special-envoy combatant-commander "
    "fleet-commander force-commander service-chief chief-of-defense officer senator "
    "representative diet-member governor mayor agency-head spokesperson central-banker "
    "international-official party-leader".split()
)
ROLE_KEYS = ("title", "kind", "org", "from", "until")
_ROLE_KEYS = frozenset(ROLE_KEYS)
_DATE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Column:
    """A key of a table's rows.

    Attributes
    ----------
    kind
        ``id``, ``name``, ``text`` (or null), ``texts``, ``flag``, ``date`` (or null), ``roles``.
    needed
        Whether every row must have it.
    """

    kind: str
    needed: bool = True

    @property
    def default(self) -> Any:
        """What a row that says nothing of it holds."""
        lists: dict[str, Any] = {"texts": [], "roles": [], "flag": False}
        return lists.get(self.kind)


_TEXT, _TEXTS, _FLAG = Column("text"), Column("texts"), Column("flag")
_MAY_TEXT, _MAY_TEXTS = Column("text", needed=False), Column("texts", needed=False)
_TERM = {"from": Column("date", needed=False), "until": Column("date", needed=False)}
_COMMON = {"id": Column("id"), "name": Column("name"), "aliases": _TEXTS, "ja": _TEXTS}
# The order is that of the keys in a new row.
TABLES: Mapping[str, Mapping[str, Column]] = {
    "officials": {
        **_COMMON,
        "country": Column("name"),
        "roles": Column("roles"),
        "namesakes": _MAY_TEXTS,
        "wikidata": _MAY_TEXT,
    },
    "exercises": {
        **_COMMON,
        "hosts": _MAY_TEXTS,
        "partners": _MAY_TEXTS,
        "domain": _MAY_TEXT,
        "years": _MAY_TEXT,
        **_TERM,
        "ambiguous": _FLAG,
    },
    "ships": {
        **_COMMON,
        "prefix": _TEXT,
        "hull": _TEXT,
        "class": _MAY_TEXT,
        "type": _TEXT,
        "country": Column("name"),
        "service": _TEXT,
        "homeport": _MAY_TEXT,
        **_TERM,
    },
    "minerals": {
        **_COMMON,
        "symbol": _MAY_TEXT,
        "groups": _MAY_TEXTS,
        "lists": _MAY_TEXTS,
        "is_not": _MAY_TEXTS,
        "guard": _TEXT,
        "guard_context": _TEXTS,
        "trap_context": _TEXTS,
    },
    "bases": {
        **_COMMON,
        "short": _TEXT,
        "short_is_city": _FLAG,
        "service": _MAY_TEXT,
        "country": Column("name"),
        "region": _MAY_TEXT,
        "kind": _MAY_TEXT,
        **_TERM,
    },
}


def columns_of(table: str) -> Mapping[str, Column]:
    """Return a table's columns by key.

    Raises
    ------
    KnowledgeBaseError
        If there is no such table.
    """
    if table not in TABLES:
        raise KnowledgeBaseError(f"{table!r} is no table; choose one of {', '.join(TABLES)}")
    return TABLES[table]


def check_row(where: str, table: str, row: Any) -> None:
    """See that a row keeps to its table's columns.

    Parameters
    ----------
    where
        What a message begins with: file and line, or the option.

    Raises
    ------
    KnowledgeBaseError
        If it does not.
    """
    columns = columns_of(table)
    if not isinstance(row, dict):
        raise KnowledgeBaseError(f"{where}: a row must be a JSON object")
    keys = row.keys()
    if not (_needed(table) <= keys <= columns.keys()):
        missing, unknown = _needed(table) - keys, keys - columns.keys()
        problem = f"lacks {sorted(missing)}" if missing else f"has unknown keys {sorted(unknown)}"
        raise KnowledgeBaseError(
            f"{where}: the row {problem}; the keys of {table} rows are {', '.join(columns)}"
        )
    for key, value in row.items():
        problem = _FAULTS[columns[key].kind](value)
        if problem:
            raise KnowledgeBaseError(f"{where}: {key} {problem}")
    for role in row.get("roles", ()):
        _check_role(where, role)
    _check_term(where, row)


@cache
def _needed(table: str) -> frozenset[str]:
    return frozenset(key for key, column in TABLES[table].items() if column.needed)


# What is wrong with a value, "" if nothing is. Four thousand rows are read at every start, so
# each check is one expression.


def _id_fault(value: Any) -> str:
    is_fine = isinstance(value, str) and is_slug(value)
    return "" if is_fine else f"{value!r} is no slug such as 'rahm-emanuel'"


def _name_fault(value: Any) -> str:
    return "" if _is_text(value) else "must be a text that is not empty"


def _text_fault(value: Any) -> str:
    return "" if value is None or isinstance(value, str) else "must be a text or null"


def _texts_fault(value: Any) -> str:
    is_fine = isinstance(value, list) and all(map(_is_text, value))
    return "" if is_fine else "must be a list of texts, none empty"


def _flag_fault(value: Any) -> str:
    return "" if isinstance(value, bool) else "must be true or false"


def _roles_fault(value: Any) -> str:
    return "" if isinstance(value, list) else "must be a list"


def _date_fault(value: Any) -> str:
    if value is None or (isinstance(value, str) and _is_date(value)):
        return ""
    return f"{value!r} is no date; write 2021, 2021-10 or 2021-10-04, or null"


_FAULTS: Mapping[str, Callable[[Any], str]] = {
    "id": _id_fault,
    "name": _name_fault,
    "text": _text_fault,
    "texts": _texts_fault,
    "flag": _flag_fault,
    "roles": _roles_fault,
    "date": _date_fault,
}


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    if text[8:] <= "28":
        return True
    try:
        date.fromisoformat(text)
    except ValueError:
        return False  # 30 February
    return True


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not (value == "" or value.isspace())


def _check_role(where: str, role: Any) -> None:
    if not isinstance(role, dict) or role.keys() != _ROLE_KEYS:
        raise KnowledgeBaseError(f"{where}: a role needs exactly title, kind, org, from and until")
    if not _is_text(role["title"]):
        raise KnowledgeBaseError(f"{where}: a role's title must be a text that is not empty")
    if role["kind"] not in KINDS:
        raise KnowledgeBaseError(
            f"{where}: unknown kind of role {role['kind']!r}; the kinds are "
            f"{', '.join(sorted(KINDS))}"
        )
    for key, fault in (("org", _text_fault), ("from", _date_fault), ("until", _date_fault)):
        problem = fault(role[key])
        if problem:
            raise KnowledgeBaseError(f"{where}: a role's {key} {problem}")
    _check_term(where, role)


def _check_term(where: str, row: Mapping[str, Any]) -> None:
    since, until = row.get("from"), row.get("until")
    if since and until and since[: len(until)] > until[: len(since)]:
        raise KnowledgeBaseError(f"{where}: from {since} is later than until {until}")


def parse_value(table: str, key: str, text: str) -> Any:
    """Read a column's value from a command line.

    Parameters
    ----------
    text
        A list as JSON or with commas between its texts, a flag as true or false, null or nothing
        for a text or a date that is not known.

    Raises
    ------
    KnowledgeBaseError
        If the table has no such key or the key no such value.
    """
    columns = columns_of(table)
    if key not in columns:
        raise KnowledgeBaseError(
            f"{table} rows have no {key!r}; their keys are {', '.join(columns)}"
        )
    kind = columns[key].kind
    if kind in ("text", "date") and text.strip() in ("", "null"):
        return None
    if kind == "texts" and not text.lstrip().startswith("["):
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind not in ("texts", "flag", "roles"):
        return text.strip()
    try:
        return json.loads(text)
    except ValueError as error:
        wanted = "true or false" if kind == "flag" else "a list in JSON"
        raise KnowledgeBaseError(f"{key} {text!r} is not {wanted}") from error


def parse_role(text: str) -> dict[str, str | None]:
    """Read a role from ``TITLE | KIND | ORG | FROM | UNTIL``; what is left empty is not known.

    Raises
    ------
    KnowledgeBaseError
        If there are not five parts.
    """
    parts = [part.strip() or None for part in text.split("|")]
    if len(parts) != len(ROLE_KEYS):
        raise KnowledgeBaseError(
            f"the role {text!r} has {len(parts)} parts; write TITLE | KIND | ORG | FROM | UNTIL, "
            "and leave empty what is not known"
        )
    return dict(zip(ROLE_KEYS, parts, strict=True))
