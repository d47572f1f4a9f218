from __future__ import annotations

from dataclasses import replace

from store_values import AT, hours, make_run

from alliance_nlp.core.types import Outcome, Visit
from alliance_nlp.store import Database, read_visits, save_visits
from alliance_nlp.store.visits import KEPT_RUNS

VISIT = Visit(
    source_id="gazette",
    run_id=0,
    at=AT,
    outcome=Outcome.NEW,
    n_listed=12,
    n_new=5,
    n_failed=1,
    n_bytes=2**40,
    seconds=3.5,
    newest_at=hours(-3),
    moved_to="https://gazette.example/feed",
    detail="bad \x00 text",
)


def test_visit_is_read_back_whole(database: Database) -> None:
    with database.write() as tx:
        visit = replace(VISIT, run_id=make_run(tx))
        save_visits(tx, [visit])
        assert (
            read_visits(tx)
            == [replace(visit, detail="bad  text")]
            == read_visits(tx, run_id=visit.run_id)
        )


def test_visit_of_one_run_is_overwritten(database: Database) -> None:
    with database.write() as tx:
        visit = replace(VISIT, run_id=make_run(tx), detail="")
        save_visits(tx, [visit])
        save_visits(tx, [replace(visit, n_new=6)])
        assert [found.n_new for found in read_visits(tx)] == [6]


def test_visits_of_the_newest_runs_are_read_oldest_first(database: Database) -> None:
    with database.write() as tx:
        runs = [make_run(tx) for _ in range(KEPT_RUNS + 2)]
        save_visits(tx, [replace(VISIT, run_id=run, detail="") for run in reversed(runs)])
        assert [visit.run_id for visit in read_visits(tx)] == runs[2:]
