"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from alliance_nlp.core.types import Lead, Page, Rejected, Source
from alliance_nlp.core.urls import absolute
from alliance_nlp.sources.charsets import decode
from alliance_nlp.sources.diet import MOST_BYTES
from alliance_nlp.sources.feeds import plain_title
from alliance_nlp.sources.leads import Listing, bad_listing

_VERSION = "://jsonfeed.org/version/1"


def read_json_feed(source: Source, page: Page, body: bytes) -> Listing | Rejected:
    """Return what a JSON Feed leads to; items that name no web page are counted as dropped."""
    if len(body) > MOST_BYTES:
        return bad_listing(page, f"it is JSON of more than {MOST_BYTES} bytes")
    try:
        feed = json.loads(decode(body, page.header("Content-Type")))
    except (ValueError, RecursionError):
        return bad_listing(page, "it is no feed: neither XML nor whole JSON")
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return bad_listing(page, "it is JSON without a list of items, not a JSON Feed")
    warnings = []
    if _VERSION not in _text(feed, "version").replace("//www.", "//"):
        warnings.append("the JSON does not say that it is a JSON Feed of version 1")
    leads = tuple(_leads(source, page, feed["items"]))
    n_dropped = len(feed["items"]) - len(leads)
    if n_dropped:
        warnings.append(f"{n_dropped} of {len(feed['items'])} items lead to no web page")
    following = absolute(page.url, _text(feed, "next_url")) if feed.get("next_url") else ""
    return Listing(
        leads=leads,
        more=(following,) if following and following != page.url else (),
        warnings=tuple(warnings),
        n_dropped=n_dropped,
    )


def _leads(source: Source, page: Page, items: list[Any]) -> Iterator[Lead]:
    for item in items:
        if not isinstance(item, dict):
            continue
        link = _text(item, "url") or _text(item, "external_url") or _text(item, "id")
        # An id may be any string; only as an address does it lead anywhere.
        is_address = "url" in item or "external_url" in item or "://" in link
        url = absolute(page.url, link) if link and is_address else ""
        if url:
            updated = _text(item, "date_modified")
            yield Lead(
                source_id=source.id,
                url=url,
                title=plain_title(_text(item, "title")),
                published=_text(item, "date_published") or updated,
                updated=updated,
            )


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value.strip() if isinstance(value, str) else ""
