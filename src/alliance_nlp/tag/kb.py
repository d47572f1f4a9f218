"""The knowledge base: tables of JSON Lines in the package, and a workspace's additions on top.

A table's kind is the first word of its file name: ``officials*.jsonl``, ``exercises*.jsonl``,
``ships*.jsonl``, ``minerals*.jsonl``, ``bases*.jsonl``. A row of a later folder with the id of an
earlier row takes its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from alliance_nlp.core.errors import KnowledgeBaseError
from alliance_nlp.core.ids import short_hash
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
from alliance_nlp.tag.schema import check_row, columns_of

_Stamp = tuple[int, int, int]


# Compared by identity, so that what is compiled from it can be kept by it.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
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


def load_knowledge_base(extra: Path | None = None) -> KnowledgeBase:
    """Load the package's tables and, on top, those of a folder.

    The same tables give the same object, as long as no file changes.

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
    return _load(tuple((path, _stamp(path)) for path in _tables(extra)))


def package_tables() -> Path:
    """Return the folder of the package's tables."""
    return Path(str(resources.files("alliance_nlp.tag"))) / "kb"


def table_of(path: Path) -> str:
    """Return the table that a file holds rows of, by its name.

    Raises
    ------
    KnowledgeBaseError
        If it is none.
    """
    table = re.split(r"[^a-z]", path.name, maxsplit=1)[0]
    try:
        columns_of(table)
    except KnowledgeBaseError as error:
        raise KnowledgeBaseError(f"{path}: no such table; {error}") from error
    return table


def _tables(extra: Path | None) -> list[Path]:
    folders = [package_tables()] if extra is None else [package_tables(), extra]
    return [path for folder in folders for path in sorted(folder.glob("*.jsonl"))]


def _stamp(path: Path) -> _Stamp:
    """Return what changes whenever a file is written or takes another's place."""
    try:
        stat = path.stat()
    except OSError as error:
        raise KnowledgeBaseError(f"{path} cannot be read: {error}") from error
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


@lru_cache(maxsize=4)
def _load(stamped: tuple[tuple[Path, _Stamp], ...]) -> KnowledgeBase:
    records: dict[str, Record] = {}
    contents: list[str] = []
    seen: dict[tuple[str, str], str] = {}
    for path, stamp in stamped:
        text, found = _load_table(path, stamp)
        folder = str(path.parent)
        contents += [path.name, text]
        for where, record in found:
            claim_id(seen, (folder, record.id), where)
            records[record.id] = record
    return KnowledgeBase(records=records, version=short_hash(*contents))


@lru_cache(maxsize=32)  # the package's tables, below every workspace's
def _load_table(path: Path, _: _Stamp) -> tuple[str, tuple[tuple[str, Record], ...]]:
    text, table = read_table(path), table_of(path)
    found = tuple((where, make_record(where, table, row)) for where, row in rows_of(path, text))
    return text, found


def claim_id(seen: dict[tuple[str, str], str], key: tuple[str, str], where: str) -> None:
    """Note where an id of a folder stands.

    Raises
    ------
    KnowledgeBaseError
        If the folder has it already.
    """
    if key in seen:
        raise KnowledgeBaseError(
            f"{where}: id {key[1]!r} stands already at {seen[key]}; give each row its own id"
        )
    seen[key] = where


def read_table(path: Path) -> str:
    """Return a table's text.

    Raises
    ------
    KnowledgeBaseError
        If the file cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeBaseError(f"{path} cannot be read: {error}") from error


def rows_of(path: Path, text: str) -> Iterator[tuple[str, Any]]:
    """Yield file and line of each row of a table's text, and the row as it stands.

    Raises
    ------
    KnowledgeBaseError
        Naming file and line, if one is not JSON.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            yield where, json.loads(line)
        except (ValueError, RecursionError) as error:
            raise KnowledgeBaseError(f"{where}: not a line of JSON ({error})") from error


def make_record(where: str, table: str, row: Any) -> Record:
    """Return the record of a table's row.

    Parameters
    ----------
    where
        What a message begins with: file and line.

    Raises
    ------
    KnowledgeBaseError
        If the row breaks the table's schema.
    """
    check_row(where, table, row)
    return _MAKERS[table](row)


def _common(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"],
        "aliases": tuple(row["aliases"]),
        "ja": tuple(row["ja"]),
    }


def _term(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"since": row.get("from"), "until": row.get("until")}


def _official(row: Mapping[str, Any]) -> Official:
    offices = tuple(
        Office(title=role["title"], kind=role["kind"], org=role["org"] or "", **_term(role))
        for role in row["roles"]
    )
    namesakes = tuple(row.get("namesakes", ()))
    return Official(**_common(row), country=row["country"], offices=offices, namesakes=namesakes)


def _exercise(row: Mapping[str, Any]) -> Exercise:
    return Exercise(
        **_common(row),
        ambiguous=row["ambiguous"],
        hosts=tuple(row.get("hosts", ())),
        partners=tuple(row.get("partners", ())),
        years=row.get("years"),
    )


def _ship(row: Mapping[str, Any]) -> Ship:
    return Ship(
        **_common(row),
        **_term(row),
        **{key: row[key] for key in ("prefix", "hull", "country")},
        type=row["type"] or "",
        service=row["service"] or "",
        ship_class=row.get("class"),
        homeport=row.get("homeport"),
    )


def _mineral(row: Mapping[str, Any]) -> Mineral:
    return Mineral(
        **_common(row),
        guarded=row["guard"] is not None,
        guard_context=tuple(word.lower() for word in row["guard_context"]),
        trap_context=tuple(phrase.lower() for phrase in row["trap_context"]),
        symbol=row.get("symbol"),
        groups=tuple(row.get("groups", ())),
    )


def _base(row: Mapping[str, Any]) -> Base:
    return Base(
        **_common(row),
        **_term(row),
        short=row["short"],
        short_is_city=row["short_is_city"],
        country=row["country"],
        service=row.get("service"),
        region=row.get("region"),
        kind=row.get("kind"),
    )


_MAKERS: dict[str, Callable[[Mapping[str, Any]], Record]] = {
    "officials": _official,
    "exercises": _exercise,
    "ships": _ship,
    "minerals": _mineral,
    "bases": _base,
}
