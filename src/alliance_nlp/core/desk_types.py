"""The desk's values: who works at it, what they decided, and what was before them then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alliance_nlp.core.enums import EditKind, Novelty, Right, TopicLabel, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the machine had proposed when somebody decided.

    Attributes
    ----------
    rank, score
        Place in the ranking from 1, and its score, 0 to 1.
    topics
        Those that held for the story's articles.
    models
        Ids of the models that had judged them.
    """

    rank: int
    score: float
    novelty: Novelty
    topics: tuple[TopicLabel, ...]
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An analyst's word on a subject; never edited, a change of mind is a new decision.

    Attributes
    ----------
    topics
        For ``retopic``, the topics that the story has in truth, maybe none.
    proposal
        What was shown with it; ``None`` where that is not known.
    undoes
        For ``undo``, the decision that is taken back.
    id
        Number in order of making; 0 before it is saved.
    """

    subject: str
    verdict: Verdict
    reviewer: str
    decided_at: datetime
    note: str = ""
    seen_hash: str = ""
    topics: tuple[TopicLabel, ...] = ()
    proposal: Proposal | None = None
    undoes: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEdit:
    """What an analyst made of stories by hand; never edited, a change of mind is an undo.

    Attributes
    ----------
    moved
        (article id, story id) after the edit; for ``add`` the further story.
    before
        (article id, story id) of the same articles before it.
    undoes
        The edit that an undo takes back.
    id
        Number in order of making; 0 before it is saved.
    """

    kind: EditKind
    moved: tuple[tuple[str, str], ...]
    before: tuple[tuple[str, str], ...]
    reviewer: str
    edited_at: datetime
    undoes: int | None = None
    note: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who may work at the desk; ``password_hash`` is an Argon2 string, never a password."""

    name: str
    right: Right
    password_hash: str
    created_at: datetime
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Where somebody was last: the page's address, and the story on it, or ``""``."""

    account: str
    place: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One thing done at the desk; ``subject`` is what it was done to."""

    at: datetime
    who: str
    action: str
    subject: str
    detail: str = ""
