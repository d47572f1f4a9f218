"""The two ways into the desk: the start-up token of one person, and accounts with sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import Scope

from alliance_nlp.core.types import Account
from alliance_nlp.pipeline.sessions import whose_session
from alliance_nlp.store import Database
from alliance_nlp.web.security import SAFE_METHODS, is_same

LOGIN = "/login"

LOCKED_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>The desk is locked</title></head>
<body><main>
<h1>The desk is locked</h1>
<p>Open it with the whole address that <code>alliance-nlp review</code> showed in the terminal,
the one that ends in <code>?token=…</code>. Each start makes a new one.</p>
<p>If you have just done so, <a href="/">go on to the desk</a>.</p>
</main></body></html>
"""


class Door(Protocol):
    """Who may come in, and what those are told who may not."""

    def is_open(self, path: str) -> bool:
        """Tell whether a path is served to everybody."""

    def key_in(self, scope: Scope) -> str:
        """Return the key that a request's address brings, ``""`` where it brings none."""

    async def enters(self, key: str) -> Account | None:
        """Return whose key it is, ``None`` when it opens nothing."""

    def turn_away(self, scope: Scope, *, wants_json: bool) -> Response:
        """Answer a request that brings no key."""


@dataclass(frozen=True, slots=True)
class TokenDoor:
    """One person's door: whoever has the token of this start is that person."""

    token: str
    account: Account

    def is_open(self, path: str) -> bool:
        """Nothing is: not even our stylesheet tells that a desk is here."""
        return False

    def key_in(self, scope: Scope) -> str:
        """Return the token of the start-up address if it is the right one."""
        given = QueryParams(scope["query_string"]).get("token")
        if given is None or scope["method"] != "GET" or not is_same(given, self.token):
            return ""
        return self.token

    async def enters(self, key: str) -> Account | None:
        """Return the one person, if this is the token."""
        return self.account if is_same(key, self.token) else None

    def turn_away(self, scope: Scope, *, wants_json: bool) -> Response:
        """Say where the address is to be had."""
        return HTMLResponse(LOCKED_PAGE, status_code=403)


@dataclass(frozen=True, slots=True)
class AccountDoor:
    """The door of a desk with accounts: a session's token, given at signing in."""

    database: Database

    def is_open(self, path: str) -> bool:
        """Signing in is, and our scripts, styles and icon, which are no secret."""
        return path == LOGIN or path.startswith("/static/")

    def key_in(self, scope: Scope) -> str:
        """No address brings a key: it would stay in the browser's history."""
        return ""

    async def enters(self, key: str) -> Account | None:
        """Return whose session it is."""
        return await run_in_threadpool(whose_session, self.database, key) if key else None

    def turn_away(self, scope: Scope, *, wants_json: bool) -> Response:
        """Lead to the sign-in page, and back from there to what was asked."""
        if wants_json or scope["method"] not in SAFE_METHODS:
            said = "You are signed out. Sign in again; what you decided in the meantime is kept."
            return JSONResponse({"error": said}, status_code=401)
        query = scope["query_string"].decode("latin-1")
        asked = scope["path"] + (f"?{query}" if query else "")
        after = "" if asked == "/" else f"?next={quote(asked, safe='/')}"
        return RedirectResponse(LOGIN + after, status_code=303)
