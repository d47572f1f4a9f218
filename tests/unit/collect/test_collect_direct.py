"""Straight to hosts, without a proxy: names, ports, TLS, bad URLs, pace."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.servers import Server, after, reply, serve

from alliance_nlp.collect import Fetch
from alliance_nlp.core.types import Reason, Role

BAD_URLS = {
    "no scheme": "good.example/a",
    "empty": "",
    "no host": "http:///a",
    "only a scheme": "http://",
    "endless label": f"http://{'a' * 300}.example/",
    "empty label": "http://a..example/",
    "bad port": "http://127.0.0.1:99999/a",
    "port zero": "http://127.0.0.1:0/a",
    "open bracket": "http://[::1/a",
    "lone surrogate": "http://127.0.0.1/\ud800",
    "a file": f"file://{Path(__file__)}",
    "data": "data:text/html,<p>hello</p>",
    "ftp": "ftp://127.0.0.1/a",
    "script": "javascript:alert(1)",
}
N_PACED = 6


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return a server's side of TLS with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    at = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
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


@pytest.fixture(scope="module")
def refused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def plain() -> Iterator[Server]:
    with serve({"/a": reply("<p>a</p>"), "/slow": after(0.3, reply("<p>slow</p>"))}) as running:
        yield running


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    context = self_signed(tmp_path_factory.mktemp("tls"))
    with serve({"/a": reply("<p>a</p>")}, context=context) as running:
        yield running


@pytest.fixture(scope="module")
def run(
    collect: Callable[..., object],
    ask: Callable[..., Fetch],
    plain: Server,
    secret: Server,
    refused_port: int,
) -> object:
    fetches = [ask(url, key=name) for name, url in BAD_URLS.items()]
    fetches += [
        ask(f"http://{plain.address}/a", key="good"),
        ask(f"http://{plain.address}/{'y' * 2_000_000}", key="endless"),
        ask(f"http://{plain.address}/{'y' * 3_000}", key="long"),
        ask("http://no-such-host.invalid/a", key="unknown host"),
        ask("http://russland-tls.invalid/a", key="unknown host, TLS in its name"),
        ask(f"http://127.0.0.1:{refused_port}/a", key="refused port"),
        ask(f"https://{secret.address}/a", key="self-signed"),
        ask(f"https://{plain.address}/a", key="no TLS there"),
    ]
    return collect(fetches)


def test_good_page_comes_through_among_all_the_bad(run) -> None:
    assert run.page("good").body == b"<p>a</p>"


@pytest.mark.parametrize("name", BAD_URLS)
def test_url_that_leads_nowhere_is_called_bad(run, name: str) -> None:
    assert run.rejected(name).reason is Reason.BAD_URL
    assert run.pages[name] == []


def test_long_url_is_asked_for_like_any_other(run) -> None:
    assert run.rejected("long").reason is Reason.HTTP_STATUS
    assert "404" in run.rejected("long").detail


def test_url_without_end_harms_nothing_but_itself(run) -> None:
    assert run.rejected("endless").failed


@pytest.mark.parametrize("name", ["unknown host", "unknown host, TLS in its name"])
def test_unknown_host_is_unreachable(run, name: str) -> None:
    rejected = run.rejected(name)
    assert rejected.reason is Reason.UNREACHABLE
    assert "host name" in rejected.detail


def test_refused_port_is_unreachable(run) -> None:
    assert run.rejected("refused port").reason is Reason.UNREACHABLE


def test_certificate_that_nobody_vouches_for_is_refused(run, secret: Server) -> None:
    assert run.rejected("self-signed").reason is Reason.TLS
    assert secret.seen == []


def test_server_without_tls_is_a_failure_of_tls(run) -> None:
    assert run.rejected("no TLS there").reason is Reason.TLS


def test_no_more_requests_are_under_way_to_a_host_than_allowed(
    collect: Callable[..., object], ask: Callable[..., Fetch]
) -> None:
    answers = {f"/slow?{n}": after(0.2, reply("<p>slow</p>")) for n in range(N_PACED)}
    with serve(answers) as server:
        run = collect(
            [ask(f"http://{server.address}{path}", key=path) for path in answers],
            concurrency_per_host=2,
        )
        assert all(run.finished[path] == [None] for path in answers)
        assert server.most_at_once["127.0.0.1"] == 2


def test_delay_is_kept_between_requests_to_one_host(
    collect: Callable[..., object], ask: Callable[..., Fetch]
) -> None:
    answers = {f"/{n}": reply("<p>x</p>") for n in range(4)}
    with serve(answers) as server:
        collect([ask(f"http://{server.address}{path}") for path in answers], delay_s=0.4)
        gaps = [later.at - earlier.at for earlier, later in pairwise(server.seen)]
    assert len(gaps) == 4
    assert min(gaps) >= 0.4 * 0.95


def test_listing_is_fetched_before_articles_that_wait(
    collect: Callable[..., object], ask: Callable[..., Fetch]
) -> None:
    answers = {f"/{n}": after(0.05, reply("<p>x</p>")) for n in range(6)} | {"/feed": reply("x")}
    with serve(answers) as server:
        fetches = [ask(f"http://{server.address}/{n}") for n in range(6)]
        fetches.append(ask(f"http://{server.address}/feed", role=Role.LISTING))
        collect(fetches, concurrency=2, concurrency_per_host=1)
        order = [seen.path for seen in server.seen]
    assert order.index("/feed") < order.index("/5")
