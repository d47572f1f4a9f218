"""One page to one article: HTML, saved text or a JSON record."""

from __future__ import annotations

import re

from alliance_nlp.core.types import Lead, Page, Reason, Rejected
from alliance_nlp.extract.assemble import Extraction, rejected
from alliance_nlp.extract.decode import Decoded, decode_body
from alliance_nlp.extract.from_html import extract_html
from alliance_nlp.extract.from_plain import extract_record, extract_text
from alliance_nlp.extract.plain import is_json

_HTML = ("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml", "")
_JSON = ("application/json", "application/x-ndjson", "application/jsonl", "application/ld+json")
_SNIFFED = re.compile(r"<(?:!doctype\s+html|html|head|body|title|meta|div|p|article|h1)\b", re.I)
_OTHER = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"PK\x03\x04", "ZIP archive or office document"),
    (b"\x1f\x8b", "gzip archive"),
    (b"\xd0\xcf\x11\xe0", "office document"),
    (b"RIFF", "RIFF image or sound"),
    (b"OggS", "sound or video"),
    (b"ID3", "sound"),
    (b"{\\rtf", "RTF document"),
)
# What may stand before the root of an XML document.
_PROLOGUE = re.compile(rb"(?:<\?[^>]*>|<!--.*?-->|<!DOCTYPE (?!html)[^>]*>|\s)+", re.DOTALL | re.I)
_TEXTS = (
    (re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.I), "feed; add it as a source"),
    (re.compile(rb"<(?:urlset|sitemapindex)\b", re.I), "sitemap; add it as a source"),
    (re.compile(rb"<(?:svg|opml|kml|plist)\b", re.I), "XML document of another kind"),
)
_IN_JSON = re.compile(r"\s*(?:\{\s*\"|\[\s*[\[{\"])")


def extract_page(
    page: Page, *, lead: Lead | None = None, zone: str = "UTC"
) -> Extraction | Rejected:
    """Extract a page's article, or say why it holds none.

    Parameters
    ----------
    page
        The page; the coding of its content is undone already.
    lead
        What the listing said of it: a fallback for title and date.
    zone
        IANA zone of dates that state none.

    Returns
    -------
    Extraction or Rejected
        Never an article without text. The function does not raise, whatever the bytes.
    """
    body = page.body
    if not body.strip(b"\x00 \t\r\n"):
        return rejected(page, Reason.EMPTY_PAGE, "the body is empty")
    if page.status == 410:
        return rejected(page, Reason.WITHDRAWN, "the server answered 410: taken down for good")
    if page.status == 451:
        return rejected(page, Reason.WALL, "the server answered 451: barred for legal reasons")
    if page.status >= 400:
        return rejected(page, Reason.ERROR_PAGE, f"the server answered {page.status}")
    kind = page.header("content-type").split(";", 1)[0].strip().lower()
    other = next((name for magic, name in _OTHER if body.lstrip()[:8].startswith(magic)), "")
    other = other or _other_text(body)
    if other:
        return rejected(
            page, Reason.NOT_HTML, f"the body is a {other}, sent as {kind or 'nothing'}"
        )
    decoded = decode_body(body, page.header("content-type"))
    return _by_kind(page, decoded, kind, lead=lead, zone=zone)


def _other_text(body: bytes) -> str:
    """Return what a body is that is text but neither an article nor HTML; ``""`` for others."""
    head = body[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    prologue = _PROLOGUE.match(head)
    head = head[prologue.end() :] if prologue else head
    return next((name for pattern, name in _TEXTS if pattern.match(head)), "")


def _by_kind(
    page: Page, decoded: Decoded, kind: str, *, lead: Lead | None, zone: str
) -> Extraction | Rejected:
    if kind in _JSON:
        return extract_record(page, decoded, lead=lead, zone=zone)
    is_markup = bool(_SNIFFED.search(decoded.text[:20_000]))
    if kind == "text/plain" and not (is_markup and decoded.text.lstrip()[:1] == "<"):
        return extract_text(page, decoded, lead=lead, zone=zone)
    if kind in _HTML or kind == "text/plain" or (kind.endswith("xml") and is_markup):
        if _IN_JSON.match(decoded.text[:200]) and is_json(decoded.text):
            return rejected(page, Reason.NOT_HTML, f"the body is JSON, sent as {kind or 'nothing'}")
        if not is_markup and _is_binary(decoded.text):
            return rejected(page, Reason.NOT_HTML, "the body is binary, sent as HTML")
        return extract_html(page, decoded, lead=lead, zone=zone)
    return rejected(page, Reason.NOT_HTML, f"content of type {kind} is not read")


def _is_binary(text: str) -> bool:
    head = text[:2_000]
    strange = sum(1 for char in head if (char < " " and char not in "\t\r\n\f") or char == "\ufffd")
    return strange > 0.05 * len(head)
