"""Servers that break the rules of HTTP and TLS: each costs one typed end, and no one else."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.servers import Answer, Handler, Server, after, endless, raw, redirect, reply, serve

from alliance_nlp.collect import Fetch
from alliance_nlp.core.types import Reason, Role

OK = b"HTTP/1.1 200 OK\r\n"
HTML = b"<p>news</p>"

# What each host does, and the reasons that are right for it; None for a good page.
HOSTILE: dict[str, tuple[Answer, set[Reason | None]]] = {
    "garbage-status": (raw(b"HTTP/1.1 abc OK\r\n\r\n"), {Reason.UNREACHABLE}),
    "no-status": (raw(b"HELLO\r\n\r\n"), {Reason.UNREACHABLE}),
    "binary": (raw(bytes(range(256)) * 50), {Reason.UNREACHABLE}),
    "http-0.9": (raw(b"<p>no headers at all</p>\n"), {Reason.UNREACHABLE}),
    "nothing": (raw(b""), {Reason.UNREACHABLE}),
    "half-a-head": (raw(OK + b"Content-Type: te"), {Reason.UNREACHABLE}),
    "many-headers": (
        raw(OK, *[b"X-Flood: %d\r\n" % n * 100 for n in range(1000)], b"\r\n"),
        {Reason.UNREACHABLE},
    ),
    "endless-headers": (endless(OK, b"X-Flood: x\r\n" * 5000), {Reason.UNREACHABLE}),
    "long-header": (raw(OK + b"X: " + b"x" * 1_000_000 + b"\r\n\r\n"), {Reason.UNREACHABLE}),
    "endless-header": (endless(OK + b"X: ", b"x" * 60_000), {Reason.UNREACHABLE}),
    "endless-1xx": (endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100), {Reason.UNREACHABLE}),
    "one-1xx": (
        raw(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nok"),
        {None},
    ),
    "body-for-204": (raw(b"HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nhello"), {None}),
    "body-for-304": (raw(b"HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\nhello"), {None}),
    "two-answers": (raw((OK + b"Content-Length: 2\r\n\r\nok") * 2), {None}),
    "two-lengths": (
        raw(OK + b"Content-Length: 2\r\nContent-Length: 9\r\n\r\nok"),
        {Reason.UNREACHABLE, Reason.CUT_OFF, Reason.BAD_URL},
    ),
    "bad-length": (
        raw(OK + b"Content-Length: many\r\n\r\nok"),
        {Reason.UNREACHABLE, Reason.BAD_URL},
    ),
    "minus-length": (
        raw(OK + b"Content-Length: -5\r\n\r\nok"),
        {Reason.UNREACHABLE, Reason.CUT_OFF, Reason.BAD_URL},
    ),
    "huge-length": (raw(OK + b"Content-Length: 99999999999\r\n\r\nok"), {Reason.TOO_LARGE}),
    "endless-body": (endless(OK + b"\r\n", b"x" * 60_000), {Reason.TOO_LARGE}),
    "endless-chunks": (
        endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"4\r\nxxxx\r\n" * 1000),
        {Reason.TOO_LARGE},
    ),
    "cut-length": (raw(OK + b"Content-Length: 100\r\n\r\nok"), {Reason.CUT_OFF}),
    "cut-chunk": (
        raw(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
        {Reason.CUT_OFF},
    ),
    "bad-chunk": (
        raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"),
        {Reason.CUT_OFF, Reason.UNREACHABLE},
    ),
    "split": (
        raw(OK + b"Location: x\r\nSet-Cookie: a=b\r\n\r\n" + OK + b"\r\n<script>"),
        {None},
    ),
    "odd-headers": (
        raw(OK + b"no colon\r\n: no name\r\nX-\xff: \xfe\r\nContent-Length: 2\r\n\r\nok"),
        {None},
    ),
    "bad-location": (redirect("http://[::1"), {Reason.HTTP_STATUS}),
    "empty-location": (redirect(""), {Reason.REDIRECTS, Reason.HTTP_STATUS}),
    "hostless-location": (redirect("http://"), {Reason.HTTP_STATUS, Reason.REDIRECTS}),
    "ping": (redirect("http://pong.example/page"), {Reason.REDIRECTS}),
    "pong": (redirect("http://ping.example/page"), {Reason.REDIRECTS}),
    "refresh": (
        reply("<meta http-equiv=refresh content='0;url=/other'>", content_type="text/html"),
        {None},
    ),
}
N_GOOD = 20


@pytest.fixture(scope="module")
def night(collect: Callable[..., Any], ask: Callable[..., Fetch]) -> Iterator[tuple[Any, Server]]:
    answers = {f"{name}.example/page": answer for name, (answer, _) in HOSTILE.items()}
    answers |= {f"good{n}.example/page": reply(HTML) for n in range(N_GOOD)}
    hosts = [*HOSTILE, *(f"good{n}" for n in range(N_GOOD))]
    with serve(answers) as server:
        fetches = [ask(f"http://{host}.example/page", key=host) for host in hosts]
        yield collect(fetches, proxy=f"http://{server.address}", timeout_s=5.0), server


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_server_gives_one_typed_end(night: tuple[Any, Server], name: str) -> None:
    (end,) = night[0].finished[name]
    assert (end and end.reason) in HOSTILE[name][1], end
    assert end is None or end.failed


def test_hostile_servers_harm_no_others(night: tuple[Any, Server]) -> None:
    assert all(night[0].page(f"good{n}").body == HTML for n in range(N_GOOD))


def test_hostile_servers_cost_no_deadline(night: tuple[Any, Server]) -> None:
    assert night[0].seconds < 15


@pytest.mark.parametrize(
    ("name", "body"),
    [("one-1xx", b"ok"), ("two-answers", b"ok"), ("body-for-204", b""), ("body-for-304", b"")],
)
def test_page_holds_only_its_own_answer(night: tuple[Any, Server], name: str, body: bytes) -> None:
    assert night[0].page(name).body == body


def test_meta_refresh_is_not_followed(night: tuple[Any, Server]) -> None:
    assert night[1].requests("refresh.example/other") == []


def test_each_request_has_a_connection_of_its_own(night: tuple[Any, Server]) -> None:
    assert {seen.headers["connection"] for seen in night[1].seen} == {"close"}


def test_page_holds_the_request_as_it_was_sent(
    collect: Callable[..., Any], ask: Callable[..., Fetch]
) -> None:
    with serve({"/a": redirect("/b"), "/b": reply(HTML), "/robots.txt": reply("")}) as server:
        run = collect([ask(f"http://{server.address}/a", key="a", etag='W/"x"')])
        pages = [*run.pages[""], *run.pages["a"]]
        assert [page.status for page in pages] == [200, 302, 200]
        for page, seen in zip(pages, server.seen, strict=True):
            sent = {name.lower(): value for name, value in page.request_headers}
            assert sent == seen.headers
            assert page.ip == "127.0.0.1"
            assert "referer" not in sent


class Desk:
    """A certificate authority of the test's own."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Desk of the tests")])
        self.certificate = self.sign(self.name, self.key, is_authority=True)

    def sign(
        self,
        name: x509.Name,
        key: Any,
        *,
        is_authority: bool = False,
        host: str = "",
        days: int = 1,
    ) -> x509.Certificate:
        end = datetime.now(UTC) + timedelta(days=days)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(end - timedelta(days=10))
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        )
        if host:
            names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def context(self, folder: Path, *, host: str, days: int = 1) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        file = folder / f"{host}{days}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + self.sign(name, key, host=host, days=days).public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def test_certificate_must_be_of_the_host_and_of_the_day(
    collect: Callable[..., Any],
    ask: Callable[..., Fetch],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk, answers = Desk(), {"/a": reply(HTML)}
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(desk.certificate.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    contexts = {
        "good": desk.context(tmp_path, host="127.0.0.1"),
        "wrong host": desk.context(tmp_path, host="192.0.2.7"),
        "expired": desk.context(tmp_path, host="127.0.0.1", days=-1),
    }
    with (
        serve(answers, context=contexts["good"]) as good,
        serve(answers, context=contexts["wrong host"]) as other,
        serve(answers, context=contexts["expired"]) as expired,
    ):
        servers = {"good": good, "wrong host": other, "expired": expired}
        run = collect([ask(f"https://{one.address}/a", key=key) for key, one in servers.items()])
        assert (other.seen, expired.seen) == ([], [])
    assert run.page("good").body == HTML
    assert run.rejected("wrong host").reason is Reason.TLS
    assert run.rejected("expired").reason is Reason.TLS


def drip(handler: Handler) -> None:
    raw(OK + b"Content-Length: 1000\r\n\r\n", *[b"x"] * 100, pause_s=0.1)(handler)


def test_slow_host_costs_one_deadline_whatever_its_pages(
    collect: Callable[..., Any], ask: Callable[..., Fetch]
) -> None:
    answers: dict[str, Answer] = {f"slow.example/{n}": drip for n in range(30)}
    answers |= {f"good.example/{n}": reply(HTML) for n in range(10)}
    with serve(answers) as server:
        run = collect(
            [ask(f"http://{place}", key=place) for place in answers],
            proxy=f"http://{server.address}",
            timeout_s=1.0,
            retries=2,
            concurrency_per_host=2,
        )
    slow = [run.rejected(f"slow.example/{n}") for n in range(30)]
    assert [one.reason for one in slow].count(Reason.TIMEOUT) == 2
    assert [one.reason for one in slow].count(Reason.PUT_OFF) == 28
    assert all(one.failed for one in slow)
    assert all(run.finished[f"good.example/{n}"] == [None] for n in range(10))
    assert run.seconds < 12  # fifteen times the deadline, without giving up


def test_host_that_is_down_is_given_up_after_three_failures(
    collect: Callable[..., Any], ask: Callable[..., Fetch]
) -> None:
    answers = {f"down.example/{n}": raw(b"") for n in range(20)}
    with serve({**answers, "down.example/robots.txt": reply("")}) as server:
        run = collect(
            [ask(f"http://{place}", key=place) for place in answers],
            proxy=f"http://{server.address}",
            concurrency_per_host=1,
        )
        assert len(server.seen) == 1 + 3
    reasons = [run.rejected(place).reason for place in answers]
    assert reasons.count(Reason.UNREACHABLE) == 3
    assert reasons.count(Reason.PUT_OFF) == 17


def test_run_ends_in_time_and_finishes_what_is_under_way(
    collect: Callable[..., Any], ask: Callable[..., Fetch]
) -> None:
    answers = {f"/{n}": after(0.4, reply(HTML)) for n in range(40)} | {
        "/moved": after(1.0, redirect("/0"))
    }
    with serve(answers) as server:
        fetches = [ask(f"http://{server.address}/{n}", key=str(n)) for n in range(40)]
        fetches.append(ask(f"http://{server.address}/moved", key="moved", role=Role.LISTING))
        run = collect(fetches, run_s=1.2, concurrency_per_host=2)
    assert run.finished["moved"] == [None]
    ends = [run.finished[str(n)][0] for n in range(40)]
    put_off = [end for end in ends if end]
    assert 1 <= ends.count(None) <= 8
    assert len(server.seen) < 15
    assert {(end.reason, end.failed) for end in put_off} == {(Reason.PUT_OFF, False)}


def test_urgent_requests_go_first(collect: Callable[..., Any], ask: Callable[..., Fetch]) -> None:
    answers = {f"/{n}": reply(HTML) for n in range(6)} | {"/robots.txt": after(0.5, reply(""))}
    with serve(answers) as server:
        base = f"http://{server.address}"
        fetches = [ask(f"{base}/{n}", priority=n) for n in range(6)]
        collect(fetches, concurrency_per_host=1)
        assert [seen.path for seen in server.seen] == ["/robots.txt", *"/5 /4 /3 /2 /1 /0".split()]
