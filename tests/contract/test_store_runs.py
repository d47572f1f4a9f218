from __future__ import annotations

from store_values import AT, hours, make_run

from alliance_nlp.core.types import Reason, Rejected, Stage, StageCount
from alliance_nlp.store import (
    Database,
    Run,
    finish_run,
    last_run,
    read_ledger,
    read_problems,
    save_ledger,
    save_problems,
    start_run,
)

COUNTS = (
    StageCount(
        stage=Stage.COLLECT,
        n_in=9,
        n_out=6,
        n_rejected=2,
        n_failed=1,
        seconds=1.25,
        reasons=(("timeout", 1), ("robots-denied", 2)),
    ),
    StageCount(stage=Stage.RANK, n_in=3, n_out=3, n_rejected=0, n_failed=0),
)


def test_last_run_is_none_before_the_first(database: Database) -> None:
    with database.read() as tx:
        assert last_run(tx) is None


def test_run_is_read_back_when_finished(database: Database) -> None:
    with database.write() as tx:
        run_id = start_run(tx, command="collect", as_of=AT, at=hours(1))
        finish_run(tx, run_id, state="done", at=hours(2))
    with database.read() as tx:
        assert last_run(tx) == Run(
            id=run_id,
            command="collect",
            as_of=AT,
            started_at=hours(1),
            finished_at=hours(2),
            state="done",
        )


def test_starting_marks_unfinished_runs_as_interrupted(database: Database) -> None:
    with database.write() as tx:
        broken = make_run(tx)
    with database.write() as tx:
        make_run(tx, at=hours(3))
    with database.write() as tx:
        states = dict(tx.exec_driver_sql("SELECT id, state FROM runs").all())
    assert states[broken] == "interrupted"
    assert sorted(states.values()) == ["interrupted", "running"]


def test_starting_leaves_finished_runs_alone(database: Database) -> None:
    with database.write() as tx:
        finish_run(tx, make_run(tx), state="done-with-failures", at=hours(1))
        make_run(tx, at=hours(2))
        states = tx.exec_driver_sql("SELECT state FROM runs ORDER BY id").scalars().all()
    assert list(states) == ["done-with-failures", "running"]


def test_ledger_is_read_back_in_order_of_stages(database: Database) -> None:
    with database.write() as tx:
        run_id = make_run(tx)
        save_ledger(tx, run_id, reversed(COUNTS))
    with database.read() as tx:
        assert read_ledger(tx, run_id) == COUNTS
        assert read_ledger(tx, run_id + 1) == ()


def test_ledger_saved_again_replaces_its_stages(database: Database) -> None:
    newer = StageCount(stage=Stage.RANK, n_in=4, n_out=3, n_rejected=1, n_failed=0)
    with database.write() as tx:
        run_id = make_run(tx)
        save_ledger(tx, run_id, COUNTS)
        save_ledger(tx, run_id, [newer])
        save_ledger(tx, run_id, [])
        assert read_ledger(tx, run_id) == (COUNTS[0], newer)


def test_problems_are_read_back_in_order(database: Database) -> None:
    problems = [
        Rejected(
            stage=stage, subject_id=f"s{n}", reason=reason, detail=f"detail {n}", failed=n == 1
        )
        for n, (stage, reason) in enumerate(
            [
                (Stage.RANK, Reason.NOT_RELEVANT),
                (Stage.COLLECT, Reason.TIMEOUT),
                (Stage.FOLD, Reason.SUPERSEDED),
            ]
        )
    ]
    with database.write() as tx:
        run_id, other = make_run(tx), make_run(tx)
        save_problems(tx, run_id, problems[:2])
        save_problems(tx, run_id, [])
        save_problems(tx, run_id, problems[2:])
    with database.read() as tx:
        assert read_problems(tx, run_id) == tuple(problems)
        assert read_problems(tx, other) == ()


def test_every_reason_and_stage_survives(database: Database) -> None:
    problems = tuple(
        Rejected(stage=stage, subject_id="s", reason=reason) for reason in Reason for stage in Stage
    )
    with database.write() as tx:
        run_id = make_run(tx)
        save_problems(tx, run_id, problems)
        assert read_problems(tx, run_id) == problems
