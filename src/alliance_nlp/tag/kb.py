"""The knowledge base: tables of JSON Lines in the package, and a workspace's additions on top.

A table's kind is the first word of its file name: ``officials*.jsonl``, ``exercises*.jsonl``,
``ships*.jsonl``, ``minerals*.jsonl``, ``bases*.jsonl``. A row of a later folder with the id of an
earlier row takes its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from alliance_nlp.core.errors import KnowledgeBaseError
from alliance_nlp.core.ids import is_slug, short_hash
from alliance_nlp.core.types import Label
from alliance_nlp.tag.records import (
    LABELS,
    Base,
    Exercise,
    Mineral,
    Office,
    Official,
    Record,
    Ship,
)

KINDS = frozenset(
    "head-of-state head-of-government deputy-head foreign-minister defense-minister trade-minister "
    "energy-minister finance-minister economic-security-minister industry-minister "
    "cabinet-minister chief-cabinet-secretary national-security-adviser deputy-minister "
    "assistant-secretary director-general ambassador special-envoy combatant-commander "
    "fleet-commander force-commander service-chief chief-of-defense officer senator "
    "representative diet-member governor mayor agency-head spokesperson central-banker "
    "international-official party-leader".split()
)
_DATE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$")
_COMMON = {"id", "name", "aliases", "ja"}
_KEYS: dict[str, tuple[set[str], set[str]]] = {
    # table: (keys that must be there, keys that may be)
    "officials": (_COMMON | {"country", "roles"}, {"wikidata"}),
    "exercises": (
        _COMMON | {"ambiguous"},
        {"hosts", "partners", "domain", "years", "from", "until"},
    ),
    "ships": (
        _COMMON | {"prefix", "hull", "type", "country", "service"},
        {"class", "homeport", "from", "until"},
    ),
    "minerals": (
        _COMMON | {"guard", "guard_context", "trap_context"},
        {"symbol", "groups", "lists", "is_not"},
    ),
    "bases": (
        _COMMON | {"short", "short_is_city", "country"},
        {"service", "region", "kind", "from", "until"},
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeBase:
    """All records by id, and a hash of the tables' content.

    Attributes
    ----------
    records
        Every record by its id, in the order of the tables.
    version
        16 hexadecimal digits; the same content gives the same digits.
    """

    records: Mapping[str, Record]
    version: str

    def of(self, kind: type[Record]) -> list[Any]:
        """Return the records of one class, in order."""
        return [record for record in self.records.values() if type(record) is kind]

    def name(self, entity_id: str) -> str:
        """Return the display name of an entity, or ``""``."""
        record = self.records.get(entity_id)
        if record is None:
            return ""
        prefix = getattr(record, "prefix", None)
        return f"{prefix} {record.name}" if prefix else record.name

    def label(self, entity_id: str) -> Label:
        """Return the label of a known entity."""
        return LABELS[type(self.records[entity_id])]


@lru_cache(maxsize=4)
def load_knowledge_base(extra: Path | None = None) -> KnowledgeBase:
    """Load the package's tables and, on top, those of a folder.

    Parameters
    ----------
    extra
        Folder of further tables; a row with a known id corrects that row.

    Raises
    ------
    KnowledgeBaseError
        Naming file and line, if a table breaks its schema, or the folder is missing.
    """
    if extra is not None and not extra.is_dir():
        raise KnowledgeBaseError(
            f"the folder of extra tables {extra} does not exist; create it or drop the setting"
        )
    home = Path(str(resources.files("alliance_nlp.tag"))) / "kb"
    records: dict[str, Record] = {}
    contents: list[str] = []
    for folder in (home, extra):
        if folder is None:
            continue
        seen: dict[str, str] = {}
        for path in sorted(folder.glob("*.jsonl")):
            text = _text_of(path)
            contents += [path.name, text]
            for where, record in _rows(path, text):
                if record.id in seen:
                    raise KnowledgeBaseError(
                        f"{where}: id {record.id!r} stands already at {seen[record.id]}; "
                        "give each row its own id"
                    )
                seen[record.id] = where
                records[record.id] = record
    return KnowledgeBase(records=records, version=short_hash(*contents))


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeBaseError(f"{path} cannot be read: {error}") from error


def _rows(path: Path, text: str) -> Iterable[tuple[str, Record]]:
    table = re.split(r"[^a-z]", path.name, maxsplit=1)[0]
    if table not in _KEYS:
        raise KnowledgeBaseError(
            f"{path}: no such table; name the file after one of {', '.join(_KEYS)}"
        )
    make = _MAKERS[table]
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise KnowledgeBaseError(f"{where}: not a line of JSON ({error})") from error
        _check(where, table, row)
        yield where, make(where, row)


def _check(where: str, table: str, row: Any) -> None:
    if not isinstance(row, dict):
        raise KnowledgeBaseError(f"{where}: a row must be a JSON object")
    needed, optional = _KEYS[table]
    missing, unknown = needed - row.keys(), row.keys() - needed - optional
    if missing or unknown:
        problem = f"lacks {sorted(missing)}" if missing else f"has unknown keys {sorted(unknown)}"
        raise KnowledgeBaseError(f"{where}: the row {problem}; see the keys of {table} rows")
    if not (isinstance(row["id"], str) and is_slug(row["id"])):
        raise KnowledgeBaseError(f"{where}: id {row['id']!r} is no slug such as 'rahm-emanuel'")
    if not (isinstance(row["name"], str) and row["name"].strip()):
        raise KnowledgeBaseError(f"{where}: name must be a text that is not empty")
    for key in ("aliases", "ja", "guard_context", "trap_context"):
        if key in row and not _is_texts(row[key]):
            raise KnowledgeBaseError(f"{where}: {key} must be a list of texts, none empty")
    _check_dates(where, row)


def _check_dates(where: str, row: Mapping[str, Any]) -> None:
    since, until = row.get("from"), row.get("until")
    for value in (since, until):
        if value is not None and not (isinstance(value, str) and _DATE.match(value)):
            raise KnowledgeBaseError(
                f"{where}: {value!r} is no date; write 2021, 2021-10 or 2021-10-04, or null"
            )
    if since and until and since[: len(until)] > until[: len(since)]:
        raise KnowledgeBaseError(f"{where}: from {since} is later than until {until}")


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) and v.strip() for v in value)


def _common(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"],
        "aliases": tuple(row["aliases"]),
        "ja": tuple(row["ja"]),
    }


def _official(where: str, row: Mapping[str, Any]) -> Official:
    offices = []
    if not isinstance(row["roles"], list):
        raise KnowledgeBaseError(f"{where}: roles must be a list")
    for role in row["roles"]:
        if not isinstance(role, dict) or role.keys() != {"title", "kind", "org", "from", "until"}:
            raise KnowledgeBaseError(
                f"{where}: a role needs exactly title, kind, org, from and until"
            )
        if role["kind"] not in KINDS:
            raise KnowledgeBaseError(f"{where}: unknown kind of role {role['kind']!r}")
        _check_dates(where, role)
        offices.append(
            Office(
                title=role["title"],
                kind=role["kind"],
                org=role["org"] or "",
                since=role["from"],
                until=role["until"],
            )
        )
    return Official(**_common(row), country=row["country"], offices=tuple(offices))


def _exercise(_where: str, row: Mapping[str, Any]) -> Exercise:
    return Exercise(**_common(row), ambiguous=bool(row["ambiguous"]))


def _ship(_where: str, row: Mapping[str, Any]) -> Ship:
    picked = {key: row[key] for key in ("prefix", "hull", "country", "service")}
    return Ship(
        **_common(row),
        **picked,
        type=row["type"] or "",
        since=row.get("from"),
        until=row.get("until"),
    )


def _mineral(_where: str, row: Mapping[str, Any]) -> Mineral:
    return Mineral(
        **_common(row),
        guarded=row["guard"] is not None,
        guard_context=tuple(word.lower() for word in row["guard_context"]),
        trap_context=tuple(phrase.lower() for phrase in row["trap_context"]),
    )


def _base(_where: str, row: Mapping[str, Any]) -> Base:
    return Base(
        **_common(row),
        short=row["short"],
        short_is_city=bool(row["short_is_city"]),
        country=row["country"],
    )


_MAKERS: dict[str, Callable[[str, Mapping[str, Any]], Record]] = {
    "officials": _official,
    "exercises": _exercise,
    "ships": _ship,
    "minerals": _mineral,
    "bases": _base,
}
