from __future__ import annotations

from store_values import rejected

from alliance_nlp.core.types import Reason
from alliance_nlp.store import Database, mark_step, read_quarantine, release_quarantine


def _fail(database: Database) -> None:
    hung = rejected(Reason.TIME_LIMIT, failed=True, detail="took more than 20 s")
    with database.write() as tx:
        mark_step(tx, "extract", [("fetch:1", None), ("fetch:2", hung)], version="1")
        mark_step(tx, "tag", [("a", rejected(Reason.CRASHED, failed=True))], version="1")
        mark_step(tx, "extract", [("fetch:3", rejected(Reason.TOO_SHORT))], version="1")


def test_quarantine_holds_failures_only(database: Database) -> None:
    _fail(database)
    with database.read() as tx:
        held = read_quarantine(tx)
    assert [(q.step, q.subject_id, q.reason) for q in held] == [
        ("extract", "fetch:2", "time-limit"),
        ("tag", "a", "crashed"),
    ]
    assert held[0].detail == "took more than 20 s"


def test_release_lets_out_one_step(database: Database) -> None:
    _fail(database)
    with database.write() as tx:
        assert release_quarantine(tx, step="tag") == 1
        assert [q.step for q in read_quarantine(tx)] == ["extract"]


def test_release_lets_out_all(database: Database) -> None:
    _fail(database)
    with database.write() as tx:
        assert release_quarantine(tx) == 2
        assert read_quarantine(tx) == []


def test_quarantine_is_left_when_a_retry_succeeds(database: Database) -> None:
    _fail(database)
    with database.write() as tx:
        mark_step(tx, "extract", [("fetch:2", None)], version="2")
        assert [q.step for q in read_quarantine(tx)] == ["tag"]
