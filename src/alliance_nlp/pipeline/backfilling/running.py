"""A backfill from its plan to its report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alliance_nlp.artifacts import ModelCard, save_model
from alliance_nlp.pipeline.backfilling.cascade import Quarantined
from alliance_nlp.pipeline.backfilling.counting import Counts
from alliance_nlp.pipeline.backfilling.engines import run_dask, run_local
from alliance_nlp.pipeline.backfilling.results import (
    TaskDone,
    forget_superseded,
    parquet,
    read_done,
)
from alliance_nlp.pipeline.backfilling.tasks import BackfillTask
from alliance_nlp.pipeline.progress import SILENT, ProgressCallback


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillReport:
    """What a backfill came to.

    Attributes
    ----------
    n_tasks, n_skipped
        All tasks, and those that an earlier run had done.
    prefilter
        Threshold of the prefilter and what it costs: its card's ``metrics`` and ``reference``.
    """

    output: Path
    n_tasks: int
    n_skipped: int
    n_articles: int
    counts: Counts
    quarantined: tuple[Quarantined, ...]
    prefilter: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries, lists, strings and numbers."""
        return {
            "output": str(self.output),
            "tasks": self.n_tasks,
            "skipped": self.n_skipped,
            "articles": self.n_articles,
            **self.counts.to_json(),
            "quarantined": [
                {
                    "file": q.file,
                    "offset": q.offset,
                    "url": q.url,
                    "reason": q.reason,
                    "detail": q.detail,
                }
                for q in self.quarantined
            ],
            "prefilter": self.prefilter,
        }


def keep_models(output: Path, models: Sequence[tuple[Any, ModelCard]]) -> None:
    """Put models beside the results, where every worker finds them.

    Raises
    ------
    ModelError
        If the folder cannot be written.
    """
    for model, card in models:
        if not (output / "models" / f"{card.id}.json").exists():
            save_model(output / "models", model, card)


def run_backfill(
    tasks: Sequence[BackfillTask],
    *,
    prefilter: ModelCard,
    jobs: int = 1,
    scheduler: str | None = None,
    progress: ProgressCallback = SILENT.progress,
) -> tuple[BackfillReport, tuple[TaskDone, ...]]:
    """Do what is not done of the tasks, on this machine or a Dask cluster; report all of them.

    Raises
    ------
    AllianceError
        If an archive cannot be read or a result not written; what was done stays done.
    """
    parquet()  # before an hour's work, not after it
    output = tasks[0].plan.output
    before = {task.id: read_done(output, task.id) for task in tasks}
    due = [task for task in tasks if before[task.id] is None]
    ran: Callable[[], Any] = (
        (lambda: run_local(due, jobs=jobs))
        if scheduler is None
        else (lambda: run_dask(due, scheduler=scheduler))
    )
    found = {task_id: done for task_id, done in before.items() if done is not None}
    n_skipped = len(found)
    for done in ran() if due else ():
        found[done.task_id] = done
        progress("backfill", len(found), len(tasks))
    forget_superseded(output, tasks)
    in_order = tuple(found[task.id] for task in tasks)
    return _report(output, in_order, n_skipped=n_skipped, prefilter=prefilter), in_order


def _report(
    output: Path, done: Sequence[TaskDone], *, n_skipped: int, prefilter: ModelCard
) -> BackfillReport:
    counts = Counts()
    for one in done:
        counts.add(one.counts)
    return BackfillReport(
        output=output,
        n_tasks=len(done),
        n_skipped=n_skipped,
        n_articles=sum(one.n_articles for one in done),
        counts=counts,
        quarantined=tuple(found for one in done for found in one.quarantined),
        prefilter={"id": prefilter.id, **prefilter.reference, **prefilter.metrics},
    )
