from __future__ import annotations

import pytest
from store_values import fetch_page, keep_articles, make_run, rejected

from alliance_nlp.core.errors import StoreError
from alliance_nlp.core.types import Reason
from alliance_nlp.store import (
    Database,
    articles_to_do,
    fetches_to_extract,
    mark_step,
    read_quarantine,
    release_quarantine,
)


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


def test_released_failures_are_due_again_and_nothing_else(database: Database) -> None:
    crashed = rejected(Reason.CRASHED, failed=True)
    with database.write() as tx:
        keep_articles(tx, "a", "b")
        mark_step(tx, "tag", [("a", crashed), ("b", None)], version="1")
        page = fetch_page(tx, make_run(tx))
        due = fetches_to_extract(tx, version="1")
        mark_step(tx, "extract", [(f"fetch:{i}", None) for i in due], version="1")
        mark_step(tx, "extract", [(f"fetch:{page}", crashed)], version="1")
        assert (articles_to_do(tx, "tag", version="1"), fetches_to_extract(tx, version="1")) == (
            [],
            [],
        )
        release_quarantine(tx)
        assert articles_to_do(tx, "tag", version="1") == ["a"]
        assert fetches_to_extract(tx, version="1") == [page]


def test_step_that_no_article_waits_for_is_refused(database: Database) -> None:
    with database.read() as tx, pytest.raises(StoreError, match="name one of tag, classify"):
        articles_to_do(tx, "fold", version="1")
