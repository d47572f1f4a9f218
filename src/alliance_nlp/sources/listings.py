"""Listings: feeds, sitemaps and index pages, read into leads."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from dataclasses import dataclass

import feedparser
from lxml import etree, html

from alliance_nlp.core.text import one_line
from alliance_nlp.core.types import Lead, Page, Reason, Rejected, Source, SourceKind, Stage
from alliance_nlp.core.urls import absolute, host, is_web_url

# The sitemap protocol's own limits for one file.
MOST_URLS = 50_000
MOST_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a listing page says: leads in its order, and further listings to read."""

    leads: tuple[Lead, ...]
    more: tuple[str, ...] = ()


def read_listing(source: Source, page: Page) -> Listing | Rejected:
    """Return what a listing (content already decoded) leads to, or why it cannot be read."""
    body = page.body
    if body[:2] == b"\x1f\x8b":
        try:
            body = _gunzip(body)
        except (OSError, EOFError, zlib.error):
            return _bad(page, "it is a gzip file that is cut off or damaged")
    if not body.strip():
        return _bad(page, "it is empty")
    if source.kind is SourceKind.FEED:
        return _feed(source, page, body)
    if source.kind is SourceKind.SITEMAP:
        return _sitemap(source, page, body)
    return _index(source, page, body)


def _gunzip(body: bytes) -> bytes:
    with gzip.open(io.BytesIO(body)) as stream:
        return stream.read(MOST_BYTES)


def _bad(page: Page, what: str) -> Rejected:
    return Rejected(
        stage=Stage.COLLECT,
        subject_id=page.asked_url,
        reason=Reason.BAD_LISTING,
        detail=f"{what}; open the address, and mend url or kind of source {page.source_id!r}",
        failed=True,
    )


def _feed(source: Source, page: Page, body: bytes) -> Listing | Rejected:
    parsed = feedparser.parse(
        io.BytesIO(body),
        response_headers={
            "content-type": page.header("Content-Type"),
            "content-location": page.url,
        },
        sanitize_html=False,
    )
    if not parsed.get("version") and not parsed.entries:
        looks = "an HTML page" if b"<html" in body[:2000].lower() else "no RSS or Atom"
        return _bad(page, f"it is {looks}, not a feed")
    leads = []
    for entry in parsed.entries:
        url = absolute(page.url, str(entry.get("link") or entry.get("id") or ""))
        if url:
            leads.append(
                Lead(
                    source_id=source.id,
                    url=url,
                    title=one_line(_plain(str(entry.get("title", "")))),
                    # The string, not feedparser's reading of it: its zone table is wrong for JST.
                    published=str(entry.get("published") or entry.get("updated") or ""),
                )
            )
    return Listing(leads=tuple(leads))


def _plain(markup: str) -> str:
    if "<" not in markup and "&" not in markup:
        return markup
    try:
        return str(html.fromstring(f"<span>{markup}</span>").text_content())
    except (etree.ParserError, etree.XMLSyntaxError):
        return markup


def _sitemap(source: Source, page: Page, body: bytes) -> Listing | Rejected:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=True, load_dtd=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    name = etree.QName(root).localname if root is not None else ""
    if root is None or name not in ("urlset", "sitemapindex"):
        return _bad(page, f"it is no sitemap ({name or 'not XML'})")
    leads: list[Lead] = []
    more: list[str] = []
    for entry in root.iterchildren("{*}url", "{*}sitemap"):
        url = absolute(page.url, entry.findtext("{*}loc") or "")
        if not url:
            continue
        if name == "sitemapindex":
            more.append(url)
        else:
            leads.append(_sitemap_lead(source, entry, url))
        if len(leads) + len(more) >= MOST_URLS:
            break
    return Listing(leads=tuple(leads), more=tuple(more))


def _sitemap_lead(source: Source, entry: etree._Element, url: str) -> Lead:
    published = entry.findtext(".//{*}publication_date") or ""
    return Lead(
        source_id=source.id,
        url=url,
        title=one_line(entry.findtext(".//{*}news/{*}title") or ""),
        published=published.strip(),
    )


def _index(source: Source, page: Page, body: bytes) -> Listing | Rejected:
    try:
        tree = html.document_fromstring(body)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return _bad(page, "it is no HTML page")
    pattern = re.compile(source.link_pattern)
    leads: dict[str, Lead] = {}
    for anchor in tree.iterfind(".//a[@href]"):
        url = absolute(page.url, anchor.get("href", ""))
        if url and is_web_url(url) and host(url) == host(page.url) and pattern.search(url):
            title = one_line(anchor.text_content())
            known = leads.get(url)
            if known is None or len(title) > len(known.title):
                leads[url] = Lead(source_id=source.id, url=url, title=title)
    return Listing(leads=tuple(leads.values()))
