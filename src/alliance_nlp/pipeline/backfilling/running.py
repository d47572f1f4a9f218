"""A backfill from its plan to its report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alliance_nlp.artifacts import ModelCard, save_model
from alliance_nlp.pipeline.backfilling.cascade import LOOK_MARGIN, Quarantined
from alliance_nlp.pipeline.backfilling.counting import Counts
from alliance_nlp.pipeline.backfilling.engines import run_dask, run_local
from alliance_nlp.pipeline.backfilling.results import (
    TaskDone,
    done_tasks,
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
    cpu_s
        Processor's seconds of all tasks, without what it took to start their processes.
    """

    output: Path
    n_tasks: int
    n_skipped: int
    n_articles: int
    cpu_s: float
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
            "cpu_s": round(self.cpu_s, 1),
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
) -> BackfillReport:
    """Do what is not done of the tasks, on this machine or a Dask cluster; report all of them.

    Raises
    ------
    AllianceError
        If an archive cannot be read or a result not written; what was done stays done.
    """
    parquet()  # before an hour's work, not after it
    output = tasks[0].plan.output
    due = [task for task in tasks if read_done(output, task.id) is None]
    ran: Callable[[], Any] = (
        (lambda: run_local(due, jobs=jobs))
        if scheduler is None
        else (lambda: run_dask(due, scheduler=scheduler))
    )
    n_skipped = len(tasks) - len(due)
    # Ledgers stay on disk: those of a year would fill the memory that is to stay free.
    for n_done, _ in enumerate(ran() if due else (), start=n_skipped + 1):
        progress("backfill", n_done, len(tasks))
    forget_superseded(output, tasks)
    done = done_tasks(output, tasks)
    return _report(output, done, n_skipped=n_skipped, prefilter=prefilter)


def _report(
    output: Path, done: Iterable[TaskDone], *, n_skipped: int, prefilter: ModelCard
) -> BackfillReport:
    counts, n_tasks, n_articles, cpu_s = Counts(), 0, 0, 0.0
    quarantined: list[Quarantined] = []
    for one in done:
        counts.add(one.counts)
        quarantined += one.quarantined
        n_tasks, n_articles, cpu_s = n_tasks + 1, n_articles + one.n_articles, cpu_s + one.cpu_s
    return BackfillReport(
        output=output,
        n_tasks=n_tasks,
        n_skipped=n_skipped,
        n_articles=n_articles,
        cpu_s=cpu_s,
        counts=counts,
        quarantined=tuple(quarantined),
        prefilter={
            "id": prefilter.id,
            "look_margin": LOOK_MARGIN,
            **prefilter.reference,
            **prefilter.metrics,
        },
    )
