"""When a page was published, with the evidence: the first statement that can be true."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from htmldate import find_date

from alliance_nlp.core.text import one_line
from alliance_nlp.core.types import Dated
from alliance_nlp.extract.dates import EARLIEST, Moment, parse_date
from alliance_nlp.extract.jsonld import text_of
from alliance_nlp.extract.markup import Markup

_METAS = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished",
    "rnews:datepublished", "parsely-pub-date", "sailthru.date", "publish-date", "publish_date",
    "published_time", "publication_date", "publicationdate", "pubdate", "pub_date",
    "article_date_original", "article.published", "originalpublicationdate",
    "cxenseparse:recs:publishtime",
    "dc.date.issued", "dc.date", "dcterms.date", "dcterms.created", "dc.date.created", "date",
    "citation_publication_date", "citation_date", "displaydate", "release_date", "datecreated",
)  # fmt: skip
_LATER_METAS = ("article:modified_time", "datemodified", "og:updated_time", "last-modified")
_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_MONTHS_IN_PATH = re.compile(
    r"/((?:19|20)\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/(\d\d?)(?=/)", re.I
)
_TEXT_TAGS = (
    "p",
    "span",
    "div",
    "li",
    "a",
    "em",
    "small",
    "b",
    "strong",
    "h2",
    "h3",
    "h4",
    "td",
    "dd",
)
_TEXTS_AFTER, _TEXTS_BEFORE, _LONGEST_LINE = 40, 12, 120
_FUTURE = timedelta(days=1)
# Two statements of publication further apart than this do not speak of the same event.
_CONFLICT = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is known of the date; ``is_doubtful`` when statements conflict or cannot be true."""

    dated: Dated | None
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How dates of a page are read: the source's zone and when the page was fetched."""

    home: str
    fetched_at: datetime


def publication(
    markup: Markup, tree: Any, *, clock: Clock, url: str, listed: str = ""
) -> Publication:
    """Find the publication date of an HTML page.

    Parameters
    ----------
    tree
        The page's tree, for the slow last resort only.
    url
        Address of the page; many hold the day.
    listed
        What the feed or sitemap said of it.
    """
    stated = settle(_stated(markup), clock=clock)
    if stated.dated:
        return stated
    weak = settle(_weak(markup, tree, url=url, listed=listed), clock=clock)
    if weak.dated:
        return Publication(dated=weak.dated, is_doubtful=stated.is_doubtful or weak.is_doubtful)
    last = settle(_last_resort(markup, tree, url=url), clock=clock)
    doubtful = stated.is_doubtful or weak.is_doubtful or last.is_doubtful
    return Publication(dated=last.dated, is_doubtful=doubtful)


def settle(statements: Iterator[tuple[str, str]], *, clock: Clock) -> Publication:
    """Return the first statement that can be true; later ones may cast doubt on it.

    ``statements`` are pairs of where one stands and what it says.
    """
    first: Dated | None = None
    is_doubtful = False
    for where, found in statements:
        moment = parse_date(found, home=clock.home, near=clock.fetched_at)
        if moment is None:
            continue
        if moment.at > clock.fetched_at + _FUTURE or moment.day < EARLIEST:
            is_doubtful = True
        elif first is None:
            first = dated(moment, found=found, where=where)
        elif abs(first.at - moment.at) > _CONFLICT:
            is_doubtful = True
    return Publication(dated=first, is_doubtful=is_doubtful)


def dated(moment: Moment, *, found: str, where: str) -> Dated:
    """Return a date with its evidence.

    Where the original string does not begin with the day in ISO form, ``found`` does so before
    it, so that the calendar day as published survives the conversion to UTC.
    """
    found = found.strip()[:200]
    day = moment.day.isoformat()
    if not found.startswith(day):
        found = f"{day} ({found})"
    return Dated(
        at=moment.at.replace(microsecond=0), precision=moment.precision, found=found, where=where
    )


def _stated(markup: Markup) -> Iterator[tuple[str, str]]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        value = markup.article.get(key)
        if isinstance(value, (int, float)):
            value = str(int(value))
        if text_of(value):
            yield f"json-ld:{key}", text_of(value)
            break
    name = next((name for name in _METAS if name in markup.metas), "")
    if name:
        yield f"meta:{name}", markup.metas[name][0]


def _weak(markup: Markup, tree: Any, *, url: str, listed: str) -> Iterator[tuple[str, str]]:
    """Yield statements of less weight: any one of them may belong to something else."""
    in_path = _IN_PATH.search(url) or _MONTHS_IN_PATH.search(url)
    lines = [("html:time", value) for value in markup.times[:1]]
    lines += [("html:dateline", value) for value in markup.datelines]
    lines += [("html:near title", value) for value in _near_title(tree)]
    for where, value in lines:
        if parse_date(value) or re.search(r"\bago\b|前$|月\d+日", value):
            yield where, value
            break
    if listed:
        yield "listing", listed
    if in_path:
        year, month, day = in_path.groups()
        yield "url", f"{year}-{month}-{day}" if month.isdigit() else f"{day} {month} {year}"
    for node in markup.nodes:
        value = text_of(node.get("datePublished"))
        if value:
            yield "json-ld:datePublished of another object", value
            break


def _near_title(tree: Any) -> Iterator[str]:
    """Yield the short texts that follow the headline, then those before it, nearest first."""
    before: deque[str] = deque(maxlen=_TEXTS_BEFORE)
    n_after = 0
    for element in tree.iter("h1", *_TEXT_TAGS):
        text = one_line(element.text or "")
        if element.tag == "h1":
            n_after = n_after or 1
        elif n_after and n_after <= _TEXTS_AFTER:
            n_after += 1
            yield text[:_LONGEST_LINE]
        elif n_after:
            break
        else:
            before.append(text[:_LONGEST_LINE])
    yield from reversed(before)


def _last_resort(markup: Markup, tree: Any, *, url: str) -> Iterator[tuple[str, str]]:
    try:
        found = find_date(tree, extensive_search=False, original_date=True, url=url or None)
    except (ValueError, TypeError, AttributeError, RecursionError):
        found = None
    if found:
        yield "htmldate", found
    name = next((name for name in _LATER_METAS if name in markup.metas), "")
    if name:
        yield f"meta:{name}", markup.metas[name][0]
    modified = text_of(markup.article.get("dateModified"))
    if modified:
        yield "json-ld:dateModified", modified
