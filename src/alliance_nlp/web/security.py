"""What every request and every answer of the desk has to keep to, whoever asks.

Every web page that an analyst visits can send requests to the desk. So each request has to name a
host that we serve (against DNS rebinding), and one that changes something has to come from our own
pages and prove it with a token that is bound to its session.
"""

from __future__ import annotations

import hashlib
import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# A decision with the longest note allowed, percent-encoded, stays well below this.
MAX_BODY_BYTES = 65_536
# A whole issue in Japanese has nine bytes a character when it is percent-encoded.
MAX_ISSUE_BYTES = 1_048_576
MOST_FIELDS = 2_000

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    # Not no-referrer: with it a browser sends "Origin: null" on our own forms. Nothing leaves for
    # another site with this one either.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def csrf_token(token: str) -> str:
    """Return what a session's forms carry; it follows from its token and does not reveal it."""
    return hmac.new(token.encode("utf-8", "replace"), b"csrf", hashlib.sha256).hexdigest()


def is_same(given: str, wanted: str) -> bool:
    """Compare two secrets in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))


def read_form(body: bytes) -> dict[str, str]:
    """Return the fields of a URL-encoded form; the last of a name counts; empty if malformed."""
    try:
        fields = parse_qs(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        return {}
    return {name: values[-1] for name, values in fields.items()}


def read_cookie(headers: Headers, name: str) -> str:
    """Return a cookie's value, ``""`` where there is none."""
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[name].value if name in cookies else ""


def is_from_our_pages(headers: Headers, scheme: str) -> bool:
    """Tell whether a browser says that a request comes from a page of ours.

    One that says nothing at all is not believed; every browser of today says one or the other.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and origin is None:
        return False
    own = f"{scheme}://{headers.get('host', '').lower()}"
    return site in (None, "same-origin") and origin in (None, own)


def most_bytes(path: str) -> int:
    """Return how large a form for a path may be."""
    return MAX_ISSUE_BYTES if path.startswith(("/issue/", "/issues/")) else MAX_BODY_BYTES


async def read_body(receive: Receive, *, most: int) -> bytes | None:
    """Return a request's body, ``None`` when it is larger than ``most`` bytes."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > most:
            return None
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return bytes(body)


def replay(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body, read before, once more."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def guarded(send: Send) -> Send:
    """Return what sends answers with our headers; a page may bring a policy of its own."""

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            headers.setdefault("content-security-policy", POLICY)
        await send(message)

    return with_headers
