"""What worker processes do: each task takes a batch and gives one result an item, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from alliance_nlp.archive import decoded, read_page
from alliance_nlp.core.types import ArchiveRef, Lead, Mention, Rejected
from alliance_nlp.extract import Extraction, extract_page
from alliance_nlp.tag import Tagger, TagInput


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractJob:
    """An archived page to extract, with what its listing said and its source's home zone."""

    raw: Path
    archived: ArchiveRef
    lead: Lead | None
    zone: str
    max_bytes: int


def extract_pages(jobs: Sequence[ExtractJob]) -> list[Extraction | Rejected]:
    """Return what each archived page holds."""
    return [_extract(job) for job in jobs]


def _extract(job: ExtractJob) -> Extraction | Rejected:
    page = decoded(read_page(job.raw, job.archived), max_bytes=job.max_bytes)
    result = extract_page(page, lead=job.lead, zone=job.zone)
    if isinstance(result, Rejected):
        return result
    return replace(result, article=replace(result.article, archived=job.archived))


@dataclass(frozen=True, slots=True, kw_only=True)
class TagJob:
    """A text to tag, with the folder of further knowledge-base tables."""

    knowledge_base: Path | None
    text: TagInput


def tag_texts(jobs: Sequence[TagJob]) -> list[tuple[Mention, ...]]:
    """Return each text's mentions."""
    tagger = _tagger(jobs[0].knowledge_base)
    return list(tagger.tag(job.text for job in jobs))


@cache
def _tagger(knowledge_base: Path | None) -> Tagger:
    return Tagger.load(knowledge_base)
