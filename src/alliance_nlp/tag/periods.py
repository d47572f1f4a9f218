"""Periods whose ends are known to the day, the month or the year, and whether two overlap."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Protocol


class Period(Protocol):
    """Whatever has a beginning and an end: an office, a ship's service, a base's use."""

    @property
    def since(self) -> str | None:
        """ISO date, whole or cut; ``None`` when not known."""

    @property
    def until(self) -> str | None:
        """ISO date, whole or cut; ``None`` while it lasts."""


def surely_overlap(one: Period, other: Period) -> bool:
    """Tell whether two periods share days however their cut dates are filled in.

    Two that last until now overlap. A successor who begins on the predecessor's last day does not,
    nor does anything else whose beginning is not known.
    """
    if one.until is None and other.until is None:
        return True
    begins = [_last_day(period.since) for period in (one, other) if period.since]
    ends = [_first_day(period.until) if period.until else date.max for period in (one, other)]
    return len(begins) == 2 and max(begins) < min(ends)


def _first_day(text: str) -> date:
    return date.fromisoformat(text + "-01-01"[len(text) - 4 :])


def _last_day(text: str) -> date:
    if len(text) == len("2021"):
        return date(int(text), 12, 31)
    if len(text) == len("2021-10"):
        year, month = int(text[:4]), int(text[5:])
        return date(year, month, monthrange(year, month)[1])
    return date.fromisoformat(text)


def said(period: Period) -> str:
    """Return a period as people write it: ``2021-10 to 2024-10-01``, ``2019 to now``."""
    return f"{period.since or '?'} to {period.until or 'now'}"
