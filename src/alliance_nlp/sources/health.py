"""How a source is doing: its yield against what is expected of it and against its own history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from alliance_nlp.core.types import Outcome, Visit

__all__ = ["Health", "Outcome", "State", "Visit"]


class State(StrEnum):
    """How a source is doing."""

    OK = "ok"
    SILENT = "silent"
    SHRUNKEN = "shrunken"
    SWOLLEN = "swollen"
    STALE = "stale"
    MOVED = "moved"
    BLOCKED = "blocked"
    FAILING = "failing"
    RESTING = "resting"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A source's state, since when, why in words, and what to do about it."""

    source_id: str
    state: State
    since: datetime | None
    why: str
    do: str
    next_visit_at: datetime | None
