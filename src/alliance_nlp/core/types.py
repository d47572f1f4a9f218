"""The values that travel between the stages.

All are frozen, slotted and keyword-only; sequences are tuples. Times end in ``_at`` and are aware
UTC datetimes, dates end in ``_on``. Offsets count Unicode code points in the article's normal text
(:func:`alliance_nlp.core.text.normal_text`), so ``text[start:end]`` is always the surface.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from alliance_nlp.core.desk_types import (
    Account,
    AuditEntry,
    Decision,
    Presence,
    Proposal,
    StoryEdit,
)
from alliance_nlp.core.enums import (
    EditKind,
    IssueState,
    Label,
    Novelty,
    Outcome,
    Paywall,
    Reason,
    Right,
    Role,
    Sector,
    SourceKind,
    Stage,
    TopicLabel,
    Verdict,
)
from alliance_nlp.core.issue_types import (
    Issue,
    IssueItem,
    IssueVersion,
    Override,
    Sentence,
    SentenceSource,
)
from alliance_nlp.core.source_types import Lead, Rights, Source, Visit

__all__ = [
    "Account",
    "ArchiveRef",
    "Article",
    "AuditEntry",
    "Candidate",
    "Contribution",
    "Dated",
    "Decision",
    "EditKind",
    "Issue",
    "IssueItem",
    "IssueState",
    "IssueVersion",
    "Label",
    "Lead",
    "Mention",
    "Novelty",
    "Outcome",
    "Override",
    "Page",
    "Paywall",
    "Presence",
    "Proposal",
    "Reason",
    "Rejected",
    "Relevance",
    "Right",
    "Rights",
    "Role",
    "Sector",
    "Sentence",
    "SentenceSource",
    "Source",
    "SourceKind",
    "Stage",
    "StageCount",
    "Story",
    "StoryEdit",
    "ToldBefore",
    "Topic",
    "TopicLabel",
    "Verdict",
    "Visit",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One response, as received.

    ``headers`` keeps order and repetition; ``body`` is undecoded (a ``Content-Encoding`` still
    applies to it). ``asked_url`` is what was requested, ``url`` where it came from.
    ``request_headers`` are those we sent, empty where that is not known; ``ip`` is the address
    that answered, or ``""``.
    """

    source_id: str
    role: Role
    asked_url: str
    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    request_headers: tuple[tuple[str, str], ...] = ()
    ip: str = ""

    def header(self, name: str) -> str:
        """Return the first value of a header, or ``""``."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRef:
    """Where a page stands in the archive: ``sha256`` is of the record's bytes at that place."""

    file: str
    offset: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A publication date with its evidence.

    Attributes
    ----------
    at
        Aware UTC time.
    precision
        ``"time"`` or ``"day"``.
    found
        The original string.
    where
        Where it stood, such as ``"json-ld:datePublished"``.
    local_on
        The calendar day in the publisher's own zone, where it is known.
    """

    at: datetime
    precision: str
    found: str
    where: str
    local_on: date | None = None

    @property
    def on(self) -> date:
        """The calendar day as the publisher counts it; the UTC day where that is not known."""
        return self.local_on or self.at.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The main text of a page, normal text (see :mod:`alliance_nlp.core.text`).

    ``id`` is a hash of canonical URL and text, so an edited article is a new ``id`` with the same
    ``url``. ``flags`` holds quality marks such as ``"paywalled"`` or ``"date-in-doubt"``.
    ``outlet`` is the original publisher where the page names one other than its source; ``link``
    is the address to open, ``url`` the canonical form that identifies the article.
    """

    id: str
    source_id: str
    url: str
    title: str
    text: str
    authors: tuple[str, ...] = ()
    published: Dated | None = None
    language: str = ""
    outlet: str = ""
    link: str = ""
    flags: tuple[str, ...] = ()
    archived: ArchiveRef | None = None

    @property
    def published_at(self) -> datetime | None:
        """Aware UTC time of publication, or ``None`` when the page tells none."""
        return self.published.at if self.published else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An entity's surface in an article: ``text[start:end]``.

    ``entity_id`` is of the knowledge base or ``""``; ``how`` names the rule or table that found it.
    """

    article_id: str
    start: int
    end: int
    label: Label
    entity_id: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic's calibrated probability, 0 to 1; ``holds`` tells whether it passed its threshold."""

    article_id: str
    label: TopicLabel
    score: float
    holds: bool
    model_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relevance:
    """Probability, 0 to 1, that the article bears on the US-Japan alliance, and the decision."""

    article_id: str
    score: float
    relevant: bool
    model_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles on one event; never empty; ``article_ids`` in order of publication.

    ``further_ids`` are those of them that belong to another story in the first place.
    """

    id: str
    article_ids: tuple[str, ...]
    representative_id: str
    first_at: datetime | None
    last_at: datetime | None
    novelty: Novelty = Novelty.NEW
    further_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """A named feature, its value in its stated unit, and what it adds to the logit."""

    feature: str
    value: float
    contribution: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A ranked story: ``logit`` is the sum of the contributions, ``score`` its logistic."""

    story_id: str
    rank: int
    score: float
    logit: float
    reasons: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldBefore:
    """What a follow-up or repeat hangs on: an item of an issue, or a candidate shown earlier.

    Attributes
    ----------
    issue_id, number
        The issue, and the item's place in it from 1; ``""`` and 0 where it is a candidate.
    earlier_story_id
        The story of that candidate or item; ``""`` where the issue names none.
    on
        When it was told, ``None`` when unknown.
    affinity
        Log-odds that both are one affair.
    new
        The story's sentences that nothing earlier covers.
    """

    story_id: str
    issue_id: str
    number: int
    earlier_story_id: str
    on: date | None
    affinity: float
    new: tuple[SentenceSource, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A stage's typed refusal of one subject. ``failed`` marks a fault rather than a judgement."""

    stage: Stage
    subject_id: str
    reason: Reason
    detail: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCount:
    """One line of a run's ledger: ``n_in == n_out + n_rejected + n_failed`` always.

    ``n_bytes`` counts what the stage took in: bodies received, or text in UTF-8.
    """

    stage: Stage
    n_in: int
    n_out: int
    n_rejected: int
    n_failed: int
    seconds: float = 0.0
    reasons: tuple[tuple[str, int], ...] = field(default=())
    n_bytes: int = 0
