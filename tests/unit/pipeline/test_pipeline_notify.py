"""Notifications over real sockets: what is sent, and what becomes of it when it cannot be."""

from __future__ import annotations

import base64
import json
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from report_values import make_problem, make_report, make_run

from alliance_nlp.core.types import Stage, StageCount
from alliance_nlp.pipeline.notify import Email, message, notify, subject
from alliance_nlp.pipeline.report import Report

GOOD_COUNTS = (StageCount(stage=Stage.RANK, n_in=1, n_out=1, n_rejected=0, n_failed=0),)
EMAIL = Email(host="127.0.0.1", sender="night@a.example", to=("desk@b.example", "ops@b.example"))


def good_report() -> Report:
    return make_report(run=make_run(state="done"), counts=GOOD_COUNTS, problems=())


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


# --- a webhook's server


@dataclass
class Hook:
    port: int
    bodies: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def url(self, path: str = "/hook/s3cret") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def json(self) -> Any:
        [(_, _, body)] = self.bodies
        return json.loads(body)


Answer = Callable[[BaseHTTPRequestHandler], None]


def answers(status: int, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@contextmanager
def hook(answer: Answer) -> Iterator[Hook]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.bodies.append((self.path, dict(self.headers), body))
            answer(self)

        do_GET = do_POST

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    found = Hook(server.server_port)
    with _running(server):
        yield found


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# --- a mail server


@dataclass
class Mailbox:
    port: int = 0
    refused: tuple[str, ...] = ()
    context: ssl.SSLContext | None = None
    asks_login: bool = False
    greets_after_s: float = 0.0
    letters: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    was_private: bool = False

    @property
    def letter(self) -> EmailMessage:
        [data] = self.letters
        found = message_from_bytes(data, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


class _MailHandler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        self._open()
        time.sleep(box.greets_after_s)
        self._say("220 mail.example ready")
        while line := self.stream.readline():
            verb, _, rest = line.decode("utf-8").strip().partition(" ")
            if verb.upper() == "QUIT":
                self._say("221 bye")
                return
            if verb.upper() == "STARTTLS":
                assert box.context is not None
                self._say("220 go on")
                self.request = box.context.wrap_socket(self.request, server_side=True)
                self._open()
                box.was_private = True
                continue
            self._answer(box, verb.upper(), rest)

    def finish(self) -> None:
        self.stream.close()
        self.request.close()  # where TLS began, this is no longer the server's own socket

    def _open(self) -> None:
        self.stream = self.request.makefile("rb")

    def _say(self, *lines: str) -> None:
        self.request.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def _answer(self, box: Mailbox, verb: str, rest: str) -> None:
        if verb == "EHLO":
            features = ["STARTTLS"] if box.context and not box.was_private else []
            features += ["AUTH PLAIN"] if box.asks_login else []
            names = ["mail.example", *features]
            self._say(*(f"250-{name}" for name in names[:-1]), f"250 {names[-1]}")
        elif verb == "AUTH":
            box.logins.append(base64.b64decode(rest.split()[1]).decode())
            self._say("235 welcome")
        elif verb == "RCPT":
            is_refused = any(address in rest for address in box.refused)
            if not is_refused:
                box.recipients.append(rest)
            self._say("550 nobody here" if is_refused else "250 fine")
        elif verb == "DATA":
            self._say("354 go on")
            data = b""
            while (line := self.stream.readline()) not in (b".\r\n", b""):
                data += line
            box.letters.append(data)
            self._say("250 kept")
        else:
            self._say("250 fine")


class _MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients hang up, and are meant to."""


@contextmanager
def mailbox(**options: Any) -> Iterator[tuple[Mailbox, Email]]:
    box = Mailbox(**options)
    server = _MailServer(("127.0.0.1", 0), _MailHandler)
    server.box = box  # type: ignore[attr-defined]
    box.port = server.server_address[1]
    with _running(server):
        yield box, replace(EMAIL, port=box.port)


@pytest.fixture(scope="module")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's side of TLS with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    at = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file: Path = tmp_path_factory.mktemp("tls") / "mail.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


# --- the message


def test_message_tells_what_failed_and_what_to_do() -> None:
    text = message(make_report())
    assert "Done, with 1 failure." in text
    assert "4 new articles from 3 sources tried." in text
    assert "- collect: timeout 1, such as https://c.example/feed: no answer within 30 s" in text
    assert "- c: failing; check the address of c" in text
    assert "What to do: most failures pass by themselves" in text
    assert "reports/run-7.html" in text


def test_message_does_not_call_rejections_failures() -> None:
    assert "robots-denied" not in message(make_report())


def test_message_gives_a_failure_as_its_example_not_a_rejection() -> None:
    problems = (
        make_problem("https://c.example/no", failed=False),
        make_problem("https://c.example/x"),
    )
    text = message(make_report(problems=problems))
    assert "- collect: timeout 1, such as https://c.example/x: " in text


def test_message_stays_short_however_much_failed() -> None:
    problems = tuple(
        make_problem(f"https://c.example/{'x' * 5000}", stage=stage, detail="y" * 5000)
        for stage in Stage
    )
    text = message(make_report(problems=problems))
    assert len(text) < 3000
    assert "- and 1 more" in text


def test_message_of_a_broken_off_run_says_to_run_it_again() -> None:
    text = message(make_report(run=make_run(state="interrupted")))
    assert "What to do: run it again" in text


def test_subject_is_one_line_whatever_the_command_is_called() -> None:
    report = make_report(run=make_run(command="nightly\r\nBcc: x@evil.example"))
    assert "\n" not in subject(report)
    assert "\r" not in subject(report)


# --- when


def test_nothing_is_sent_of_a_good_night_when_only_failures_count() -> None:
    with hook(answers(200)) as found:
        assert notify(good_report(), webhook=found.url(), email=EMAIL, when="failure") == []
    assert found.bodies == []


def test_a_good_night_is_told_when_always() -> None:
    with hook(answers(200)) as found:
        assert notify(good_report(), webhook=found.url(), email=None, when="always") == []
    assert "Done" in found.json["text"]


def test_nothing_is_done_without_a_way() -> None:
    assert notify(make_report(), webhook="", email=None, when="always") == []


# --- the webhook


def test_webhook_gets_text_and_totals_as_json() -> None:
    with hook(answers(204)) as found:
        assert notify(make_report(), webhook=found.url(), email=None, when="failure") == []
    [(path, headers, _)] = found.bodies
    assert (path, headers["Content-Type"]) == ("/hook/s3cret", "application/json")
    assert found.json["text"].startswith("alliance-nlp run 7 (nightly): Done, with 1 failure\n")
    assert found.json["run"] == 7
    assert found.json["totals"]["articles"]["new"] == 4


def test_webhook_text_calls_nobody_and_links_nowhere_hidden() -> None:
    bad = make_problem("<!channel>", detail="@here <https://evil.example|safe>")
    with hook(answers(200)) as found:
        notify(make_report(problems=(bad,)), webhook=found.url(), email=None, when="failure")
    assert not {"<", ">", "@"} & set(found.json["text"])
    assert "&lt;!channel&gt;" in found.json["text"]


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_webhook_that_answers_with_an_error_becomes_a_note(status: int) -> None:
    with hook(answers(status)) as found:
        [note] = notify(make_report(), webhook=found.url(), email=None, when="failure")
    assert f"status {status}" in note
    assert "s3cret" not in note


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_webhook_is_not_redirected(status: int) -> None:
    with hook(answers(200)) as elsewhere:
        with hook(answers(status, Location=elsewhere.url("/else"))) as found:
            [note] = notify(make_report(), webhook=found.url(), email=None, when="failure")
        assert len(found.bodies) == 1
    assert elsewhere.bodies == []
    assert "redirect" in note


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/s3cret",
        "file:///etc/s3cret",
        "s3cret",
        "http://",
        "http://[::1/s3cret",
        "http://127.0.0.1:99999/s3cret",
        "http://127.0.0.1/s3cret x",
        "http://127.0.0.1/s3cret\r\nX: y",
        "http://user:s3cret@127.0.0.1/",
        "http://127.0.0.1:9/s3cret\u6f22",
        "http://\ud800.example/s3cret",
    ],
)
def test_webhook_address_that_is_none_becomes_a_note_without_it(url: str) -> None:
    [note] = notify(make_report(), webhook=url, email=None, when="failure")
    assert "was not sent" in note
    assert "s3cret" not in note


def test_webhook_that_nobody_answers_becomes_a_note() -> None:
    with hook(answers(200)) as found:
        pass
    [note] = notify(make_report(), webhook=found.url(), email=None, when="failure")
    assert "Connection refused" in note


def test_webhook_that_answers_rubbish_becomes_a_note() -> None:
    with hook(lambda handler: handler.wfile.write(b"what?\r\n\r\n") and None) as found:
        [note] = notify(make_report(), webhook=found.url(), email=None, when="failure")
    assert "was not sent" in note


def test_webhook_that_drips_is_left_at_the_deadline() -> None:
    is_over = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not is_over.wait(0.1):
            handler.wfile.write(b"X-More: drip\r\n")

    with hook(drip) as found:
        started = time.monotonic()
        [note] = notify(make_report(), webhook=found.url(), email=None, when="failure", limit_s=0.5)
        assert time.monotonic() - started < 5
        is_over.set()
    assert "no end within 0.5 s" in note


# --- the e-mail


def test_email_is_plain_text_to_everybody_named() -> None:
    with mailbox() as (box, email):
        assert notify(make_report(), webhook="", email=email, when="failure") == []
    letter = box.letter
    assert letter["Subject"] == "alliance-nlp run 7 (nightly): Done, with 1 failure"
    assert letter["From"] == "night@a.example"
    assert letter["To"] == "desk@b.example, ops@b.example"
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().splitlines() == message(make_report()).splitlines()
    assert len(box.recipients) == 2


def test_email_carries_japanese() -> None:
    bad = make_problem("https://c.example/日米", detail="応答がない")
    with mailbox() as (box, email):
        notes = notify(make_report(problems=(bad,)), webhook="", email=email, when="failure")
    assert notes == []
    assert "日米: 応答がない" in box.letter.get_content()


def test_email_text_cannot_end_the_letter_or_add_a_header() -> None:
    bad = make_problem("x\r\n.\r\nMAIL FROM:<evil@x.example>", detail="y\r\nBcc: evil@x.example")
    report = make_report(problems=(bad,), run=make_run(command="nightly\r\nBcc: evil@x.example"))
    with mailbox() as (box, email):
        assert notify(report, webhook="", email=email, when="failure") == []
    assert box.letter["Bcc"] is None
    assert len(box.letters) == 1
    assert len(box.recipients) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"sender": "night@a.example\r\nBcc: evil@x.example"},
        {"to": ("desk@b.example\nBcc: evil@x.example",)},
    ],
)
def test_email_address_with_a_line_end_is_refused(change: dict[str, Any]) -> None:
    with mailbox() as (box, email):
        [note] = notify(make_report(), webhook="", email=replace(email, **change), when="failure")
    assert "mend alliance.toml" in note
    assert box.letters == []


def test_email_uses_tls_when_it_is_offered(self_signed: ssl.SSLContext) -> None:
    with mailbox(context=self_signed) as (box, email):
        assert notify(make_report(), webhook="", email=email, when="failure") == []
    assert box.was_private
    assert len(box.letters) == 1


def test_email_logs_in_with_the_password_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NIGHT_PASSWORD", "open sesame")
    with mailbox(asks_login=True) as (box, email):
        account = replace(email, user="night", password_env="NIGHT_PASSWORD")
        assert notify(make_report(), webhook="", email=account, when="failure") == []
    assert box.logins == ["\0night\0open sesame"]


def test_email_without_its_password_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NIGHT_PASSWORD", raising=False)
    account = replace(EMAIL, user="night", password_env="NIGHT_PASSWORD")
    [note] = notify(make_report(), webhook="", email=account, when="failure")
    assert "'NIGHT_PASSWORD'" in note


def test_email_that_one_recipient_does_not_get_is_noted() -> None:
    with mailbox(refused=("ops@b.example",)) as (box, email):
        [note] = notify(make_report(), webhook="", email=email, when="failure")
    assert len(box.letters) == 1
    assert "ops@b.example was refused" in note


def test_email_that_nobody_gets_is_noted() -> None:
    with mailbox(refused=("b.example",)) as (box, email):
        [note] = notify(make_report(), webhook="", email=email, when="failure")
    assert box.letters == []
    assert "every recipient was refused" in note


def test_email_waits_longer_than_the_webhook() -> None:
    with mailbox(greets_after_s=0.6) as (box, email):
        assert notify(make_report(), webhook="", email=email, when="failure", limit_s=0.5) == []
    assert len(box.letters) == 1


def test_one_way_that_fails_does_not_keep_the_other_from_working() -> None:
    with mailbox() as (box, email), hook(answers(500)) as found:
        notes = notify(make_report(), webhook=found.url(), email=email, when="failure")
    assert len(notes) == 1
    assert len(box.letters) == 1
