"""What a backfill is cut into: stretches of archive files, each a task that stands by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alliance_nlp.archive import ArchiveFile
from alliance_nlp.core.ids import short_hash
from alliance_nlp.extract import VERSION
from alliance_nlp.pipeline.backfilling.rules import Window
from alliance_nlp.tag import tagger_version

# Raise it with any change to the cascade that may change what comes through.
SIEVE_VERSION = "2"
# A minute's work: little is lost with a worker, and the start of one costs little beside it.
TASK_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What holds for all tasks of a backfill.

    Attributes
    ----------
    output
        Folder of the results and of the models, the same for all workers.
    model_id, prefilter_id
        Models in ``output/models``.
    knowledge_base
        Folder of further knowledge-base tables.
    time_limit_s, memory_limit_bytes
        What the full chain may take for one page.
    max_bytes
        Larger pages are turned away.
    """

    output: Path
    window: Window
    model_id: str
    prefilter_id: str
    knowledge_base: Path | None = None
    time_limit_s: float = 20.0
    memory_limit_bytes: int = 2_000_000_000
    max_bytes: int = 10_000_000

    @property
    def models(self) -> Path:
        """The folder of the models."""
        return self.output / "models"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillTask:
    """A stretch of an archive file, the bytes from ``start`` up to ``end``, and what to do."""

    plan: Plan
    path: str
    n_bytes: int
    start: int
    end: int | None
    id: str


def plan_tasks(
    files: Sequence[ArchiveFile], plan: Plan, *, task_bytes: int = TASK_BYTES
) -> tuple[BackfillTask, ...]:
    """Return the tasks of these files, in order; the same work gives the same ids."""
    tagger = tagger_version(plan.knowledge_base)
    return tuple(
        BackfillTask(
            plan=plan,
            path=file.path,
            n_bytes=file.n_bytes,
            start=start,
            end=end,
            id=_id(file, plan, (start, end), tagger=tagger),
        )
        for file in files
        for start, end in _stretches(file, task_bytes)
    )


def _stretches(file: ArchiveFile, task_bytes: int) -> list[tuple[int, int | None]]:
    if not file.can_split or file.n_bytes <= task_bytes:
        return [(0, None)]
    starts = list(range(0, file.n_bytes, task_bytes))
    return list(zip(starts, [*starts[1:], None], strict=True))


def _id(file: ArchiveFile, plan: Plan, stretch: tuple[int, int | None], *, tagger: str) -> str:
    window = plan.window
    return short_hash(
        *(file.path, str(file.n_bytes), str(stretch[0]), str(stretch[1])),
        *(str(window.since), str(window.until), str(plan.max_bytes)),
        *(SIEVE_VERSION, VERSION, tagger, plan.model_id, plan.prefilter_id),
    )
