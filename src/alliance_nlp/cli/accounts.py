"""accounts add, list, disable, enable, right, password: who may work at the desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliance_nlp.cli.groups import Group
from alliance_nlp.cli.options import JsonOption, WorkspaceOption, open_workspace
from alliance_nlp.core.enums import Right
from alliance_nlp.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from alliance_nlp.core.types import Account
    from alliance_nlp.store import Database

app = typer.Typer(
    cls=Group, no_args_is_help=True, help="Accounts: who may work at the desk, and as what."
)
NameArgument = Annotated[str, typer.Argument(help="The account's name.")]
ByOption = Annotated[str, typer.Option(envvar="USER", help="Who changes it; the audit tells.")]
PasswordFileOption = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        help="Read the password from this file's first line; else ALLIANCE_PASSWORD, else ask.",
        show_default=False,
    ),
]
_FROM_ENVIRONMENT = "ALLIANCE_PASSWORD"


def register(parent: typer.Typer) -> None:
    """Add this module's commands."""
    parent.add_typer(app, name="accounts", rich_help_panel="The desk")


@app.command()
def add(
    name: NameArgument,
    *,
    right: Annotated[Right, typer.Option(help="What it may do.")] = Right.ANALYST,
    password_file: PasswordFileOption = None,
    by: ByOption = "operator",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add an account; the password is asked for, or read from a file or the environment.

    Example: alliance-nlp accounts add kano --right editor
    """
    from alliance_nlp.pipeline.accounts import add_account

    password = _password(password_file)
    _change(
        workspace,
        lambda database: add_account(database, name, right=right, password=password, by=by),
        as_json=as_json,
        said="added",
    )


@app.command("list")
def list_accounts(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the accounts, also the disabled ones.

    Example: alliance-nlp accounts list
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.store import read_accounts

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database, database.read() as tx:
        accounts = read_accounts(tx)
    if console.wants_json(as_json):
        console.print_json([_account_json(account) for account in accounts])
        return
    if not accounts:
        console.out().print("no accounts yet; run: alliance-nlp accounts add NAME --right admin")
        return
    rows = [
        (
            account.name,
            account.right.value,
            account.created_at.date(),
            account.disabled_at.date() if account.disabled_at else "",
        )
        for account in accounts
    ]
    console.out().print(console.table("", ["name", "right", "since", "disabled"], rows))


@app.command()
def disable(
    name: NameArgument,
    *,
    by: ByOption = "operator",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Shut an account out and end its sessions; its decisions stay.

    Example: alliance-nlp accounts disable kano
    """
    from alliance_nlp.pipeline.accounts import disable_account

    _change(
        workspace,
        lambda database: disable_account(database, name, by=by),
        as_json=as_json,
        said="disabled",
    )


@app.command()
def enable(
    name: NameArgument,
    *,
    by: ByOption = "operator",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a disabled account in again, with its password and right as they were.

    Example: alliance-nlp accounts enable kano
    """
    from alliance_nlp.pipeline.accounts import enable_account

    _change(
        workspace,
        lambda database: enable_account(database, name, by=by),
        as_json=as_json,
        said="enabled",
    )


@app.command("right")
def change_right(
    name: NameArgument,
    right: Annotated[Right, typer.Argument(help="What it may do from now on.")],
    *,
    by: ByOption = "operator",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change what an account may do.

    Example: alliance-nlp accounts right kano editor
    """
    from alliance_nlp.pipeline.accounts import set_right

    _change(
        workspace,
        lambda database: set_right(database, name, right=right, by=by),
        as_json=as_json,
        said=f"now {right.value}",
    )


@app.command()
def password(
    name: NameArgument,
    *,
    password_file: PasswordFileOption = None,
    by: ByOption = "operator",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give an account another password and end its sessions.

    Example: alliance-nlp accounts password kano --password-file new.txt
    """
    from alliance_nlp.pipeline.accounts import set_password

    given = _password(password_file)
    _change(
        workspace,
        lambda database: set_password(database, name, password=given, by=by),
        as_json=as_json,
        said="has another password",
    )


def _password(file: Path | None) -> str:
    """Return the password; never an argument, which other users of the machine would see."""
    import os

    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{file} cannot be read as UTF-8 text: {error}") from error
        if not lines:
            raise InputError(f"{file} is empty; write the password on its first line")
        return lines[0]
    if _FROM_ENVIRONMENT in os.environ:
        return os.environ[_FROM_ENVIRONMENT]
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _change(
    workspace: Path | None,
    change: Callable[[Database], Account],
    *,
    as_json: bool,
    said: str,
) -> None:
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.night import open_database

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database:
        account = change(database)
    if as_json:
        console.print_json(_account_json(account))
    console.err().print(console.plain(f"{account.name} ({account.right.value}): {said}"))


def _account_json(account: Account) -> dict[str, Any]:
    disabled_at = account.disabled_at
    return {
        "name": account.name,
        "right": account.right.value,
        "created_at": account.created_at.isoformat(),
        "disabled_at": disabled_at.isoformat() if disabled_at else None,
    }
