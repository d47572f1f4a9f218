"""Listing pages for the tests of this room."""

from __future__ import annotations

from datetime import UTC, datetime

from alliance_nlp.core.types import Page, Rejected, Role, Source, SourceKind
from alliance_nlp.sources import Listing, read_listing

HOME = "https://fleet.example/"
URL = "https://fleet.example/feeds/all.xml"
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def page(
    body: bytes | str, content_type: str = "application/xml", *, url: str = URL, status: int = 200
) -> Page:
    return Page(
        source_id="fleet-news",
        role=Role.LISTING,
        asked_url=url,
        url=url,
        status=status,
        headers=(("Content-Type", content_type),),
        body=body.encode() if isinstance(body, str) else body,
        fetched_at=AT,
    )


def source(kind: str, *, link_pattern: str = "/news/") -> Source:
    return Source(
        id="fleet-news",
        name="Fleet News",
        kind=SourceKind(kind),
        url=URL,
        link_pattern=link_pattern,
    )


def listed(kind: str, body: bytes | str, content_type: str = "application/xml") -> Listing:
    listing = read_listing(source(kind), page(body, content_type))
    assert isinstance(listing, Listing), listing
    return listing


def refused(kind: str, body: bytes | str, content_type: str = "application/xml") -> Rejected:
    rejected = read_listing(source(kind), page(body, content_type))
    assert isinstance(rejected, Rejected), rejected
    return rejected


def rss(*items: str, channel: str = "", attributes: str = "") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" {attributes}>'
        f"<channel><title>All news</title>{channel}{inside}</channel></rss>"
    )


def item(title: str = "Ministers meet", more: str = "", *, number: int = 1) -> str:
    return f"<title>{title}</title><link>https://fleet.example/news/{number}</link>{more}"
