"""The values a story had when somebody decided on it."""

from __future__ import annotations

from store_values import AT, hours, keep_articles, make_run, make_story

from alliance_nlp.core.types import Candidate, Contribution
from alliance_nlp.store import (
    Connection,
    Database,
    candidates_seen,
    mark_ranked,
    save_candidates,
    save_stories,
)


def _candidate(story_id: str, value: float) -> Candidate:
    reasons = (Contribution(feature="outlets", value=value, contribution=value),)
    return Candidate(story_id=story_id, rank=1, score=0.5, logit=value, reasons=reasons)


def _rank(tx: Connection, value: float, *, n: float | None) -> None:
    run_id = make_run(tx)
    save_candidates(tx, run_id, [_candidate("s", value)])
    if n is not None:
        mark_ranked(tx, run_id, until=hours(n))


def test_story_is_read_as_the_last_ranking_before_a_time_held_it(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "a")
        save_stories(tx, [make_story("s", "a")])
        for value, n in ((1.0, 0), (2.0, 24), (3.0, 48)):
            _rank(tx, value, n=n)
    with database.read() as tx:
        for n, value in ((0, 1.0), (30, 2.0), (48, 3.0), (900, 3.0)):
            assert candidates_seen(tx, {"s": hours(n)}) == {"s": _candidate("s", value)}


def test_story_of_no_ranking_by_then_is_left_out(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "a")
        save_stories(tx, [make_story("s", "a")])
        _rank(tx, 1.0, n=24)
        _rank(tx, 2.0, n=None)  # of a run that did not come to its end
    with database.read() as tx:
        assert candidates_seen(tx, {"s": AT, "unknown": hours(99)}) == {}
        assert candidates_seen(tx, {"s": hours(99)})["s"].logit == 1.0
