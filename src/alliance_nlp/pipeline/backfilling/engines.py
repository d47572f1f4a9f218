"""Who does the tasks: this machine's processes, or the workers of a Dask cluster.

A task writes its own results and gives back a ledger of some hundred bytes, so neither the
coordinator nor the scheduler holds pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import joblib

from alliance_nlp.core.errors import InputError
from alliance_nlp.pipeline.backfilling.cascade import Portion, Quarantined
from alliance_nlp.pipeline.backfilling.children import watched_portions
from alliance_nlp.pipeline.backfilling.counting import Counts
from alliance_nlp.pipeline.backfilling.full_chain import Relevant
from alliance_nlp.pipeline.backfilling.results import (
    TaskDone,
    read_done,
    write_articles,
    write_done,
)
from alliance_nlp.pipeline.backfilling.tasks import BackfillTask

_MOST_LOSSES = 5  # workers that may die over one task before it is given up


def run_task(task: BackfillTask) -> TaskDone:
    """Do a task, unless it is done, and write what it found.

    Raises
    ------
    InputError, ArchiveError
        If the archive cannot be opened or breaks off.
    WorkspaceError
        If the results cannot be written, or no process can be started.
    """
    output = task.plan.output
    done = read_done(output, task.id)
    if done is not None:
        return done
    whole = _Whole()
    files, n_articles = write_articles(output, task, whole.gather(watched_portions(task)))
    done = TaskDone(
        task_id=task.id,
        path=task.path,
        start=task.start,
        end=task.end,
        window=str(task.plan.window),
        counts=whole.counts,
        files=files,
        n_articles=n_articles,
        quarantined=tuple(whole.quarantined),
        cpu_s=whole.cpu_s,
    )
    write_done(output, done)
    return done


@dataclass(slots=True)
class _Whole:
    """What a task's portions come to together, but for their articles."""

    counts: Counts = field(default_factory=Counts)
    quarantined: list[Quarantined] = field(default_factory=list)
    cpu_s: float = 0.0

    def gather(self, portions: Iterable[Portion]) -> Iterator[Relevant]:
        """Add the portions up, and hand on what they found."""
        for portion in portions:
            self.counts.add(portion.counts)
            self.quarantined += portion.quarantined
            self.cpu_s += portion.cpu_s
            yield from portion.found


def run_local(tasks: Sequence[BackfillTask], *, jobs: int) -> Iterator[TaskDone]:
    """Do the tasks in this many processes; yield them as they are done."""
    if jobs == 1 or len(tasks) < 2:
        for task in tasks:
            yield run_task(task)
        return
    # By threads: each only waits for a process of its own.
    parallel = joblib.Parallel(
        n_jobs=jobs, backend="threading", return_as="generator_unordered", pre_dispatch="2*n_jobs"
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
