"""Who is told of a night, as alliance.toml says: a file of metrics, a webhook, an e-mail."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.e2e.conftest import Demo, Result
from tests.e2e.in_process import invoke

FAILING = '[[sources]]\nid = "pier"\nname = "Pier"\nkind = "feed"\nurl = "http://127.0.0.1:9/rss"\n'
RESTING = '[[sources]]\nid = "inbox"\nname = "Inbox"\nkind = "folder"\nurl = "inbox"\n'


@dataclass
class Heard:
    """A loopback server of either kind, and what came in."""

    port: int = 0
    bodies: list[bytes] = field(default_factory=list)


@contextmanager
def running(server: socketserver.TCPServer, heard: Heard) -> Iterator[Heard]:
    server.daemon_threads = True  # type: ignore[attr-defined]
    heard.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def hook() -> Iterator[Heard]:
    heard = Heard()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Keep standard error quiet."""

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler), heard) as found:
        yield found


@pytest.fixture
def mailbox() -> Iterator[Heard]:
    heard = Heard()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 mail.example\r\n")
            while line := self.rfile.readline():
                verb = line.split()[0].upper()
                if verb == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    letter = iter(self.rfile.readline, b".\r\n")
                    heard.bodies.append(b"".join(letter))
                self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 fine\r\n")
                if verb == b"QUIT":
                    return

    with running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler), heard) as found:
        yield found


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def root(demo: Demo, tmp_path: Path) -> Path:
    for name in ("data", "inbox"):
        (tmp_path / name).mkdir()
    (tmp_path / "models").symlink_to(demo.root / "models")
    return tmp_path


def night(root: Path, *, source: str, notify: str) -> Result:
    collect = "[collect]\ndelay_s = 0.0\nretries = 0\n"
    (root / "alliance.toml").write_text(f"{collect}{notify}\n{source}", encoding="utf-8")
    return invoke("nightly", "-w", root, "--json")


def test_a_night_with_a_failing_source_is_told_every_way(
    root: Path, hook: Heard, mailbox: Heard
) -> None:
    notify = (
        f'[notify]\nmetrics_file = "night.prom"\nwebhook = "http://127.0.0.1:{hook.port}/s3cret"\n'
        f'[notify.email]\nhost = "127.0.0.1"\nport = {mailbox.port}\n'
        'sender = "night@desk.example"\nto = ["ops@desk.example"]\n'
    )
    done = night(root, source=FAILING, notify=notify)
    assert done.code == 3, done.err
    assert done.json["notes"] == []
    [body] = hook.bodies
    posted = json.loads(body)
    assert "http://127.0.0.1:9/rss" in posted["text"]
    assert (posted["run"], posted["state"]) == (done.json["run"], "done-with-failures")
    [data] = mailbox.bodies
    letter = message_from_bytes(data, policy=policy.default)
    assert letter["To"] == "ops@desk.example"
    assert "1 failure" in str(letter["Subject"])
    metrics = (root / "night.prom").read_text(encoding="utf-8")
    assert metrics.endswith("\n")
    assert 'source="pier"' in metrics


def test_a_night_ends_as_it_would_when_nobody_can_be_told(root: Path) -> None:
    notify = (
        '[notify]\nmetrics_file = "taken/night.prom"\nwebhook = "http://127.0.0.1:9/s3cret"\n'
        '[notify.email]\nhost = "127.0.0.1"\nport = 9\nsender = "a@b.example"\nto = ["c@d.example"]'
    )
    (root / "taken").touch()
    done = night(root, source=FAILING, notify=notify)
    assert done.code == 3, done.err
    assert len(done.json["notes"]) == 3
    assert "s3cret" not in done.out + done.err
    kept = json.loads((root / "reports" / "latest.json").read_text(encoding="utf-8"))
    assert kept["notes"] == done.json["notes"]


@pytest.mark.parametrize(("when", "n_told"), [("failure", 0), ("always", 1)])
def test_a_good_night_is_told_only_when_always(
    root: Path, hook: Heard, when: str, n_told: int
) -> None:
    notify = f'[notify]\nwebhook = "http://127.0.0.1:{hook.port}/"\nwhen = "{when}"\n'
    done = night(root, source=RESTING, notify=notify)
    assert done.code == 0, done.err
    assert len(hook.bodies) == n_told


@pytest.mark.parametrize(
    ("notify", "words"),
    [
        ('[notify]\nwhen = "sometimes"\n', ["notify.when", "sometimes"]),
        ('[notify]\nweb_hook = "http://a.example"\n', ["web_hook", "webhook"]),
        ('[notify.email]\nhost = "mail.example"\n', ["notify.email.sender"]),
    ],
)
def test_a_setting_that_will_not_do_is_named_before_the_night(
    root: Path, notify: str, words: list[str]
) -> None:
    done = night(root, source=RESTING, notify=notify)
    assert done.code == 1
    assert all(word in done.err for word in words), done.err
