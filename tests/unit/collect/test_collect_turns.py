"""Whose turn it is: gaps, pauses, numbers, hosts that are given up, the end of the run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from itertools import pairwise
from typing import Any

import pytest

from alliance_nlp.collect import Politeness
from alliance_nlp.collect.refusals import Refused
from alliance_nlp.collect.turns import Turns, backoff_s
from alliance_nlp.core.types import Reason


def play(scene: Callable[[Turns], Awaitable[Any]], **changes: Any) -> Any:
    settings: dict[str, Any] = {"user_agent": "x", "delay_s": 0.0, "concurrency_per_host": 8}

    async def on_stage() -> Any:
        turns = Turns(Politeness(**(settings | changes)))
        turns.start()
        return await asyncio.wait_for(scene(turns), 10)

    return asyncio.run(on_stage())


def at() -> float:
    return asyncio.get_running_loop().time()


async def asked(turns: Turns, host: str, *, takes_s: float = 0.0, **options: Any) -> float:
    """Take a turn, keep it for a while, and return when it began."""
    turn = await turns.take(host, **options)
    begun = at()
    turn.sent()
    await asyncio.sleep(takes_s)
    turn.give_back()
    return begun


async def end_of(request: Coroutine[Any, Any, float]) -> Reason | None:
    try:
        await request
    except Refused as refused:
        return refused.reason
    return None


def test_gap_is_kept_between_all_requests_to_a_host() -> None:
    async def scene(turns: Turns) -> list[float]:
        return sorted(await asyncio.gather(*(asked(turns, "a") for _ in range(5))))

    gaps = [later - earlier for earlier, later in pairwise(play(scene, delay_s=0.05))]
    assert min(gaps) >= 0.05


def test_gap_counts_from_the_sending_when_connecting_takes_long() -> None:
    async def scene(turns: Turns) -> float:
        first = await turns.take("a")
        second = asyncio.ensure_future(turns.take("a"))
        await asyncio.sleep(0.2)
        assert not second.done()
        first.sent()
        sent_at = at()
        await second
        return at() - sent_at

    assert play(scene, delay_s=0.1) >= 0.1


def test_gap_of_one_host_is_no_gap_of_another() -> None:
    async def scene(turns: Turns) -> list[float]:
        return await asyncio.gather(*(asked(turns, host) for host in "abcdef"))

    begun = play(scene, delay_s=5.0)
    assert max(begun) - min(begun) < 1


def test_numbers_under_way_are_kept() -> None:
    peaks = {"all": 0, "a": 0}
    under_way: list[str] = []

    async def one(turns: Turns, host: str) -> None:
        turn = await turns.take(host)
        under_way.append(host)
        peaks["all"] = max(peaks["all"], len(under_way))
        peaks["a"] = max(peaks["a"], under_way.count("a"))
        await asyncio.sleep(0.01)
        under_way.remove(host)
        turn.give_back()

    async def scene(turns: Turns) -> None:
        await asyncio.gather(*(one(turns, host) for host in "aaaaaabbbbbbcccccc"))

    play(scene, concurrency=5, concurrency_per_host=2)
    assert peaks == {"all": 5, "a": 2}


def test_urgent_goes_first_and_the_rest_in_order() -> None:
    order: list[str] = []

    async def one(turns: Turns, name: str, priority: int) -> None:
        turn = await turns.take("a", priority=priority)
        order.append(name)
        turn.give_back()

    async def scene(turns: Turns) -> None:
        first = await turns.take("a")
        waiting = [one(turns, "one", 0), one(turns, "two", 0), one(turns, "feed", 10)]
        tasks = [asyncio.ensure_future(task) for task in waiting]
        await asyncio.sleep(0)
        first.give_back()
        await asyncio.gather(*tasks)

    play(scene, concurrency_per_host=1)
    assert order == ["feed", "one", "two"]


def test_pause_holds_one_host_and_no_other() -> None:
    async def scene(turns: Turns) -> tuple[float, float]:
        start = at()
        turns.pause("a", 0.2)
        paused, other = await asyncio.gather(asked(turns, "a"), asked(turns, "b"))
        return paused - start, other - start

    paused, other = play(scene)
    assert paused >= 0.2
    assert other < 0.1


def test_host_is_given_up_when_it_asks_for_more_than_we_wait() -> None:
    async def scene(turns: Turns) -> list[Reason | None]:
        waiting = asyncio.ensure_future(end_of(asked(turns, "a")))
        turns.pause("a", 6.0)
        await asyncio.sleep(0.01)
        assert not waiting.done()
        turns.pause("a", 11.0)
        late = asked(turns, "a")
        return [await waiting, await end_of(late), await end_of(asked(turns, "b"))]

    assert play(scene, max_wait_s=10.0) == [Reason.RATE_LIMITED, Reason.RATE_LIMITED, None]


def test_waits_in_a_row_add_up_until_the_host_recovers() -> None:
    async def scene(turns: Turns) -> list[bool]:
        seen = []
        for host in ("steady", "moody"):
            for n in range(4):
                turns.pause(host, 4.0 * (n + 1))
                if host == "moody":
                    turns.recovered(host)
            seen.append(turns.refusal(host) is not None)
        return seen

    assert play(scene, max_wait_s=15.0) == [True, False]


@pytest.mark.parametrize("seconds", [1e9, 1e12, 1e300])
def test_huge_wait_is_refused_and_not_an_error(seconds: float) -> None:
    async def scene(turns: Turns) -> Refused | None:
        turns.pause("a", seconds)
        return turns.refusal("a")

    refused = play(scene)
    assert refused is not None
    assert refused.reason is Reason.RATE_LIMITED


def test_backoff_doubles() -> None:
    assert [backoff_s(n) for n in range(4)] == [1.0, 2.0, 4.0, 8.0]
    assert backoff_s(10_000) < 10_000


@pytest.mark.parametrize(("note", "n"), [("timed_out", 2), ("failed", 3)])
def test_host_is_put_off_after_failures_in_a_row(note: str, n: int) -> None:
    async def scene(turns: Turns) -> list[Any]:
        for _ in range(n - 1):
            getattr(turns, note)("a")
        turns.answered("a", latency_s=0.0, is_good=True)
        for _ in range(n - 1):
            getattr(turns, note)("a")
        before = turns.refusal("a")
        getattr(turns, note)("a")
        return [before, await end_of(asked(turns, "a")), await end_of(asked(turns, "b"))]

    assert play(scene) == [None, Reason.PUT_OFF, None]


def test_port_that_is_away_says_nothing_of_another() -> None:
    async def scene(turns: Turns) -> list[Reason | None]:
        for _ in range(3):
            turns.failed("a:81")
        return [await end_of(asked(turns, "a:81")), await end_of(asked(turns, "a:80"))]

    assert play(scene) == [Reason.PUT_OFF, None]


def test_gap_is_kept_between_the_ports_of_a_host() -> None:
    async def scene(turns: Turns) -> list[float]:
        return sorted(await asyncio.gather(*(asked(turns, f"a:{n}") for n in range(3))))

    gaps = [later - earlier for earlier, later in pairwise(play(scene, delay_s=0.05))]
    assert min(gaps) >= 0.05


def test_after_a_timeout_one_request_at_a_time_is_under_way() -> None:
    async def scene(turns: Turns) -> list[bool]:
        turns.timed_out("a:80")
        first = await turns.take("a:80")
        second = asyncio.ensure_future(turns.take("a:80"))
        other = asyncio.ensure_future(turns.take("a:81"))
        await asyncio.sleep(0.05)
        seen = [second.done(), other.done()]
        turns.answered("a:80", latency_s=0.0, is_good=True)
        first.give_back()
        await second
        return seen

    assert play(scene) == [False, True]


def test_what_waits_for_a_host_ends_when_it_is_put_off() -> None:
    async def scene(turns: Turns) -> list[Reason | None]:
        turns.pause("a", 5.0)
        waiting = [asyncio.ensure_future(end_of(asked(turns, "a"))) for _ in range(50)]
        await asyncio.sleep(0)
        turns.timed_out("a")
        turns.timed_out("a")
        return list(await asyncio.wait_for(asyncio.gather(*waiting), 1))

    assert set(play(scene)) == {Reason.PUT_OFF}


def test_run_that_is_over_begins_nothing_but_goes_on_with_hops() -> None:
    async def scene(turns: Turns) -> list[Any]:
        turns.pause("a", 0.3)
        hop = asyncio.ensure_future(end_of(asked(turns, "a", is_hop=True)))
        waiting = asyncio.ensure_future(end_of(asked(turns, "a")))
        await asyncio.sleep(0.2)
        late = end_of(asked(turns, "b"))
        return [await waiting, await hop, await late, turns.is_over]

    assert play(scene, run_s=0.1) == [Reason.PUT_OFF, None, Reason.PUT_OFF, True]


def test_slow_host_is_asked_less_often() -> None:
    async def scene(turns: Turns) -> float:
        turns.answered("a", latency_s=0.4, is_good=True)
        first = await asked(turns, "a")
        return await asked(turns, "a") - first

    assert play(scene, concurrency_per_host=2) >= 0.2


def test_fast_error_does_not_quicken_the_pace() -> None:
    async def scene(turns: Turns) -> float:
        turns.answered("a", latency_s=0.4, is_good=True)
        for _ in range(20):
            turns.answered("a", latency_s=0.0, is_good=False)
        first = await asked(turns, "a")
        return await asked(turns, "a") - first

    assert play(scene, concurrency_per_host=2) >= 0.2


@pytest.mark.parametrize(
    ("asked_for", "kept"), [(0.15, 0.15), (3600.0, 60.0), (float("inf"), 60.0)]
)
def test_crawl_delay_is_kept_within_bounds(asked_for: float, kept: float) -> None:
    async def scene(turns: Turns) -> float:
        turns.slow_down("a", asked_for)
        turns.answered("a", latency_s=0.0, is_good=True)
        return turns._host("a").delay_s

    assert play(scene) == kept


def test_nothing_begins_while_the_parent_is_behind() -> None:
    async def scene() -> float:
        start = at()
        turns = Turns(Politeness(user_agent="x"), lambda: at() - start < 0.2)
        return await asked(turns, "a") - start

    assert asyncio.run(scene()) >= 0.2
