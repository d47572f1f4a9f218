"""Whose turn it is: one host's requests wait here until they may begin.

The gap between two requests to a host, its pauses, how many are under way, whether it is worth
asking at all in this run: everything is decided in this one place, for robots.txt, listings,
redirects and further tries alike. Nothing that waits takes another host's place.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from alliance_nlp.collect.messages import Politeness
from alliance_nlp.collect.refusals import Refused
from alliance_nlp.core.clock import now
from alliance_nlp.core.types import Reason

# A host that times out costs its deadline each time, one that refuses costs nothing: so two, three.
TIMEOUTS = 2
FAILURES = 3
SLOWEST_S = 60.0
# Answers that take that long are slow, and this much waiting for them is enough for one run.
SLOW_S = 5.0
MOST_SLOW_S = 45.0
_CONGESTED_S = 0.05


@dataclass(slots=True)
class _Door:
    """One port of a host: that one does not answer says nothing of another."""

    n_under_way: int = 0
    n_timeouts: int = 0
    n_failures: int = 0
    slow_s: float = 0.0
    closed: Refused | None = None

    @property
    def is_free(self) -> bool:
        """After a failure one at a time: else each that is under way costs one more deadline."""
        return self.n_under_way == 0 or self.n_timeouts + self.n_failures == 0


@dataclass(order=True, slots=True)
class _Waiter:
    rank: tuple[int, int]
    future: asyncio.Future[None] = field(compare=False)
    door: _Door = field(compare=False)
    is_hop: bool = field(compare=False)


@dataclass(slots=True)
class _Host:
    least_s: float
    delay_s: float
    sent_at: float = -math.inf
    paused_until: float = -math.inf
    n_under_way: int = 0
    is_connecting: bool = False
    waiting: list[_Waiter] = field(default_factory=list)
    doors: dict[str, _Door] = field(default_factory=dict)
    n_refusals: int = 0
    waited_s: float = 0.0
    closed: Refused | None = None

    @property
    def next_at(self) -> float:
        """The event loop's time before which nothing may begin."""
        return max(self.sent_at + self.delay_s, self.paused_until)

    def door(self, port: str) -> _Door:
        """Return the host's door with that number."""
        return self.doors.setdefault(port, _Door())

    def first(self) -> _Waiter | None:
        """Return the most urgent of those whose door is free."""
        if self.waiting and self.waiting[0].door.is_free:
            return self.waiting[0]
        return min((waiter for waiter in self.waiting if waiter.door.is_free), default=None)

    def drop(self, gone: Callable[[_Waiter], bool], why: Refused) -> None:
        """Refuse those who wait and should not."""
        for waiter in self.waiting:
            if gone(waiter) and not waiter.future.done():
                waiter.future.set_exception(why.again())
        self.waiting = [waiter for waiter in self.waiting if not waiter.future.done()]
        heapq.heapify(self.waiting)


class Turn:
    """The right to make one request now; to be given back."""

    def __init__(self, turns: Turns, host: _Host, door: _Door) -> None:
        self._turns, self._host, self._door = turns, host, door
        self._is_sent = False
        self._is_over = False

    def sent(self) -> None:
        """Note that the request is on its way: the gap counts from here."""
        if not self._is_sent:
            self._is_sent = True
            self._turns._sent(self._host)

    def give_back(self) -> None:
        """Let the next one begin."""
        if not self._is_over:
            self.sent()
            self._is_over = True
            self._door.n_under_way -= 1
            self._turns._given_back(self._host)


class Turns:
    """Gives out turns, host by host; what is urgent first.

    Hosts are named as ``"host:port"``: gaps and pauses hold for the host, whatever the port;
    whether it is there at all is noted for each port.

    Parameters
    ----------
    politeness
        Gaps, numbers and waits.
    is_congested
        Tells that nothing new should begin for now.
    """

    def __init__(
        self, politeness: Politeness, is_congested: Callable[[], bool] = lambda: False
    ) -> None:
        self._politeness = politeness
        self._is_congested = is_congested
        self._hosts: dict[str, _Host] = {}
        self._busy: set[str] = set()
        self._n_under_way = 0
        self._numbers = itertools.count()
        self._alarm: asyncio.TimerHandle | None = None
        self.is_over = False

    def start(self) -> None:
        """Count the run's time from now."""
        if self._politeness.run_s > 0:
            asyncio.get_running_loop().call_later(self._politeness.run_s, self._end)

    async def take(self, name: str, *, priority: int = 0, is_hop: bool = False) -> Turn:
        """Wait for a turn to ask a host; a hop goes on with what has begun.

        Raises
        ------
        Refused
            If the host is not asked any more in this run, or the run is over.
        """
        if closed := self.refusal(name):
            raise closed.again()
        if self.is_over and not is_hop:
            raise _run_is_over()
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        rank = (-priority, next(self._numbers))
        host, door = self._host(name), self._door(name)
        heapq.heappush(host.waiting, _Waiter(rank=rank, future=future, door=door, is_hop=is_hop))
        self._busy.add(_split(name)[0])
        # Soon, not now: those who waited for the same robots.txt come together, and the most
        # urgent of them shall be first.
        asyncio.get_running_loop().call_soon(self._hand_out)
        await future
        return Turn(self, host, door)

    def refusal(self, name: str) -> Refused | None:
        """Return why a host is not asked any more, ``None`` while it is."""
        return self._host(name).closed or self._door(name).closed

    def slow_down(self, name: str, seconds: float) -> None:
        """Leave at least so many seconds between two requests to a host, 60 at most."""
        host = self._host(name)
        host.least_s = max(host.least_s, min(seconds, SLOWEST_S))
        host.delay_s = max(host.delay_s, host.least_s)

    def answered(self, name: str, *, latency_s: float, is_good: bool) -> None:
        """Note an answer: the host is there, and as fast as that.

        The gap follows the latency as Scrapy's AutoThrottle has it: an answer that is not good
        comes fast, and never quickens the pace.
        """
        host, door = self._host(name), self._door(name)
        door.n_timeouts = door.n_failures = 0
        target = latency_s / self._politeness.concurrency_per_host
        delay = max(target, (host.delay_s + target) / 2)
        delay = min(max(host.least_s, delay), max(host.least_s, SLOWEST_S))
        if is_good or delay > host.delay_s:
            host.delay_s = delay
        if latency_s >= SLOW_S:
            door.slow_s += latency_s
            if door.slow_s >= MOST_SLOW_S:
                self._put_off(name, f"its host was waited for {door.slow_s:.0f} s in this run")

    def recovered(self, name: str) -> None:
        """Note that a host does not ask us to wait any more."""
        host = self._host(name)
        host.n_refusals, host.waited_s = 0, 0.0

    def timed_out(self, name: str) -> None:
        """Note a timeout; after two in a row the rest is left for the next run."""
        door = self._door(name)
        door.n_timeouts += 1
        if door.n_timeouts >= TIMEOUTS:
            self._put_off(name, f"its host did not answer in time {TIMEOUTS} times in a row")

    def failed(self, name: str) -> None:
        """Note a failure to connect; after three in a row the rest is left for the next run."""
        door = self._door(name)
        door.n_failures += 1
        if door.n_failures >= FAILURES:
            self._put_off(name, f"its host could not be reached {FAILURES} times in a row")

    def pause(self, name: str, seconds: float | None) -> None:
        """Send a host nothing for so many seconds; ``None`` for twice as long each time.

        A host that asks for more in a row than ``max_wait_s`` is asked nothing more in this run.
        """
        host, at = self._host(name), asyncio.get_running_loop().time()
        wait_s = backoff_s(host.n_refusals) if seconds is None else seconds
        host.n_refusals += 1
        host.waited_s += max(0.0, at + wait_s - max(at, host.paused_until))
        host.paused_until = max(host.paused_until, at + wait_s)
        if host.waited_s > self._politeness.max_wait_s:
            host.closed = host.closed or _rate_limited(wait_s)
            host.drop(lambda _: True, host.closed)

    def _door(self, name: str) -> _Door:
        return self._host(name).door(_split(name)[1])

    def _host(self, name: str) -> _Host:
        name = _split(name)[0]
        if name not in self._hosts:
            delay_s = self._politeness.delay_s
            self._hosts[name] = _Host(least_s=delay_s, delay_s=delay_s)
        return self._hosts[name]

    def _put_off(self, name: str, why: str) -> None:
        door = self._door(name)
        if door.closed is None:
            door.closed = Refused(Reason.PUT_OFF, f"{why}; the next run takes it up")
            self._host(name).drop(lambda waiter: waiter.door is door, door.closed)

    def _end(self) -> None:
        self.is_over = True
        for host in self._hosts.values():
            host.drop(lambda waiter: not waiter.is_hop, _run_is_over())

    def _sent(self, host: _Host) -> None:
        host.is_connecting = False
        host.sent_at = asyncio.get_running_loop().time()
        self._hand_out()

    def _given_back(self, host: _Host) -> None:
        host.n_under_way -= 1
        self._n_under_way -= 1
        self._hand_out()

    def _is_free(self, host: _Host) -> bool:
        # While one connects, nobody knows when it will arrive, and the gap with it.
        is_held = host.is_connecting and host.delay_s > 0
        return host.n_under_way < self._politeness.concurrency_per_host and not is_held

    def _hand_out(self) -> None:
        self._busy = {name for name in self._busy if self._hosts[name].waiting}
        while self._n_under_way < self._politeness.concurrency:
            hosts = [self._hosts[name] for name in self._busy]
            free = [
                (waiter, host) for host in hosts if self._is_free(host) and (waiter := host.first())
            ]
            if not free:
                return
            at = asyncio.get_running_loop().time()
            if self._is_congested():
                self._wake_at(at + _CONGESTED_S)
                return
            ready = [(waiter, host) for waiter, host in free if host.next_at <= at]
            if not ready:
                self._wake_at(min(host.next_at for _, host in free))
                return
            self._begin(*min(ready, key=lambda pair: pair[0]))

    def _begin(self, waiter: _Waiter, host: _Host) -> None:
        if waiter is host.waiting[0]:
            heapq.heappop(host.waiting)
        else:
            host.waiting.remove(waiter)
            heapq.heapify(host.waiting)
        if waiter.future.done():
            return  # whoever waited is gone
        host.n_under_way += 1
        host.is_connecting = True
        waiter.door.n_under_way += 1
        self._n_under_way += 1
        waiter.future.set_result(None)

    def _wake_at(self, at: float) -> None:
        if self._alarm:
            self._alarm.cancel()
        self._alarm = asyncio.get_running_loop().call_at(at, self._hand_out)


def backoff_s(n_before: int) -> float:
    """Return the seconds to wait after a failure that came ``n_before`` times before: 1, 2, 4."""
    return 2.0 ** min(n_before, 12)


def _split(name: str) -> tuple[str, str]:
    host, _, port = name.rpartition(":")
    return (host, port) if host else (name, "")


def _run_is_over() -> Refused:
    return Refused(Reason.PUT_OFF, "the run's time is over; the next run takes it up", failed=False)


def _rate_limited(wait_s: float) -> Refused:
    try:
        until = f"until {now() + timedelta(seconds=wait_s):%Y-%m-%d %H:%M:%S} UTC"
    except OverflowError:
        until = "for ever"
    return Refused(
        Reason.RATE_LIMITED,
        f"its host asks us to wait {until}, longer than collect.max_wait_s; "
        "the next run takes it up",
    )
