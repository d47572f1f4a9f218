from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from alliance_nlp.core.errors import InputError
from alliance_nlp.pipeline.backfilling import Plan
from tests.e2e.backfill.backfills import N_RELEVANT, Models, make_plan, results, run
from tests.e2e.backfill.clusters import Cluster

pytestmark = pytest.mark.long


@pytest.mark.parametrize("options", [("--no-nanny",), ()], ids=["alone", "with-nannies"])
def test_dask_finds_the_same_bytes_as_this_machine_does(
    tmp_path: Path, models: Models, archive: Path, cluster: Cluster, options: tuple[str, ...]
) -> None:
    alone, shared = make_plan(tmp_path / "a", models), make_plan(tmp_path / "b", models)
    cluster.add_worker(*options)
    report = run(shared, archive, task_bytes=2500, scheduler=cluster.address)
    run(alone, archive, task_bytes=2500)
    assert report.n_articles == N_RELEVANT
    assert results(shared.output) == results(alone.output)


def test_dask_finds_the_same_when_a_worker_is_killed(
    tmp_path: Path, models: Models, archive: Path, cluster: Cluster
) -> None:
    alone, shared = make_plan(tmp_path / "a", models), make_plan(tmp_path / "b", models)
    victim = cluster.add_worker("--no-nanny")
    n_told = []

    def kill_at_first(_stage: str, done: int, _total: int | None) -> None:
        if not n_told:
            os.killpg(victim.pid, signal.SIGKILL)
            cluster.add_worker()
        n_told.append(done)

    report = run(
        shared, archive, task_bytes=1200, scheduler=cluster.address, progress=kill_at_first
    )
    run(alone, archive, task_bytes=1200)
    assert victim.wait(timeout=20) == -signal.SIGKILL
    assert report.n_tasks > 4
    assert results(shared.output) == results(alone.output)


def test_dask_is_refused_when_no_scheduler_answers(plan: Plan, archive: Path) -> None:
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        run(plan, archive, scheduler="tcp://127.0.0.1:9")
