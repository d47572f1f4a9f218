"""New rows for a folder's own tables; the package's tables are only read."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alliance_nlp.core.errors import KnowledgeBaseError
from alliance_nlp.core.ids import slug
from alliance_nlp.core.text import one_line
from alliance_nlp.tag.kb import (
    claim_id,
    make_record,
    package_tables,
    read_table,
    rows_of,
    table_of,
)
from alliance_nlp.tag.records import Record
from alliance_nlp.tag.schema import columns_of


@dataclass(slots=True)
class _Tables:
    """A folder's own tables as they stand, on top of the package's.

    ``lines`` holds each file's lines, ``rows`` the file, the line's index and the row by id.
    """

    lines: dict[Path, list[str]] = field(default_factory=dict)
    rows: dict[str, tuple[Path, int, dict[str, Any]]] = field(default_factory=dict)

    def known(self, table: str, entity_id: Any) -> dict[str, Any] | None:
        """Return the row with an id, here or else in the package."""
        if not isinstance(entity_id, str):
            return None
        found = self.rows.get(entity_id)
        path, row = (found[0], found[2]) if found else _package_row(entity_id)
        if path is not None and table_of(path) != table:
            raise KnowledgeBaseError(
                f"the id {entity_id!r} is that of {row['name']} in {table_of(path)}; choose "
                "another id, or that table"
            )
        return row or None

    def place(self, target: Path, row: dict[str, Any]) -> Path:
        """Put a row where its id stands, or at the end of the target; return the file."""
        path, number, _ = self.rows.get(row["id"], (target, -1, None))
        lines = self.lines.setdefault(path, [])
        if number < 0:
            number = len(lines)
            lines.append("")
        lines[number] = json.dumps(row, ensure_ascii=False)
        self.rows[row["id"]] = (path, number, row)
        return path


def add_row(folder: Path, table: str, row: Mapping[str, Any], *, replace: bool = False) -> Record:
    """Add a row to a folder's own table (see :func:`add_rows`) and return its record."""
    return add_rows(folder, table, [row], replace=replace)[0]


def add_rows(
    folder: Path,
    table: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    replace: bool = False,
    places: Sequence[str] = (),
) -> tuple[Record, ...]:
    """Add rows to a folder's own table, all of them or none.

    Parameters
    ----------
    folder
        Made if it is missing. ``<table>.jsonl`` in it takes the rows and is exchanged whole; a
        row that stands in another file of the folder is corrected where it stands.
    rows
        Keys that are missing take their defaults, a missing id comes from the name.
    replace
        Correct known rows: keys that are missing keep what the known row says.
    places
        What a message about each row begins with, such as the file and line it comes from.

    Raises
    ------
    KnowledgeBaseError
        If a row breaks the table's schema, its id is known and ``replace`` is not set, or unknown
        although it is; if a table of the folder is broken already, or cannot be written.
    """
    columns_of(table)
    target = folder / f"{table}.jsonl"
    with _held(folder):
        own = _read(folder)
        records, changed = [], set[Path]()
        for number, given in enumerate(rows, start=1):
            where = places[number - 1] if places else f"row {number} for {target}"
            row = _complete(where, table, given, tables=own, replace=replace)
            records.append(make_record(where, table, row))
            changed.add(own.place(target, row))
        for path in sorted(changed):
            _write(path, "".join(f"{line}\n" for line in own.lines[path]))
        _read(folder)
    return tuple(records)


def known_row(folder: Path, table: str, entity_id: str) -> dict[str, Any] | None:
    """Return the row with an id as it stands, the folder's own before the package's.

    Raises
    ------
    KnowledgeBaseError
        If the id is that of another table's row, or a table of the folder is broken.
    """
    return _read(folder).known(table, entity_id)


def row_id(table: str, row: Mapping[str, Any]) -> Any:
    """Return a row's id, or the one that its name gives; a ship's has service and hull number."""
    if row.get("id") is not None:
        return row["id"]
    parts = [row.get("service"), row.get("hull")] if table == "ships" else []
    return slug(" ".join(str(part) for part in (*parts, row.get("name")) if part))


def _complete(
    where: str, table: str, given: Mapping[str, Any], *, tables: _Tables, replace: bool
) -> dict[str, Any]:
    """Return a row with all that its table needs, in the order of the table's columns.

    Raises
    ------
    KnowledgeBaseError
        If its id is known and it is no correction, or unknown and it is one.
    """
    if not isinstance(given, Mapping):
        raise KnowledgeBaseError(f"{where}: a row must be a JSON object")
    entity_id = row_id(table, given)
    if entity_id == "item" and given.get("id") is None and given.get("name"):
        raise KnowledgeBaseError(
            f"{where}: the name {given['name']!r} gives no id; give one, such as 'rahm-emanuel'"
        )
    known = tables.known(table, entity_id)
    if known is not None and not replace:
        raise KnowledgeBaseError(
            f"{where}: the id {entity_id!r} is that of {known['name']}; choose another id, or "
            "correct that row with --replace"
        )
    if known is None and replace:
        raise KnowledgeBaseError(
            f"{where}: there is no row {entity_id!r} in {table} to correct; see its id with: "
            "alliance-nlp kb find NAME"
        )
    columns = columns_of(table)
    start = known or {k: c.default for k, c in columns.items() if c.needed and c.kind != "name"}
    row = {**start, **_normal(given), "id": entity_id}
    ordered = {key: row.pop(key) for key in columns if key in row}
    return ordered | row  # what is left is unknown to the table, and refused with it


def _normal(value: Any) -> Any:
    """Return a value with its texts as they stand in articles: composed, clean, on one line."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, list | tuple):
        return [_normal(part) for part in value]
    if isinstance(value, Mapping):
        return {key: _normal(part) for key, part in value.items()}
    return value


def _package_row(entity_id: str) -> tuple[Path | None, dict[str, Any]]:
    """Return the package's row with an id and its file; only lines that hold it are parsed."""
    for path in sorted(package_tables().glob("*.jsonl")):
        for line in read_table(path).split("\n"):
            if f'"{entity_id}"' in line and (row := json.loads(line))["id"] == entity_id:
                return path, row
    return None, {}


def _read(folder: Path) -> _Tables:
    """Return a folder's tables, each row of them checked."""
    tables, seen = _Tables(), dict[tuple[str, str], str]()
    for path in sorted(folder.glob("*.jsonl")):
        text = read_table(path)
        tables.lines[path] = text.removesuffix("\n").split("\n") if text else []
        for where, row in rows_of(path, text):
            make_record(where, table_of(path), row)
            claim_id(seen, ("", row["id"]), where)
            tables.rows[row["id"]] = (path, int(where.rpartition(":")[2]) - 1, row)
    return tables


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a folder, made if it is missing, against another who adds to it; wait for one."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise KnowledgeBaseError(
            f"the folder {folder} cannot be made or opened: {error.strerror or error}"
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        os.fsync(handle)  # the new files' names
    finally:
        os.close(handle)


def _write(path: Path, text: str) -> None:
    """Exchange a file as a whole: a reader sees the old one or the new one."""
    unfinished = ""
    try:
        handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).chmod(path.stat().st_mode if path.exists() else 0o644)
        Path(unfinished).replace(path)
    except (OSError, UnicodeEncodeError) as error:
        if unfinished:
            Path(unfinished).unlink(missing_ok=True)
        raise KnowledgeBaseError(
            f"{path} cannot be written: {error}; make room or mend the rights"
        ) from error
