"""What a backfill would take, told from a measured sample."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from alliance_nlp.archive import ArchiveFile
from alliance_nlp.core.types import Rejected
from alliance_nlp.pipeline.backfilling.cascade import Sieved, sieve
from alliance_nlp.pipeline.backfilling.counting import Step
from alliance_nlp.pipeline.backfilling.full_chain import ChainJob, Relevant, prepare, run_chain
from alliance_nlp.pipeline.backfilling.tasks import Plan, plan_tasks

# An assumption, not a measurement: some 400 files of a gigabyte a month, as CC-NEWS listed them.
CC_NEWS_YEAR_BYTES = 400 * 12 * 1_000_000_000
_SAMPLE_BYTES = 8 * 1024 * 1024
_MOST_SAMPLES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The cost of a backfill: measured on ``sample_bytes``, told for ``n_bytes``.

    Attributes
    ----------
    sample_bytes, sample_records, sample_cpu_s
        What was read, the records in it, and the processor's seconds for them.
    n_files, n_bytes
        What was asked for, compressed.
    jobs
        Cores that work at once.
    """

    sample_bytes: int
    sample_records: int
    sample_relevant: int
    sample_result_bytes: int
    sample_cpu_s: float
    n_files: int
    n_bytes: int
    jobs: int

    def of(self, n_bytes: int) -> dict[str, float | int]:
        """Return records, relevant articles, core hours, hours and megabytes of results."""
        share = n_bytes / self.sample_bytes if self.sample_bytes else 0.0
        core_hours = self.sample_cpu_s * share / 3600
        return {
            "bytes": n_bytes,
            "records": round(self.sample_records * share),
            "relevant": round(self.sample_relevant * share),
            "core_hours": round(core_hours, 3),
            "hours": round(core_hours / self.jobs, 3),
            "result_mb": round(self.sample_result_bytes * share / 1e6, 1),
        }

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries and numbers."""
        return {
            "sample": {
                "bytes": self.sample_bytes,
                "records": self.sample_records,
                "relevant": self.sample_relevant,
                "cpu_s": round(self.sample_cpu_s, 3),
            },
            "jobs": self.jobs,
            "files": self.n_files,
            "these_files": self.of(self.n_bytes),
            "year_of_cc_news": {
                "assumed": "4,800 files of 1 GB; pages as in the sample",
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
    _warm_up(plan)
    sieved, n_relevant, n_result = Sieved(), 0, 0
    start = time.process_time()
    for task in chosen:
        for jobs_of_chain in sieve(task, sieved):
            found = _relevant(jobs_of_chain)
            n_relevant += len(found)
            n_result += sum(len(one.article.text.encode()) for one in found)
    spent = time.process_time() - start
    return Estimate(
        sample_bytes=sum((task.end or task.n_bytes) - task.start for task in chosen),
        sample_records=sieved.counts.steps[Step.RECORD].n_in,
        sample_relevant=n_relevant,
        sample_result_bytes=n_result,
        sample_cpu_s=spent,
        n_files=len(files),
        n_bytes=sum(file.n_bytes for file in files),
        jobs=jobs,
    )


def _warm_up(plan: Plan) -> None:
    """Load what each worker loads once; in hours of work that is nothing."""
    prepare(plan.models, plan.model_id, plan.knowledge_base)


def _relevant(jobs: Sequence[ChainJob]) -> list[Relevant]:
    return [found for found in run_chain(jobs) if not isinstance(found, Rejected)]
