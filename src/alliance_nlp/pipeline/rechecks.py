"""When an article that we have is asked for again: it may have been edited or withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta

from alliance_nlp.core.types import Lead
from alliance_nlp.store import KnownLead

# Edits and corrections come mostly within the first day; each further look waits twice as long.
_FIRST_WAIT = timedelta(hours=12)
# A listing that says "changed" of an older article has usually changed its template.
_STAMPS_COUNT = timedelta(days=30)
# Beyond, the wait is longer than any setting of days; a timedelta ends at some thirty.
_MOST_DOUBLINGS = 10


def is_due(known: KnownLead, *, at: datetime, days: float) -> bool:
    """Tell whether it is time to look again at an article first seen within so many days."""
    if known.asked_at is None or days <= 0 or at - known.seen_at > timedelta(days=days):
        return False
    wait: timedelta = _FIRST_WAIT * 2 ** min(max(0, known.n_tries - 1), _MOST_DOUBLINGS)
    return at - known.asked_at >= wait


def says_changed(known: KnownLead, lead: Lead, *, at: datetime) -> bool:
    """Tell whether a listing says that an article was changed since it last named it."""
    if not known.lead.updated or not lead.updated or known.asked_at is None:
        return False
    is_young = at - known.seen_at <= _STAMPS_COUNT
    return is_young and lead.updated != known.lead.updated and at > known.asked_at
