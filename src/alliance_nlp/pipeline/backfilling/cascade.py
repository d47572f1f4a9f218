"""The cascade: each record asked the cheapest question first, and counted at every step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from alliance_nlp.archive import FoundRecord, TornRecord, decoded
from alliance_nlp.artifacts import load_model
from alliance_nlp.classify import TARGETS, input_text
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.types import Page, Rejected, Stage
from alliance_nlp.pipeline.backfilling.counting import Counts, Miss, Step
from alliance_nlp.pipeline.backfilling.full_chain import ChainJob, Relevant, run_chain
from alliance_nlp.pipeline.backfilling.names import FieldNames, field_names
from alliance_nlp.pipeline.backfilling.quick_text import quick_bytes, quick_text
from alliance_nlp.pipeline.backfilling.rules import miss_of_answer, miss_of_head
from alliance_nlp.pipeline.backfilling.tasks import BackfillTask
from alliance_nlp.pipeline.backfilling.watching import Watch

# Pages held at once: vectors are cheaper by the dozen, and memory is not.
_MOST_HELD = 48
_MOST_HELD_BYTES = 32_000_000
_MOST_READ = 512
_CHAIN_BATCH = 8
# Log-odds by which the quick text of a page may fall short of what its article gets. Of relevant
# pages of held-out stories none fell short by more than half of it; each further unit lets a tenth
# more of the pages that name Japan for another reason through to the whole chain.
LOOK_MARGIN = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A record that broke something: where it stands, and what it did."""

    file: str
    offset: int
    url: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is known of a record that broke a step before: it is not tried again."""

    step: Step
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A page under way through the cascade, with what was read of it so far."""

    page: Page
    offset: int
    raw: bytes = b""


@dataclass(slots=True)
class Portion:
    """Some records in a row, all of whose steps are done: what they came to.

    ``start`` is where the first begins and ``following`` where to go on; ``None`` is the end.
    """

    start: int
    following: int | None = None
    counts: Counts = field(default_factory=Counts)
    found: list[Relevant] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    cpu_s: float = 0.0
    n_read: int = 0
    held: list[Candidate] = field(default_factory=list)
    n_held_bytes: int = 0

    @property
    def is_full(self) -> bool:
        """Tell whether it is time to work on what is held."""
        return (
            len(self.held) >= _MOST_HELD
            or self.n_held_bytes >= _MOST_HELD_BYTES
            or self.n_read >= _MOST_READ
        )

    def hold(self, found: Candidate) -> None:
        """Keep a page for the steps that work on many."""
        self.held.append(found)
        self.n_held_bytes += len(found.page.body)


class Cascade:
    """The steps of one task; ``faults`` are known by the offsets of their records."""

    def __init__(
        self, task: BackfillTask, watch: Watch, faults: Mapping[int, Fault] | None = None
    ) -> None:
        self._task = task
        self._watch = watch
        self._faults = {} if faults is None else faults
        self._names: FieldNames = field_names(task.plan.knowledge_base)

    def read(self, portion: Portion, found: FoundRecord | TornRecord) -> None:
        """Ask a record by its head and its raw bytes; hold it when more is to be asked."""
        portion.n_read += 1
        portion.counts.enter(Step.RECORD)
        if isinstance(found, TornRecord):
            why: tuple[str, str] = (Miss.UNREADABLE, found.detail)
            self._fail(portion, Step.RECORD, (found.offset, ""), why=why)
            return
        self._watch.at(Step.RECORD, found.offset)
        portion.counts.n_bytes += found.n_bytes
        if self._is_known(portion, Step.RECORD, (found.offset, found.url)):
            return
        plan = self._task.plan
        miss = miss_of_head(found, plan.window, max_bytes=plan.max_bytes)
        page = self._page(portion, found) if miss is None else miss
        if isinstance(page, Page):
            portion.counts.leave(Step.RECORD)
            self._name(portion, Candidate(page=page, offset=found.offset))
        elif page is not None:
            portion.counts.reject(Step.RECORD, page)

    def _page(self, portion: Portion, found: FoundRecord) -> Page | Miss | None:
        """Return the page, why it is none for us, or ``None`` when its record is broken."""
        try:
            page = found.page(found.block())
        except (ArchiveError, ValueError) as error:
            why = (Miss.CUT_OFF, str(error))
            self._fail(portion, Step.RECORD, (found.offset, found.url), why=why)
            return None
        miss = miss_of_answer(page)
        if miss is not None:
            return miss
        try:
            return decoded(page, max_bytes=self._task.plan.max_bytes)
        except ArchiveError:
            return Miss.TOO_LARGE

    def _name(self, portion: Portion, found: Candidate) -> None:
        """Hold a page in whose raw bytes a name of the field stands."""
        counts = portion.counts
        counts.enter(Step.BYTES)
        if self._is_known(portion, Step.BYTES, (found.offset, found.page.url)):
            return
        self._watch.at(Step.BYTES, found.offset)
        media = found.page.header("content-type")
        raw = quick_bytes(found.page.body, media)
        if self._names.stand_in(raw, media):
            counts.leave(Step.BYTES)
            portion.hold(replace(found, raw=raw))
        else:
            counts.reject(Step.BYTES, Miss.NO_NAME)

    def finish(self, portion: Portion) -> None:
        """Do the steps that are left to what a portion holds."""
        held, portion.held = portion.held, []
        likely = self._likely(portion, held)
        near = self._near(portion, likely)
        for start in range(0, len(near), _CHAIN_BATCH):
            self._chain(portion, [found for found, _ in near[start : start + _CHAIN_BATCH]])

    def _likely(self, portion: Portion, held: Sequence[Candidate]) -> list[tuple[Candidate, str]]:
        """Return the pages, with their texts, that the prefilter cannot rule out."""
        pages = self._entering(portion, Step.TEXT, held)
        if not pages:
            return []
        texts = [quick_text(found.raw, found.page.header("content-type")) for found in pages]
        plan = self._task.plan
        passes = _model(plan.models, plan.prefilter_id).predict(texts)
        return self._leaving(portion, Step.TEXT, zip(pages, texts, passes, strict=True))

    def _near(
        self, portion: Portion, likely: Sequence[tuple[Candidate, str]]
    ) -> list[tuple[Candidate, str]]:
        """Return the pages whose quick text the chain's own model finds near to relevant."""
        by_offset = {found.offset: text for found, text in likely}
        pages = self._entering(portion, Step.LOOK, [found for found, _ in likely])
        if not pages:
            return []
        texts = [by_offset[found.offset] for found in pages]
        plan = self._task.plan
        passes = is_near(_model(plan.models, plan.model_id), texts)
        return self._leaving(portion, Step.LOOK, zip(pages, texts, passes, strict=True))

    def _chain(self, portion: Portion, near: Sequence[Candidate]) -> None:
        pages = self._entering(portion, Step.EXTRACT, near)
        jobs = [_job(self._task, found) for found in pages]
        for result in run_chain(jobs) if jobs else ():
            _count(portion, result)
            if isinstance(result, Relevant):
                portion.found.append(result)

    def _entering(
        self, portion: Portion, step: Step, pages: Sequence[Candidate]
    ) -> list[Candidate]:
        if pages:
            self._watch.at(step, pages[-1].offset)
        portion.counts.enter(step, len(pages))
        return [
            found
            for found in pages
            if not self._is_known(portion, step, (found.offset, found.page.url))
        ]

    @staticmethod
    def _leaving(
        portion: Portion, step: Step, asked: Iterator[tuple[Candidate, str, Any]]
    ) -> list[tuple[Candidate, str]]:
        passed = []
        for found, text, passes in asked:
            if passes:
                portion.counts.leave(step)
                passed.append((found, text))
            else:
                portion.counts.reject(step, Miss.UNLIKELY if step is Step.TEXT else Miss.FAR)
        return passed

    def _is_known(self, portion: Portion, step: Step, place: tuple[int, str]) -> bool:
        """Tell whether a record is known to break this step; it is counted then."""
        fault = self._faults.get(place[0])
        if fault is None or fault.step is not step:
            return False
        self._fail(portion, step, place, why=(fault.reason, fault.detail))
        return True

    def _fail(
        self, portion: Portion, step: Step, place: tuple[int, str], *, why: tuple[str, str]
    ) -> None:
        portion.counts.fail(step, why[0])
        portion.quarantined.append(
            Quarantined(
                file=self._task.path,
                offset=place[0],
                url=place[1],
                reason=str(why[0]),
                detail=why[1],
            )
        )


def is_near(model: Any, texts: Sequence[str]) -> Sequence[bool]:
    """Tell of quick texts whether the chain's own model is far from calling them relevant.

    Parameters
    ----------
    model
        A pipeline of features, then an :class:`~alliance_nlp.classify.ArticleClassifier`.
    texts
        Texts, the title in the first line.
    """
    column = len(TARGETS) - 1
    parts = (text.partition("\n") for text in texts)
    X = model[:-1].transform([input_text(title, rest) for title, _, rest in parts])
    logits = model[-1].decision_function(X)[:, column]
    threshold = float(model[-1].thresholds_[column])
    return list(logits >= np.log(threshold / (1 - threshold)) - LOOK_MARGIN)


def load_models(task: BackfillTask) -> None:
    """Load what the cheap steps need."""
    field_names(task.plan.knowledge_base)
    for model_id in (task.plan.prefilter_id, task.plan.model_id):
        _model(task.plan.models, model_id)


@cache
def _model(models: Path, model_id: str) -> Any:
    return load_model(models, model_id)[0]


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


def _count(portion: Portion, result: Relevant | Rejected) -> None:
    counts = portion.counts
    if isinstance(result, Rejected) and result.stage is Stage.EXTRACT:
        is_outside = result.detail == Miss.OUTSIDE_WINDOW.value
        counts.reject(Step.EXTRACT, Miss.OUTSIDE_WINDOW if is_outside else result.reason)
        return
    counts.leave(Step.EXTRACT)
    counts.enter(Step.CLASSIFY)
    if isinstance(result, Rejected):
        counts.reject(Step.CLASSIFY, result.reason)
        return
    for step in (Step.CLASSIFY, Step.TAG):
        counts.leave(step)
    counts.enter(Step.TAG)
