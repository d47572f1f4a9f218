"""Listings: feeds, sitemaps and index pages, read into leads."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from dataclasses import dataclass
from typing import Any

import feedparser
from lxml import etree, html

from alliance_nlp.core.text import clean, one_line
from alliance_nlp.core.types import Lead, Page, Reason, Rejected, Source, SourceKind, Stage
from alliance_nlp.core.urls import absolute, host, is_web_url

# The sitemap protocol's own limits for one file.
MOST_URLS = 50_000
MOST_BYTES = 50 * 1024 * 1024
# Declared entities are for bombs; feedparser lets those pass that do not begin a line. In UTF-16
# every other byte is zero.
_ENTITY = re.compile(rb"<\0?!\0?E\0?N\0?T\0?I\0?T\0?Y[^>]*>\0?")
# Numbers that are no characters make feedparser raise, and the whole feed would be lost.
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_CHARSET = re.compile(r"charset=[\s\"']*([\w.:-]+)", re.IGNORECASE)


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
    try:
        parsed = feedparser.parse(
            io.BytesIO(_REFERENCE.sub(_if_a_character, _ENTITY.sub(b"", body))),
            response_headers={
                "content-type": page.header("Content-Type"),
                "content-location": page.url,
            },
            sanitize_html=False,
        )
    except (ValueError, LookupError, OverflowError, RecursionError) as error:
        return _bad(page, f"it breaks the feed reader ({error})")
    if not parsed.get("version") and not parsed.entries:
        looks = "an HTML page" if b"<html" in body[:2000].lower() else "no RSS or Atom"
        return _bad(page, f"it is {looks}, not a feed")
    leads = []
    for entry in parsed.entries:
        url = _entry_url(entry, page.url)
        if url:
            leads.append(
                Lead(
                    source_id=source.id,
                    url=url,
                    title=one_line(_plain(clean(str(entry.get("title", ""))))),
                    # The string, not feedparser's reading of it: its zone table is wrong for JST.
                    published=clean(str(entry.get("published") or entry.get("updated") or "")),
                )
            )
    return Listing(leads=tuple(leads))


def _if_a_character(reference: re.Match[bytes]) -> bytes:
    digits = (reference[1] or reference[2]).lstrip(b"0")[:8]
    number = int(digits or b"0", 16 if reference[1] else 10)
    is_character = 0 < number < 0xD800 or 0xDFFF < number <= 0x10FFFF
    return reference[0] if is_character else b""


def _entry_url(entry: Any, base: str) -> str:
    link, guid = str(entry.get("link") or ""), str(entry.get("id") or "")
    if link:
        return absolute(base, link)
    return guid if is_web_url(guid) else ""  # a guid is seldom an address, and never a relative one


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
        root = etree.fromstring(body.lstrip(), parser)
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
        tree = html.document_fromstring(body, parser=_html_parser(page.header("Content-Type")))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return _bad(page, "it is no HTML page")
    named = tree.find(".//base[@href]")
    base = (absolute(page.url, named.get("href", "")) if named is not None else "") or page.url
    pattern = re.compile(source.link_pattern)
    leads: dict[str, Lead] = {}
    for anchor in tree.iterfind(".//a[@href]"):
        url = absolute(base, anchor.get("href", ""))
        if url and host(url) == host(page.url) and pattern.search(url):
            title = one_line(anchor.text_content())
            known = leads.get(url)
            if known is None or len(title) > len(known.title):
                leads[url] = Lead(source_id=source.id, url=url, title=title)
    return Listing(leads=tuple(leads.values()))


def _html_parser(content_type: str) -> html.HTMLParser:
    """Return a parser for the charset that the header names; else the page's own word counts."""
    charset = _CHARSET.search(content_type)
    try:
        return html.HTMLParser(encoding=charset[1] if charset else None)
    except LookupError:
        return html.HTMLParser()
