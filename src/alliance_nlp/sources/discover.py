"""Where a site may keep its feeds and sitemaps, from its home page; the caller does the fetching.

``discover`` names candidates, ``identify`` says what a fetched candidate is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from lxml import html

from alliance_nlp.core.text import one_line
from alliance_nlp.core.types import Page, Reason, Rejected, Source, SourceKind, Stage
from alliance_nlp.core.urls import absolute, is_web_url
from alliance_nlp.sources.index import base_url, html_tree, links
from alliance_nlp.sources.kinds import SITEMAP_ROOTS, root_name
from alliance_nlp.sources.leads import bad_listing, freshness
from alliance_nlp.sources.listings import read_listing, unpacked

_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/x.atom+xml",
        "application/xml",
        "text/xml",
        "text/rss+xml",
    }
)
# Plain JSON is mostly a site's programming interface; a feed's address says so.
_JSON_FEED = re.compile(r"feed[^/]*\.json|feed/json", re.IGNORECASE)
_FEED_ADDRESS = re.compile(
    r"(?:^|[/.?&=_-])(?:rss2?|atom|rdf|feeds?|index\.xml|index\.rdf)(?:[/.?&=_-]|\d*\.?\w{0,4}$)",
    re.IGNORECASE,
)
_FEED_WORDS = re.compile(
    r"\b(?:rss|atom|xml) ?(?:feeds?)?$|^rss\b|\bfeed$|フィード|RSS配信", re.IGNORECASE
)
# Pages that offer to subscribe elsewhere, and things named feed that are none.
_NO_FEED = re.compile(
    r"//(?:www\.)?(?:feedly|inoreader|netvibes|newsblur|theoldreader|facebook|twitter|x|my\.yahoo)"
    r"\.com/|feedback|/feeders?/|\.(?:png|gif|jpe?g|svg|ico|css|js|pdf)(?:$|\?)",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"/comments/|\bcomments\b|コメント", re.IGNORECASE)
_FEED_PLACES = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
_SITEMAP_PLACES = ("/sitemap.xml", "/news-sitemap.xml", "/sitemap_index.xml")
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_MOST_ROBOTS_BYTES = 500 * 1024  # as much as RFC 9309 asks anyone to read
_FORMS = {
    "rss": "rss",
    "rdf": "rss-1.0",
    "feed": "atom",
    "json": "json-feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemap-index",
    "urls": "text-sitemap",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A place where a listing may be.

    Attributes
    ----------
    kind
        ``feed`` or ``sitemap``.
    title
        What the page calls it, or ``""``.
    why
        Where it was found.
    is_sure
        Whether the site itself declares it; others are worth one request.
    """

    url: str
    kind: SourceKind
    title: str = ""
    why: str
    is_sure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a candidate turned out to be.

    Attributes
    ----------
    url
        Where it really is, behind all redirects.
    form
        ``rss``, ``rss-1.0``, ``atom``, ``json-feed``, ``sitemap``, ``sitemap-index`` or
        ``text-sitemap``.
    n_entries, n_more
        Articles it names, and further listings.
    newest_at
        Time of its newest article, ``None`` where it gives no dates.
    """

    url: str
    kind: SourceKind
    form: str
    title: str
    n_entries: int
    n_more: int
    newest_at: datetime | None
    warnings: tuple[str, ...] = ()


def discover(page: Page) -> tuple[Found, ...]:
    """Return where a site's feeds and sitemaps may be, the surest first, each address once.

    Parameters
    ----------
    page
        Its home page, content decoded. Whatever it is, the well-known places are named.
    """
    tree = html_tree(page, page.body) if page.body.strip() else None
    found = [] if tree is None else [*_declared(page, tree), *_linked(page, tree)]
    found += _well_known(page)
    once: dict[str, Found] = {}
    for one in sorted(found, key=lambda one: not one.is_sure):
        if one.url != page.url:
            once.setdefault(one.url.rstrip("/"), one)
    return tuple(once.values())


def sitemaps_in(robots_body: bytes) -> tuple[str, ...]:
    """Return the addresses of the ``Sitemap`` lines of a robots.txt, in order, each once."""
    text = robots_body[:_MOST_ROBOTS_BYTES].decode("utf-8-sig", errors="replace")
    urls = (url for url in _SITEMAP_LINE.findall(text.replace("\r", "\n")) if is_web_url(url))
    return tuple(dict.fromkeys(urls))


def identify(page: Page, found: Found, *, zone: str = "UTC") -> Judgement | Rejected:
    """Return what a fetched candidate is, or why it is no listing.

    Parameters
    ----------
    page
        The answer to a request for ``found.url``, content decoded.
    zone
        IANA zone of dates that state none.
    """
    if not 200 <= page.status < 300:
        return Rejected(
            stage=Stage.COLLECT,
            subject_id=page.asked_url,
            reason=Reason.HTTP_STATUS,
            detail=f"it answered with status {page.status}",
        )
    source = Source(id=page.source_id, name=found.title, kind=found.kind, url=found.url, zone=zone)
    listing = read_listing(source, page)
    if isinstance(listing, Rejected):
        return listing
    root = root_name(unpacked(page.body), page.header("Content-Type"))
    if root not in _FORMS:
        return bad_listing(page, f"it begins like no listing ({root or 'no markup'})")
    is_sitemap = root in SITEMAP_ROOTS or root == "urls"
    return Judgement(
        url=page.url,
        kind=SourceKind.SITEMAP if is_sitemap else SourceKind.FEED,
        form=_FORMS[root],
        title=found.title,
        n_entries=len(listing.leads),
        n_more=len(listing.more),
        newest_at=freshness(listing, zone=zone, at=page.fetched_at),
        warnings=listing.warnings,
    )


def _declared(page: Page, tree: html.HtmlElement) -> Iterator[Found]:
    base = base_url(page, tree)
    for link in tree.iterfind(".//link[@href]"):
        rels = link.get("rel", "").lower().split()
        kind = link.get("type", "").lower().split(";")[0].strip()
        url, title = absolute(base, link.get("href", "")), one_line(link.get("title", ""))
        if not url:
            continue
        if "sitemap" in rels:
            why = "the page declares it as its sitemap"
            yield Found(url=url, kind=SourceKind.SITEMAP, title=title, why=why, is_sure=True)
        elif {"alternate", "feed"} & set(rels) and _is_feed_type(kind, url):
            yield Found(
                url=url,
                kind=SourceKind.FEED,
                title=title,
                why=f"the page declares it as {kind or 'a feed'}",
                is_sure=not _COMMENTS.search(f"{url} {title}"),
            )


def _is_feed_type(kind: str, url: str) -> bool:
    if kind == "application/json" or not kind:
        return bool(_JSON_FEED.search(url) if kind else _FEED_ADDRESS.search(_after_host(url)))
    return kind in _FEED_TYPES


def _linked(page: Page, tree: html.HtmlElement) -> Iterator[Found]:
    for url, anchor in links(page, tree):
        if _NO_FEED.search(url) or _COMMENTS.search(url):
            continue
        text = one_line(anchor.text_content()) or one_line(anchor.get("title", ""))
        if "sitemap" in url.lower() and re.search(r"\.(?:xml|txt)(?:\.gz)?$", url.lower()):
            why = "the page links to it"
            yield Found(url=url, kind=SourceKind.SITEMAP, title=text, why=why)
        elif _FEED_ADDRESS.search(_after_host(url)) or _FEED_WORDS.search(text):
            why = "the page links to it, and it looks like a feed"
            yield Found(url=url, kind=SourceKind.FEED, title=text, why=why)


def _after_host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _well_known(page: Page) -> Iterator[Found]:
    for kind, places in ((SourceKind.FEED, _FEED_PLACES), (SourceKind.SITEMAP, _SITEMAP_PLACES)):
        for place in places:
            yield Found(url=urljoin(page.url, place), kind=kind, why="a place where many have one")
