"""Inside addresses: which they are, in every form, and that nothing is connected to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.servers import Server, redirect, reply, serve

from alliance_nlp.collect import Fetch, Politeness
from alliance_nlp.collect.addresses import Judge, is_home, literal, place
from alliance_nlp.core.errors import ConfigError
from alliance_nlp.core.types import Reason

INSIDE = """
127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1
169.254.169.254 169.254.0.1 100.64.0.1 100.127.255.255 192.0.0.1 192.0.2.1 198.18.0.1
198.51.100.1 203.0.113.9 224.0.0.1 224.0.1.1 239.255.255.250 240.0.0.1 255.255.255.255
192.88.99.1 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b:1::1 2002:7f00:1:: 2002:a00:1::1 2001::1
fe80::1 fc00::1 fd00:ec2::254 fec0::1 ff02::1 ff0e::1 2001:db8::1 100::1
""".split()
OUTSIDE = """
8.8.8.8 1.1.1.1 172.15.255.255 172.32.0.1 100.63.255.255 100.128.0.1 169.253.1.1 198.20.0.1
223.255.255.255 2606:4700::1111 2a00:1450:4001:800::200e ::ffff:8.8.8.8 64:ff9b::808:808
2002:808:808::1
""".split()
LOOPBACK_FORMS = """
127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0x7f.0x0.0x0.0x1 0177.0.0.1 017700000001
0177.1 00000177.0.0.1 127.0.0.1. localhost LOCALHOST localhost. a.localhost ::1 [::1]
0:0:0:0:0:0:0:1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::127.0.0.1 ::1%lo
""".split()
# One form of an inside address each; {port} is where the canary listens.
URLS = [
    *(
        f"http://{host}:{{port}}/"
        for host in """
        127.0.0.1 127.1 127.0.1 127.9.9.9 2130706433 0x7f000001 0x7f.1 0x7f.0.0.1 0177.0.0.1
        0177.1 017700000001 127.0.0.1. localhost LocalHost localhost. news.localhost 0.0.0.0 0
        [::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1]
        [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] [fe80::1] [fc00::1] [fd00:ec2::254]
        10.0.0.1 172.16.0.1 192.168.0.1 169.254.169.254 100.64.0.1 224.0.0.1 255.255.255.255
        ①②⑦.0.0.1 127。0。0。1 user@127.0.0.1 good.example@127.0.0.1 8.8.8.8@[::1]
        """.split()
    ),
    "https://127.0.0.1:{port}/",
    "HTTP://127.1:{port}/robots.txt",
]


class Canary:
    """A port that should never be connected to."""

    def __init__(self) -> None:
        self.n_connections = 0
        self.listener = socket.create_server(("0.0.0.0", 0))
        self.port: int = self.listener.getsockname()[1]

    def listen(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.n_connections += 1
            connection.close()


@contextmanager
def canary() -> Iterator[Canary]:
    bird = Canary()
    thread = threading.Thread(target=bird.listen, daemon=True)
    thread.start()
    try:
        yield bird
    finally:
        bird.listener.shutdown(socket.SHUT_RDWR)
        bird.listener.close()
        thread.join()


@pytest.mark.parametrize("address", INSIDE)
def test_address_is_denied_when_it_is_not_public(address: str) -> None:
    assert not Judge().permits(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_address_is_permitted_when_it_is_public(address: str) -> None:
    assert Judge().permits(ip_address(address))


def test_address_is_permitted_when_its_network_is_allowed() -> None:
    judge = Judge(["127.0.0.0/8", "fd00::/8"])
    assert judge.permits(ip_address("127.0.0.1"))
    assert judge.permits(ip_address("::ffff:127.0.0.1"))
    assert judge.permits(ip_address("fd00::1"))
    assert not judge.permits(ip_address("10.0.0.1"))
    assert not judge.permits(ip_address("::1"))


@pytest.mark.parametrize("host", LOOPBACK_FORMS)
def test_host_that_spells_loopback_is_read_as_that(host: str) -> None:
    address = literal(host)
    assert address is not None
    assert not Judge().permits(address)


@pytest.mark.parametrize(
    "host", ["good.example", "127.0.0.1.example", "0x7f.example", "", "1.2.3.4.5"]
)
def test_host_that_is_a_name_is_no_literal(host: str) -> None:
    assert literal(host) is None


@given(st.ip_addresses(v=4))
@settings(deadline=None)
def test_wrapped_address_is_judged_like_the_one_it_wraps(address: Any) -> None:
    judge = Judge()
    permits = judge.permits(address)
    assert judge.permits(ip_address(f"::ffff:{address}")) == permits
    assert judge.permits(ip_address(f"64:ff9b::{address}")) == permits
    assert literal(str(int(address))) == address


@pytest.mark.parametrize(
    ("url", "home", "is_it"),
    [
        ("http://feeds.intranet/x", "feeds.intranet:80", True),
        ("https://feeds.intranet/x", "feeds.intranet:443", True),
        ("https://feeds.intranet/x", "feeds.intranet:80", False),
        ("http://FEEDS.intranet:8000/x", "Feeds.Intranet:8000", True),
        ("http://feeds.intranet:8001/x", "feeds.intranet:8000", False),
        ("http://x.feeds.intranet:8000/x", "feeds.intranet:8000", False),
        ("http://[::1]:8000/x", "[::1]:8000", True),
        ("http://[::1]:8000/x", "::1:8000", True),
        ("http://127.1:8000/x", "127.0.0.1:8000", False),
        ("http://127.0.0.1:8000/x", "", False),
    ],
)
def test_home_is_exactly_one_host_and_port(url: str, home: str, is_it: bool) -> None:
    assert is_home(url, home) is is_it


def test_place_names_the_port_also_where_the_url_does_not() -> None:
    assert place("https://Desk.example/a") == "desk.example:443"


def test_politeness_refuses_what_is_no_network() -> None:
    with pytest.raises(ConfigError, match=r"10\.0\.0\.1/8"):
        Politeness(user_agent="x", allow_inside=("10.0.0.1/8",))


def test_nothing_is_connected_to_when_the_address_is_inside(
    collect: Callable[..., Any], ask: Callable[..., Fetch]
) -> None:
    with canary() as bird:
        urls = [url.format(port=bird.port) for url in URLS]
        run = collect([ask(url) for url in urls], allow_inside=())
        reasons = {url: run.rejected(url).reason for url in urls}
        assert bird.n_connections == 0
    assert len(urls) >= 40
    assert set(reasons.values()) == {Reason.ADDRESS_DENIED}, reasons
    assert all(run.rejected(url).failed for url in urls)
    assert not run.pages


def test_name_is_denied_when_it_leads_inside(
    collect: Callable[..., Any], ask: Callable[..., Fetch]
) -> None:
    name = socket.gethostname()
    try:
        found = {
            ip_address(str(row[4][0]).partition("%")[0]) for row in socket.getaddrinfo(name, 80)
        }
    except OSError:
        pytest.skip("this machine's own name is not known to it")
    if any(Judge().permits(address) for address in found):
        pytest.skip("this machine's own name leads to a public address")
    with canary() as bird:
        url = f"http://{name}:{bird.port}/"
        run = collect([ask(url)], allow_inside=())
        assert bird.n_connections == 0
    assert run.rejected(url).reason is Reason.ADDRESS_DENIED


def test_literal_target_is_denied_when_a_proxy_would_connect(
    collect: Callable[..., Any], ask: Callable[..., Fetch]
) -> None:
    urls = [url.format(port=80) for url in URLS]
    with serve({"/": reply("secret")}) as proxy:
        run = collect(
            [*(ask(url) for url in urls), ask("http://good.example/")],
            allow_inside=(),
            proxy=f"http://{proxy.address}",
        )
        assert {seen.host for seen in proxy.seen} == {"good.example"}
    assert {run.rejected(url).reason for url in urls} == {Reason.ADDRESS_DENIED}
    assert run.page("http://good.example/").ip == ""


def test_proxy_of_the_environment_counts_as_a_proxy(
    collect: Callable[..., Any], ask: Callable[..., Fetch], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve({"/": reply("page")}) as proxy:
        monkeypatch.setenv("http_proxy", f"http://{proxy.address}")
        run = collect([ask("http://good.example/"), ask("http://10.0.0.1/")], allow_inside=())
    assert run.page("http://good.example/").body == b"page"
    assert run.rejected("http://10.0.0.1/").reason is Reason.ADDRESS_DENIED


@pytest.fixture(scope="module")
def homes(collect: Callable[..., Any], ask: Callable[..., Fetch]) -> Iterator[tuple[Any, Server]]:
    with serve({}) as other, serve({}) as server:
        here = f"http://{server.address}"
        server.answer(
            {
                "/feed": reply("<rss/>"),
                "/near": redirect("/feed"),
                "/far": redirect(f"http://{other.address}/feed"),
                "/name": redirect(f"http://localhost:{server.port}/feed"),
                "/metadata": redirect("http://169.254.169.254/latest"),
            }
        )
        fetches = [
            ask(f"{here}{path}", key=path, home=server.address)
            for path in ("/feed", "/near", "/far", "/name", "/metadata")
        ]
        fetches.append(ask(f"{here}/feed", key="stranger"))
        fetches.append(ask(f"{here}/feed", key="elsewhere", home=other.address))
        run = collect(fetches, allow_inside=())
        assert other.seen == []
        yield run, server


def test_home_is_connected_to_though_it_is_inside(homes: tuple[Any, Server]) -> None:
    run, _ = homes
    assert run.page("/feed").ip == "127.0.0.1"
    assert run.finished["/near"] == [None]


@pytest.mark.parametrize("key", ["/far", "/name", "/metadata"])
def test_redirect_from_home_is_denied_when_it_leads_elsewhere_inside(
    homes: tuple[Any, Server], key: str
) -> None:
    run, _ = homes
    assert run.rejected(key).reason is Reason.ADDRESS_DENIED
    assert [page.status for page in run.pages[key]] == [302]


@pytest.mark.parametrize("key", ["stranger", "elsewhere"])
def test_home_of_one_source_is_denied_to_another(homes: tuple[Any, Server], key: str) -> None:
    run, _ = homes
    assert run.rejected(key).reason is Reason.ADDRESS_DENIED
    assert run.pages[key] == []
