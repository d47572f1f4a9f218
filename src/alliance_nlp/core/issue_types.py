"""The digest's values: issues, their items and sentences, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from alliance_nlp.core.enums import IssueState


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceSource:
    """Where a sentence of the digest comes from: ``article.text[start:end]``."""

    article_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of the digest with its sources (none in imported issues only)."""

    text: str
    sources: tuple[SentenceSource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueItem:
    """One headline and the bullet that details it.

    ``headline_article_id`` names the article whose title the headline is.
    """

    headline: str
    sentences: tuple[Sentence, ...]
    story_id: str = ""
    headline_article_id: str = ""

    @property
    def bullet(self) -> str:
        """The bullet's running text."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue of the digest; ``published_on`` is ``None`` where a published form states no date.

    ``since_on`` and ``until_on`` are the first and last day of the window it covers.
    """

    volume: int
    number: int
    title: str
    published_on: date | None
    items: tuple[IssueItem, ...]
    since_on: date | None = None
    until_on: date | None = None
    footer: str = ""

    @property
    def id(self) -> str:
        """``"vol-2.6"`` for volume 2, number 6."""
        return f"vol-{self.volume}.{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """An editor's word that a flagged sentence may go out all the same.

    Attributes
    ----------
    text
        The sentence as it stood; another wording needs another word.
    flags
        What was flagged, such as ``"number: 400"``.
    """

    text: str
    flags: tuple[str, ...]
    reason: str
    editor: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueVersion:
    """An issue as somebody saved it; never edited, a change is a new version.

    Attributes
    ----------
    number
        Counts an issue's versions from 1.
    why
        What the editor says of the change, or ``""``.
    overrides
        All that stand for this version.
    """

    issue: Issue
    number: int
    state: IssueState
    editor: str
    saved_at: datetime
    why: str = ""
    overrides: tuple[Override, ...] = ()
