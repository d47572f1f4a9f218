"""Accounts from the command line; passwords come from anywhere but the arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

from alliance_nlp.review import password_fits
from alliance_nlp.store import Database, read_account, read_audit
from alliance_nlp.workspace import Workspace
from tests.e2e.in_process import invoke

PASSWORD = "four random words"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    root = tmp_path / "desk"
    assert invoke("init", root).code == 0
    return root


def _fits(desk: Path, name: str, password: str) -> bool:
    with Database.open(Workspace(desk).database_url) as database, database.read() as tx:
        return password_fits(read_account(tx, name), password)


def test_account_is_added_with_a_password_from_the_environment(desk: Path) -> None:
    done = invoke(
        "accounts", "add", "kano", "--right", "editor", "--json", "-w", desk,
        ALLIANCE_PASSWORD=PASSWORD,
    )  # fmt: skip
    assert done.code == 0, done.err
    assert (done.json["name"], done.json["right"], done.json["disabled_at"]) == (
        "kano", "editor", None,
    )  # fmt: skip
    assert PASSWORD not in done.out + done.err
    assert "argon2" not in done.out + done.err
    assert _fits(desk, "kano", PASSWORD)


def test_account_is_added_with_a_password_from_a_file(desk: Path, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\nanother line\n")
    done = invoke("accounts", "add", "kano", "--password-file", file, "-w", desk)
    assert done.code == 0, done.err
    assert _fits(desk, "kano", PASSWORD)


def test_password_is_asked_for_twice(desk: Path) -> None:
    twice = f"{PASSWORD}\n{PASSWORD}\n".encode()
    assert invoke("accounts", "add", "kano", "-w", desk, stdin=twice).code == 0
    assert _fits(desk, "kano", PASSWORD)
    unlike = f"{PASSWORD}\nanother one here\n".encode()
    assert invoke("accounts", "add", "ibe", "-w", desk, stdin=unlike).code == 1
    assert [row["name"] for row in invoke("accounts", "list", "--json", "-w", desk).json] == [
        "kano"
    ]


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("add", "two words"), "no account name"),
        (("disable", "nobody"), "accounts list"),
        (("password", "nobody"), "accounts list"),
        (("add", "kano", "--password-file", "none.txt"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_remedy(
    desk: Path, args: tuple[str, ...], why: str
) -> None:
    refused = invoke("accounts", *args, "-w", desk, ALLIANCE_PASSWORD=PASSWORD)
    assert refused.code == 1
    assert why in refused.err


def test_weak_password_is_refused(desk: Path) -> None:
    refused = invoke("accounts", "add", "kano", "-w", desk, ALLIANCE_PASSWORD="kano12345678")
    assert refused.code == 1
    assert "account's name" in refused.err


def test_password_is_no_argument(desk: Path) -> None:
    assert invoke("accounts", "add", "kano", "--password", PASSWORD, "-w", desk).code == 2


def test_account_is_disabled_enabled_and_changed_and_the_audit_tells(desk: Path) -> None:
    there = {"ALLIANCE_PASSWORD": PASSWORD}
    assert invoke("accounts", "add", "kano", "--by", "root", "-w", desk, **there).code == 0
    for args in (("disable", "kano"), ("enable", "kano"), ("right", "kano", "admin")):
        assert invoke("accounts", *args, "--by", "root", "-w", desk).code == 0
    new = {"ALLIANCE_PASSWORD": "another long password"}
    assert invoke("accounts", "password", "kano", "--by", "root", "-w", desk, **new).code == 0
    assert _fits(desk, "kano", "another long password")
    with Database.open(Workspace(desk).database_url) as database, database.read() as tx:
        told = [(e.who, e.action) for _, e in reversed(read_audit(tx, before=None, n=9))]
    assert told == [
        ("root", f"account-{action}")
        for action in ("added", "disabled", "enabled", "right", "password")
    ]


@pytest.mark.parametrize("command", ["add", "list", "disable", "enable", "right", "password"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    done = invoke("accounts", command, "--help")
    assert "Example: alliance-nlp accounts" in " ".join(done.out.split())
