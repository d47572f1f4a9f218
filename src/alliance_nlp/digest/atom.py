"""Published issues as an Atom feed (RFC 4287) with tag URIs for ids (RFC 4151)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from lxml import etree

from alliance_nlp import __version__
from alliance_nlp.core.errors import DigestError
from alliance_nlp.core.text import one_line
from alliance_nlp.core.types import Article, Issue
from alliance_nlp.digest.laying_out import Layout, lay_out, web_link
from alliance_nlp.digest.rendering import render_page

_ATOM = "http://www.w3.org/2005/Atom"
_XML = "http://www.w3.org/XML/1998/namespace"
_AUTHORITY = re.compile(
    r"(?:[\w.+-]+@)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?,\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHead:
    """What a feed says of itself.

    Attributes
    ----------
    authority
        Host or mail address and a day on which it was its owner's, such as ``example.org,2024``:
        what makes the feed's ids its own. Changed, every reader takes the issues for new.
    link
        Where the feed will be found, or ``""``.
    """

    title: str
    author: str
    authority: str
    link: str = ""


def render_atom(
    issues: Sequence[Issue], articles: Mapping[str, Article], *, head: FeedHead
) -> bytes:
    """Return a feed of the issues, newest first; those without a date cannot be in it.

    Raises
    ------
    DigestError
        If the authority cannot be part of a tag URI.
    """
    if not _AUTHORITY.fullmatch(head.authority):
        raise DigestError(
            f"{head.authority!r} cannot name a feed; "
            "set digest.feed.authority to a host and a year, such as example.org,2024"
        )
    dated = [issue for issue in issues if issue.published_on is not None]
    pages = [lay_out(issue, articles) for issue in dated]
    pages.sort(key=lambda page: (_updated(page), page.id), reverse=True)
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    feed.set(f"{{{_XML}}}lang", "en")
    _add(feed, "title", one_line(head.title))
    _add(feed, "id", f"tag:{head.authority}:digest")
    # A feed without issues was last changed before the first.
    _add(feed, "updated", _updated(pages[0]) if pages else "1970-01-01T00:00:00Z")
    _add(_add(feed, "author"), "name", one_line(head.author) or one_line(head.title))
    if link := web_link(head.link):
        _add(feed, "link", rel="self", type="application/atom+xml", href=link)
    _add(feed, "generator", "alliance-nlp", version=__version__)
    for page in pages:
        _add_entry(feed, page, head.authority)
    written: bytes = etree.tostring(feed, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _add_entry(feed: etree._Element, page: Layout, authority: str) -> None:
    entry = _add(feed, "entry")
    _add(entry, "title", page.name)
    _add(entry, "id", f"tag:{authority}:digest/{page.id}")
    _add(entry, "published", _updated(page))
    _add(entry, "updated", _updated(page))
    for source in page.sources:
        if source.link:
            _add(entry, "link", rel="related", href=source.link, title=source.title)
    _add(entry, "summary", "; ".join(block.headline for block in page.blocks), type="text")
    _add(entry, "content", render_page("entry.html.j2", page), type="html")


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text or None
    return element


def _updated(page: Layout) -> str:
    assert page.published_on is not None
    at = datetime.combine(page.published_on, time(), tzinfo=UTC)
    return at.isoformat().replace("+00:00", "Z")
