"""Sessions at the desk: whose they are, how long they last, and their end."""

from __future__ import annotations

from datetime import datetime, timedelta

from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import Account, AuditEntry
from alliance_nlp.pipeline.accounts import SESSION, set_password
from alliance_nlp.review import password_fits, token_hash
from alliance_nlp.store import (
    Database,
    append_audit,
    close_session,
    close_sessions,
    read_account,
    read_session,
    renew_session,
)

# However busy a session is, after a week the password is asked for again.
LONGEST = timedelta(days=7)
# One write in five minutes is enough to know when somebody was last here.
_RENEW_AFTER = timedelta(minutes=5)


def whose_session(database: Database, token: str, *, at: datetime | None = None) -> Account | None:
    """Return whose session a token opens, and let it last 12 hours from now, 7 days at most.

    ``None`` when it ended, was closed, or its account is disabled.
    """
    moment, hashed = at or now(), token_hash(token)
    with database.read() as tx:
        session = read_session(tx, hashed, at=moment)
    if session is None or moment >= session.opened_at + LONGEST:
        return None
    until = min(moment + SESSION, session.opened_at + LONGEST)
    if until - session.until >= _RENEW_AFTER:
        with database.write() as tx:
            renew_session(tx, hashed, until=until)
    return session.account


def sign_out(database: Database, token: str, *, by: str, at: datetime | None = None) -> None:
    """End one session; its token opens nothing any more."""
    with database.write() as tx:
        close_session(tx, token_hash(token))
        append_audit(tx, AuditEntry(at=at or now(), who=by, action="sign-out", subject=by))


def sign_out_everywhere(
    database: Database, name: str, *, by: str, at: datetime | None = None
) -> None:
    """End all sessions of an account."""
    with database.write() as tx:
        close_sessions(tx, name)
        entry = AuditEntry(at=at or now(), who=by, action="sign-out-everywhere", subject=name)
        append_audit(tx, entry)


def forget_token(database: Database, token: str) -> None:
    """End a session that a new one takes the place of, without a word."""
    with database.write() as tx:
        close_session(tx, token_hash(token))


def change_own_password(
    database: Database, name: str, *, old: str, new: str, at: datetime | None = None
) -> Account:
    """Change one's own password; all one's sessions end.

    Raises
    ------
    InputError
        If the old password is wrong, or the new one is refused.
    """
    with database.read() as tx:
        account = read_account(tx, name)
    if not password_fits(account, old):
        raise InputError("the old password is not right; nothing was changed")
    return set_password(database, name, password=new, by=name, at=at)
