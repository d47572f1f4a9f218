"""Which leads of a listing count, by the key under which they are kept."""

from __future__ import annotations

from alliance_nlp.core.types import Lead, Source
from alliance_nlp.core.urls import url_key
from alliance_nlp.sources import Listing, newest_first

# The sitemap protocol's limit for one file, here for all the listings of a source in one run.
MOST_URLS = 50_000


def named_leads(source: Source, listing: Listing, *, room: int = MOST_URLS) -> dict[str, Lead]:
    """Return the newest leads, as many as there is room for, each address once."""
    named: dict[str, Lead] = {}
    for lead in newest_first(listing.leads, zone=source.zone)[:room]:
        named.setdefault(url_key(lead.url), lead)
    return named
