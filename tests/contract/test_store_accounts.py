"""Accounts, sessions, presence and saved views, on both databases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from store_values import AT, hours

from alliance_nlp.core.errors import StoreError
from alliance_nlp.core.types import Account, Presence, Right
from alliance_nlp.store import (
    Database,
    backup,
    close_session,
    close_sessions,
    delete_view,
    forget_derived,
    open_session,
    read_account,
    read_accounts,
    read_presence,
    read_presences,
    read_views,
    restore,
    save_account,
    save_presence,
    save_view,
    session_account,
)

KANO = Account(name="kano", right=Right.EDITOR, password_hash="$argon2id$kept", created_at=AT)
IBE = Account(name="Ibe", right=Right.READER, password_hash="$argon2id$other", created_at=hours(1))


@pytest.fixture
def staffed(database: Database) -> Database:
    with database.write() as tx:
        save_account(tx, KANO)
        save_account(tx, IBE)
        open_session(tx, token_hash="t1", account="kano", at=AT, until=hours(12))
        open_session(tx, token_hash="t2", account="kano", at=AT, until=hours(2))
        open_session(tx, token_hash="t3", account="Ibe", at=AT, until=hours(12))
    return database


def test_account_is_read_back(staffed: Database) -> None:
    with staffed.read() as tx:
        assert read_account(tx, "kano") == KANO
        assert read_account(tx, "nobody") is None
        assert read_accounts(tx) == [IBE, KANO]


def test_saving_an_account_again_changes_it_and_leaves_its_sessions(staffed: Database) -> None:
    changed = replace(KANO, right=Right.ADMIN, password_hash="$argon2id$new")
    with staffed.write() as tx:
        save_account(tx, changed)
        assert read_account(tx, "kano") == changed
        assert session_account(tx, "t1", at=hours(1)) == changed


def test_session_tells_its_account_until_it_ends(staffed: Database) -> None:
    with staffed.read() as tx:
        assert session_account(tx, "t2", at=hours(1.9)) == KANO
        assert session_account(tx, "t2", at=hours(2)) is None
        assert session_account(tx, "t9", at=AT) is None


def test_session_of_a_disabled_account_is_none(staffed: Database) -> None:
    with staffed.write() as tx:
        save_account(tx, replace(KANO, disabled_at=hours(1)))
        assert session_account(tx, "t1", at=hours(1)) is None
        assert session_account(tx, "t3", at=hours(1)) == IBE


def test_closing_one_session_leaves_the_others(staffed: Database) -> None:
    with staffed.write() as tx:
        close_session(tx, "t1")
        close_session(tx, "t1")
        assert session_account(tx, "t1", at=AT) is None
        assert session_account(tx, "t2", at=AT) == KANO


def test_closing_all_sessions_of_an_account_leaves_those_of_others(staffed: Database) -> None:
    with staffed.write() as tx:
        close_sessions(tx, "kano")
        assert [session_account(tx, token, at=AT) for token in ("t1", "t2", "t3")] == [
            None, None, IBE,
        ]  # fmt: skip


def test_session_that_ended_is_forgotten_when_another_opens(staffed: Database) -> None:
    with staffed.write() as tx:
        open_session(tx, token_hash="t4", account="Ibe", at=hours(3), until=hours(9))
        kept = tx.exec_driver_sql("SELECT token_hash FROM sessions ORDER BY token_hash")
        assert [row[0] for row in kept] == ["t1", "t3", "t4"]


def test_session_of_no_account_is_refused(staffed: Database) -> None:
    with pytest.raises(StoreError), staffed.write() as tx:
        open_session(tx, token_hash="t5", account="nobody", at=AT, until=hours(1))


def test_presence_is_one_row_an_account_and_the_newest_comes_first(database: Database) -> None:
    first = Presence(account="kano", place="/story/s-1", subject="s-1", at=AT)
    second = Presence(account="kano", place="/?after=20", subject="", at=hours(1))
    other = Presence(account="Ibe", place="/story/s-1", subject="s-1", at=hours(2))
    with database.write() as tx:
        for presence in (first, second, other):
            save_presence(tx, presence)
        assert read_presence(tx, "kano") == second
        assert read_presence(tx, "nobody") is None
        assert read_presences(tx, since=AT) == [other, second]
        assert read_presences(tx, since=hours(2)) == [other]
        assert read_presences(tx, since=hours(2.1)) == []


def test_saved_views_belong_to_an_account(database: Database) -> None:
    with database.write() as tx:
        save_view(tx, "kano", "trade", query="topic=trade")
        save_view(tx, "kano", "bases 基地", query="topic=base-politics")
        save_view(tx, "Ibe", "trade", query="topic=trade&state=open")
        save_view(tx, "kano", "trade", query="topic=trade&topic=energy")
        assert read_views(tx, "kano") == [
            ("bases 基地", "topic=base-politics"),
            ("trade", "topic=trade&topic=energy"),
        ]
        delete_view(tx, "kano", "trade")
        delete_view(tx, "kano", "trade")
        assert [name for name, _ in read_views(tx, "kano")] == ["bases 基地"]
        assert read_views(tx, "Ibe") == [("trade", "topic=trade&state=open")]


def test_people_survive_a_rebuild_and_a_backup(
    staffed: Database, empty_url: str, tmp_path: Path
) -> None:
    presence = Presence(account="kano", place="/", subject="", at=AT)
    with staffed.write() as tx:
        save_view(tx, "kano", "trade", query="topic=trade")
        save_presence(tx, presence)
        forget_derived(tx)
    backup(staffed, tmp_path / "kept")
    with Database.open(empty_url) as fresh:
        restore(tmp_path / "kept", fresh)
        with fresh.read() as tx:
            assert read_accounts(tx) == [IBE, KANO]
            assert session_account(tx, "t1", at=AT) == KANO
            assert read_views(tx, "kano") == [("trade", "topic=trade")]
            assert read_presence(tx, "kano") == presence
