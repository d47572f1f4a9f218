from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from alliance_nlp.core.errors import StoreError
from alliance_nlp.store import Database

SECRET = "hunter2-secret"


def _refusal(url: str) -> str:
    with pytest.raises(StoreError) as caught:
        Database.open(url)
    return str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "alliance.sqlite3",
        "sqlite",
        f"postgresql//user:{SECRET}@host/name",
        f"user:{SECRET}@host/name",
        f"oracledb+nothing://user:{SECRET}@host/name",
        f"postgresql+nodriver://user:{SECRET}@host/name",
        f"postgresql+psycopg://user:{SECRET}@host:port/name",
    ],
)
def test_bad_url_is_refused_with_a_remedy_and_no_password(url: str) -> None:
    message = _refusal(url)
    assert "write sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME" in message
    assert SECRET not in message


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg://user:{SECRET}@127.0.0.1:1/name?connect_timeout=3",
        f"postgresql+psycopg://user:{SECRET}@/name?host=/nowhere/at/all",
    ],
)
def test_unreachable_server_is_named_with_a_remedy_and_no_password(url: str) -> None:
    message = _refusal(url)
    assert "user:***@" in message
    assert "check store.url, that the server runs" in message
    assert SECRET not in message


@pytest.mark.postgres
def test_absent_database_is_named_with_a_remedy(postgres_url: str) -> None:
    message = _refusal(postgres_url.replace("/postgres?", "/no_such_database?"))
    assert "no_such_database" in message
    assert "check store.url" in message


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are notes, not a database\n" * 100)
    before = path.read_bytes()
    message = _refusal(f"sqlite:///{path}")
    assert str(path) in message
    assert "check store.url" in message
    assert path.read_bytes() == before


def test_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    assert "check store.url" in _refusal(f"sqlite:///{tmp_path}")


def test_folder_that_cannot_be_made_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    message = _refusal(f"sqlite:///{tmp_path}/file/below/alliance.sqlite3")
    assert "below" in message
    assert "check store.url" in message


def test_missing_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "alliance.sqlite3"
    Database.open(f"sqlite:///{path}").close()
    assert path.is_file()


def test_sqlite_file_is_safe_against_a_power_cut(tmp_path: Path) -> None:
    path = tmp_path / "alliance.sqlite3"
    with Database.open(f"sqlite:///{path}") as database, database.read() as tx:
        settings = {
            name: tx.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 60_000,
    }


def test_closing_folds_the_log_into_the_file(tmp_path: Path) -> None:
    path = tmp_path / "alliance.sqlite3"
    Database.open(f"sqlite:///{path}").close()
    assert [found.name for found in tmp_path.iterdir()] == ["alliance.sqlite3"]
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        connection.close()
