"""Loopback servers for the tests: each address answers as it is told, well-behaved or not."""

from __future__ import annotations

import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Seen:
    """A request as it came in."""

    host: str
    path: str
    headers: dict[str, str]
    at: float


Answer = Callable[["Handler"], None]
# By "host/path", where one server plays many hosts, or by "/path" for every host.
Answers = Mapping[str, Answer]


@dataclass
class Server:
    """A running server; ``most_at_once`` is the peak of requests under way, by host."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    most_at_once: Counter[str] = field(default_factory=Counter)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer(self, answers: Answers) -> None:
        """Answer so from now on, where the answers hold the server's own address."""
        self.answers.update(answers)

    def requests(self, place: str) -> list[Seen]:
        """Return the requests for a ``host/path``, or a ``/path`` of any host, in order."""
        return [seen for seen in list(self.seen) if place in (seen.host + seen.path, seen.path)]


class Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        host = (target.netloc or self.headers.get("Host", "")).partition(":")[0]
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.record.seen.append(Seen(host, path, headers, time.monotonic()))
        answers = self.server.record.answers
        answer = answers.get(host + path) or answers.get(path)
        with self.server.counted(host):
            (answer or status(404))(self)

    def log_message(self, format: str, *args: object) -> None:
        """Keep standard error quiet."""

    def send(self, code: int, headers: Mapping[str, str], body: bytes) -> None:
        """Send a whole answer."""
        self.send_response_only(code)
        for name, value in ({"Content-Length": str(len(body))} | dict(headers)).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answers: Answers, context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.record = Server(self.server_port, dict(answers))
        self._lock = threading.Lock()
        self._under_way: Counter[str] = Counter()
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_side=True)

    @contextmanager
    def counted(self, host: str) -> Iterator[None]:
        with self._lock:
            self._under_way[host] += 1
            peak = max(self.record.most_at_once[host], self._under_way[host])
            self.record.most_at_once[host] = peak
        try:
            yield
        finally:
            with self._lock:
                self._under_way[host] -= 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients hang up, and are meant to."""


@contextmanager
def serve(answers: Answers, *, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serve on a free loopback port until the block ends."""
    server = _Server(answers, context)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield server.record
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def reply(body: bytes | str = b"", code: int = 200, **headers: str) -> Answer:
    """Answer with a body; ``content_type="text/html"`` and the like give headers."""
    data = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.send(code, named, data)


def status(code: int) -> Answer:
    return reply(f"<p>status {code}</p>", code, content_type="text/html")


def redirect(to: str, code: int = 302) -> Answer:
    return reply(b"", code, location=to)


def after(delay_s: float, answer: Answer) -> Answer:
    """Wait, then answer."""

    def slow(handler: Handler) -> None:
        time.sleep(delay_s)
        answer(handler)

    return slow


def in_turn(*answers: Answer) -> Answer:
    """Answer the first request with the first answer, and so on; the last one stays."""
    left = list(answers)
    return lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler)


def raw(*pieces: bytes, pause_s: float = 0.0) -> Answer:
    """Write bytes as they are, pausing between them, and hang up."""

    def write(handler: Handler) -> None:
        handler.close_connection = True
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(pause_s)

    return write


def endless(head: bytes, piece: bytes) -> Answer:
    """Write a head once and a piece over and over, until the client hangs up."""

    def write(handler: Handler) -> None:
        handler.close_connection = True
        handler.wfile.write(head)
        while True:
            handler.wfile.write(piece)

    return write
