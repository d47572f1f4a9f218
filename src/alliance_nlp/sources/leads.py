"""What a listing comes to: its leads, how fresh they are, and the refusal of what is no listing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from alliance_nlp.core.types import Lead, Page, Reason, Rejected, Stage
from alliance_nlp.sources.stamps import parse_stamp

_OLDEST = datetime.min.replace(tzinfo=UTC)
# Clocks that run ahead and zones left out put honest dates a little into the future.
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a listing page says.

    Attributes
    ----------
    leads
        The articles it names, in its own order.
    more
        Further listings to read: the next page of a feed, the children of a sitemap index (those
        changed last come first).
    warnings
        What is wrong with it, in sentences for its operator.
    n_dropped
        Entries left out: they lead to no web page, or are beyond the limit.
    """

    leads: tuple[Lead, ...]
    more: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    n_dropped: int = 0


def newest_first(leads: Iterable[Lead], *, zone: str = "UTC") -> tuple[Lead, ...]:
    """Return the leads by date, newest first; those without a readable one last, in their order.

    The date is that of publication, or of the last change where no other is given.
    """
    return tuple(sorted(leads, key=lambda lead: _at(lead, zone) or _OLDEST, reverse=True))


def freshness(listing: Listing, *, zone: str, at: datetime) -> datetime | None:
    """Return the time of the newest article that a listing names, aware UTC.

    Parameters
    ----------
    zone
        IANA zone of dates that state none.
    at
        When it was fetched. Nothing is newer: dates up to a day ahead count as ``at``, later ones
        are mistakes or announcements and do not count.

    Returns
    -------
    datetime or None
        ``None`` when no lead has a readable date.
    """
    dates = (_at(lead, zone) for lead in listing.leads)
    return max((min(date, at) for date in dates if date and date <= at + _AHEAD), default=None)


def _at(lead: Lead, zone: str) -> datetime | None:
    return parse_stamp(lead.published, zone) or parse_stamp(lead.updated, zone)


def bad_listing(page: Page, what: str) -> Rejected:
    """Refuse a page as a listing, naming the remedy."""
    return Rejected(
        stage=Stage.COLLECT,
        subject_id=page.asked_url,
        reason=Reason.BAD_LISTING,
        detail=f"{what}; open the address, and mend url or kind of source {page.source_id!r}",
        failed=True,
    )


def is_other_outlet(name: str, *known: str) -> bool:
    """Tell whether an outlet's name is given and is none of the names ``known``."""
    return bool(name) and name.casefold() not in {one.casefold() for one in known}
