"""Writers at once, in threads and in processes: nothing is lost and nobody is turned away."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

from store_values import AT, keep_articles, make_lead

from alliance_nlp.core.types import Decision, Verdict
from alliance_nlp.store import (
    Database,
    append_decision,
    count_rows,
    pending_leads,
    read_articles,
    read_decisions,
    save_leads,
    settle_lead,
)

# Opens the database by itself, as another program does, and appends decisions one by one.
WRITER = """
import sys
from datetime import UTC, datetime
from alliance_nlp.core.types import Decision, Verdict
from alliance_nlp.store import Database, append_decision, read_decisions
url, name, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Database.open(url) as database:
    for i in range(n):
        with database.write() as tx:
            read_decisions(tx)
            append_decision(tx, Decision(subject=f"{name}-{i}", verdict=Verdict.LATER,
                reviewer=name, decided_at=datetime.now(UTC)))
"""


def _decide(database: Database, subject: str) -> None:
    decision = Decision(subject=subject, verdict=Verdict.ACCEPT, reviewer="R", decided_at=AT)
    with database.write() as tx:
        append_decision(tx, decision)


def test_processes_lose_nothing_when_they_open_and_write_at_once(empty_url: str) -> None:
    names, n = ("a", "b", "c"), 25
    command = [sys.executable, "-c", WRITER, empty_url]
    writers = [
        subprocess.Popen([*command, name, str(n)], stderr=subprocess.PIPE, text=True)
        for name in names
    ]
    errors = [writer.communicate(timeout=50)[1] for writer in writers]
    assert errors == [""] * len(names)
    assert [writer.returncode for writer in writers] == [0] * len(names)
    with Database.open(empty_url) as database, database.read() as tx:
        subjects = [decision.subject for decision in read_decisions(tx)]
    for name in names:
        assert [s for s in subjects if s.startswith(name)] == [f"{name}-{i}" for i in range(n)]


def test_threads_lose_nothing_when_they_read_before_they_write(database: Database) -> None:
    n_threads, n_rounds = 6, 15
    barrier = Barrier(n_threads)

    def work(thread: int) -> None:
        barrier.wait()
        for i in range(n_rounds):
            with database.write() as tx:
                # Looking first is what makes a deferred SQLite transaction fail at once.
                settle_lead(tx, next(iter(pending_leads(tx, most_tries=10**6))), state="pending")
                save_leads(tx, [(f"{thread}-{i}", make_lead("x"))], at=AT)

    with database.write() as tx:
        save_leads(tx, [("0", make_lead("0"))], at=AT)
    with ThreadPoolExecutor(n_threads) as pool:
        list(pool.map(work, range(n_threads)))
    with database.read() as tx:
        assert len(pending_leads(tx, most_tries=10**6)) == n_threads * n_rounds + 1


def test_readers_are_not_held_up_by_a_writer(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "a")
    started, done = Event(), Event()

    def look() -> list[str]:
        started.wait(timeout=10)
        with database.read() as tx:
            found = list(read_articles(tx, ["a", "b"]))
        done.set()
        return found

    with ThreadPoolExecutor(1) as pool:
        seen = pool.submit(look)
        with database.write() as tx:
            keep_articles(tx, "b")
            started.set()
            assert done.wait(timeout=10)  # while the writing transaction is still open
        assert seen.result() == ["a"]


def test_database_opens_while_a_writer_is_busy(database: Database, database_url: str) -> None:
    def look() -> int:
        with Database.open(database_url) as other, other.read() as tx:
            return count_rows(tx)["articles"]

    with ThreadPoolExecutor(1) as pool, database.write() as tx:
        keep_articles(tx, "a")
        assert pool.submit(look).result(timeout=10) == 0


def test_reader_sees_one_state_throughout(database: Database) -> None:
    if database.kind != "sqlite":  # PostgreSQL's readers see what is committed meanwhile
        return
    _decide(database, "one")
    with database.read() as tx:
        before = count_rows(tx)["decisions"]
        _decide(database, "two")
        assert count_rows(tx)["decisions"] == before == 1
