"""The full chain on the few pages that come through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from alliance_nlp.artifacts import load_model
from alliance_nlp.classify import classify
from alliance_nlp.core.types import (
    ArchiveRef,
    Article,
    Mention,
    Page,
    Reason,
    Rejected,
    Relevance,
    Stage,
    Topic,
)
from alliance_nlp.extract import Extraction, extract_page
from alliance_nlp.pipeline.backfilling.counting import Miss
from alliance_nlp.pipeline.backfilling.rules import Window
from alliance_nlp.pipeline.tasks import TagJob, prepare_to_tag, tag_texts
from alliance_nlp.tag import TagInput


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainJob:
    """A page that came through the sieve, and where it stands."""

    page: Page
    file: str
    offset: int
    model_id: str
    models: Path
    knowledge_base: Path | None
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Relevant:
    """An article that bears on the alliance, with all that the chain says of it."""

    article: Article
    fetched_on: date
    fetched_at: str
    topics: tuple[Topic, ...]
    relevance: Relevance
    mentions: tuple[Mention, ...]


def prepare(models: Path, model_id: str, knowledge_base: Path | None) -> None:
    """Load what the full chain needs."""
    _model(models, model_id)
    prepare_to_tag(knowledge_base)


@cache
def _model(models: Path, model_id: str) -> Any:
    return load_model(models, model_id)[0]


def run_chain(jobs: Sequence[ChainJob]) -> list[Relevant | Rejected]:
    """Return what the full chain makes of each page, in order.

    Tagging comes last: it is the dearest, and what is not relevant needs none.
    """
    results: list[Relevant | Rejected] = [_extract(job) for job in jobs]
    relevant = [(n, found) for n, found in enumerate(results) if isinstance(found, Relevant)]
    if not relevant:
        return results
    triples = [(one.article.id, one.article.title, one.article.text) for _, one in relevant]
    model = _model(jobs[0].models, jobs[0].model_id)
    judged = classify(model, triples, model_id=jobs[0].model_id)
    for (n, found), (topics, relevance) in zip(relevant, judged, strict=True):
        results[n] = replace(found, topics=topics, relevance=relevance)
        if not relevance.relevant:
            results[n] = _refused(Stage.CLASSIFY, found.article.url, Reason.NOT_RELEVANT)
    _tag(results, jobs[0].knowledge_base)
    return results


def _extract(job: ChainJob) -> Relevant | Rejected:
    found = extract_page(job.page)
    if not isinstance(found, Extraction):
        return found
    article = found.article
    fetched_on = job.page.fetched_at.date()
    if not job.window.holds(article.published.on if article.published else fetched_on):
        return Rejected(
            stage=Stage.EXTRACT,
            subject_id=article.url,
            reason=Reason.SUPERSEDED,
            detail=Miss.OUTSIDE_WINDOW.value,
        )
    place = ArchiveRef(file=job.file, offset=job.offset, length=0, sha256="")
    return Relevant(
        article=replace(article, archived=place),
        fetched_on=fetched_on,
        fetched_at=job.page.fetched_at.isoformat(),
        topics=(),
        relevance=Relevance(article_id=article.id, score=0.0, relevant=True, model_id=""),
        mentions=(),
    )


def _tag(results: list[Relevant | Rejected], knowledge_base: Path | None) -> None:
    places = [n for n, found in enumerate(results) if isinstance(found, Relevant)]
    jobs = [
        TagJob(knowledge_base=knowledge_base, text=_tag_input(found.article))
        for found in results
        if isinstance(found, Relevant)
    ]
    if not jobs:
        return
    for n, mentions in zip(places, tag_texts(jobs), strict=True):
        found = results[n]
        assert isinstance(found, Relevant)
        results[n] = replace(found, mentions=mentions)


def _tag_input(article: Article) -> TagInput:
    return TagInput(
        article_id=article.id,
        text=article.text,
        language=article.language,
        published_on=article.published.on if article.published else None,
    )


def _refused(stage: Stage, subject: str, reason: Reason) -> Rejected:
    return Rejected(stage=stage, subject_id=subject, reason=reason)
