"""Who works at the desk: accounts, their sessions, where they are, and their saved views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import Account, Presence, Right
from alliance_nlp.store import schema
from alliance_nlp.store.database import upsert

_A = schema.accounts.c
_S = schema.sessions.c
_P = schema.presences.c
_V = schema.saved_views.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session that has not ended: whose it is, since when, and until when."""

    account: Account
    opened_at: datetime
    until: datetime


def save_account(tx: Connection, account: Account) -> None:
    """Save an account; one of the same name is overwritten."""
    row = {
        "name": clean(account.name),
        "right": account.right.value,
        "password_hash": account.password_hash,
        "created_at": account.created_at,
        "disabled_at": account.disabled_at,
    }
    upsert(tx, schema.accounts, [row])


def read_account(tx: Connection, name: str) -> Account | None:
    """Return an account, disabled or not, or ``None``."""
    row = tx.execute(select(schema.accounts).where(_A.name == clean(name))).first()
    return _account(row) if row else None


def read_accounts(tx: Connection) -> list[Account]:
    """Return all accounts, also the disabled ones, by name."""
    found = [_account(row) for row in tx.execute(select(schema.accounts))]
    return sorted(found, key=lambda account: account.name)  # a database sorts by its own locale


def open_session(
    tx: Connection, *, token_hash: str, account: str, at: datetime, until: datetime
) -> None:
    """Open a session; those that ended by ``at`` are forgotten."""
    tx.execute(delete(schema.sessions).where(_S.until <= at))
    row = {"token_hash": token_hash, "account": clean(account), "opened_at": at, "until": until}
    tx.execute(insert(schema.sessions).values(row))


def read_session(tx: Connection, token_hash: str, *, at: datetime) -> Session | None:
    """Return a session; ``None`` when it ended or its account is disabled."""
    query = (
        select(schema.accounts, _S.opened_at, _S.until)
        .join(schema.sessions, _S.account == _A.name)
        .where(_S.token_hash == token_hash, _S.until > at, _A.disabled_at.is_(None))
    )
    row = tx.execute(query).first()
    if row is None:
        return None
    return Session(account=_account(row), opened_at=row.opened_at, until=row.until)


def session_account(tx: Connection, token_hash: str, *, at: datetime) -> Account | None:
    """Return whose session it is; ``None`` when it ended or its account is disabled."""
    session = read_session(tx, token_hash, at=at)
    return session.account if session else None


def renew_session(tx: Connection, token_hash: str, *, until: datetime) -> None:
    """Let a session last longer; one that is not there is no error."""
    mine = update(schema.sessions).where(_S.token_hash == token_hash)
    tx.execute(mine.values(until=until))


def close_session(tx: Connection, token_hash: str) -> None:
    """End one session; one that is not there is no error."""
    tx.execute(delete(schema.sessions).where(_S.token_hash == token_hash))


def close_sessions(tx: Connection, account: str) -> None:
    """End all sessions of an account."""
    tx.execute(delete(schema.sessions).where(_S.account == clean(account)))


def save_presence(tx: Connection, presence: Presence) -> None:
    """Save where somebody is; where they were before is forgotten."""
    row = {
        "account": clean(presence.account),
        "place": clean(presence.place),
        "subject": clean(presence.subject),
        "at": presence.at,
    }
    upsert(tx, schema.presences, [row])


def read_presence(tx: Connection, account: str) -> Presence | None:
    """Return where somebody was last, or ``None``."""
    row = tx.execute(select(schema.presences).where(_P.account == clean(account))).first()
    return _presence(row) if row else None


def read_presences(tx: Connection, *, since: datetime) -> list[Presence]:
    """Return where people were last who were seen at or after a time, the latest first."""
    found = tx.execute(select(schema.presences).where(_P.at >= since))
    seen = sorted((_presence(row) for row in found), key=lambda presence: presence.account)
    return sorted(seen, key=lambda presence: presence.at, reverse=True)


def save_view(tx: Connection, account: str, name: str, *, query: str) -> None:
    """Save a view under a name; an account's earlier one of that name is overwritten."""
    row = {"account": clean(account), "name": clean(name), "query": clean(query)}
    upsert(tx, schema.saved_views, [row])


def read_views(tx: Connection, account: str) -> list[tuple[str, str]]:
    """Return (name, query) of an account's saved views, by name."""
    rows = tx.execute(select(_V.name, _V.query).where(_V.account == clean(account)))
    return sorted((row.name, row.query) for row in rows)


def delete_view(tx: Connection, account: str, name: str) -> None:
    """Forget a saved view; one that is not there is no error."""
    here = (_V.account == clean(account), _V.name == clean(name))
    tx.execute(delete(schema.saved_views).where(*here))


def _account(row: Row[Any]) -> Account:
    return Account(
        name=row.name,
        right=Right(row.right),
        password_hash=row.password_hash,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )


def _presence(row: Row[Any]) -> Presence:
    return Presence(account=row.account, place=row.place, subject=row.subject, at=row.at)
