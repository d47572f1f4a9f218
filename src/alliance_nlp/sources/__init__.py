"""Sources: the catalogue, entries checked, listings and folders read."""

from alliance_nlp.sources.catalogue import catalogue_entries, catalogue_entry
from alliance_nlp.sources.discover import Found, Judgement, discover, identify, sitemaps_in
from alliance_nlp.sources.entries import read_sources
from alliance_nlp.sources.folder import read_folder
from alliance_nlp.sources.health import Health, State, judge_health
from alliance_nlp.sources.leads import Listing, freshness, newest_first
from alliance_nlp.sources.listings import read_listing
from alliance_nlp.sources.missed import Missed, interval, missed_by
from alliance_nlp.sources.opml import read_opml, write_opml
from alliance_nlp.sources.patterns import suggest_pattern
from alliance_nlp.sources.polling import Plan, next_visit_at, plan
from alliance_nlp.sources.stamps import parse_stamp

__all__ = [
    "Found",
    "Health",
    "Judgement",
    "Listing",
    "Missed",
    "Plan",
    "State",
    "catalogue_entries",
    "catalogue_entry",
    "discover",
    "freshness",
    "identify",
    "interval",
    "judge_health",
    "missed_by",
    "newest_first",
    "next_visit_at",
    "parse_stamp",
    "plan",
    "read_folder",
    "read_listing",
    "read_opml",
    "read_sources",
    "sitemaps_in",
    "suggest_pattern",
    "write_opml",
]
