"""What worker processes do: each task takes a batch and gives one result an item, in order.

The heavy rooms are imported where they are used: the parent only names the tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from alliance_nlp.archive import decoded, read_page
from alliance_nlp.core.errors import AllianceError
from alliance_nlp.core.ids import short_hash
from alliance_nlp.core.types import ArchiveRef, Lead, Mention, Rejected
from alliance_nlp.core.urls import is_web_url, url_key

if TYPE_CHECKING:
    from alliance_nlp.extract import Extraction
    from alliance_nlp.tag import Tagger, TagInput

WORKED_WITH = ("alliance_nlp.extract.page", "alliance_nlp.tag.tagger", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractJob:
    """An archived page to extract, with what its listing said and its source's home zone.

    ``parts`` are the further pages of the same article, in order.
    """

    raw: Path
    archived: ArchiveRef
    lead: Lead | None
    zone: str
    max_bytes: int
    parts: tuple[ArchiveRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What an archived page holds, with the keys that the leads on it are known by."""

    extraction: Extraction
    leads: tuple[tuple[str, Lead], ...]


def prepare_to_process(knowledge_base: Path | None) -> None:
    """Load what extraction and tagging need."""
    import_module("alliance_nlp.extract.page")
    with suppress(AllianceError):  # a broken knowledge base stops the tagging, nothing before it
        _tagger(knowledge_base)


def extract_pages(jobs: Sequence[ExtractJob]) -> list[Extracted | Rejected]:
    """Return what each archived page holds."""
    return [_extract(job) for job in jobs]


def _extract(job: ExtractJob) -> Extracted | Rejected:
    from alliance_nlp.extract import Extraction, join

    result = _extract_one(job, job.archived)
    if isinstance(result, Rejected):
        return result
    parts = [_extract_one(job, archived) for archived in job.parts]
    whole = join(result, *(part for part in parts if isinstance(part, Extraction)))
    leads = tuple((_key(lead), lead) for lead in whole.leads if lead.url or lead.title)
    article = replace(whole.article, archived=job.archived)
    return Extracted(extraction=replace(whole, article=article, leads=()), leads=leads)


def _key(lead: Lead) -> str:
    if is_web_url(lead.url):
        return url_key(lead.url)
    return "named:" + short_hash(lead.source_id, lead.title, lead.outlet)


def _extract_one(job: ExtractJob, archived: ArchiveRef) -> Extraction | Rejected:
    from alliance_nlp.extract import extract_page

    page = decoded(read_page(job.raw, archived), max_bytes=job.max_bytes)
    return extract_page(page, lead=job.lead, zone=job.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagJob:
    """A text to tag, with the folder of further knowledge-base tables."""

    knowledge_base: Path | None
    text: TagInput


def prepare_to_tag(knowledge_base: Path | None) -> None:
    """Load what tagging needs."""
    _tagger(knowledge_base)


def tag_texts(jobs: Sequence[TagJob]) -> list[tuple[Mention, ...]]:
    """Return each text's mentions."""
    tagger = _tagger(jobs[0].knowledge_base)
    return list(tagger.tag(job.text for job in jobs))


@cache
def _tagger(knowledge_base: Path | None) -> Tagger:
    from alliance_nlp.tag import Tagger

    return Tagger.load(knowledge_base)
