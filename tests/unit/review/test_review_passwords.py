"""Passwords, tokens and rights."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import Account, Right
from alliance_nlp.review import (
    check_account_name,
    check_password,
    hash_password,
    may,
    needs_rehash,
    new_token,
    password_fits,
    token_hash,
)

AT = datetime(2024, 4, 14, tzinfo=UTC)
PASSWORD = "ミサイル corréct horse"


@pytest.fixture(scope="module")
def account() -> Account:
    return Account(
        name="kano", right=Right.EDITOR, password_hash=hash_password(PASSWORD), created_at=AT
    )


def test_password_fits_its_account_and_no_other_does(account: Account) -> None:
    assert password_fits(account, PASSWORD)
    assert not password_fits(account, PASSWORD + " ")
    assert not password_fits(account, "")


def test_password_is_not_in_its_hash_and_two_hashes_differ(account: Account) -> None:
    assert account.password_hash.startswith("$argon2id$")
    assert "horse" not in account.password_hash
    assert hash_password(PASSWORD) != account.password_hash


def test_password_typed_on_another_keyboard_fits(account: Account) -> None:
    decomposed = unicodedata.normalize("NFD", PASSWORD)
    assert decomposed != PASSWORD
    assert password_fits(account, decomposed)


def test_nothing_fits_a_disabled_or_absent_account(account: Account) -> None:
    assert not password_fits(replace(account, disabled_at=AT), PASSWORD)
    assert not password_fits(None, PASSWORD)


@pytest.mark.parametrize("kept", ["", "plain", "$argon2id$v=19$m=65536,t=3,p=4$broken"])
def test_nothing_fits_a_broken_hash(account: Account, kept: str) -> None:
    broken = replace(account, password_hash=kept)
    assert not password_fits(broken, PASSWORD)


@pytest.mark.parametrize("password", ["x" * 2_000_000, "a\ud800b" * 5])
def test_hostile_password_is_refused_without_an_error(account: Account, password: str) -> None:
    assert not password_fits(account, password)


def test_hash_of_weaker_parameters_is_to_be_renewed(account: Account) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    assert needs_rehash(replace(account, password_hash=weak))
    assert not needs_rehash(account)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "0 characters"),
        ("elevenchars", "11 characters"),
        ("x" * 1025, "longer than 1024"),
        ("Hanako.Kano1", "account's name"),
        ("hanako.kano-hanako.kano", "account's name"),
        ("abababababababab", "different characters"),
    ],
)
def test_password_that_is_easily_guessed_is_refused(password: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        check_password(password, name="hanako.kano")


@pytest.mark.parametrize(
    "password", ["four random words", "一二三四五六七八九十百千", "k" + PASSWORD]
)
def test_password_of_twelve_characters_is_taken(password: str) -> None:
    check_password(password, name="k")


@pytest.mark.parametrize(
    "name", ["", " ", "two words", "../up", "-dash", "a" * 65, "<b>", "a\nb", "a\u202eb"]
)
def test_what_is_no_account_name_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="no account name"):
        check_account_name(name)


def test_account_name_is_kept_in_one_writing() -> None:
    assert check_account_name(" ｋａｎｏ ") == "kano"
    assert check_account_name("加納@desk.example") == "加納@desk.example"


def test_tokens_differ_and_only_their_hash_is_kept() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 43
    assert len({token_hash(token) for token in tokens}) == 100
    assert token_hash("a\ud800") != token_hash("a")


def test_each_right_includes_those_before_it(account: Account) -> None:
    allowed = [right for right in Right if may(account, right)]
    assert allowed == [Right.READER, Right.ANALYST, Right.EDITOR]


def test_disabled_account_may_nothing(account: Account) -> None:
    assert not may(replace(account, disabled_at=AT), Right.READER)
