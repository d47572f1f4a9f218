"""One request and its answer over HTTP, ended at its deadline whatever the other side does."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError
from urllib3.exceptions import SSLError as WrappedTlsError
from urllib3.exceptions import TimeoutError as HttpTimeout

from alliance_nlp.core.errors import DrafterError
from alliance_nlp.core.text import one_line, shorten
from alliance_nlp.drafter.endpoint import Endpoint
from alliance_nlp.drafter.troubles import Trouble, trouble

_PIECE = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer; ``retry_after`` is that header as it came, or ``""``."""

    status: int
    body: bytes
    retry_after: str = ""


class _Line:
    """The connection's socket, by which another thread hangs up, in the TLS handshake as well."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: socket.socket | None = None
        self._is_cut = False

    def hold(self, sock: socket.socket) -> None:
        with self._lock:
            if self._is_cut:
                sock.close()
                raise TimeoutError
            # TLS takes the socket over and leaves the old object empty; a double stays of use.
            self._held = sock.dup()

    def cut(self) -> None:
        with self._lock:
            self._is_cut = True
            held, self._held = self._held, None
        if held is not None:
            try:
                held.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # already hung up
            finally:
                held.close()


class _Plain(HTTPConnection):
    line: _Line

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        self.line.hold(sock)
        return sock


class _Secure(HTTPSConnection):
    line: _Line

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        self.line.hold(sock)
        return sock


def post(endpoint: Endpoint, wish: Mapping[str, Any], *, limit_s: float) -> Answer:
    """Post a JSON object and return the answer, whatever its status.

    A socket's own timeout starts anew with every byte, so the exchange runs in a thread that is
    hung up at the deadline. Redirects are answers like others: the text goes nowhere else.

    Raises
    ------
    DrafterError
        If there is no whole answer of at most ``endpoint.max_bytes`` in ``limit_s`` seconds.
    """
    line = _Line()
    outcome: list[Answer | DrafterError] = []

    def work() -> None:
        try:
            outcome.append(_talk(endpoint, wish, line=line, limit_s=limit_s))
        except DrafterError as error:
            outcome.append(error)

    # A daemon: what hangs in a name look-up does not keep the program from ending.
    worker = threading.Thread(target=work, name="drafter", daemon=True)
    worker.start()
    try:
        worker.join(max(0.0, limit_s))
        is_late = worker.is_alive() and not outcome
    finally:
        line.cut()
    if is_late or not outcome:
        raise late(endpoint)
    if isinstance(outcome[0], DrafterError):
        raise outcome[0]
    return outcome[0]


def late(endpoint: Endpoint) -> DrafterError:
    """Return the error for an exchange that found no end in time."""
    return trouble(
        Trouble.DEADLINE,
        f"the drafter at {endpoint.site} found no end within {endpoint.timeout_s:g} s; "
        "raise digest.drafter.timeout_s or take a smaller model",
    )


def _talk(endpoint: Endpoint, wish: Mapping[str, Any], *, line: _Line, limit_s: float) -> Answer:
    connection: HTTPConnection | None = None
    try:
        connection = _connection(endpoint, line=line, limit_s=limit_s)
        target = urlsplit(endpoint.completions_url)
        connection.request(
            "POST",
            target.path + (f"?{target.query}" if target.query else ""),
            body=json.dumps(wish, ensure_ascii=False).encode(),
            headers=_headers(endpoint),
            preload_content=False,
            decode_content=False,
        )
        with closing(connection.getresponse()) as response:
            return Answer(
                status=response.status,
                body=_body(endpoint, response),
                retry_after=response.headers.get("Retry-After", ""),
            )
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        raise _translated(endpoint, error) from error
    finally:
        if connection is not None:
            connection.close()


def _connection(endpoint: Endpoint, *, line: _Line, limit_s: float) -> HTTPConnection:
    target = urlsplit(endpoint.completions_url)
    host = target.hostname or ""
    connection: _Plain | _Secure
    if target.scheme.lower() == "http":
        connection = _Plain(host, target.port, timeout=limit_s)
    else:
        trusted = ssl.create_default_context(cafile=endpoint.ca_file or None)
        via = urlsplit(endpoint.proxy) if endpoint.proxy else target
        connection = _Secure(
            via.hostname or "",
            via.port or (80 if endpoint.proxy else None),
            timeout=limit_s,
            ssl_context=trusted,
        )
        if endpoint.proxy:
            connection.set_tunnel(host, target.port or 443, scheme="http")
    connection.line = line
    return connection


def _headers(endpoint: Endpoint) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        # Nothing to unpack: a small answer cannot become a huge one.
        "Accept-Encoding": "identity",
        "User-Agent": "alliance-nlp",
        "Connection": "close",
    }
    if endpoint.api_key:
        headers["Authorization"] = f"Bearer {endpoint.api_key}"
    return headers


def _body(endpoint: Endpoint, response: BaseHTTPResponse) -> bytes:
    encoding = response.headers.get("Content-Encoding", "identity")
    if encoding.strip().lower() not in ("", "identity"):
        raise trouble(
            Trouble.NOT_JSON,
            f"the drafter at {endpoint.site} packed its answer though asked not to "
            f"({shorten(one_line(encoding), 40)}); turn that off in the server",
        )
    pieces, size = [], 0
    for piece in response.stream(_PIECE, decode_content=False):
        pieces.append(piece)
        size += len(piece)
        if size > endpoint.max_bytes:
            raise trouble(
                Trouble.TOO_LARGE,
                f"the drafter at {endpoint.site} answered with more than "
                f"{endpoint.max_bytes:,} bytes; look what answers there",
            )
    return b"".join(pieces)


def _translated(endpoint: Endpoint, error: Exception) -> DrafterError:
    """Return our error for a library's; its message, which may hold headers, is not repeated."""
    site = f"the drafter at {endpoint.site}"
    cause = getattr(error, "__cause__", None)
    if isinstance(error, ssl.SSLError | WrappedTlsError):
        why = getattr(error, "verify_message", "") or getattr(error, "reason", "") or "TLS failed"
        return trouble(
            Trouble.TLS,
            f"{site} cannot be trusted: {shorten(one_line(str(why)), 120)}; "
            "mend its certificate or name its authority in digest.drafter.ca_file",
        )
    if isinstance(error, NameResolutionError | NewConnectionError | ConnectionRefusedError):
        why = getattr(cause, "strerror", "") or "no connection"
        return trouble(
            Trouble.UNREACHABLE,
            f"{site} cannot be reached: {why}; start its server or mend digest.drafter.url",
        )
    if isinstance(error, TimeoutError | HttpTimeout):
        return late(endpoint)
    if isinstance(error, FileNotFoundError | PermissionError):
        return trouble(
            Trouble.TLS,
            f"{endpoint.ca_file} cannot be read: {error.strerror}; mend digest.drafter.ca_file",
        )
    if str(error).startswith("Tunnel connection failed"):
        return trouble(
            Trouble.UNREACHABLE, f"{site} cannot be reached by its proxy; mend digest.drafter.proxy"
        )
    return trouble(
        Trouble.BROKEN_OFF,
        f"{site} broke off or speaks no HTTP ({type(error).__name__}); look at its log",
    )
