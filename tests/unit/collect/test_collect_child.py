"""The fetcher as a process: late requests, death in the middle, leaving early."""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from tests.servers import Server, after, reply, serve

from alliance_nlp.collect import Arrived, Fetch, Fetcher, Finished, Politeness
from alliance_nlp.collect.frames import FrameWriter, read_frames, write_frame
from alliance_nlp.core.errors import CollectError
from alliance_nlp.core.types import Reason

Ask = Callable[..., Fetch]
Polite = Callable[..., Politeness]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve(
        {
            **{f"/{n}": reply("<p>x</p>") for n in range(20)},
            **{f"/slow/{n}": after(8, reply("<p>x</p>")) for n in range(5)},
        }
    ) as running:
        yield running


def children() -> set[int]:
    """Return the process ids of our children that live."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat=,comm="],
        capture_output=True,
        text=True,
        check=False,
    )
    rows = (line.split() for line in listed.stdout.splitlines())
    return {
        int(pid)
        for pid, parent, stat, *name in rows
        if int(parent) == os.getpid() and "Z" not in stat and name != ["ps"]
    }


def is_alive(pid: int) -> bool:
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return bool(state.strip()) and "Z" not in state


def wait_until(is_true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_true():
            return True
        time.sleep(0.02)
    return is_true()


def test_requests_submitted_while_iterating_are_all_answered(
    server: Server, ask: Ask, politeness: Polite
) -> None:
    ends: Counter[str] = Counter()
    at = datetime(2024, 4, 14, tzinfo=UTC)
    with Fetcher(politeness(), at=at) as fetcher:
        fetcher.submit(ask(f"http://{server.address}/0", key="0"))
        for event in fetcher.events():
            if isinstance(event, Arrived):
                assert event.page.fetched_at == at
                continue
            assert event.rejected is None
            ends[event.key] += 1
            for number in (2 * int(event.key) + 1, 2 * int(event.key) + 2):
                if number < 20:
                    fetcher.submit(ask(f"http://{server.address}/{number}", key=str(number)))
    assert ends == Counter({str(number): 1 for number in range(20)})


def test_key_under_way_is_refused(ask: Ask, politeness: Polite) -> None:
    fetcher = Fetcher(politeness())
    fetcher.submit(ask("http://a.example/1", key="one"))
    with pytest.raises(ValueError, match="'one' is under way"):
        fetcher.submit(ask("http://a.example/2", key="one"))


def test_fetcher_without_requests_starts_no_process(politeness: Polite) -> None:
    before = children()
    with Fetcher(politeness()) as fetcher:
        assert list(fetcher.events()) == []
        assert children() == before


def test_fetcher_that_has_finished_says_so(server: Server, ask: Ask, politeness: Polite) -> None:
    with Fetcher(politeness()) as fetcher:
        fetcher.submit(ask(f"http://{server.address}/0"))
        list(fetcher.events())
        fetcher.submit(ask(f"http://{server.address}/1"))
        with pytest.raises(CollectError, match="make a new one"):
            list(fetcher.events())


def test_every_request_gets_one_finished_when_the_child_is_killed(
    server: Server, ask: Ask, politeness: Polite
) -> None:
    before = children()
    ends: list[Finished] = []
    with Fetcher(politeness(timeout_s=20.0)) as fetcher:
        fetcher.submit(ask(f"http://{server.address}/0", key="quick"))
        for number in range(5):
            fetcher.submit(ask(f"http://{server.address}/slow/{number}", key=f"slow {number}"))
        for event in fetcher.events():
            if isinstance(event, Finished):
                ends.append(event)
                if event.key == "quick":
                    for pid in children() - before:
                        os.kill(pid, signal.SIGKILL)
                if event.key == "slow 0":  # the news of a death may bring new requests
                    fetcher.submit(ask(f"http://{server.address}/1", key="late"))
    expected = {"quick", "late", *(f"slow {number}" for number in range(5))}
    assert Counter(end.key for end in ends) == Counter(dict.fromkeys(expected, 1))
    lost = [end.rejected for end in ends if end.key != "quick"]
    assert {rejected.reason for rejected in lost if rejected} == {Reason.CRASHED}
    assert all(rejected and rejected.failed and "-9" in rejected.detail for rejected in lost)


@pytest.mark.parametrize("raises", [True, False], ids=["by an error", "by a break"])
def test_child_ends_when_the_context_is_left_early(
    server: Server, ask: Ask, politeness: Polite, raises: bool
) -> None:
    before = children()
    started: set[int] = set()
    left_at: list[float] = []

    def leave_early() -> None:
        with Fetcher(politeness(timeout_s=20.0)) as fetcher:
            for number in range(5):
                fetcher.submit(ask(f"http://{server.address}/slow/{number}"))
            fetcher.submit(ask(f"http://{server.address}/0"))
            for _ in fetcher.events():
                started.update(children() - before)
                left_at.append(time.monotonic())
                if raises:
                    raise KeyboardInterrupt
                break

    if raises:
        with pytest.raises(KeyboardInterrupt):
            leave_early()
    else:
        leave_early()
    assert started
    assert children() == before
    assert time.monotonic() - left_at[0] < 5


PARENT = """
import sys
from alliance_nlp.collect import Fetch, Fetcher, Politeness
from alliance_nlp.core.types import Role

with Fetcher(Politeness(user_agent="x", delay_s=0.0)) as fetcher:
    for number in range(5):
        url = f"http://{sys.argv[1]}/slow/{number}"
        fetcher.submit(Fetch(key=url, url=url, source_id="s", role=Role.ARTICLE))
    for event in fetcher.events():
        print(fetcher._process.pid, flush=True)
"""


def test_child_ends_when_the_parent_is_killed(server: Server) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, server.address], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.kill()
    assert wait_until(lambda: not is_alive(child), 5)


def test_frames_come_back_in_order() -> None:
    stream = io.BytesIO()
    write_frame(stream, "page", key="a", value=b"x" * 100_000)
    write_frame(stream, "done", key="b", value=None)
    stream.seek(0)
    assert list(read_frames(stream)) == [("page", "a", b"x" * 100_000), ("done", "b", None)]


def test_frame_that_is_cut_off_is_dropped() -> None:
    stream = io.BytesIO()
    write_frame(stream, "done", key="a", value=None)
    whole = stream.getvalue()
    write_frame(stream, "done", key="b", value=None)
    for cut in range(len(whole), len(stream.getvalue())):
        torn = io.BytesIO(stream.getvalue()[:cut])
        assert [key for _, key, _ in read_frames(torn)] == ["a"]


def test_frame_is_a_length_and_a_pickle() -> None:
    stream = io.BytesIO()
    write_frame(stream, "done", key="a", value=None)
    data = stream.getvalue()
    assert int.from_bytes(data[:8], "big") == len(data) - 8
    assert pickle.loads(data[8:]) == ("done", "a", None)


def test_writer_keeps_the_order_and_never_waits_for_the_reader() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as stream, os.fdopen(reading, "rb") as other:
        writer = FrameWriter(stream)
        for number in range(50):  # far more than a pipe holds
            writer.write("page", key=str(number), value=bytes(1_000_000))
        assert writer.is_congested()
        frames = read_frames(other)
        assert [next(frames)[1] for _ in range(50)] == [str(number) for number in range(50)]
        writer.close()
        assert not writer.is_congested()


def test_busy_parent_costs_no_page_its_deadline(ask: Ask, politeness: Polite) -> None:
    large = reply(b"x" * 90_000)
    with serve({f"/{n}": large for n in range(20)}) as server:
        ends = []
        with Fetcher(politeness(timeout_s=1.0)) as fetcher:
            for number in range(20):
                fetcher.submit(ask(f"http://{server.address}/{number}"))
            for event in fetcher.events():
                if isinstance(event, Finished):
                    ends.append(event.rejected)
                    time.sleep(1.5 if len(ends) == 1 else 0)
    assert ends == [None] * 20
