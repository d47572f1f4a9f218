"""A stub of an OpenAI-compatible server on loopback, well-behaved or not."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any

from tests.servers import Handler, reply

Write = Callable[[dict[str, Any]], Any]


@dataclass
class Stub:
    """A running stub; ``asked`` holds (path, headers, body) of each request in order."""

    port: int
    answers: list[Any] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def material(self) -> dict[str, Any]:
        """What the newest request gave as material."""
        return material_of(self.asked[-1][2])


class _Posted(Handler):
    server: Any  # a _StubServer; the library says BaseServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        stub = self.server.stub
        wish = json.loads(body)
        stub.asked.append((self.path, headers, wish))
        answer = stub.answers.pop(0) if len(stub.answers) > 1 else stub.answers[0]
        if isinstance(answer, written):
            answer = answer.to(wish)
        answer(self)


class _StubServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answers: Sequence[Any], context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Posted)
        self.stub = Stub(self.server_port, list(answers))
        if context is not None:
            # The handshake is left to the request's own thread, so that none holds up the others.
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients hang up, and are meant to."""


@contextmanager
def stub_server(*answers: Any, context: ssl.SSLContext | None = None) -> Iterator[Stub]:
    """Answer the first request with the first answer, and so on; the last one stays."""
    server = _StubServer(answers, context)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield server.stub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def completion(text: Any, *, finish: str = "stop", model: str = "stub-1", **message: Any) -> Any:
    """Answer with a chat completion of this text, or of this value as JSON."""
    content = text if isinstance(text, str | None) else json.dumps(text)
    said = {"role": "assistant", "content": content, **message}
    whole = {"model": model, "choices": [{"index": 0, "message": said, "finish_reason": finish}]}
    return reply(json.dumps(whole), content_type="application/json")


class written:
    """Answer with what a function makes of the material that was sent."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def to(self, wish: dict[str, Any]) -> Any:
        return completion(self._write(material_of(wish)))


def material_of(wish: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON object between the markers of the user's message."""
    lines = wish["messages"][1]["content"].splitlines()
    [end] = [i for i, line in enumerate(lines) if line.startswith("</material ")]
    material: dict[str, Any] = json.loads("\n".join(lines[1:end]))
    return material


def draft(*sentences: tuple[str, list[str]], headline: str = "") -> dict[str, Any]:
    """Return what a good drafter writes."""
    return {
        "headline": headline,
        "sentences": [{"text": text, "passages": passages} for text, passages in sentences],
    }
