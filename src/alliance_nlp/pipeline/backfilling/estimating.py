"""What a backfill would take, told from a measured sample."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean
from typing import Any

from alliance_nlp.archive import ArchiveFile
from alliance_nlp.pipeline.backfilling.cascade import load_models
from alliance_nlp.pipeline.backfilling.counting import Step
from alliance_nlp.pipeline.backfilling.full_chain import prepare
from alliance_nlp.pipeline.backfilling.portions import Way, iter_portions
from alliance_nlp.pipeline.backfilling.tasks import BackfillTask, Plan, plan_tasks
from alliance_nlp.pipeline.backfilling.watching import Watch

# An assumption, not a measurement: some 400 files of a gigabyte a month, as CC-NEWS listed them.
CC_NEWS_YEAR_FILES, CC_NEWS_FILE_BYTES = 400 * 12, 1_000_000_000
CC_NEWS_YEAR_BYTES = CC_NEWS_YEAR_FILES * CC_NEWS_FILE_BYTES
# What a rented core costs an hour, in dollars: a round figure for machines without a contract.
CORE_HOUR_USD = 0.05
_SAMPLE_BYTES = 8 * 1024 * 1024
_MOST_SAMPLES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A stretch that was sieved: what was in it and the processor's seconds that it took."""

    n_bytes: int
    n_records: int
    n_relevant: int
    result_bytes: int
    cpu_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The cost of a backfill, told from samples for ``n_bytes`` of ``n_files``.

    Attributes
    ----------
    samples
        Stretches from all over the files.
    n_files, n_bytes
        What was asked for, compressed.
    jobs
        Cores that work at once.
    """

    samples: tuple[Sample, ...]
    n_files: int
    n_bytes: int
    jobs: int

    def of(self, n_bytes: int) -> dict[str, Any]:
        """Return records, relevant articles, core hours, hours, dollars and results in MB.

        ``core_hours_from`` and ``core_hours_to`` are ends of a 95 % interval from how much the
        stretches differ; with less than two they are the same.
        """
        read = sum(sample.n_bytes for sample in self.samples)
        share = n_bytes / read if read else 0.0
        core_hours = sum(sample.cpu_s for sample in self.samples) * share / 3600
        half = core_hours * self._spread()
        return {
            "bytes": n_bytes,
            "records": round(sum(sample.n_records for sample in self.samples) * share),
            "relevant": round(sum(sample.n_relevant for sample in self.samples) * share),
            "core_hours": round(core_hours, 3),
            "core_hours_from": round(max(0.0, core_hours - half), 3),
            "core_hours_to": round(core_hours + half, 3),
            "hours": round(core_hours / self.jobs, 3),
            "usd": round(core_hours * CORE_HOUR_USD, 2),
            "result_mb": round(sum(one.result_bytes for one in self.samples) * share / 1e6, 1),
        }

    def _spread(self) -> float:
        """Return half the interval's width as a share of the mean: that of a ratio estimate."""
        n = len(self.samples)
        if n < 2:
            return 0.0
        rate = sum(s.cpu_s for s in self.samples) / max(1, sum(s.n_bytes for s in self.samples))
        mean = fmean(sample.cpu_s for sample in self.samples)
        squares = sum((sample.cpu_s - rate * sample.n_bytes) ** 2 for sample in self.samples)
        return 1.96 * sqrt(squares / (n * (n - 1))) / mean if mean else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries and numbers."""
        return {
            "sample": {
                "stretches": len(self.samples),
                "bytes": sum(sample.n_bytes for sample in self.samples),
                "records": sum(sample.n_records for sample in self.samples),
                "relevant": sum(sample.n_relevant for sample in self.samples),
                "cpu_s": round(sum(sample.cpu_s for sample in self.samples), 3),
            },
            "jobs": self.jobs,
            "files": self.n_files,
            "these_files": self.of(self.n_bytes),
            "year_of_cc_news": {
                "assumed": (
                    f"{CC_NEWS_YEAR_FILES:,} files of {CC_NEWS_FILE_BYTES / 1e9:g} GB; pages and "
                    f"cores as in the sample; {CORE_HOUR_USD} dollars a core hour; no waiting for "
                    "the network"
                ),
                **self.of(CC_NEWS_YEAR_BYTES),
            },
        }


def estimate(files: Sequence[ArchiveFile], plan: Plan, *, jobs: int = 1) -> Estimate:
    """Sieve stretches from all over the files, write nothing, and tell what all would take.

    Raises
    ------
    InputError, ArchiveError
        If an archive cannot be opened or breaks off.
    """
    tasks = plan_tasks(files, plan, task_bytes=_SAMPLE_BYTES)
    every = max(1, len(tasks) // _MOST_SAMPLES)
    chosen = tasks[::every][:_MOST_SAMPLES]
    # Each worker loads once; in hours of work that is nothing.
    prepare(plan.models, plan.model_id, plan.knowledge_base)
    load_models(chosen[0])
    return Estimate(
        samples=tuple(_sample(task) for task in chosen),
        n_files=len(files),
        n_bytes=sum(file.n_bytes for file in files),
        jobs=jobs,
    )


def _sample(task: BackfillTask) -> Sample:
    """Sieve a task's beginning: where a file cannot be cut, its task is all of it."""
    n_records = n_relevant = result_bytes = 0
    start, end = time.process_time(), task.end or task.n_bytes
    for portion in iter_portions(task, Way(at=task.start), Watch()):
        n_records += portion.counts.steps[Step.RECORD].n_in
        n_relevant += len(portion.found)
        result_bytes += sum(len(one.article.text.encode()) for one in portion.found)
        if portion.following is not None and portion.following - task.start >= _SAMPLE_BYTES:
            end = portion.following
            break
    return Sample(
        n_bytes=max(0, end - task.start),
        n_records=n_records,
        n_relevant=n_relevant,
        result_bytes=result_bytes,
        cpu_s=time.process_time() - start,
    )
