"""One run over hosts whose robots.txt says or does all sorts of things."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import brotli
import pytest
from scrapy.http import Request, Response
from tests.servers import Answer, Server, after, raw, redirect, reply, serve, status

from alliance_nlp.collect import Fetch, Politeness
from alliance_nlp.collect.messages import POLITENESS
from alliance_nlp.collect.refusals import Refused
from alliance_nlp.collect.robots import KEPT_S, PARSED_BYTES, Robots
from alliance_nlp.core.types import Reason

DENY_ALL = "User-agent: *\nDisallow: /\n"
N_QUEUED = 12

# What the host's /robots.txt does, and whether its page may then be fetched.
ROBOTS: dict[str, tuple[Answer, bool]] = {
    "none": (status(404), True),
    "none-with-rules": (reply(DENY_ALL, 404), True),
    "forbidden": (status(403), True),
    "gone": (status(410), True),
    "error-500": (status(500), False),
    "error-503": (status(503), False),
    "hang-up": (raw(b""), False),
    "cut": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nUser-agent: *\n"), False),
    "never": (after(5, reply("")), False),
    "too-large": (reply(b"#" * 150_000), False),
    "empty": (reply(""), True),
    "allow": (reply("User-agent: *\nDisallow: /private\n"), True),
    "deny": (reply(DENY_ALL), False),
    "deny-page": (reply("User-agent: *\nDisallow: /page*\n"), False),
    "longest-wins": (reply("User-agent: *\nDisallow: /\nAllow: /page\n"), True),
    "own-group": (
        reply("User-agent: *\nDisallow:\n\nUser-agent: Alliance-NLP\nDisallow: /"),
        False,
    ),
    "own-group-allows": (reply(f"{DENY_ALL}\nUser-agent: alliance-nlp\nAllow: /\n"), True),
    # "bot" stands in the contact of our User-Agent, but is not our name.
    "other-group": (reply(f"{DENY_ALL}\nUser-agent: bot\nAllow: /\n"), False),
    "bom": (reply(b"\xef\xbb\xbf" + DENY_ALL.encode()), False),
    "latin": (reply(b"# d\xe9fense\n" + DENY_ALL.encode()), False),
    "packed": (reply(gzip.compress(DENY_ALL.encode()), content_encoding="gzip"), False),
    "bomb": (
        reply(gzip.compress(DENY_ALL.encode() + bytes(9_000_000)), content_encoding="gzip"),
        False,
    ),
    "html": (reply("<html><p>welcome", content_type="text/html"), True),
    "moved": (redirect("/rules"), False),
    "moved-away": (redirect("http://deny.example/robots.txt", 301), False),
    "loop": (redirect("/robots.txt"), True),
    "too-many": (status(429), False),
    "unauthorised": (status(401), True),
    "teapot": (status(418), True),
    "no-content": (reply(b"", 204), True),
    "moved-nowhere": (reply(b"", 301), True),
    "moved-off-web": (redirect("ftp://moved.example/robots.txt"), True),
    "error-599": (status(599), False),
    "nul": (reply(b"\x00\n" + DENY_ALL.encode() + b"\x00"), False),
    "noise": (reply(bytes(range(256)) * 40), True),
    "mac-lines": (reply(DENY_ALL.replace("\n", "\r")), False),
    "case": (reply("USER-AGENT: *\nDISALLOW: /PAGE\nDisallow: /Page"), True),
    "end-anchor": (reply("User-agent: *\nDisallow: /pag$\nDisallow: /page/$"), True),
    "brotli": (reply(brotli.compress(DENY_ALL.encode()), content_encoding="br"), False),
    "mislabelled": (reply(DENY_ALL, content_encoding="gzip"), False),
    "bad-delay": (reply("User-agent: *\nCrawl-delay: soon\nDisallow: /no"), True),
    "minus-delay": (reply("User-agent: *\nCrawl-delay: -5\nDisallow: /no"), True),
    "nan-delay": (reply("User-agent: *\nCrawl-delay: nan\nDisallow: /no"), True),
    **{f"hop-{n}": (redirect(f"http://hop-{n + 1}.example/robots.txt"), False) for n in range(5)},
    "hop-5": (reply(DENY_ALL), False),
    "far-0": (redirect("/far-1"), True),  # six redirects: more than the RFC asks to follow
    "queued": (after(1.0, reply("User-agent: *\nDisallow: /no\n")), True),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    answers = {f"{name}.example/robots.txt": answer for name, (answer, _) in ROBOTS.items()}
    answers["moved.example/rules"] = reply(DENY_ALL)
    answers |= {f"far-0.example/far-{n}": redirect(f"/far-{n + 1}") for n in range(1, 6)}
    answers["far-0.example/far-6"] = reply(DENY_ALL)
    with serve({**answers, "/page": reply("<p>page</p>")}) as running:
        yield running


@pytest.fixture(scope="module")
def run(collect: Callable[..., object], ask: Callable[..., Fetch], server: Server) -> object:
    fetches = [ask(f"http://{name}.example/page", key=name) for name in ROBOTS]
    # More than may be under way at once: robots.txt must still get through.
    fetches += [ask(f"http://queued.example/no/{n}", key=f"no {n}") for n in range(N_QUEUED)]
    return collect(
        fetches, proxy=f"http://{server.address}", concurrency=10, concurrency_per_host=2
    )


@pytest.mark.parametrize("name", [name for name, (_, allowed) in ROBOTS.items() if allowed])
def test_page_is_fetched_when_robots_allows_it(run, name: str) -> None:
    assert run.finished[name] == [None]
    assert [page.body for page in run.pages[name]] == [b"<p>page</p>"]


@pytest.mark.parametrize("name", [name for name, (_, allowed) in ROBOTS.items() if not allowed])
def test_page_is_never_asked_for_when_robots_does_not_allow_it(
    run, server: Server, name: str
) -> None:
    assert run.rejected(name).subject_id == f"http://{name}.example/page"
    assert server.requests(f"{name}.example/page") == []


def test_every_request_that_waited_for_a_slow_robots_is_refused(run, server: Server) -> None:
    for number in range(N_QUEUED):
        rejected = run.rejected(f"no {number}")
        assert (rejected.reason, rejected.failed) == (Reason.ROBOTS_DENIED, False)
    assert [seen.path for seen in server.seen if seen.host == "queued.example"] == [
        "/robots.txt",
        "/page",
    ]


def test_refusal_by_a_rule_is_a_judgement_and_by_an_error_a_failure(run) -> None:
    assert not run.rejected("deny").failed
    assert run.rejected("error-500").failed
    assert "500" in run.rejected("error-500").detail


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("deny", Reason.ROBOTS_DENIED),
        ("error-503", Reason.ROBOTS_DENIED),
        ("never", Reason.TIMEOUT),
        ("cut", Reason.CUT_OFF),
        ("too-large", Reason.TOO_LARGE),
    ],
)
def test_refusal_names_what_went_wrong_with_robots(run, name: str, reason: Reason) -> None:
    assert run.rejected(name).reason is reason


def test_robots_of_a_redirect_end_after_five_hops(run, server: Server) -> None:
    assert len(server.requests("loop.example/robots.txt")) == 6


def test_crawl_delay_is_kept_between_requests(
    collect: Callable[..., Any], ask: Callable[..., Fetch]
) -> None:
    rules = "User-agent: *\nCrawl-delay: 0.3\n"
    with serve({"/robots.txt": reply(rules), "/a": reply("a"), "/b": reply("b")}) as server:
        collect([ask(f"http://{server.address}{path}") for path in ("/a", "/b")])
        gaps = [later.at - earlier.at for earlier, later in pairwise(server.seen)]
    assert len(gaps) == 2
    assert min(gaps) >= 0.3 - 0.1


class Site:
    """What Robots knows of Scrapy: settings, a spider and an engine that downloads."""

    def __init__(self, *bodies: bytes) -> None:
        politeness = Politeness(user_agent="alliance-nlp/0")
        self.settings = {"USER_AGENT": politeness.user_agent, POLITENESS: politeness}
        self.bodies = list(bodies)
        self.asked: list[str] = []
        self.engine = self

    async def download_async(self, request: Request) -> Response:
        self.asked.append(request.url)
        return Response(request.url, body=self.bodies.pop(0))


def allowed(robots: Robots, url: str) -> bool:
    try:
        asyncio.run(robots.process_request(Request(url)))
    except Refused as refused:
        assert refused.reason is Reason.ROBOTS_DENIED
        return False
    return True


def test_robots_are_asked_again_after_a_day() -> None:
    now_s = [0.0]
    site = Site(b"", DENY_ALL.encode())
    robots = Robots(site, clock=lambda: now_s[0])

    async def scene() -> list[bool]:
        seen = []
        for now_s[0] in (0.0, KEPT_S - 1, KEPT_S + 1):
            try:
                await robots.process_request(Request("http://a.example/page"))
                seen.append(True)
            except Refused:
                seen.append(False)
        return seen

    assert asyncio.run(scene()) == [True, True, False]
    assert site.asked == ["http://a.example/robots.txt"] * 2


def test_robots_are_asked_of_each_origin() -> None:
    urls = ["http://a.example/x", "https://a.example/x", "http://a.example:81/x"]
    site = Site(b"", b"", b"")
    robots = Robots(site)
    for url in urls:
        assert allowed(robots, url)
    assert len(set(site.asked)) == 3


def long_robots(rule_at: int) -> bytes:
    head = b"User-agent: *\n"
    return head + b"#" * (rule_at - len(head) - 1) + b"\nDisallow: /private/news\n"


@pytest.mark.parametrize(
    ("rule_at", "is_read"),
    [
        (1000, True),
        (PARSED_BYTES - 100, True),
        (PARSED_BYTES - 12, False),  # half a rule would forbid too much
        (PARSED_BYTES + 1, False),
    ],
)
def test_rules_count_when_they_stand_in_the_parsed_part(rule_at: int, is_read: bool) -> None:
    body = long_robots(rule_at) + b"#" * PARSED_BYTES
    assert allowed(Robots(Site(body)), "http://a.example/private/news") is not is_read
    assert allowed(Robots(Site(body)), "http://a.example/other")
