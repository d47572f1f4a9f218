"""The cascade: each record asked the cheapest question first, and counted at every step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from alliance_nlp.archive import FoundRecord, TornRecord, decoded, iter_records
from alliance_nlp.artifacts import load_model
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.types import Page, Rejected, Stage
from alliance_nlp.pipeline.backfilling.counting import Counts, Miss, Step
from alliance_nlp.pipeline.backfilling.full_chain import ChainJob, Relevant, run_chain
from alliance_nlp.pipeline.backfilling.names import FieldNames, field_names
from alliance_nlp.pipeline.backfilling.quick_text import quick_bytes, quick_text
from alliance_nlp.pipeline.backfilling.rules import miss_of_answer, miss_of_head
from alliance_nlp.pipeline.backfilling.tasks import BackfillTask
from alliance_nlp.pipeline.workers import Broken, Workers

# Texts at once: vectors are cheaper by the dozen, and pages are held in memory meanwhile.
_BATCH = 32
_CHAIN_BATCH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A record that broke something: where it stands, and what it did."""

    file: str
    offset: int
    url: str
    reason: str
    detail: str


@dataclass(slots=True)
class Sieved:
    """What a task came to, but for its articles."""

    counts: Counts = field(default_factory=Counts)
    quarantined: list[Quarantined] = field(default_factory=list)

    def fail(self, step: Step, found: Quarantined) -> None:
        """Count and keep a record that broke a step."""
        self.counts.fail(step, found.reason)
        self.quarantined.append(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A page under way through the cascade, with what was read of it so far."""

    page: Page
    offset: int
    raw: bytes = b""


def sieve(task: BackfillTask, sieved: Sieved) -> Iterator[list[ChainJob]]:
    """Yield what comes through the cheap steps, in order of place and in small batches."""
    batch: list[ChainJob] = []
    for found in likely_texts(task, named_pages(task, read_pages(task, sieved), sieved), sieved):
        batch.append(_job(task, found))
        if len(batch) == _CHAIN_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _job(task: BackfillTask, found: Candidate) -> ChainJob:
    plan = task.plan
    return ChainJob(
        page=found.page,
        file=task.path,
        offset=found.offset,
        model_id=plan.model_id,
        models=plan.models,
        knowledge_base=plan.knowledge_base,
        window=plan.window,
    )


def read_pages(task: BackfillTask, sieved: Sieved) -> Iterator[Candidate]:
    """Yield the pages that may be articles by their heads and addresses."""
    counts = sieved.counts
    for found in iter_records(task.path, start=task.start, end=task.end):
        counts.enter(Step.RECORD)
        if isinstance(found, TornRecord):
            why = (Miss.UNREADABLE, found.detail)
            _quarantine(task, sieved, place=(found.offset, ""), why=why)
            continue
        counts.n_bytes += found.n_bytes
        miss = miss_of_head(found, task.plan.window, max_bytes=task.plan.max_bytes)
        page = _page(task, found, sieved) if miss is None else miss
        if isinstance(page, Page):
            counts.leave(Step.RECORD)
            yield Candidate(page=page, offset=found.offset)
        elif page is not None:
            counts.reject(Step.RECORD, page)


def _page(task: BackfillTask, found: FoundRecord, sieved: Sieved) -> Page | Miss | None:
    """Return the page, why it is none for us, or ``None`` when its record is broken."""
    try:
        page = found.page(found.block())
    except (ArchiveError, ValueError) as error:
        why = (Miss.CUT_OFF, str(error))
        _quarantine(task, sieved, place=(found.offset, found.url), why=why)
        return None
    miss = miss_of_answer(page)
    if miss is not None:
        return miss
    try:
        return decoded(page, max_bytes=task.plan.max_bytes)
    except ArchiveError:
        return Miss.TOO_LARGE


def _quarantine(
    task: BackfillTask, sieved: Sieved, *, place: tuple[int, str], why: tuple[Miss, str]
) -> None:
    sieved.fail(
        Step.RECORD,
        Quarantined(
            file=task.path, offset=place[0], url=place[1], reason=why[0].value, detail=why[1]
        ),
    )


def named_pages(
    task: BackfillTask, pages: Iterator[Candidate], sieved: Sieved
) -> Iterator[Candidate]:
    """Yield the pages in whose raw bytes a name of the field stands."""
    names: FieldNames = field_names(task.plan.knowledge_base)
    for found in pages:
        sieved.counts.enter(Step.BYTES)
        media = found.page.header("content-type")
        raw = quick_bytes(found.page.body, media)
        if names.stand_in(raw, media):
            sieved.counts.leave(Step.BYTES)
            yield Candidate(page=found.page, offset=found.offset, raw=raw)
        else:
            sieved.counts.reject(Step.BYTES, Miss.NO_NAME)


def likely_texts(
    task: BackfillTask, pages: Iterator[Candidate], sieved: Sieved
) -> Iterator[Candidate]:
    """Yield the pages whose text the prefilter cannot rule out."""
    prefilter = _prefilter(task.plan.models, task.plan.prefilter_id)
    batch: list[Candidate] = []
    for found in pages:
        sieved.counts.enter(Step.TEXT)
        batch.append(found)
        if len(batch) == _BATCH:
            yield from _likely(prefilter, batch, sieved.counts)
            batch = []
    yield from _likely(prefilter, batch, sieved.counts)


def _likely(prefilter: Any, batch: list[Candidate], counts: Counts) -> Iterator[Candidate]:
    if not batch:
        return
    texts = [quick_text(found.raw, found.page.header("content-type")) for found in batch]
    for found, passes in zip(batch, prefilter.predict(texts), strict=True):
        if passes:
            counts.leave(Step.TEXT)
            yield found
        else:
            counts.reject(Step.TEXT, Miss.UNLIKELY)


@cache
def _prefilter(models: Path, prefilter_id: str) -> Any:
    return load_model(models, prefilter_id)[0]


def chained(task: BackfillTask, workers: Workers, sieved: Sieved) -> Iterator[Relevant]:
    """Yield the relevant articles of a task, in order of place."""
    for jobs, results in workers.map(run_chain, sieve(task, sieved)):
        for job, result in zip(jobs, results, strict=True):
            if _count(job, result, sieved):
                assert isinstance(result, Relevant)
                yield result


def _count(job: ChainJob, result: Relevant | Rejected | Broken, sieved: Sieved) -> bool:
    counts = sieved.counts
    counts.enter(Step.EXTRACT)
    if isinstance(result, Broken):
        sieved.fail(
            Step.EXTRACT,
            Quarantined(
                file=job.file,
                offset=job.offset,
                url=job.page.url,
                reason=result.reason.value,
                detail=result.detail,
            ),
        )
        return False
    if isinstance(result, Rejected) and result.stage is Stage.EXTRACT:
        is_outside = result.detail == Miss.OUTSIDE_WINDOW.value
        counts.reject(Step.EXTRACT, Miss.OUTSIDE_WINDOW if is_outside else result.reason)
        return False
    counts.leave(Step.EXTRACT)
    counts.enter(Step.CLASSIFY)
    if isinstance(result, Rejected):
        counts.reject(Step.CLASSIFY, result.reason)
        return False
    for step in (Step.CLASSIFY, Step.TAG):
        counts.leave(step)
    counts.enter(Step.TAG)
    return True
