"""What a body is, told by how it begins."""

from __future__ import annotations

import re

from alliance_nlp.core.urls import is_web_url
from alliance_nlp.sources.charsets import decode

_HEAD = 64 * 1024
# What may stand before the root element, and the root element itself.
_PROLOG = re.compile(
    r"\s*(?:<\?.*?\?>|<!--.*?-->|<!doctype\b[^<>\[]*(?:\[.*?\]\s*)?>)", re.IGNORECASE | re.DOTALL
)
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
FEED_ROOTS = frozenset({"rss", "rdf", "feed"})
SITEMAP_ROOTS = frozenset({"urlset", "sitemapindex"})


def root_name(body: bytes, content_type: str = "") -> str:
    """Return the lower-case name of the root element, ``"json"``, ``"urls"`` or ``""``.

    ``"urls"`` is a text whose first line is a web address, as text sitemaps are.
    """
    head = decode(body[:_HEAD], content_type).lstrip("\ufeff\0 \t\r\n")
    if head.startswith(("{", "[")):
        return "json"
    if not head.startswith("<"):
        return "urls" if is_web_url(head.split("\n", 1)[0].strip()) else ""
    place = 0
    while found := _PROLOG.match(head, place):
        place = found.end()
    root = _ROOT.match(head, place)
    return root[1].lower() if root else ""
