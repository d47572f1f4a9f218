"""Accounts added and changed, and signing in; every change is told to the audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import InputError
from alliance_nlp.core.text import one_line, shorten
from alliance_nlp.core.types import Account, AuditEntry, Right
from alliance_nlp.review import (
    check_account_name,
    check_password,
    hash_password,
    needs_rehash,
    new_token,
    password_fits,
    token_hash,
)
from alliance_nlp.store import (
    Connection,
    Database,
    append_audit,
    close_sessions,
    open_session,
    read_account,
    read_accounts,
    save_account,
)

SESSION = timedelta(hours=12)


def add_account(
    database: Database,
    name: str,
    *,
    right: Right,
    password: str,
    by: str,
    at: datetime | None = None,
) -> Account:
    """Add an account and return it.

    Raises
    ------
    InputError
        If the name is no name or taken (capitals make no difference), or the password is refused.
    """
    plain = check_account_name(name)
    check_password(password, name=plain)
    account = Account(
        name=plain, right=right, password_hash=hash_password(password), created_at=at or now()
    )
    with database.write() as tx:
        taken = {known.name.casefold(): known.name for known in read_accounts(tx)}
        if plain.casefold() in taken:
            raise InputError(
                f"there is an account {taken[plain.casefold()]!r} already; choose another name"
            )
        save_account(tx, account)
        _tell(tx, account, "account-added", by=by, at=account.created_at, detail=right.value)
    return account


def set_right(
    database: Database, name: str, *, right: Right, by: str, at: datetime | None = None
) -> Account:
    """Change what an account may do.

    Raises
    ------
    InputError
        If there is no such account.
    """
    with database.write() as tx:
        account = _known(tx, name)
        changed = replace(account, right=right)
        save_account(tx, changed)
        detail = f"{account.right.value} to {right.value}"
        _tell(tx, changed, "account-right", by=by, at=at or now(), detail=detail)
    return changed


def set_password(
    database: Database, name: str, *, password: str, by: str, at: datetime | None = None
) -> Account:
    """Give an account another password; its sessions end.

    Raises
    ------
    InputError
        If there is no such account, or the password is refused.
    """
    plain = check_account_name(name)
    check_password(password, name=plain)
    hashed = hash_password(password)
    with database.write() as tx:
        changed = replace(_known(tx, plain), password_hash=hashed)
        save_account(tx, changed)
        close_sessions(tx, changed.name)
        _tell(tx, changed, "account-password", by=by, at=at or now())
    return changed


def disable_account(
    database: Database, name: str, *, by: str, at: datetime | None = None
) -> Account:
    """Shut an account out and end its sessions; what it decided stays.

    Raises
    ------
    InputError
        If there is no such account.
    """
    with database.write() as tx:
        account = _known(tx, name)
        if account.disabled_at is not None:
            return account
        changed = replace(account, disabled_at=at or now())
        save_account(tx, changed)
        close_sessions(tx, changed.name)
        _tell(tx, changed, "account-disabled", by=by, at=at or now())
    return changed


def enable_account(
    database: Database, name: str, *, by: str, at: datetime | None = None
) -> Account:
    """Let a disabled account in again.

    Raises
    ------
    InputError
        If there is no such account.
    """
    with database.write() as tx:
        account = _known(tx, name)
        if account.disabled_at is None:
            return account
        changed = replace(account, disabled_at=None)
        save_account(tx, changed)
        _tell(tx, changed, "account-enabled", by=by, at=at or now())
    return changed


def sign_in(
    database: Database, name: str, *, password: str, at: datetime | None = None
) -> tuple[Account, str] | None:
    """Return the account and the token of a new session, or ``None`` when the two do not fit.

    The token goes to the browser and is not kept; a password that was hashed with older
    parameters is hashed anew. Both outcomes are told to the audit.
    """
    moment = at or now()
    with database.read() as tx:
        account = read_account(tx, name)
    # Outside a transaction: it takes a tenth of a second on purpose.
    fits = password_fits(account, password)
    if account is None or not fits:
        refused = AuditEntry(
            at=moment, who="", action="sign-in-refused", subject=shorten(one_line(name), 80)
        )
        with database.write() as tx:
            append_audit(tx, refused)
        return None
    renewed = hash_password(password) if needs_rehash(account) else ""
    token = new_token()
    with database.write() as tx:
        if read_account(tx, account.name) != account:
            return None  # disabled, or given another password, in the meantime
        if renewed:
            account = replace(account, password_hash=renewed)
            save_account(tx, account)
        open_session(
            tx,
            token_hash=token_hash(token),
            account=account.name,
            at=moment,
            until=moment + SESSION,
        )
        _tell(tx, account, "sign-in", by=account.name, at=moment)
    return account, token


def _known(tx: Connection, name: str) -> Account:
    account = read_account(tx, check_account_name(name))
    if account is None:
        raise InputError(f"there is no account {name!r}; see: alliance-nlp accounts list")
    return account


def _tell(
    tx: Connection, account: Account, action: str, *, by: str, at: datetime, detail: str = ""
) -> None:
    entry = AuditEntry(at=at, who=by, action=action, subject=account.name, detail=detail)
    append_audit(tx, entry)
