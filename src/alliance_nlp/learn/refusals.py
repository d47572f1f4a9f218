"""Rows of foreign data that gave no labelled item, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RowReason(StrEnum):
    """Why a row gave no labelled item."""

    UNREADABLE = "unreadable"
    EMPTY_TEXT = "empty-text"
    NO_DATE = "no-date"
    NO_TOPICS = "no-topics"
    UNKNOWN_TOPIC = "unknown-topic"
    NO_RELEVANCE = "no-relevance"
    NOT_ANSWERED = "not-answered"
    DISAGREEMENT = "disagreement"
    OTHER_LABELS = "other-labels"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """One row that was passed over: the first line of it in its file, the reason, and a detail.

    In files that are one JSON document the number counts tasks, from 1.
    """

    line: int
    reason: RowReason
    detail: str = ""
