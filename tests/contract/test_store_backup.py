from __future__ import annotations

import threading
from pathlib import Path

import pytest
from store_values import AT, keep_articles, make_run

from alliance_nlp.core.errors import StoreError
from alliance_nlp.core.types import Decision, Verdict
from alliance_nlp.store import (
    Database,
    append_decision,
    backup,
    count_rows,
    read_articles,
    restore,
    start_run,
)


def _fill(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, *(f"a{n}" for n in range(30)))
        append_decision(
            tx, Decision(subject="s", verdict=Verdict.ACCEPT, reviewer="me", decided_at=AT)
        )


def test_backup_restores_to_the_same_rows(
    database: Database, empty_url: str, tmp_path: Path
) -> None:
    _fill(database)
    file = tmp_path / "kept" / "alliance.backup"
    counts = backup(database, file)
    with Database.open(empty_url) as fresh:
        assert restore(file, fresh) == counts
        with database.read() as old, fresh.read() as new:
            assert count_rows(old) == count_rows(new)
            ids = [f"a{n}" for n in range(30)]
            assert read_articles(old, ids) == read_articles(new, ids)
        with fresh.write() as tx:  # further ids do not clash with those restored
            assert start_run(tx, command="nightly", as_of=AT, at=AT) > 1
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_backup_does_not_overwrite(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "alliance.backup"
    file.write_text("precious")
    with pytest.raises(StoreError, match="exists already"):
        backup(database, file)
    assert file.read_text() == "precious"


def test_restore_refuses_a_database_with_rows(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "alliance.backup"
    backup(database, file)
    with database.write() as tx:
        make_run(tx)
    with pytest.raises(StoreError, match="not empty \\(runs\\)"):
        restore(file, database)


def test_restore_refuses_a_missing_file(database: Database, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no backup"):
        restore(tmp_path / "none", database)


def test_backup_is_of_one_moment_while_others_write(database: Database, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set():
            with database.write() as tx:  # a run and its article come together or not at all
                keep_articles(tx, f"a{n}")
            n += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(4):
            counts = backup(database, tmp_path / f"{n}.backup")
            assert counts["runs"] == counts["articles"] == counts["fetches"] == counts["versions"]
    finally:
        stop.set()
        writer.join()
