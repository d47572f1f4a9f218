"""One run over hosts whose robots.txt says or does all sorts of things."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator

import pytest
from tests.servers import Answer, Server, after, raw, redirect, reply, serve, status

from alliance_nlp.collect import Fetch
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
    "queued": (after(1.0, reply("User-agent: *\nDisallow: /no\n")), True),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    answers = {f"{name}.example/robots.txt": answer for name, (answer, _) in ROBOTS.items()}
    answers["moved.example/rules"] = reply(DENY_ALL)
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
