"""RSS 0.9 to 2.0 and Atom, by feedparser, on bytes that we fetched ourselves."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import feedparser
from lxml import etree, html

from alliance_nlp.core.text import clean, one_line
from alliance_nlp.core.types import Lead, Page, Rejected, Source
from alliance_nlp.core.urls import absolute, host, is_web_url
from alliance_nlp.sources.diet import lean
from alliance_nlp.sources.leads import Listing, bad_listing, is_other_outlet

# Declared entities are for bombs; feedparser lets those pass that do not begin a line.
_ENTITY = re.compile(r"<!\s*ENTITY[^>]*(?:>|\Z)", re.IGNORECASE)
# The text is UTF-8 by the time feedparser sees it, whatever it says of itself.
_DECLARATION = re.compile(r"\s*<\?xml[^>]{,500}\?>\s*", re.IGNORECASE)
# Numbers that are no characters make feedparser raise, and the whole feed would be lost.
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_GOOGLE_NEWS = "news.google.com"


def read_feed(source: Source, page: Page, body: bytes) -> Listing | Rejected:
    """Return what an RSS or Atom feed leads to; a broken one gives what it holds and a warning."""
    text, warnings = lean(body, page.header("Content-Type"))
    try:
        parsed = _parse(text, page)
    except (ValueError, LookupError, OverflowError, RecursionError, AttributeError) as error:
        return bad_listing(page, f"it breaks the feed reader ({error})")
    if not parsed.get("version") and not parsed.entries:
        looks = "an HTML page" if "<html" in text[:2000].lower() else "no RSS or Atom"
        return bad_listing(page, f"it is {looks}, not a feed")
    if parsed.get("bozo"):
        reason = one_line(str(parsed.get("bozo_exception", "")))
        warnings.append(f"the feed is not well-formed ({reason}); what could be read was")
    leads = tuple(_leads(source, page, parsed))
    n_dropped = len(parsed.entries) - len(leads)
    if n_dropped:
        warnings.append(f"{n_dropped} of {len(parsed.entries)} entries lead to no web page")
    return Listing(
        leads=leads,
        more=_next_pages(parsed, page),
        warnings=tuple(warnings),
        n_dropped=n_dropped,
    )


def _parse(text: str, page: Page) -> Any:
    plain = _REFERENCE.sub(_if_a_character, _ENTITY.sub("", _DECLARATION.sub("", text, count=1)))
    return feedparser.parse(
        io.BytesIO(plain.encode("utf-8", "replace")),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": page.url,
        },
        sanitize_html=False,
        resolve_relative_uris=False,  # in descriptions, which nobody reads here
    )


def _if_a_character(reference: re.Match[str]) -> str:
    digits = (reference[1] or reference[2]).lstrip("0")[:8]
    number = int(digits or "0", 16 if reference[1] else 10)
    is_character = 0 < number < 0xD800 or 0xDFFF < number <= 0x10FFFF
    return reference[0] if is_character else ""


def _leads(source: Source, page: Page, parsed: Any) -> Iterator[Lead]:
    feed_title = plain_title(str(parsed.feed.get("title", "")))
    for entry in parsed.entries:
        url = _entry_url(entry, page.url)
        if not url:
            continue
        title = plain_title(str(entry.get("title", "")))
        title, outlet = _title_and_outlet(entry, title, url)
        updated = _stamp(entry, "updated")
        yield Lead(
            source_id=source.id,
            url=url,
            title=title,
            # The strings, not feedparser's reading of them: its zone table is wrong for JST.
            published=_stamp(entry, "published") or _stamp(entry, "created") or updated,
            updated=updated,
            outlet=outlet if is_other_outlet(outlet, source.name, feed_title) else "",
        )


def _stamp(entry: Any, name: str) -> str:
    # Past feedparser's own ``get``, which hands out a publication date as one of change.
    return one_line(str(dict.get(entry, name) or ""))


def _entry_url(entry: Any, base: str) -> str:
    guid = str(entry.get("id") or "")
    choices = (
        entry.get("feedburner_origlink"),
        *_hrefs(entry, "alternate"),
        entry.get("link"),
        # A guid is seldom an address, and never a relative one.
        guid if is_web_url(guid) else "",
        *_hrefs(entry, "related"),
        *_hrefs(entry, "via"),
        *_hrefs(entry, "self"),
    )
    link = str(next(filter(None, choices), ""))
    return absolute(base, link) if link else ""


def _hrefs(entry: Any, rel: str) -> list[str]:
    return [
        str(link.get("href") or "")
        for link in entry.get("links", ())
        if link.get("rel") == rel and (rel != "alternate" or "html" in str(link.get("type")))
    ]


def _title_and_outlet(entry: Any, title: str, url: str) -> tuple[str, str]:
    """Return the title without an outlet at its end that the feed names as one, and the outlet."""
    named = entry.get("source")
    outlet = plain_title(str(named.get("title", "") if isinstance(named, dict) else named or ""))
    outlet = outlet or plain_title(str(entry.get("dc_source") or entry.get("publisher") or ""))
    head, dash, tail = title.rpartition(" - ")
    if not outlet and host(url) == _GOOGLE_NEWS and dash:
        outlet = tail
    if "@" in outlet or is_web_url(outlet):
        outlet = ""
    is_suffix = bool(head) and tail.casefold() == outlet.casefold()
    return (head.strip() if is_suffix else title), outlet


def _next_pages(parsed: Any, page: Page) -> tuple[str, ...]:
    """Return the next page of a paged feed (RFC 5005)."""
    links = [link for link in parsed.feed.get("links", ()) if link.get("rel") == "next"]
    pages = [absolute(page.url, str(link.get("href") or "")) for link in links]
    own = ("", page.url, page.asked_url)
    return tuple(dict.fromkeys(url for url in pages if url not in own))


def plain_title(markup: str) -> str:
    """Return a title as one line of plain text, whatever markup or entities it came in."""
    text = clean(markup)
    for _ in range(2):  # once for markup, once for entities escaped twice
        if "<" not in text and "&" not in text:
            break
        text = _without_markup(text)
    return one_line(text)


def _without_markup(markup: str) -> str:
    try:
        return str(html.fromstring(f"<span>{markup}</span>").text_content())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return markup
