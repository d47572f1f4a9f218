"""Accounts and signing in; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from desk_values import AT, later

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import Account, Right
from alliance_nlp.pipeline.accounts import (
    SESSION,
    add_account,
    disable_account,
    enable_account,
    set_password,
    set_right,
    sign_in,
)
from alliance_nlp.review import needs_rehash, token_hash
from alliance_nlp.store import (
    Database,
    read_account,
    read_audit,
    save_account,
    session_account,
)

PASSWORD = "four random words"


@pytest.fixture
def staffed(database: Database) -> Database:
    add_account(database, "kano", right=Right.ANALYST, password=PASSWORD, by="root", at=AT)
    return database


def _told(database: Database) -> list[tuple[str, str, str, str]]:
    with database.read() as tx:
        entries = [entry for _, entry in read_audit(tx, before=None, n=99)]
    return [(e.who, e.action, e.subject, e.detail) for e in reversed(entries)]


def _signed_in(database: Database, password: str = PASSWORD) -> str:
    found = sign_in(database, "kano", password=password, at=AT)
    assert found is not None
    return token_hash(found[1])


def _whose(database: Database, token: str, minutes: float = 0) -> Account | None:
    with database.read() as tx:
        return session_account(tx, token, at=later(minutes))


def test_account_is_added_without_its_password(staffed: Database) -> None:
    with staffed.read() as tx:
        account = read_account(tx, "kano")
    assert account is not None
    assert (account.right, account.created_at) == (Right.ANALYST, AT)
    assert PASSWORD not in account.password_hash
    assert _told(staffed) == [("root", "account-added", "kano", "analyst")]


@pytest.mark.parametrize("name", ["kano", "KANO", " kano "])
def test_name_that_is_taken_is_refused_whatever_its_capitals(staffed: Database, name: str) -> None:
    with pytest.raises(InputError, match="already"):
        add_account(staffed, name, right=Right.ADMIN, password=PASSWORD, by="root")


def test_right_name_and_password_open_a_session_that_ends(staffed: Database) -> None:
    token = _signed_in(staffed)
    found = _whose(staffed, token)
    assert found is not None
    assert found.name == "kano"
    assert _whose(staffed, token, minutes=SESSION / timedelta(minutes=1)) is None
    assert _told(staffed)[-1] == ("kano", "sign-in", "kano", "")


@pytest.mark.parametrize(
    ("name", "password"), [("kano", "another password"), ("nobody", PASSWORD), ("x" * 5000, "")]
)
def test_wrong_name_or_password_opens_none_and_is_told(
    staffed: Database, name: str, password: str
) -> None:
    assert sign_in(staffed, name, password=password, at=AT) is None
    who, action, subject, _ = _told(staffed)[-1]
    assert (who, action) == ("", "sign-in-refused")
    assert len(subject) <= 80


def test_disabling_ends_sessions_and_enabling_lets_in_again(staffed: Database) -> None:
    token = _signed_in(staffed)
    disable_account(staffed, "kano", by="root", at=later(1))
    assert _whose(staffed, token) is None
    assert sign_in(staffed, "kano", password=PASSWORD) is None
    enable_account(staffed, "kano", by="root")
    assert _whose(staffed, token) is None
    assert _whose(staffed, _signed_in(staffed)) is not None


def test_disabling_twice_keeps_the_first_time(staffed: Database) -> None:
    disable_account(staffed, "kano", by="root", at=later(1))
    assert disable_account(staffed, "kano", by="root", at=later(2)).disabled_at == later(1)
    assert [action for _, action, _, _ in _told(staffed)].count("account-disabled") == 1


def test_another_password_ends_sessions_and_the_old_one_fits_no_more(staffed: Database) -> None:
    token = _signed_in(staffed)
    set_password(staffed, "kano", password="another long password", by="root")
    assert _whose(staffed, token) is None
    assert sign_in(staffed, "kano", password=PASSWORD) is None
    _signed_in(staffed, "another long password")


def test_weak_password_is_refused_and_the_old_one_stays(staffed: Database) -> None:
    with pytest.raises(InputError, match="12 or more"):
        set_password(staffed, "kano", password="short", by="root")
    _signed_in(staffed)


def test_right_is_changed_and_told(staffed: Database) -> None:
    assert set_right(staffed, "kano", right=Right.EDITOR, by="root").right is Right.EDITOR
    assert _told(staffed)[-1] == ("root", "account-right", "kano", "analyst to editor")


def test_unknown_account_is_refused(staffed: Database) -> None:
    with pytest.raises(InputError, match="accounts list"):
        set_right(staffed, "nobody", right=Right.EDITOR, by="root")


def test_password_of_older_parameters_is_hashed_anew_at_sign_in(staffed: Database) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with staffed.write() as tx:
        known = read_account(tx, "kano")
        assert known is not None
        save_account(tx, replace(known, password_hash=weak))
    _signed_in(staffed)
    with staffed.read() as tx:
        renewed = read_account(tx, "kano")
    assert renewed is not None
    assert not needs_rehash(renewed)
    _signed_in(staffed)
