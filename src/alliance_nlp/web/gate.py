"""The gate before the desk: which requests reach it, as whom, and the guard on every answer."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from alliance_nlp.core.ids import short_hash
from alliance_nlp.web.doors import Door
from alliance_nlp.web.security import (
    SAFE_METHODS,
    csrf_token,
    guarded,
    is_from_our_pages,
    is_same,
    most_bytes,
    read_body,
    read_cookie,
    read_form,
    replay,
)


class Gate:
    """ASGI middleware: lets through what the rules allow, and tells who it is.

    A request that passes carries ``account``, ``csrf`` and ``key`` (the session's token) in its
    scope, and ``address`` and ``is_secure``, whoever sends it.

    Parameters
    ----------
    app
        The application behind the gate.
    door
        Who may come in.
    hosts
        The values of ``Host`` that are served, such as ``127.0.0.1:8765``.
    behind_proxy
        Whether a proxy stands before us whose ``X-Forwarded-Proto`` and ``-For`` are true.
    """

    def __init__(
        self, app: ASGIApp, *, door: Door, hosts: tuple[str, ...], behind_proxy: bool = False
    ) -> None:
        self._app = app
        self._door = door
        self._hosts = frozenset(host.lower() for host in hosts)
        self._behind_proxy = behind_proxy
        # Browsers do not keep the cookies of two ports apart; the name does.
        self._cookie = f"desk-{short_hash(*hosts)}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        self._look(scope, headers)
        answer = self._refuse_host(headers) or self._welcome(scope)
        if answer is None:
            answer = await self._identify(scope, headers)
        if answer is None and scope["method"] not in SAFE_METHODS:
            answer = self._refuse_origin(scope, headers)
            if answer is None:
                body = await read_body(receive, most=most_bytes(scope["path"]))
                answer = self._refuse_form(scope, body)
                receive = replay(body or b"", receive)
        await (answer or self._app)(scope, receive, guarded(send))

    def _look(self, scope: Scope, headers: Headers) -> None:
        """Note where a request comes from, and how."""
        address = scope["client"][0] if scope.get("client") else ""
        is_secure = False
        if self._behind_proxy:
            is_secure = headers.get("x-forwarded-proto", "").strip().lower() == "https"
            # The last one is what our own proxy saw; those before it anybody can write.
            address = headers.get("x-forwarded-for", "").rpartition(",")[2].strip() or address
        scope["address"], scope["is_secure"] = address, is_secure
        # A __Host- cookie can be set over TLS alone, and by no neighbouring host.
        scope["cookie_name"] = f"__Host-{self._cookie}" if is_secure else self._cookie

    def _refuse_host(self, headers: Headers) -> Response | None:
        host = headers.get("host", "")
        if headers.getlist("host") == [host] and host.lower() in self._hosts:
            return None
        return PlainTextResponse(
            "This host name is not served. Open the address that the terminal showed.\n",
            status_code=400,
        )

    def _welcome(self, scope: Scope) -> Response | None:
        key = self._door.key_in(scope)
        if not key:
            return None
        # To the front page only: the token leaves the address bar and the history.
        response = RedirectResponse("/", status_code=303)
        set_key(response, scope, key)
        return response

    async def _identify(self, scope: Scope, headers: Headers) -> Response | None:
        key = read_cookie(headers, scope["cookie_name"])
        account = await self._door.enters(key)
        if account is not None:
            scope["account"], scope["key"], scope["csrf"] = account, key, csrf_token(key)
            return None
        if self._door.is_open(scope["path"]):
            return None
        wants_json = "application/json" in headers.get("accept", "")
        return self._door.turn_away(scope, wants_json=wants_json)

    def _refuse_origin(self, scope: Scope, headers: Headers) -> Response | None:
        if is_from_our_pages(headers, "https" if scope["is_secure"] else "http"):
            return None
        return PlainTextResponse(
            "Refused: the request comes from another site. Use the desk's own pages.\n",
            status_code=403,
        )

    def _refuse_form(self, scope: Scope, body: bytes | None) -> Response | None:
        if body is None:
            return PlainTextResponse("Refused: the form is too large.\n", status_code=413)
        if "csrf" not in scope:  # open to everybody: there is no session yet to be misused
            return None
        if not is_same(read_form(body).get("csrf", ""), scope["csrf"]):
            return PlainTextResponse(
                "Refused: the form carries no valid CSRF token. Reload the page and try again.\n",
                status_code=403,
            )
        return None


def set_key(response: Response, scope: Scope, key: str) -> None:
    """Give a browser the key that it is known by from now on."""
    response.set_cookie(
        scope["cookie_name"],
        key,
        httponly=True,
        samesite="strict",
        secure=scope["is_secure"],
        path="/",
    )


def take_key(response: Response, scope: Scope) -> None:
    """Take its key from a browser."""
    response.delete_cookie(
        scope["cookie_name"],
        httponly=True,
        samesite="strict",
        secure=scope["is_secure"],
        path="/",
    )
