"""Listings: RSS 2.0, Atom and Google News sitemaps made from an outlet's pieces.

Tags carry their prefix as written and the root declares it, so nothing has to be registered in
the library's global table of namespaces.
"""

from __future__ import annotations

from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from alliance_nlp.sample.content import Content, Listing, Outlet, Piece
from alliance_nlp.sample.render import summary


def rss(content: Content, outlet: Outlet, listing: Listing) -> bytes:
    """Return an RSS 2.0 feed of an outlet's pieces, newest first."""
    root = Element("rss", {"version": "2.0", "xmlns:dc": "http://purl.org/dc/elements/1.1/"})
    channel = SubElement(root, "channel")
    _text(channel, "title", outlet.name)
    _text(channel, "link", outlet.url("/"))
    _text(channel, "description", f"All stories of {outlet.name}")
    _text(channel, "language", outlet.language)
    for piece in content.of(outlet):
        item = SubElement(channel, "item")
        _text(item, "title", piece.title)
        _text(item, "link", _link(outlet, listing, piece))
        _text(item, "guid", piece.id).set("isPermaLink", "false")
        _text(item, "pubDate", _rfc822(piece, listing))
        _text(item, "category", piece.section)
        _text(item, "dc:creator", ", ".join(piece.authors))
        _text(item, "description", summary(piece))
    return _document(root)


def atom(content: Content, outlet: Outlet, listing: Listing) -> bytes:
    """Return an Atom feed of an outlet's pieces, newest first."""
    pieces = content.of(outlet)
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": outlet.language})
    _text(root, "title", outlet.name)
    _text(root, "id", outlet.url("/"))
    _text(root, "updated", pieces[0].changed_at.isoformat())
    SubElement(root, "link", {"rel": "self", "href": outlet.url(listing.path)})
    for piece in pieces:
        entry = SubElement(root, "entry")
        _text(entry, "title", piece.title)
        _text(entry, "id", f"tag:{outlet.host},2024:{piece.id}")
        SubElement(entry, "link", {"rel": "alternate", "href": _link(outlet, listing, piece)})
        _text(entry, "published", piece.published_at.isoformat())
        _text(entry, "updated", piece.changed_at.isoformat())
        for name in piece.authors:
            _text(SubElement(entry, "author"), "name", name)
        _text(entry, "summary", summary(piece))
    return _document(root)


def news_sitemap(content: Content, outlet: Outlet, listing: Listing) -> bytes:
    """Return a sitemap of an outlet's pieces with the extension for news."""
    namespaces = {
        "xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9",
        "xmlns:news": "http://www.google.com/schemas/sitemap-news/0.9",
    }
    root = Element("urlset", namespaces)
    for piece in content.of(outlet):
        url = SubElement(root, "url")
        _text(url, "loc", _link(outlet, listing, piece))
        _text(url, "lastmod", piece.changed_at.isoformat())
        news = SubElement(url, "news:news")
        publication = SubElement(news, "news:publication")
        _text(publication, "news:name", outlet.name)
        _text(publication, "news:language", outlet.language)
        _text(news, "news:publication_date", piece.published_at.isoformat())
        _text(news, "news:title", piece.title)
    return _document(root)


def _link(outlet: Outlet, listing: Listing, piece: Piece) -> str:
    return outlet.url(piece.path) + (f"?{listing.tracking}" if listing.tracking else "")


def _rfc822(piece: Piece, listing: Listing) -> str:
    written = format_datetime(piece.published_at)
    if not listing.zone_name:
        return written
    return f"{written.rsplit(' ', 1)[0]} {listing.zone_name}"


def _text(parent: Element, tag: str, text: str) -> Element:
    element = SubElement(parent, tag)
    element.text = text
    return element


def _document(root: Element) -> bytes:
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document
