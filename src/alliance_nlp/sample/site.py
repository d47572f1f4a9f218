"""The sample site as a table: which reply stands at which host and path."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import PurePosixPath

from alliance_nlp.core.clock import parse_as_of
from alliance_nlp.sample import listings, render
from alliance_nlp.sample.content import AS_OF, Content, Listing, Outlet, Piece, load, resource

_FEEDS = {
    "rss": (listings.rss, "application/rss+xml"),
    "atom": (listings.atom, "application/atom+xml"),
    "news-sitemap": (listings.news_sitemap, "application/xml"),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A 200 response; with ``changed_at`` it carries validators and answers 304."""

    content_type: str
    body: bytes
    changed_at: datetime | None = None


Site = dict[str, dict[str, Reply]]


@cache
def site() -> Site:
    """Return the replies by host and path."""
    content = load()
    return {outlet.host: _pages(content, outlet) for outlet in content.outlets.values()}


def _pages(content: Content, outlet: Outlet) -> dict[str, Reply]:
    pages = {listing.path: _listing(content, outlet, listing) for listing in outlet.listings}
    pages |= {piece.path: _article(content, outlet, piece) for piece in content.of(outlet)}
    if outlet.robots:
        body = outlet.robots.lstrip().encode()
        pages["/robots.txt"] = Reply("text/plain; charset=utf-8", body)
    return pages


def _listing(content: Content, outlet: Outlet, listing: Listing) -> Reply:
    pieces = content.of(outlet)
    changed_at = pieces[0].changed_at.astimezone(UTC) if pieces else parse_as_of(AS_OF)
    if listing.form == "html":
        body = render.listing_html(content, outlet, listing).encode(outlet.encoding)
        return Reply(f"text/html; charset={outlet.encoding}", body, changed_at)
    make, media_type = _FEEDS[listing.form]
    return Reply(f"{media_type}; charset=utf-8", make(content, outlet, listing), changed_at)


def _article(content: Content, outlet: Outlet, piece: Piece) -> Reply:
    if piece.page == "pdf":
        name = PurePosixPath(piece.path).name
        return Reply("application/pdf", resource("files", name).read_bytes())
    body = render.article_html(content, piece).encode(outlet.encoding)
    if piece.charset_in == "meta":
        return Reply("text/html", body)
    return Reply(f"text/html; charset={outlet.encoding}", body)
