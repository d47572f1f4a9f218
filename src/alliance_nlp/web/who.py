"""Who is at the desk."""

from __future__ import annotations

from starlette.requests import Request

from alliance_nlp.core.clock import now
from alliance_nlp.core.types import Account, Right


def single_user(name: str) -> Account:
    """Return the account of the one person at a desk that knows no accounts."""
    return Account(name=name, right=Right.ADMIN, password_hash="", created_at=now())


def current(request: Request) -> Account:
    """Return who asks, as the gate found it out."""
    account = request.scope["account"]
    assert isinstance(account, Account)
    return account
