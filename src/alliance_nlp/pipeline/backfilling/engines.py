"""Who does the tasks: this machine's processes, or the workers of a Dask cluster.

A task writes its own results and gives back a ledger of some hundred bytes, so neither the
coordinator nor the scheduler holds pages.
"""

from __future__ import annotations

import atexit
import multiprocessing
import resource
import threading
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import joblib

from alliance_nlp.core.errors import InputError, WorkspaceError
from alliance_nlp.pipeline.backfilling.cascade import Sieved, chained
from alliance_nlp.pipeline.backfilling.full_chain import chain_workers
from alliance_nlp.pipeline.backfilling.results import (
    TaskDone,
    read_done,
    write_articles,
    write_done,
)
from alliance_nlp.pipeline.backfilling.tasks import BackfillTask, Plan
from alliance_nlp.pipeline.workers import Workers

# One task at a time in a process: they share its memory, and the child that does the full chain.
_ONE_AT_A_TIME = threading.Lock()
_MOST_LOSSES = 5  # workers that may die over one task before it is given up


def run_task(task: BackfillTask) -> TaskDone:
    """Do a task, unless it is done, and write what it found.

    Raises
    ------
    InputError, ArchiveError
        If the archive cannot be opened or breaks off.
    WorkspaceError
        If the results cannot be written, or this process may have no children.
    """
    output = task.plan.output
    with _ONE_AT_A_TIME:
        done = read_done(output, task.id)
        if done is not None:
            return done
        _refuse_daemons()
        before = _cpu_s()
        sieved = Sieved()
        files, n_articles = write_articles(output, task, chained(task, _workers(task.plan), sieved))
        done = TaskDone(
            task_id=task.id,
            path=task.path,
            start=task.start,
            end=task.end,
            window=str(task.plan.window),
            counts=sieved.counts,
            files=files,
            n_articles=n_articles,
            quarantined=tuple(sieved.quarantined),
            cpu_s=_cpu_s() - before,
        )
        write_done(output, done)
        return done


def _refuse_daemons() -> None:
    if multiprocessing.current_process().daemon:
        raise WorkspaceError(
            "this worker may have no children, and pages that hang can only be stopped in one; "
            "start it with: dask worker --no-nanny, or with the environment variable "
            "DASK_DISTRIBUTED__WORKER__DAEMON=False"
        )


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


@cache
def _workers(plan: Plan) -> Workers:
    workers = chain_workers(plan)
    atexit.register(workers.__exit__, None, None, None)
    return workers


def run_local(tasks: Sequence[BackfillTask], *, jobs: int) -> Iterator[TaskDone]:
    """Do the tasks in this many processes; yield them as they are done."""
    if jobs == 1 or len(tasks) < 2:
        for task in tasks:
            yield run_task(task)
        return
    parallel = joblib.Parallel(
        n_jobs=jobs, return_as="generator_unordered", pre_dispatch="2*n_jobs", batch_size=1
    )
    yield from parallel(joblib.delayed(run_task)(task) for task in tasks)


def run_dask(tasks: Sequence[BackfillTask], *, scheduler: str) -> Iterator[TaskDone]:
    """Do the tasks on a Dask cluster; yield them as they are done.

    A worker that dies takes nothing with it: its tasks are done again elsewhere.

    Parameters
    ----------
    scheduler
        The scheduler's address, such as ``tcp://host:8786``; its workers see the same output
        folder and the same archives as this process does.

    Raises
    ------
    InputError
        If Dask is not installed, or no scheduler answers.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(scheduler, timeout="20s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise InputError(
            f"no Dask scheduler answers at {scheduler}: {error}; start one with: dask scheduler"
        ) from error
    with client:
        yield from _futures(distributed, client, tasks)


def _futures(distributed: Any, client: Any, tasks: Sequence[BackfillTask]) -> Iterator[TaskDone]:
    waiting = iter(tasks)

    def submit(task: BackfillTask) -> Any:
        return client.submit(
            run_task, task, key=f"backfill-{task.id}", retries=_MOST_LOSSES, pure=False
        )

    # A few more than can be worked on: a plan of a year is not put into the scheduler at once.
    ahead = max(8, 4 * sum(client.nthreads().values()))
    first = [submit(task) for _, task in zip(range(ahead), waiting, strict=False)]
    under_way = distributed.as_completed(first, loop=client.loop)
    for future in under_way:
        yield future.result()
        future.release()
        following = next(waiting, None)
        if following is not None:
            under_way.add(submit(following))


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise InputError(
            "--engine dask needs Dask; install the extra: pip install 'alliance-nlp[backfill]'"
        ) from error
    return distributed
