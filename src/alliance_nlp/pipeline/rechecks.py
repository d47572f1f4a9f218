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


def is_due(known: KnownLead, lead: Lead, *, at: datetime, days: float) -> bool:
    """Tell whether to ask again for an article that a listing names again.

    Parameters
    ----------
    lead
        What the listing says now.
    days
        How long after it was first seen an article is looked at again; 0 for never.
    """
    if days <= 0 or known.asked_at is None:
        return False
    age = at - known.seen_at
    says_changed = bool(lead.updated) and lead.updated != known.lead.updated
    if says_changed and known.lead.updated and age <= _STAMPS_COUNT:
        return at > known.asked_at
    wait = _FIRST_WAIT * 2 ** min(max(0, known.n_tries - 1), _MOST_DOUBLINGS)
    return age <= timedelta(days=days) and at - known.asked_at >= wait
