"""The sample site over real HTTP: a server on loopback that is a proxy for the fictional hosts.

The hosts all end in ``.example``, so no name server knows them and the URLs stay the same from
run to run, whatever the port. A client either names the server as its proxy and asks in absolute
form (``GET http://pacific-courier.example/feed.xml HTTP/1.1``), or connects to it and sends a
``Host`` header.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import urlsplit

from alliance_nlp.core.errors import ConfigError
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.sample.site import Reply, Site, site

_LOOPBACK = "127.0.0.1"
_POLL_S = 0.05
_IDLE_S = 30.0


@dataclass(frozen=True, slots=True)
class SampleSite:
    """The running site.

    Attributes
    ----------
    proxy
        Address to set as HTTP proxy, ``http://127.0.0.1:PORT``.
    requests
        Host and path, without the query, of every request so far, refused ones too.
    """

    proxy: str
    requests: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def serve(port: int = 0) -> Iterator[SampleSite]:
    """Serve the sample site on loopback until the block ends.

    Parameters
    ----------
    port
        TCP port; 0 takes a free one.

    Raises
    ------
    ConfigError
        If the port cannot be opened.
    """
    try:
        server = _Server(port, site())
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"the sample site cannot listen on {_LOOPBACK}:{port} ({error}); "
            "use port 0 to take a free one"
        ) from error
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": _POLL_S}, daemon=True
    )
    thread.start()
    try:
        yield server.sample
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # a crawler opens many connections at once

    def __init__(self, port: int, pages: Site) -> None:
        self.pages = pages
        super().__init__((_LOOPBACK, port), _Handler)
        self.sample = SampleSite(f"http://{_LOOPBACK}:{self.server_port}")

    def server_bind(self) -> None:
        # HTTPServer's own looks up the machine's name, which can take seconds offline.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = _LOOPBACK, self.socket.getsockname()[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # clients may hang up
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "SampleSite/1"
    sys_version = ""
    timeout = _IDLE_S
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        host, path = self._target()
        self.server.sample.requests.append((host, path))
        if host not in self.server.pages:
            self._refuse(HTTPStatus.BAD_GATEWAY, f"no outlet of the sample site lives at {host!r}")
        elif reply := self.server.pages[host].get(path):
            self._answer(reply)
        else:
            self._refuse(HTTPStatus.NOT_FOUND, f"{host} has no page at {path}")

    def do_HEAD(self) -> None:
        self.do_GET()

    def _target(self) -> tuple[str, str]:
        """Return host and path of an absolute-form or origin-form request; no host when broken."""
        try:
            target = urlsplit(self.path)
            asked = target if target.scheme else urlsplit(f"//{self.headers.get('Host', '')}")
            return asked.hostname or "", target.path or "/"
        except ValueError:
            return "", self.path

    def log_message(self, format: str, *args: object) -> None:
        """Keep stderr for the run's own log."""

    def _answer(self, reply: Reply) -> None:
        validators = _validators(reply)
        if validators and self._is_fresh(validators):
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self._end(validators, b"")
            return
        self.send_response(HTTPStatus.OK)
        headers = {"Content-Type": reply.content_type, "Content-Length": str(len(reply.body))}
        self._end(headers | validators, reply.body)

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        body = f"{status.value} {status.phrase}: {why}\n".encode()
        self.send_response(status)
        headers = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))}
        self._end(headers, body)

    def _end(self, headers: dict[str, str], body: bytes) -> None:
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _is_fresh(self, validators: dict[str, str]) -> bool:
        """Tell whether the client's copy is current; If-None-Match outranks the date (RFC 9110)."""
        tags = self.headers.get("If-None-Match")
        if tags is None:
            return self.headers.get("If-Modified-Since") == validators["Last-Modified"]
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return bool(known & {"*", validators["ETag"]})


def _validators(reply: Reply) -> dict[str, str]:
    if reply.changed_at is None:
        return {}
    return {
        "ETag": f'"{sha256_hex(reply.body)[:16]}"',
        "Last-Modified": format_datetime(reply.changed_at.astimezone(UTC), usegmt=True),
    }
