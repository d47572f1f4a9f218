"""Listings: feeds, sitemaps and index pages, read into leads."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from dataclasses import replace

from alliance_nlp.core.types import Page, Rejected, Source, SourceKind
from alliance_nlp.sources.feeds import read_feed
from alliance_nlp.sources.index import read_index
from alliance_nlp.sources.json_feed import read_json_feed
from alliance_nlp.sources.kinds import FEED_ROOTS, SITEMAP_ROOTS, root_name
from alliance_nlp.sources.leads import Listing, bad_listing
from alliance_nlp.sources.sitemaps import read_sitemap, read_text_sitemap

# The sitemap protocol's own limit for one file.
MOST_BYTES = 50 * 1024 * 1024
_Read = Callable[[Source, Page, bytes], Listing | Rejected]


def read_listing(source: Source, page: Page) -> Listing | Rejected:
    """Return what a listing (content already decoded) leads to, or why it cannot be read.

    A sitemap found where a feed was said to be is read as what it is, and the other way round,
    with a warning.
    """
    try:
        body = unpacked(page.body)
    except (OSError, EOFError, zlib.error):
        return bad_listing(page, "it is a gzip file that is cut off or damaged")
    if not body.strip():
        return bad_listing(page, "it is empty")
    cut = ""
    if body is not page.body and len(body) > MOST_BYTES:
        body = body[:MOST_BYTES]
        cut = f"unpacked it is longer than {MOST_BYTES} bytes; the rest was not read"
    read, note = _reader(source, page, body)
    listing = read(source, page, body)
    if isinstance(listing, Rejected):
        return listing
    notes = tuple(filter(None, (note, cut)))
    return replace(listing, warnings=notes + listing.warnings) if notes else listing


def unpacked(body: bytes) -> bytes:
    """Return a body, unpacked up to the limit and a byte if it is a gzip file.

    Raises
    ------
    OSError, EOFError, zlib.error
        If it is a damaged gzip file.
    """
    if body[:2] != b"\x1f\x8b":
        return body
    with gzip.open(io.BytesIO(body)) as stream:
        return stream.read(MOST_BYTES + 1)


def _reader(source: Source, page: Page, body: bytes) -> tuple[_Read, str]:
    if source.kind is SourceKind.INDEX:
        return read_index, ""
    root = root_name(body, page.header("Content-Type"))
    is_map = source.kind is SourceKind.SITEMAP
    if root in FEED_ROOTS or root == "json":
        note = "it is a feed, not a sitemap; set kind to feed" if is_map else ""
        return (read_json_feed if root == "json" else read_feed), note
    if root in SITEMAP_ROOTS or root == "urls":
        note = "" if is_map else "it is a sitemap, not a feed; set kind to sitemap"
        return (read_text_sitemap if root == "urls" else read_sitemap), note
    return (read_sitemap if is_map else read_feed), ""
