"""Archive and database brought to one state: what is cut, what is kept, what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alliance_nlp.archive import Archive
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.types import ArchiveRef, Page, Role
from alliance_nlp.pipeline.repairing import settle_archive
from alliance_nlp.store import Database, commit_archive, finish_run, start_run

AT = datetime(2026, 3, 1, 6, tzinfo=UTC)


def page(number: int) -> Page:
    return Page(
        source_id="harbor",
        role=Role.ARTICLE,
        asked_url=f"https://harbor.example/{number}",
        url=f"https://harbor.example/{number}",
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=f"<p>piece {number}</p>".encode() * 20,
        fetched_at=AT,
    )


@pytest.fixture
def database(make_sqlite_url: Callable[..., str]) -> Iterator[Database]:
    with Database.open(make_sqlite_url(migrated=True)) as opened:
        yield opened


def start(database: Database) -> int:
    with database.write() as tx:
        return start_run(tx, command="nightly", as_of=AT, at=AT)


def commit(database: Database, ref: ArchiveRef) -> None:
    with database.write() as tx:
        commit_archive(tx, ref)


def finish(database: Database, run_id: int, state: str = "done") -> None:
    with database.write() as tx:
        finish_run(tx, run_id, state=state, at=AT)


def settle(database: Database, raw: Path) -> list[tuple[str, int]]:
    with database.read() as tx:
        return settle_archive(raw, tx)


def test_nothing_is_cut_when_all_is_committed(database: Database, tmp_path: Path) -> None:
    run_id = start(database)
    archive = Archive(tmp_path, run=str(run_id))
    ref = archive.append(page(1))
    commit(database, ref)
    before = (tmp_path / ref.file).read_bytes()
    assert settle(database, tmp_path) == []
    assert (tmp_path / ref.file).read_bytes() == before


def test_records_of_a_killed_run_that_were_never_committed_are_cut(
    database: Database, tmp_path: Path
) -> None:
    run_id = start(database)
    archive = Archive(tmp_path, run=str(run_id))
    ref = archive.append(page(1))
    commit(database, ref)
    before = (tmp_path / ref.file).read_bytes()
    archive.append(page(2))
    n_more = (tmp_path / ref.file).stat().st_size - len(before)
    assert settle(database, tmp_path) == [(ref.file, n_more)]
    assert (tmp_path / ref.file).read_bytes() == before


@pytest.mark.parametrize("n_torn", [1, 5, 150])
def test_a_torn_record_is_cut(database: Database, tmp_path: Path, n_torn: int) -> None:
    run_id = start(database)
    archive = Archive(tmp_path, run=str(run_id))
    ref = archive.append(page(1))
    commit(database, ref)
    finish(database, run_id)
    file = tmp_path / ref.file
    before = file.read_bytes()
    file.write_bytes(before + before[:n_torn])
    assert settle(database, tmp_path) == [(ref.file, n_torn)]
    assert file.read_bytes() == before


def test_a_file_that_a_run_died_in_before_its_first_commit_goes(
    database: Database, tmp_path: Path
) -> None:
    run_id = start(database)
    ref = Archive(tmp_path, run=str(run_id)).append(page(1))
    size = (tmp_path / ref.file).stat().st_size
    assert settle(database, tmp_path) == [(ref.file, size)]
    assert not (tmp_path / ref.file).exists()


def test_a_file_torn_within_its_first_record_goes(database: Database, tmp_path: Path) -> None:
    run_id = start(database)
    ref = Archive(tmp_path, run=str(run_id)).append(page(1))
    (tmp_path / ref.file).write_bytes((tmp_path / ref.file).read_bytes()[:40])
    assert settle(database, tmp_path) == [(ref.file, 40)]
    assert not (tmp_path / ref.file).exists()


def test_pages_of_a_finished_run_that_the_database_does_not_know_are_kept(
    database: Database, tmp_path: Path
) -> None:
    run_id = start(database)
    archive = Archive(tmp_path, run=str(run_id))
    ref = archive.append(page(1))
    archive.close({"state": "done"})
    before = (tmp_path / ref.file).read_bytes()
    with pytest.raises(ArchiveError, match="alliance-nlp rebuild"):
        settle(database, tmp_path)
    assert (tmp_path / ref.file).read_bytes() == before


def test_pages_of_a_run_that_the_database_never_had_are_kept(
    database: Database, tmp_path: Path
) -> None:
    ref = Archive(tmp_path, run="41").append(page(1))
    with pytest.raises(ArchiveError, match="pages of run 41"):
        settle(database, tmp_path)
    assert (tmp_path / ref.file).exists()


def test_a_file_of_others_is_repaired_and_kept(database: Database, tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    ref = archive.append(page(1))
    file = tmp_path / ref.file
    before = file.read_bytes()
    file.write_bytes(before + b"\x1f\x8b\x08 and no more")
    [(name, n_cut)] = settle(database, tmp_path)
    assert (name, file.read_bytes()) == (ref.file, before)
    assert n_cut == len(b"\x1f\x8b\x08 and no more")


def test_a_file_that_lost_committed_bytes_is_named(database: Database, tmp_path: Path) -> None:
    ref = Archive(tmp_path, run=str(start(database))).append(page(1))
    commit(database, ref)
    (tmp_path / ref.file).write_bytes((tmp_path / ref.file).read_bytes()[:-3])
    with pytest.raises(ArchiveError, match="3 bytes shorter"):
        settle(database, tmp_path)


def test_a_file_that_is_gone_is_named(database: Database, tmp_path: Path) -> None:
    ref = Archive(tmp_path, run=str(start(database))).append(page(1))
    commit(database, ref)
    (tmp_path / ref.file).unlink()
    with pytest.raises(ArchiveError, match="is gone; restore it from a backup"):
        settle(database, tmp_path)
