"""Sitemaps: plain, news, text and index, read as a stream so that huge ones stay cheap."""

from __future__ import annotations

import codecs
import heapq
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lxml import etree

from alliance_nlp.core.text import one_line
from alliance_nlp.core.types import Lead, Page, Rejected, Source
from alliance_nlp.core.urls import absolute, is_web_url
from alliance_nlp.sources.charsets import decode
from alliance_nlp.sources.leads import Listing, bad_listing, is_other_outlet
from alliance_nlp.sources.stamps import parse_stamp

# The sitemap protocol's own limit for one file.
MOST_URLS = 50_000
_UNDATED = datetime.min.replace(tzinfo=UTC)
_CHUNK = 64 * 1024
_IN_NEWS = frozenset({"publication_date", "title", "name"})
_FIELDS = ("title", "publication_date", "lastmod", "name")
_LONGEST = 4096  # characters of one value
# An ampersand that begins no reference of XML's own: unescaped in an address, or a bomb's.
_LOOSE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)")


def read_sitemap(source: Source, page: Page, body: bytes) -> Listing | Rejected:
    """Return what an XML sitemap or sitemap index leads to.

    Of more than 50,000 URLs those changed last are kept where it gives dates, else the first. The
    leads are in the sitemap's order, the children of an index by date, newest first.
    """
    newest = _Newest(zone=source.zone)
    reader = _Reader(take=newest.take)
    _feed(reader, body, page.header("Content-Type"))
    if reader.root not in ("urlset", "sitemapindex"):
        return bad_listing(page, f"it is no sitemap ({reader.root or 'not XML'})")
    warnings = [] if reader.is_whole else ["the sitemap is cut off or not well-formed"]
    is_index = reader.root == "sitemapindex"
    return _listing(source, page, newest, warnings=warnings, is_index=is_index)


def read_text_sitemap(source: Source, page: Page, body: bytes) -> Listing | Rejected:
    """Return what a text sitemap, one address a line, leads to; other lines are dropped."""
    newest = _Newest(zone=source.zone)
    for line in decode(body, page.header("Content-Type")).splitlines():
        if line.strip():
            newest.take({"loc": line.strip() if is_web_url(line.strip()) else ""})
    return _listing(source, page, newest, warnings=[], is_index=False)


def _listing(
    source: Source, page: Page, newest: _Newest, *, warnings: list[str], is_index: bool
) -> Listing:
    kept = sorted(newest.heap, reverse=True) if is_index else newest.in_order()
    leads = [lead for _, _, values in kept if (lead := _lead(source, page, values))]
    n_over = newest.n_seen - len(kept)
    if n_over:
        warnings.append(
            f"the sitemap has more than {MOST_URLS} URLs; {n_over} older or later ones were "
            "left out"
        )
    if len(leads) < len(kept):
        n_bad = len(kept) - len(leads)
        warnings.append(f"{n_bad} of {newest.n_seen} entries lead to no web page")
    children = dict.fromkeys(lead.url for lead in leads)
    own = (page.url, page.asked_url)
    return Listing(
        leads=() if is_index else tuple(leads),
        more=tuple(url for url in children if url not in own) if is_index else (),
        warnings=tuple(warnings),
        n_dropped=newest.n_seen - len(leads),
    )


@dataclass(slots=True, kw_only=True)
class _Newest:
    """The newest of a stream of entries as they were written, and how many there were."""

    zone: str
    heap: list[tuple[datetime, int, dict[str, str]]] = field(default_factory=list)
    n_seen: int = 0

    def take(self, values: dict[str, str]) -> None:
        self.n_seen += 1
        date = values.get("lastmod") or values.get("publication_date") or ""
        at = parse_stamp(date, self.zone) or _UNDATED
        entry = (at, -self.n_seen, values)  # of one date, and without dates, the first stay
        if len(self.heap) < MOST_URLS:
            heapq.heappush(self.heap, entry)
        else:
            heapq.heappushpop(self.heap, entry)

    def in_order(self) -> list[tuple[datetime, int, dict[str, str]]]:
        return sorted(self.heap, key=lambda entry: -entry[1])


@dataclass(slots=True, kw_only=True)
class _Reader:
    """A parser's target: one entry's values at a time and never a tree, whatever is sent."""

    take: Callable[[dict[str, str]], None]
    root: str = ""
    is_whole: bool = False
    depth: int = 0
    block: str = ""
    values: dict[str, str] = field(default_factory=dict)
    pieces: list[str] | None = None
    n_characters: int = 0

    def start(self, tag: str, _attributes: object) -> None:
        name = tag.rpartition("}")[2]
        self.depth += 1
        if self.depth == 1:
            self.root = name
        elif self.depth == 2:
            self.values = {}
        elif self.depth == 3:
            self.block = name
        is_own = self.depth == 3 and name in ("loc", "lastmod")
        is_news = self.depth > 3 and self.block == "news" and name in _IN_NEWS
        self.pieces, self.n_characters = ([] if is_own or is_news else None), 0

    def data(self, text: str) -> None:
        if self.pieces is not None and self.n_characters < _LONGEST:
            self.pieces.append(text)
            self.n_characters += len(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        self.depth -= 1
        if self.pieces is not None:
            self.values.setdefault(name, "".join(self.pieces).strip()[:_LONGEST])
            self.pieces = None
        if self.depth == 1 and name in ("url", "sitemap"):
            self.take(self.values)
        self.is_whole = self.depth == 0

    def close(self) -> None:
        """Nothing remains to be done; the parser insists on the method."""


def _feed(reader: _Reader, body: bytes, content_type: str) -> None:
    if not _is_utf8(body):
        body = decode(body, content_type).encode("utf-8", "replace")
    parser = etree.XMLParser(
        target=reader,
        encoding="utf-8",  # whatever its declaration says
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    body = body.lstrip()
    place = 0
    try:
        while place < len(body):
            # Up to the end of a tag, if one is near, so that no reference is cut in two.
            near = place + _CHUNK
            end = body.find(b">", near, near + _CHUNK) + 1 or near
            chunk = body[place:end]
            place = end
            is_loose = b"&" in chunk and b"<![CDATA[" not in chunk
            parser.feed(_LOOSE_AMPERSAND.sub(b"&amp;", chunk) if is_loose else chunk)
        parser.close()
    except (etree.XMLSyntaxError, ValueError):
        reader.is_whole = False


def _is_utf8(body: bytes) -> bool:
    """Tell whether a body is UTF-8, whatever it says, without making a second one of it."""
    if b"\0" in body[:1000] or b"\x1b$" in body:
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for place in range(0, len(body), _CHUNK):
            decoder.decode(body[place : place + _CHUNK])
    except UnicodeDecodeError:
        return False
    return True


def _lead(source: Source, page: Page, values: dict[str, str]) -> Lead | None:
    loc = values.get("loc", "")
    # Resolving takes long, and the protocol wants whole addresses anyway.
    is_whole = "#" not in loc and is_web_url(loc)
    url = loc if is_whole or not loc else absolute(page.url, loc)
    if not url:
        return None
    title, published, updated, outlet = (
        one_line(values[name]) if name in values else "" for name in _FIELDS
    )
    return Lead(
        source_id=source.id,
        url=url,
        title=title,
        published=published,
        updated=updated,
        outlet=outlet if is_other_outlet(outlet, source.name) else "",
    )
