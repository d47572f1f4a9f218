"""Index pages: HTML whose links lead to articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from alliance_nlp.core.text import one_line
from alliance_nlp.core.types import Lead, Page, Rejected, Source
from alliance_nlp.core.urls import absolute, host
from alliance_nlp.sources.charsets import decode
from alliance_nlp.sources.leads import Listing, bad_listing

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_INLINE = frozenset(
    "a abbr b bdi bdo cite em font i img mark q ruby s small span strong u wbr".split()
)
_MORE = (
    r"(?:read|see|view|learn|show|continue|find out|click)\s*(?:the\s+)?"
    r"(?:more|full\s+\w+|reading|on|out|here|article|story|release|details)"
)
# What a link says instead of its title, alone or before it.
_GENERIC = re.compile(
    rf"(?:{_MORE}|more|here|details?|full (?:story|text|article)|link|pdf"
    r"|続きを(?:読む|見る)|続き|詳細(?:を見る|はこちら)?|詳しく(?:はこちら|見る)?|もっと(?:見る|読む)|こちら"
    r"|一覧)[\s.…>»›→:]*",
    re.IGNORECASE,
)
_BEFORE_A_TITLE = re.compile(rf"(?:{_MORE})\s*(?:about|on|of|:|-|–)\s*", re.IGNORECASE)
# A card is seldom deeper, and a page's whole body never is one link's surroundings.
_MOST_STEPS = 5
_N_SAMPLES = 3
# On a page that repeats one link without end, searching around each would take for ever.
_MOST_LOOKS = 3


@dataclass(slots=True, kw_only=True)
class _Known:
    """What the links to one address say of it."""

    title: str = ""
    rank: tuple[int, int] = (0, 0)
    published: str = ""
    n_looks: int = 0
    words: dict[str, None] = field(default_factory=dict)


def read_index(source: Source, page: Page, body: bytes) -> Listing | Rejected:
    """Return the links of a page that match the source's pattern and stay on its host."""
    tree = html_tree(page, body)
    if tree is None:
        return bad_listing(page, "it is no HTML page")
    pattern = re.compile(source.link_pattern)
    own = [(url, anchor) for url, anchor in links(page, tree) if host(url) == host(page.url)]
    matching = {anchor: url for url, anchor in own if pattern.search(url)}
    found: dict[str, _Known] = {}
    for anchor, url in matching.items():
        known = found.setdefault(url, _Known())
        title, rank = _title(anchor)
        if rank > known.rank:
            known.title, known.rank = title, rank
        if not known.published and known.n_looks < _MOST_LOOKS:
            known.n_looks += 1
            known.published = _date_near(anchor, matching)
    leads = tuple(
        Lead(source_id=source.id, url=url, title=known.title, published=known.published)
        for url, known in found.items()
    )
    return Listing(leads=leads, warnings=() if leads else _nothing(source, page, tree))


def html_tree(page: Page, body: bytes) -> html.HtmlElement | None:
    """Return a page's tree, ``None`` when it has none."""
    text = decode(body, page.header("Content-Type"))
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def base_url(page: Page, tree: html.HtmlElement) -> str:
    """Return the address that a page's links are relative to."""
    named = tree.find(".//base[@href]")
    return (absolute(page.url, named.get("href", "")) if named is not None else "") or page.url


def links(page: Page, tree: html.HtmlElement) -> Iterator[tuple[str, html.HtmlElement]]:
    """Yield each link to a web page with its anchor, in order."""
    base = base_url(page, tree)
    for anchor in tree.iterfind(".//a[@href]"):
        url = absolute(base, anchor.get("href", ""))
        if url:
            yield url, anchor


def _nothing(source: Source, page: Page, tree: html.HtmlElement) -> tuple[str, ...]:
    every = dict.fromkeys(url for url, _ in links(page, tree))
    own = [url for url in every if host(url) == host(page.url)]
    if not every:
        return ("the page has no links; it may be built by scripts",)
    shown = ", ".join((own or list(every))[:_N_SAMPLES])
    return (
        f"link_pattern {source.link_pattern!r} matches none of the page's {len(own)} links on its "
        f"own host ({len(every)} in all), such as {shown}",
    )


def _title(anchor: html.HtmlElement) -> tuple[str, tuple[int, int]]:
    """Return what an anchor calls its article, and how far that can be trusted."""
    heading = next(anchor.iter(*_HEADINGS), None)
    if heading is not None and (text := _text(heading)):
        return text, (4, len(text))
    text = _text(anchor)
    if text and not _GENERIC.fullmatch(text):
        is_headed = any(parent.tag in _HEADINGS for parent in anchor.iterancestors())
        return text, (4 if is_headed else 3, len(text))
    for name in ("aria-label", "title"):
        label = _BEFORE_A_TITLE.sub("", one_line(anchor.get(name, "")), count=1)
        if label and not _GENERIC.fullmatch(label):
            return label, (2, len(label))
    image = next((img for img in anchor.iter("img") if img.get("alt")), None)
    alt = one_line(image.get("alt", "")) if image is not None else ""
    return alt, (1 if alt else 0, len(alt))


def _text(element: html.HtmlElement) -> str:
    """Return an element's text, with a space where a block begins or ends."""
    pieces: list[str] = []
    for node in element.iter():
        is_text = isinstance(node.tag, str)
        space = "" if not is_text or node.tag in _INLINE else " "
        if is_text and node.tag not in ("script", "style", "time"):
            pieces += [space, node.text or ""]
        if node is not element:
            pieces += [space, node.tail or ""]
    return one_line("".join(pieces))


def _date_near(anchor: html.HtmlElement, matching: dict[html.HtmlElement, str]) -> str:
    """Return the date of the ``time`` element in the largest surroundings of this link alone."""
    place, own = anchor, matching[anchor]
    for _ in range(_MOST_STEPS):
        for stamp in place.iter("time"):
            if value := one_line(stamp.get("datetime", "")):
                return value
        place = place.getparent()
        if place is None or place.tag == "body":
            break
        if any(matching.get(other, own) != own for other in place.iter("a")):
            break
    return ""
