"""Which right each of the desk's routes asks for, in one table, and who holds them to it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from alliance_nlp.core.types import Account, Right
from alliance_nlp.review import may

_TABLE: Mapping[Right | None, str] = MappingProxyType(
    {
        # Open to whoever is not signed in.
        None: """
            GET /login
            POST /login
        """,
        Right.READER: """
            GET /
            GET /story/{story_id}
            GET /article/{article_id}/original
            GET /night
            GET /night/{run_id:int}
            GET /issues
            GET /issues/feed
            GET /issue/{issue_id}
            GET /issue/{issue_id}/passages
            GET /issue/{issue_id}/versions
            GET /issue/{issue_id}/versions/{number:int}
            GET /issue/{issue_id}/diff
            GET /issue/{issue_id}/preview
            GET /issue/{issue_id}/export/{form}
            GET /presence
            POST /presence
            POST /views
            POST /views/delete
            GET /account
            POST /account/password
            POST /logout
            POST /logout/everywhere
        """,
        Right.ANALYST: """
            POST /decide
            POST /decide/several
            POST /story/{story_id}/decide
            POST /story/{story_id}/split
            POST /merge
            POST /edits/{edit_id:int}/undo
            POST /issues/draft
            POST /issue/{issue_id}
            POST /issue/{issue_id}/check
            POST /issue/{issue_id}/text
            POST /issue/{issue_id}/move
        """,
        Right.EDITOR: """
            POST /issue/{issue_id}/override
            GET /audit
            GET /agreement
            POST /agreement/{story_id}
        """,
        Right.ADMIN: """
            GET /accounts
            POST /accounts
            POST /accounts/{name}/right
            POST /accounts/{name}/password
            POST /accounts/{name}/disable
            POST /accounts/{name}/enable
        """,
    }
)
LEAST: Mapping[str, Right | None] = MappingProxyType(
    {
        line.strip(): right
        for right, lines in _TABLE.items()
        for line in lines.split("\n")
        if line.strip()
    }
)
"""The least right by method and path as the route writes it; ``None`` is open to everybody."""


def route_names(route: Route) -> tuple[str, ...]:
    """Return the names of a route in the table, one for each method but ``HEAD``."""
    return tuple(f"{method} {route.path}" for method in sorted((route.methods or set()) - {"HEAD"}))


def hold_to_rights(routes: list[BaseRoute]) -> list[BaseRoute]:
    """Return the routes, each answering only those who have its right."""
    for route in routes:
        if isinstance(route, Route):
            route.app = _Held(route.app, route.path)
    return routes


class _Held:
    """A route behind its right; one that the table does not name is for admins alone."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        least = LEAST.get(f"{method} {self._path}", Right.ADMIN)
        account = scope.get("account")
        if least is not None and not (isinstance(account, Account) and may(account, least)):
            raise HTTPException(403, _refusal(account, least))
        await self._app(scope, receive, send)


def _refusal(account: object, least: Right) -> str:
    if not isinstance(account, Account):
        return "Sign in first."
    if least is Right.ANALYST:
        return f"{account.name} may read here, not decide; an admin can change that."
    who = {Right.EDITOR: "editors", Right.ADMIN: "admins"}.get(least, "those who have an account")
    return f"This is for {who}; {account.name} is {account.right.value}. An admin can change that."
