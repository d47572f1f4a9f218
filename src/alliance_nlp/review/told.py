"""Where a reader was told something before, in words."""

from __future__ import annotations

from alliance_nlp.core.types import ToldBefore


def place_of(told: ToldBefore) -> str:
    """Return ``Vol. 3.7, item 2``, or ``the candidate of May 3, 2024``."""
    if told.issue_id:
        return f"Vol. {told.issue_id.removeprefix('vol-')}, item {told.number}"
    day = f"{told.on:%B} {told.on.day}, {told.on.year}" if told.on else "an unknown day"
    return f"the candidate of {day}"
