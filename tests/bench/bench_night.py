"""Measure a night on a news web of a hundred outlets, some slow and some hostile.

    python tests/bench/bench_night.py --outlets 100 --pages 30 --slow 10 --hostile 5

The web runs on loopback; the night runs as its users run it, a process of its own. Politeness alone
costs what the gaps between the requests to the busiest host add up to; the rest is excess. Memory
is the resident set of each process of the night, looked at five times a second.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

sys.path.insert(0, str(Path(__file__).parents[2]))  # run by its path, tests is no package yet

from tests.misconduct import LATE_S
from tests.sites import AS_OF, HOSTILE, SLOW, Manner, NewsWeb, Outlet, news_web, serve

pytestmark = pytest.mark.bench

COMMAND = Path(sys.executable).parent / "alliance-nlp"
MOST_EXCESS_S = 240.0
MOST_BYTES = 1 << 30
SAMPLE_S = 0.2
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Memory:
    """Peaks of resident memory: of any one process, and of all at one time."""

    largest: int = 0
    together: int = 0
    by_process: dict[str, int] = field(default_factory=dict)

    def look(self, pid: int) -> None:
        sizes = [(name, n) for name, n in (_size(one) for one in _tree(pid)) if n]
        self.together = max(self.together, sum(n for _, n in sizes))
        for name, n in sizes:
            self.largest = max(self.largest, n)
            self.by_process[name] = max(self.by_process.get(name, 0), n)


@dataclass
class Night:
    """A finished run."""

    code: int
    seconds: float
    report: dict[str, Any]
    memory: Memory
    n_requests: Counter[str]


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue  # it has just ended
        for child in children:
            yield from _tree(int(child))


def _size(pid: int) -> tuple[str, int]:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        n = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES
    except OSError:
        return "", 0
    command = b" ".join(words[1:4]).decode()
    for mark, name in (
        ("alliance_nlp.collect", "fetcher"),
        ("spawn_main", "worker"),
        ("forkserver", "worker"),
        ("resource_tracker", "tracker"),
    ):
        if mark in command:
            return name, n
    return "night", n


@contextmanager
def _watched(pid: int) -> Iterator[Memory]:
    memory, over = Memory(), threading.Event()

    def watch() -> None:
        while not over.wait(SAMPLE_S):
            memory.look(pid)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield memory
    finally:
        over.set()
        thread.join()


def run_night(workspace: Path, web: NewsWeb, *, as_of: datetime) -> Night:
    """Run ``nightly`` and measure it."""
    n_before, started = len(web.seen), time.monotonic()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ALLIANCE_")}
    with (
        subprocess.Popen(
            [COMMAND, "nightly", "-w", workspace, "--as-of", as_of.isoformat(), "--json"],
            stdout=subprocess.PIPE,
            env=environment,
        ) as process,
        _watched(process.pid) as memory,
    ):
        out, _ = process.communicate()
    return Night(
        code=process.returncode,
        seconds=time.monotonic() - started,
        report=json.loads(out),
        memory=memory,
        n_requests=Counter(seen.host for seen in web.seen[n_before:]),
    )


def make_workspace(root: Path) -> None:
    """Make a workspace with a trained model: training is no part of a night."""
    subprocess.run([COMMAND, "init", root], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([COMMAND, "nightly", "-w", root], check=True, stdout=subprocess.DEVNULL)


def tell(console: Console, night: Night, *, name: str, delay_s: float) -> float:
    """Print a night's figures; return its seconds beyond politeness."""
    busiest = max(night.n_requests.values(), default=0)
    polite_s = busiest * delay_s
    excess_s = night.seconds - polite_s
    console.print(
        f"[bold]{name}[/bold]: {night.seconds:.0f} s, politeness alone {polite_s:.0f} s "
        f"({busiest} requests to the busiest host), excess {excess_s:.0f} s; exit {night.code}; "
        f"{sum(night.n_requests.values())} requests; load {os.getloadavg()[0]:.1f}"
    )
    memory = night.memory
    parts = ", ".join(f"{name} {n / 2**20:.0f}" for name, n in sorted(memory.by_process.items()))
    console.print(f"  memory, MiB: all {memory.together / 2**20:.0f}; {parts}", highlight=False)
    for stage in night.report["stages"]:
        console.print("  " + ", ".join(f"{k} {v}" for k, v in stage.items()), highlight=False)
    return excess_s


def check_ledger(night: Night) -> None:
    assert night.report["adds_up"] is True
    for stage in night.report["stages"]:
        assert stage["in"] == stage["out"] + stage["rejected"] + stage["failed"], stage


def check_normal(workspace: Path, web: NewsWeb) -> None:
    """Every page of the normal outlets is an article, with its record."""
    with closing(sqlite3.connect(workspace / "data" / "alliance.db")) as db:
        rows = db.execute(
            "SELECT a.link, a.title, f.file FROM articles a JOIN fetches f ON f.id = a.fetch_id"
        ).fetchall()
    known = {(link, title) for link, title, file in rows if file}
    wanted = {
        (one.url(piece), piece.title)
        for one in web.outlets
        if one.manner is Manner.NORMAL
        for piece in one.pieces
    }
    assert not wanted - known, f"{len(wanted - known)} pages are missing"


def check_bad(night: Night, web: NewsWeb, *, timeout_s: float) -> None:
    """Every slow or hostile source has one failed row, or one a page where only pages are slow."""
    wanted = {Manner.NORMAL: 0, Manner.LATE: int(timeout_s < LATE_S)}
    failed = [p for p in night.report["problems"] if p["failed"] and p["stage"] == "collect"]
    for one in web.outlets:
        rows = [p for p in failed if p["subject"].startswith(one.root + "/")]
        n_wanted = (
            len(one.pieces) if one.manner is Manner.SLOW_ARTICLES else wanted.get(one.manner, 1)
        )
        found = [(row["subject"], row["reason"]) for row in rows]
        if one.manner is Manner.LATE:  # left for the next night once it was waited for long enough
            assert {reason for _, reason in found} <= {"put-off", "timeout"}, found
        else:
            assert len(rows) == n_wanted, (one.manner, found)
        assert len({row["subject"] for row in rows}) == len(rows)


def check_second(night: Night, web: NewsWeb, *, n_before: int) -> None:
    """Normal outlets answer nothing but 304, robots.txt apart."""
    normal = {one.ip for one in web.outlets if one.manner is Manner.NORMAL}
    statuses = Counter(
        seen.status
        for seen in web.seen[n_before:]
        if seen.host in normal and seen.path != "/robots.txt"
    )
    assert set(statuses) == {304}, statuses
    names = {one.id for one in web.outlets if one.manner is Manner.NORMAL}
    assert not [s for s in night.report["sources"] if s["new"] and s["id"] in names]


def archive_digests(workspace: Path) -> dict[str, str]:
    files = sorted((workspace / "data" / "raw").rglob("*.warc.gz"))
    return {str(file): sha256(file.read_bytes()).hexdigest() for file in files}


def measure(root: Path, outlets: list[Outlet], *, delay_s: float, timeout_s: float) -> None:
    """Run two nights on the outlets, print their figures and check them."""
    console = Console(width=160)
    workspace = root / "workspace"
    make_workspace(workspace)
    with serve(outlets) as web:
        web.write_config(workspace, delay_s=delay_s, timeout_s=timeout_s)
        first = run_night(workspace, web, as_of=AS_OF)
        excess_s = tell(console, first, name="first night", delay_s=delay_s)
        digests, n_before = archive_digests(workspace), len(web.seen)
        second = run_night(workspace, web, as_of=AS_OF + timedelta(days=1))
        second_excess_s = tell(console, second, name="second night", delay_s=delay_s)
        has_bad = any(one.manner is not Manner.NORMAL for one in outlets)
        for night in (first, second):
            assert night.code == (3 if has_bad else 0)
            check_ledger(night)
            assert night.memory.largest < MOST_BYTES
        check_normal(workspace, web)
        check_bad(first, web, timeout_s=timeout_s)
        check_second(second, web, n_before=n_before)
    assert digests.items() <= archive_digests(workspace).items()
    verified = subprocess.run([COMMAND, "archive", "verify", "-w", workspace], check=False)
    assert verified.returncode == 0
    assert max(excess_s, second_excess_s) < MOST_EXCESS_S


def test_a_hundred_sources_end_in_time_and_in_memory(tmp_path: Path) -> None:
    outlets = news_web(outlets=100, pages=30, slow=10, hostile=5)
    measure(tmp_path, outlets, delay_s=1.0, timeout_s=30.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--outlets", type=int, default=100, help="of all kinds together")
    parser.add_argument("--pages", type=int, default=30, help="articles of each outlet")
    parser.add_argument("--slow", type=int, default=10, help=", ".join(SLOW))
    parser.add_argument("--hostile", type=int, default=5, help=", ".join(HOSTILE))
    parser.add_argument("--delay", type=float, default=1.0, help="collect.delay_s")
    parser.add_argument("--timeout", type=float, default=30.0, help="collect.timeout_s")
    options = parser.parse_args()
    outlets = news_web(
        outlets=options.outlets, pages=options.pages, slow=options.slow, hostile=options.hostile
    )
    with tempfile.TemporaryDirectory(prefix="bench-night-") as folder:
        measure(Path(folder), outlets, delay_s=options.delay, timeout_s=options.timeout)


if __name__ == "__main__":
    main()
