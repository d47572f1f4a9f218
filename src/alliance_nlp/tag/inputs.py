"""What is handed to the tagger, and the version of what comes out; neither needs spaCy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from alliance_nlp.core.ids import short_hash
from alliance_nlp.tag.kb import KnowledgeBase, load_knowledge_base

RULES_VERSION = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagInput:
    """A text to tag.

    ``language`` is an ISO 639-1 code, or ``""`` to go by the script; ``published_on`` decides who
    held which office, and without it every office counts.
    """

    article_id: str
    text: str
    language: str = ""
    published_on: date | None = None


def tagger_version(extra: Path | None = None) -> str:
    """Return the version of the tagger with these further tables, without building it."""
    return version_of(load_knowledge_base(extra))


def version_of(kb: KnowledgeBase) -> str:
    """Return the version of the tagger with this knowledge base."""
    return short_hash("tag", RULES_VERSION, kb.version)
