"""Who may speak to the desk, and what a browser may do with its pages.

The desk listens on loopback, yet every web page the analyst visits can send requests there. So
each request has to name a host we serve (against DNS rebinding) and carry the start-up token, and
one that changes something has to come from our own pages and prove it with a second token.
"""

from __future__ import annotations

import hashlib
import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alliance_nlp.core.ids import short_hash

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# A decision with the longest note allowed, percent-encoded, stays well below this.
MAX_BODY_BYTES = 65_536

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "x-content-type-options": "nosniff",
    # Not no-referrer: with it a browser sends "Origin: null" on our own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}

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


def csrf_token(token: str) -> str:
    """Return what our forms carry; it follows from the start-up token and does not reveal it."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


class Gate:
    """ASGI middleware: lets through what the rules above allow and guards every answer.

    Parameters
    ----------
    app
        The application behind the gate.
    token
        The start-up token.
    hosts
        The values of ``Host`` that are served, each with its port, such as ``127.0.0.1:8765``.
    """

    def __init__(self, app: ASGIApp, token: str, hosts: tuple[str, ...]) -> None:
        self._app = app
        self._token = token
        self._hosts = frozenset(host.lower() for host in hosts)
        # Browsers do not keep the cookies of two ports apart; the name does.
        self._cookie = f"desk-{short_hash(*hosts)}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = self._answer(scope)
        if answer is None and scope["method"] not in SAFE_METHODS:
            body = await _read_body(receive)
            answer = self._check_form(body)
            receive = _replay(body or b"", receive)
        await (answer or self._app)(scope, receive, _guarded(send))

    def _answer(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") != [headers.get("host", "")] or not self._serves(headers):
            return PlainTextResponse(
                "This host name is not served. Open the address that the terminal showed.\n",
                status_code=400,
            )
        given = QueryParams(scope["query_string"]).get("token")
        if given is not None and scope["method"] == "GET" and _same(given, self._token):
            return self._welcome()
        if not _same(self._session(headers), self._token):
            return HTMLResponse(LOCKED_PAGE, status_code=403)
        if scope["method"] not in SAFE_METHODS and not self._is_same_origin(headers):
            return PlainTextResponse(
                "Refused: the request comes from another site. Use the desk's own pages.\n",
                status_code=403,
            )
        return None

    def _serves(self, headers: Headers) -> bool:
        return headers.get("host", "").lower() in self._hosts

    def _welcome(self) -> Response:
        # To the front page only: the token leaves the address bar and the history.
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(self._cookie, self._token, httponly=True, samesite="strict", path="/")
        return response

    def _session(self, headers: Headers) -> str:
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            return ""
        return cookies[self._cookie].value if self._cookie in cookies else ""

    def _is_same_origin(self, headers: Headers) -> bool:
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is None and origin is None:
            return False
        own = f"http://{headers.get('host', '').lower()}"
        return site in (None, "same-origin") and origin in (None, own)

    def _check_form(self, body: bytes | None) -> Response | None:
        if body is None:
            return PlainTextResponse("Refused: the form is too large.\n", status_code=413)
        if not _same(read_form(body).get("csrf", ""), csrf_token(self._token)):
            return PlainTextResponse(
                "Refused: the form carries no valid CSRF token. Reload the page and try again.\n",
                status_code=403,
            )
        return None


def read_form(body: bytes) -> dict[str, str]:
    """Return the fields of a URL-encoded form; the last of a name counts; empty if malformed."""
    try:
        fields = parse_qs(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20
        )
    except ValueError:
        return {}
    return {name: values[-1] for name, values in fields.items()}


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


async def _read_body(receive: Receive) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def _guarded(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return guarded
