"""One run against hosts that answer in every way; the server is their proxy."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator

import pytest
from tests.servers import Server, after, in_turn, raw, redirect, reply, serve, status

from alliance_nlp.collect import Fetch
from alliance_nlp.core.types import Reason, Role

HTML = "<!doctype html><title>Fleet</title><p>日本とアメリカ</p>".encode()
PACKED = gzip.compress(HTML)
BOMB = gzip.compress(bytes(3_000_000))
BIG = b"x" * 150_000
ETAG = 'W/"a, \xe9b"'
SINCE = "Sun, 14 Apr 2024 01:02:03 GMT"


def loop(host: str) -> str:
    return f"http://{host}/loop"


ANSWERS = {
    "good.example/a": reply(HTML, content_type="text/html", etag='"1"', x_odd="Jos\xe9"),
    "good.example/empty": reply(b""),
    "good.example/packed": reply(PACKED, content_type="text/html", content_encoding="gzip"),
    "good.example/chunked": raw(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    ),
    "good.example/until-close": raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nhello"),
    "good.example/twice": raw(
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n"
    ),
    "good.example/after-cookie": reply(b"x"),
    "good.example/fresh": reply(b"", 304, etag=ETAG),
    "good.example/mislabelled": reply(HTML, content_type="text/html", content_encoding="gzip"),
    "good.example/not-found": status(404),
    "good.example/gone": status(410),
    "good.example/forbidden": status(403),
    "good.example/odd": status(799),
    "flaky.example/once": in_turn(status(503), reply(HTML)),
    "flaky.example/always": status(500),
    "moved.example/hop": redirect("/a", 301),
    "moved.example/a": redirect("http://good.example/a", 308),
    "moved.example/loop": redirect("/loop"),
    **{f"moved.example/{n}": redirect(f"/{n + 1}") for n in range(9)},
    "moved.example/9": reply(HTML),
    "moved.example/to-file": redirect("file:///etc/passwd"),
    "moved.example/to-ftp": redirect("ftp://good.example/a"),
    "moved.example/to-script": redirect("javascript:alert(1)"),
    "moved.example/to-denied": redirect("http://denied.example/a"),
    "denied.example/robots.txt": reply("User-agent: *\nDisallow: /\n"),
    "denied.example/a": reply(HTML),
    "cut.example/length": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<p>cut"),
    "cut.example/chunk": raw(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nff\r\ncut"
    ),
    "cut.example/nothing": raw(b""),
    "cut.example/junk": raw(b"this is no HTTP\r\n\r\n"),
    "slow.example/never": after(6, reply(HTML)),
    "slow.example/drip": raw(
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", *[b"x"] * 60, pause_s=0.1
    ),
    "large.example/said": reply(BIG),
    "large.example/unsaid": raw(b"HTTP/1.1 200 OK\r\n\r\n", BIG),
    "large.example/packed": reply(BOMB, content_encoding="gzip", content_type="text/html"),
    "large.example/packed-404": reply(BOMB, 404, content_encoding="gzip"),
}
URLS = [f"http://{place}" for place in ANSWERS if "robots.txt" not in place]


class Answered:
    """The run, and the server that saw it."""

    def __init__(self, run: object, server: Server) -> None:
        self.run, self.server = run, server


@pytest.fixture(scope="module")
def night(collect: Callable[..., object], ask: Callable[..., Fetch]) -> Iterator[Answered]:
    fetches = [ask(url) for url in URLS if url != "http://good.example/fresh"]
    fetches.append(ask("http://good.example/fresh", etag=ETAG, last_modified=SINCE))
    with serve(ANSWERS) as server:
        proxy = f"http://{server.address}"
        yield Answered(collect(fetches, proxy=proxy, retries=1), server)


@pytest.fixture(scope="module")
def run(night: Answered) -> object:
    return night.run


@pytest.fixture(scope="module")
def server(night: Answered) -> Server:
    return night.server


def test_every_request_gets_exactly_one_finished(run) -> None:
    assert {key: len(ends) for key, ends in run.finished.items()} == dict.fromkeys(URLS, 1)


def test_page_holds_status_headers_and_body_as_received(run) -> None:
    page = run.page("http://good.example/a")
    assert (page.status, page.body) == (200, HTML)
    assert (page.header("Content-Type"), page.header("ETag")) == ("text/html", '"1"')
    assert page.header("X-Odd") == "Jos\xe9"
    assert (page.source_id, page.role) == ("fleet-news", Role.ARTICLE)
    assert page.asked_url == page.url == "http://good.example/a"
    assert page.fetched_at.tzinfo is not None


def test_page_of_an_empty_answer_is_a_page(run) -> None:
    assert run.page("http://good.example/empty").body == b""


def test_packed_body_is_kept_as_received(run) -> None:
    page = run.page("http://good.example/packed")
    assert page.body == PACKED
    assert page.header("Content-Encoding") == "gzip"


def test_mislabelled_body_is_a_page_all_the_same(run) -> None:
    page = run.page("http://good.example/mislabelled")
    assert page.body == HTML


@pytest.mark.parametrize("name", ["chunked", "until-close"])
def test_body_without_a_stated_length_is_whole(run, name: str) -> None:
    page = run.page(f"http://good.example/{name}")
    assert page.body == b"hello"
    assert page.header("Transfer-Encoding") == ""


def test_repeated_headers_are_all_kept(run) -> None:
    headers = run.page("http://good.example/twice").headers
    assert [value for name, value in headers if name == "Set-Cookie"] == ["a=1", "b=2"]


def test_cookies_are_never_sent_back(server: Server) -> None:
    assert not [seen for seen in server.seen if "cookie" in seen.headers]


def test_user_agent_is_sent_with_every_request(server: Server) -> None:
    agents = {seen.headers.get("user-agent") for seen in server.seen}
    assert agents == {"alliance-nlp/0 (+https://desk.example/bot)"}


def test_validators_are_sent_back_to_the_letter(server: Server) -> None:
    (seen,) = server.requests("good.example/fresh")
    assert seen.headers["if-none-match"] == ETAG
    assert seen.headers["if-modified-since"] == SINCE


def test_not_modified_is_a_good_end(run) -> None:
    assert run.page("http://good.example/fresh").status == 304


@pytest.mark.parametrize(
    ("name", "code"), [("not-found", 404), ("gone", 410), ("forbidden", 403), ("odd", 799)]
)
def test_error_status_is_rejected_and_its_page_kept(run, name: str, code: int) -> None:
    url = f"http://good.example/{name}"
    rejected = run.rejected(url)
    assert (rejected.reason, rejected.failed) == (Reason.HTTP_STATUS, True)
    assert str(code) in rejected.detail
    assert rejected.subject_id == url
    assert [page.status for page in run.pages[url]] == [code]


def test_server_error_that_passes_is_tried_again(run) -> None:
    url = "http://flaky.example/once"
    assert run.finished[url] == [None]
    assert [page.status for page in run.pages[url]] == [503, 200]


def test_server_error_that_stays_ends_after_the_tries(run, server: Server) -> None:
    assert run.rejected("http://flaky.example/always").reason is Reason.HTTP_STATUS
    assert len(server.requests("flaky.example/always")) == 2


def test_redirects_are_followed_and_every_hop_kept(run) -> None:
    url = "http://moved.example/hop"
    pages = run.pages[url]
    assert run.finished[url] == [None]
    assert [page.status for page in pages] == [301, 308, 200]
    assert [page.url for page in pages] == [
        url,
        "http://moved.example/a",
        "http://good.example/a",
    ]
    assert {page.asked_url for page in pages} == {url}


@pytest.mark.parametrize("name", ["loop", "0"])
def test_redirects_end_after_five_hops(run, server: Server, name: str) -> None:
    url = f"http://moved.example/{name}"
    assert run.rejected(url).reason is Reason.REDIRECTS
    assert len(run.pages[url]) == 6


def test_five_redirects_are_still_followed(run) -> None:
    assert run.finished["http://moved.example/4"] == [None]


@pytest.mark.parametrize("name", ["to-file", "to-ftp", "to-script"])
def test_redirect_off_the_web_is_not_followed(run, name: str) -> None:
    url = f"http://moved.example/{name}"
    assert run.rejected(url).failed
    assert [page.status for page in run.pages[url]] == [302]


def test_redirect_to_another_host_asks_its_robots_first(run, server: Server) -> None:
    rejected = run.rejected("http://moved.example/to-denied")
    assert (rejected.reason, rejected.failed) == (Reason.ROBOTS_DENIED, False)
    assert server.requests("denied.example/a") == []


@pytest.mark.parametrize("name", ["length", "chunk"])
def test_body_that_is_cut_off_is_a_failure_without_a_page(run, name: str) -> None:
    url = f"http://cut.example/{name}"
    assert run.rejected(url).reason is Reason.CUT_OFF
    assert run.pages[url] == []


@pytest.mark.parametrize("name", ["nothing", "junk"])
def test_answer_that_is_no_answer_is_a_failure(run, name: str) -> None:
    url = f"http://cut.example/{name}"
    assert run.rejected(url).reason in (Reason.UNREACHABLE, Reason.CUT_OFF)
    assert run.pages[url] == []


@pytest.mark.parametrize("name", ["never", "drip"])
def test_slow_answer_ends_at_the_deadline(run, name: str) -> None:
    url = f"http://slow.example/{name}"
    assert run.rejected(url).reason is Reason.TIMEOUT
    assert run.pages[url] == []


def test_slow_hosts_do_not_hold_the_others_up(run) -> None:
    assert run.seconds < 15  # two tries of two seconds, the start, and much room


@pytest.mark.parametrize("name", ["said", "unsaid"])
def test_body_over_the_limit_is_dropped(run, name: str) -> None:
    url = f"http://large.example/{name}"
    rejected = run.rejected(url)
    assert rejected.reason is Reason.TOO_LARGE
    assert "max_bytes" in rejected.detail
    assert run.pages[url] == []


def test_body_that_unpacks_to_more_than_the_limit_is_called_too_large(run) -> None:
    assert run.rejected("http://large.example/packed").reason is Reason.TOO_LARGE


def test_error_status_is_named_even_when_its_body_is_a_bomb(run) -> None:
    rejected = run.rejected("http://large.example/packed-404")
    assert rejected.reason in (Reason.HTTP_STATUS, Reason.TOO_LARGE)


def test_robots_are_asked_once_of_each_host_and_before_all_else(run, server: Server) -> None:
    hosts = {seen.host for seen in server.seen}
    assert len(hosts) == 7
    for host in hosts:
        of_host = [seen.path for seen in server.seen if seen.host == host]
        assert of_host[0] == "/robots.txt"
        assert of_host.count("/robots.txt") == 1


def test_robots_pages_arrive_too_under_their_own_role(run) -> None:
    pages = run.pages[""]
    assert {page.role for page in pages} == {Role.ROBOTS}
    assert {page.source_id for page in pages} >= {"good.example", "denied.example"}
