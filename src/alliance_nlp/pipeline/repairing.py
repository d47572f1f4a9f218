"""Bringing archive and database to one state before anything is written."""

from __future__ import annotations

from pathlib import Path

from alliance_nlp.archive import (
    Archive,
    archive_files,
    file_info,
    repair_alone,
    run_number,
    tail_of,
)
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.store import Connection, committed_bytes, unfinished_runs


def settle_archive(raw: Path, tx: Connection) -> list[tuple[str, int]]:
    """Cut off what a killed run wrote and never committed; return (file, bytes cut).

    Pages of a run that ended well are never cut: where the database does not know them, it is
    older than they are.

    Raises
    ------
    ArchiveError
        If a file is shorter than was committed or gone, or holds pages of a finished run that the
        database does not know.
    """
    committed = committed_bytes(tx)
    unfinished = unfinished_runs(tx)
    cut = []
    for path in archive_files(raw):
        name, size = path.relative_to(raw).as_posix(), path.stat().st_size
        known = committed.get(name)
        if known is not None and size <= known:
            continue
        number = run_number(file_info(path))
        tail = tail_of(path, known or 0)
        if number and tail.n_pages and (tail.has_ended or number not in unfinished):
            raise ArchiveError(
                f"{path} holds pages of run {number} that the database does not know; it is of "
                "before that run, or new: take them in with: alliance-nlp rebuild"
            )
        if known is None and (number or not tail.n_whole):
            path.unlink()  # a run was killed within its first record
            cut.append((name, size))
        elif known is None:
            cut.append((name, repair_alone(path)))  # a file of others
    return [(name, n) for name, n in cut if n] + Archive(raw).repair(committed)
