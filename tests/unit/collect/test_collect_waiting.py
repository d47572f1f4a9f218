"""Retry-After and further tries, and the gap over a whole run, by the server's own clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.servers import Answer, Server, in_turn, redirect, reply, serve, status

from alliance_nlp.collect import Fetch
from alliance_nlp.collect.gate import retry_after
from alliance_nlp.core.types import Reason, Role

AT = datetime(1994, 11, 6, 8, 49, 7, tzinfo=UTC)
HTML = b"<p>news</p>"

ASKED: dict[str, float | None] = {
    "30": 30.0,
    " 30 ": 30.0,
    "0030": 30.0,
    "Sun, 06 Nov 1994 08:49:37 GMT": 30.0,
    "Sunday, 06-Nov-94 08:49:37 GMT": 30.0,
    "Sun Nov  6 08:49:37 1994": 30.0,
    "Sun, 06 Nov 1994 09:49:37 +0100": 30.0,
    "0": None,
    "-30": None,
    "1.5": None,
    "+30": None,
    "٣٠": None,
    "soon": None,
    "": None,
    "30 seconds": None,
    "Sun, 06 Nov 1994 08:49:00 GMT": None,
    "Sun, 06 Nov 1894 08:49:37 GMT": None,
    "Sun, 99 Nov 1994 08:49:37 GMT": None,
    "Sun, 06 Nov 99999999 08:49:37 GMT": None,
    "1994-11-06T08:49:37Z": None,
}


@pytest.mark.parametrize(("value", "seconds"), ASKED.items())
def test_retry_after_is_read_when_it_says_anything(value: str, seconds: float | None) -> None:
    assert retry_after(value, at=AT) == seconds


@pytest.mark.parametrize("value", ["9" * 20, "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_retry_after_is_huge_when_it_says_so(value: str) -> None:
    seconds = retry_after(value, at=AT)
    assert seconds is not None
    assert seconds > 1e9


@settings(deadline=None)
@given(st.text(max_size=40) | st.from_regex(r"\A\w{3}, \d+ Nov \d+ \d+:\d+:\d+ GMT\Z"))
def test_retry_after_never_raises(value: str) -> None:
    seconds = retry_after(value, at=AT)
    assert seconds is None or seconds > 0


def in_s(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def asking(seconds: float, code: int = 503) -> Answer:
    """Ask to come again at a date, so many seconds from the answer."""
    return lambda handler: handler.send(code, {"Retry-After": in_s(seconds)}, b"")


ANSWERS = {
    "seconds.example/a": in_turn(reply(b"", 429, retry_after="2"), reply(HTML)),
    **{f"seconds.example/{n}": reply(HTML) for n in range(4)},
    "date.example/a": in_turn(asking(3.0), reply(HTML)),
    "past.example/a": in_turn(asking(-60.0), reply(HTML)),
    "garbage.example/a": in_turn(reply(b"", 503, retry_after="soon"), reply(HTML)),
    "silent.example/a": in_turn(status(429), reply(HTML)),
    "large.example/a": in_turn(reply(b"", 413, retry_after="1"), reply(HTML)),
    "larger.example/a": status(413),
    "moved.example/a": reply(b"", 302, location="/b", retry_after="2"),
    "moved.example/b": reply(HTML),
    **{f"long.example/{n}": reply(b"", 429, retry_after="3600") for n in range(9)},
    "for-ever.example/a": reply(b"", 503, retry_after="9" * 400),
    "never.example/a": reply(b"", 503, retry_after="1"),
    "error.example/a": in_turn(status(500), status(502), reply(HTML)),
    "gone.example/a": status(404),
    "robots.example/robots.txt": in_turn(reply(b"", 503, retry_after="1"), reply("")),
    "robots.example/a": reply(HTML),
    "robots429.example/robots.txt": reply(b"", 429, retry_after="1"),
    "robots429.example/a": reply(HTML),
    **{f"other.example/{n}": reply(HTML) for n in range(9)},
}


@pytest.fixture(scope="module")
def night(collect: Callable[..., Any], ask: Callable[..., Fetch]) -> Iterator[tuple[Any, Server]]:
    urls = [f"http://{place}" for place in ANSWERS if "robots.txt" not in place]
    fetches = [
        ask(url, key=url, priority=5 if url.endswith("/a") else 0)
        for url in urls
        if not url.endswith("moved.example/b")
    ]
    with serve(ANSWERS) as server:
        settings = {"retries": 2, "max_wait_s": 10.0, "concurrency_per_host": 1}
        yield collect(fetches, proxy=f"http://{server.address}", **settings), server


def times(night: tuple[Any, Server], place: str) -> list[float]:
    return [seen.at for seen in night[1].requests(place)]


@pytest.mark.parametrize(
    ("place", "least_s"),
    [
        ("seconds.example/a", 2.0),
        ("date.example/a", 2.0),  # a date has whole seconds
        ("past.example/a", 1.0),
        ("garbage.example/a", 1.0),
        ("silent.example/a", 1.0),
        ("large.example/a", 1.0),
        ("error.example/a", 1.0),
        ("robots.example/robots.txt", 1.0),
    ],
)
def test_request_is_tried_again_after_the_wait(
    night: tuple[Any, Server], place: str, least_s: float
) -> None:
    run, _ = night
    assert run.finished[f"http://{place.partition('/')[0]}/a"] == [None]
    first, second, *_ = times(night, place)
    assert least_s <= second - first < least_s + 2.5


def test_backoff_grows_when_a_failure_stays(night: tuple[Any, Server]) -> None:
    first, second, third = times(night, "error.example/a")
    assert second - first >= 1.0
    assert third - second >= 2.0


def test_redirect_that_asks_to_wait_is_followed_later(night: tuple[Any, Server]) -> None:
    assert night[0].finished["http://moved.example/a"] == [None]
    (first,), (second,) = times(night, "moved.example/a"), times(night, "moved.example/b")
    assert second - first >= 2.0


def test_whole_host_pauses_while_one_request_waits(night: tuple[Any, Server]) -> None:
    _, server = night
    asked_at = times(night, "seconds.example/a")[0]
    others = [seen.at for seen in server.seen if seen.host == "seconds.example"]
    assert not [at for at in others if asked_at < at < asked_at + 2.0]
    assert all(night[0].finished[f"http://seconds.example/{n}"] == [None] for n in range(4))


def test_other_hosts_go_on_while_one_waits(night: tuple[Any, Server]) -> None:
    asked_at = times(night, "seconds.example/a")[0]
    for n in range(9):
        (at,) = times(night, f"other.example/{n}")
        assert at < asked_at + 2.0


@pytest.mark.parametrize("host", ["long", "for-ever"])
def test_host_that_asks_for_too_long_is_left_alone(night: tuple[Any, Server], host: str) -> None:
    run, server = night
    keys = [key for key in run.finished if key.startswith(f"http://{host}.example")]
    rejected = [run.rejected(key) for key in keys]
    assert {(one.reason, one.failed) for one in rejected} == {(Reason.RATE_LIMITED, True)}
    asked_for = [seen.path for seen in server.seen if seen.host == f"{host}.example"]
    assert asked_for[0] == "/robots.txt"
    assert len(asked_for) == 2


def test_refusal_says_until_when(night: tuple[Any, Server]) -> None:
    detail = night[0].rejected("http://long.example/3").detail
    assert f"until {datetime.now(UTC) + timedelta(seconds=3600):%Y-%m-%d}"[:13] in detail
    assert "max_wait_s" in detail


def test_request_has_three_tries_at_most(night: tuple[Any, Server]) -> None:
    run, _ = night
    assert len(times(night, "never.example/a")) == 3
    rejected = run.rejected("http://never.example/a")
    assert (rejected.reason, "503" in rejected.detail) == (Reason.HTTP_STATUS, True)
    assert [page.status for page in run.pages["http://never.example/a"]] == [503] * 3


@pytest.mark.parametrize("place", ["gone.example/a", "larger.example/a"])
def test_status_that_will_not_pass_is_not_tried_again(
    night: tuple[Any, Server], place: str
) -> None:
    assert len(times(night, place)) == 1


def test_robots_that_stays_at_429_is_a_refusal(night: tuple[Any, Server]) -> None:
    rejected = night[0].rejected("http://robots429.example/a")
    assert (rejected.reason, rejected.failed) == (Reason.ROBOTS_DENIED, True)
    assert times(night, "robots429.example/a") == []
    assert len(times(night, "robots429.example/robots.txt")) == 3


def test_gap_is_kept_over_a_whole_run(
    collect: Callable[..., Any], ask: Callable[..., Fetch]
) -> None:
    delay_s = 0.2
    answers = {
        **{f"/{n}": reply(HTML) for n in range(4)},
        "/feed": reply("<rss/>"),
        "/moved": redirect("/here"),
        "/here": reply(HTML),
        "/flaky": in_turn(status(500), reply(HTML)),
    }
    with serve(answers) as server, serve(answers) as twin:
        fetches = [ask(f"http://{one.address}/{n}") for n in range(4) for one in (server, twin)]
        fetches += [
            ask(f"http://{server.address}/moved"),
            ask(f"http://{twin.address}/flaky"),
            ask(f"http://{server.address}/feed", role=Role.LISTING),
            ask(f"https://{twin.address}/3", key="no TLS there"),
        ]
        collect(fetches, delay_s=delay_s, retries=1, concurrency_per_host=4)
        moments = sorted(seen.at for seen in [*server.seen, *twin.seen])
    assert len(moments) == 2 + 8 + 2 + 2 + 1
    # What is measured is the arrival, which on a busy machine is late by some of the gap.
    after = [moment - moments[0] for moment in moments]
    assert all(at >= (n - 0.5) * delay_s for n, at in enumerate(after))
