"""A whole database as one SQLite file, whatever it runs on, and back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from alliance_nlp.core.errors import StoreError
from alliance_nlp.store import schema
from alliance_nlp.store.database import Database, count_on
from alliance_nlp.store.search_index import fill_index

_ROWS = 1000


def backup(database: Database, file: Path) -> dict[str, int]:
    """Write all rows, as of one moment, to a new SQLite file; return how many by table.

    The full-text index is no part of it: :func:`restore` makes it again.
    It may run while others write. The file appears whole or not at all.

    Raises
    ------
    StoreError
        If the file exists, or cannot be written.
    """
    if file.exists():
        raise StoreError(f"{file} exists already; name another file for the backup")
    unfinished = file.with_name(f".{file.name}.unfinished")
    _forget(unfinished)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with Database.open(f"sqlite:///{unfinished}") as copy:
            with database.snapshot() as source, copy.write() as target:
                counts = _copy(source, target)
            copy.fold_log()
        os.replace(unfinished, file)  # noqa: PTH105 - atomic, and it overwrites nothing: see above
    except OSError as error:
        raise StoreError(
            f"the backup {file} cannot be written: {error.strerror or error}; make room, or name "
            "another folder"
        ) from error
    finally:
        _forget(unfinished)
    return counts


def restore(file: Path, database: Database) -> dict[str, int]:
    """Fill an empty database from a backup; return how many rows by table.

    Raises
    ------
    StoreError
        If there is no such file, or the database holds anything already.
    """
    if not file.is_file():
        raise StoreError(f"there is no backup {file}")
    with (
        Database.open(f"sqlite:///{file}") as kept,
        kept.snapshot() as source,
        database.write() as target,
    ):
        held = [table.name for table in schema.metadata.sorted_tables if _count(target, table)]
        if held:
            raise StoreError(
                f"the database is not empty ({', '.join(held)}); name a new one in store.url, or "
                "move the old one away"
            )
        counts = _copy(source, target)
        count_on(target)
        fill_index(target)
    return counts


def _copy(source: Connection, target: Connection) -> dict[str, int]:
    counts = {}
    for table in schema.metadata.sorted_tables:
        counts[table.name] = 0
        for rows in _parts(source, table):
            target.execute(insert(table), rows)
            counts[table.name] += len(rows)
    return counts


def _parts(source: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    result = source.execution_options(yield_per=_ROWS).execute(select(table))
    for part in result.partitions(_ROWS):
        yield [dict(row._mapping) for row in part]


def _count(tx: Connection, table: Table) -> int:
    return int(tx.execute(select(func.count()).select_from(table)).scalar_one())


def _forget(file: Path) -> None:
    for path in (file, *(Path(f"{file}{tail}") for tail in ("-wal", "-shm", "-journal"))):
        path.unlink(missing_ok=True)
