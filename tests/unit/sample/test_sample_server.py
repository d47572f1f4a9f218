from __future__ import annotations

import http.client
import socket
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from alliance_nlp.core.errors import ConfigError
from alliance_nlp.sample import SampleSite, serve

FEED = "http://pacific-courier.example/feed.xml"


def _connection(sample: SampleSite) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(sample.proxy).netloc, timeout=10)


def test_absolute_form_names_the_outlet_when_asked_as_proxy(fetch):
    status, headers, body = fetch(FEED)
    assert (status, headers["content-type"]) == (200, "application/rss+xml; charset=utf-8")
    assert b"Pacific Courier" in body


def test_host_header_names_the_outlet_when_asked_in_origin_form(sample, fetch):
    connection = _connection(sample)
    connection.request("GET", "/feed.xml", headers={"Host": "pacific-courier.example"})
    body = connection.getresponse().read()
    connection.close()
    assert body == fetch(FEED)[2]


def test_host_case_and_port_make_no_difference(fetch):
    assert fetch("http://Pacific-Courier.EXAMPLE:80/feed.xml")[2] == fetch(FEED)[2]


def test_query_makes_no_difference(fetch):
    assert fetch(f"{FEED}?utm_source=x")[2] == fetch(FEED)[2]


def test_unknown_path_is_404_and_names_host_and_path(fetch):
    status, _, body = fetch("http://pacific-courier.example/nothing")
    assert status == 404
    assert b"pacific-courier.example has no page at /nothing" in body


def test_unknown_host_is_502(fetch):
    assert fetch("http://strait-observer.example/feed.xml")[0] == 502


@pytest.mark.parametrize("target", ["http://[broken/", "/feed.xml"])
def test_target_without_usable_host_is_502(sample, target):
    address = urlsplit(sample.proxy)
    with socket.create_connection((address.hostname, address.port), timeout=10) as client:
        client.sendall(f"GET {target} HTTP/1.1\r\nConnection: close\r\n\r\n".encode())
        assert client.makefile("rb").readline().startswith(b"HTTP/1.1 502 ")


def test_head_has_headers_and_no_body(fetch):
    status, headers, body = fetch(FEED, method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) == len(fetch(FEED)[2])


@pytest.mark.parametrize("listing", [FEED, "http://newsriver.example/"])
def test_listing_is_304_without_body_when_etag_matches(fetch, listing):
    etag = fetch(listing)[1]["etag"]
    status, headers, body = fetch(listing, If_None_Match=f'"other", W/{etag}')
    assert (status, body, headers["etag"]) == (304, b"", etag)


def test_listing_is_304_when_date_matches(fetch):
    changed = fetch(FEED)[1]["last-modified"]
    assert fetch(FEED, If_Modified_Since=changed)[0] == 304


def test_listing_is_200_when_etag_differs_though_date_matches(fetch):
    changed = fetch(FEED)[1]["last-modified"]
    assert fetch(FEED, If_None_Match='"other"', If_Modified_Since=changed)[0] == 200


def test_one_connection_serves_many_requests(sample):
    connection = _connection(sample)
    for _ in range(3):
        connection.request("GET", FEED)
        assert connection.getresponse().read()
    connection.close()


def test_requests_are_listed_in_order_without_query():
    with serve() as sample:
        connection = _connection(sample)
        for url in (f"{FEED}?utm_source=x", "http://nowhere.example/a"):
            connection.request("GET", url)
            connection.getresponse().read()
        connection.close()
        assert sample.requests == [
            ("pacific-courier.example", "/feed.xml"),
            ("nowhere.example", "/a"),
        ]


def test_many_clients_are_served_at_once(fetch):
    with ThreadPoolExecutor(16) as pool:
        assert {reply[0] for reply in pool.map(fetch, [FEED] * 64)} == {200}


def test_bodies_do_not_depend_on_port(fetch):
    with serve() as other:
        connection = _connection(other)
        connection.request("GET", FEED)
        body = connection.getresponse().read()
        connection.close()
    assert body == fetch(FEED)[2]


def test_port_is_closed_when_the_block_ends():
    with serve() as sample:
        address = urlsplit(sample.proxy)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.hostname, address.port), timeout=2)


def test_thread_ends_when_the_block_raises():
    before = set(threading.enumerate())
    with pytest.raises(RuntimeError), serve():
        raise RuntimeError
    assert set(threading.enumerate()) <= before


def test_taken_port_is_a_config_error_with_remedy(sample):
    with pytest.raises(ConfigError, match="use port 0"), serve(urlsplit(sample.proxy).port or 0):
        pass


def test_nothing_is_written_to_stderr(fetch, capfd):
    fetch(FEED)
    fetch("http://pacific-courier.example/nothing")
    assert capfd.readouterr() == ("", "")


def test_nothing_is_written_to_stderr_when_a_client_hangs_up(capfd):
    before = set(threading.enumerate())
    with serve() as sample:
        address = urlsplit(sample.proxy)
        with socket.create_connection((address.hostname, address.port), timeout=10) as client:
            client.sendall(f"GET {FEED} HTTP/1.1\r\n\r\n".encode())
            client.recv(1)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    assert capfd.readouterr() == ("", "")
