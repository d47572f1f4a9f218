"""When a page was published, with the evidence: the first statement that can be true.

Statements are believed in this order: JSON-LD, meta elements, the date beside the headline, other
datelines, the listing, the address, and at last htmldate's search. Those of modification count
only where nothing tells the publication, and are then in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice
from typing import Any
from urllib.parse import urlsplit

from htmldate import find_date

from alliance_nlp.core.types import Dated
from alliance_nlp.extract.dateline import bare_dates, near_headline, shown_date
from alliance_nlp.extract.dates import EARLIEST, Moment, parse_date
from alliance_nlp.extract.jsonld import text_of, types_of
from alliance_nlp.extract.markup import Markup
from alliance_nlp.extract.zones import home_zone, is_month_first_at

_METAS = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished",
    "rnews:datepublished", "parsely-pub-date", "sailthru.date", "publish-date", "publish_date",
    "published_time", "publication_date", "publicationdate", "pubdate", "pub_date",
    "article_date_original", "article.published", "originalpublicationdate",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "ptime",
    "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "dcterms.created",
    "dc.date.created", "date", "citation_publication_date", "citation_date", "displaydate",
    "release_date", "datecreated",
)  # fmt: skip
_LATER_METAS = (
    "article:modified_time", "datemodified", "og:updated_time", "last-modified", "dcterms.modified",
)  # fmt: skip
_IN_PATH = re.compile(
    r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|\D?$)"
)
_MONTHS_IN_PATH = re.compile(
    r"/((?:19|20)\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/(\d\d?)(?=/)", re.I
)
_FUTURE = timedelta(days=1)
# Clocks of publishers and ours differ by minutes; more is a date of another zone or no fact.
_SKEW = timedelta(minutes=15)
# Days are compared as written in whatever zone, so that two neighbouring ones do not conflict.
_CONFLICT = timedelta(days=1)
_PAGES = frozenset(
    ("WebPage", "ItemPage", "AboutPage", "MedicalWebPage", "FAQPage", "CollectionPage")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is known of the date.

    Attributes
    ----------
    is_doubtful
        Whether statements are more than a day apart or cannot be true.
    evidence
        All statements that could be read, in the order in which they are believed.
    """

    dated: Dated | None
    is_doubtful: bool = False
    evidence: tuple[Dated, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How dates of a page are read.

    Attributes
    ----------
    home
        IANA zone of times that state none.
    fetched_at
        When the page was fetched; nothing on it was published later.
    month_first
        Whether 11/12/2026 is in November; ``None`` leaves that to ``home``.
    """

    home: str
    fetched_at: datetime
    month_first: bool | None = None

    def read(self, text: str) -> Moment | None:
        """Read a date as a page of this clock means it."""
        return parse_date(text, home=self.home, near=self.fetched_at, month_first=self.month_first)


def publication(
    markup: Markup, tree: Any, *, clock: Clock, url: str, listed: str = ""
) -> Publication:
    """Find the publication date of an HTML page.

    Parameters
    ----------
    tree
        The page's tree, for the date beside the headline and the slow last resort.
    url
        Address of the page; many hold the day.
    listed
        What the feed or sitemap said of it.
    """
    if clock.month_first is None and clock.home == "UTC":
        first = is_month_first_at(urlsplit(url).hostname or "", markup.locale)
        clock = replace(clock, month_first=first)
    stated = list(_stated(markup))
    shown = list(islice(_shown(markup, tree, clock, is_alone=not stated), 1))
    hints = [*shown, *_weak(url=url, listed=listed)]
    modified = {m.day for found in _modified(markup) if (m := clock.read(found[1]))}
    known = settle([*stated, *hints], clock=clock, modified=modified)
    if known.dated:
        return _with_shown(known, shown, clock=clock, modified=modified)
    last = settle(_last_resort(tree, url, clock), clock=clock)
    if last.dated is None:
        last = settle(_modified(markup), clock=clock)
    # A date found somewhere on the page or that of an update: better than none, but a guess.
    is_doubtful = known.is_doubtful or last.is_doubtful or last.dated is not None
    return replace(last, is_doubtful=is_doubtful)


def settle(
    statements: Iterable[tuple[str, str]], *, clock: Clock, modified: Iterable[date] = ()
) -> Publication:
    """Return the first statement that can be true; later ones may cast doubt on it.

    Parameters
    ----------
    statements
        Pairs of where one stands and what it says, the most trusted first.
    modified
        Days of modification: a later statement of one of these is no contradiction.
    """
    evidence: list[Dated] = []
    is_doubtful = False
    for where, found in statements:
        moment = clock.read(found)
        if moment is None:
            continue
        if moment.at > clock.fetched_at + _FUTURE or moment.day < EARLIEST:
            is_doubtful = True
            continue
        if not evidence and moment.has_time and moment.at > clock.fetched_at + _SKEW:
            is_doubtful = True
        evidence.append(_dated(moment, clock, found=found, where=where))
    if not evidence:
        return Publication(dated=None, is_doubtful=is_doubtful)
    first = evidence[0]
    accepted = {first.on, *modified}
    conflicts = any(
        abs(other.on - first.on) > _CONFLICT and other.on not in accepted and _has_year(other.found)
        for other in evidence[1:]
    )
    return Publication(
        dated=_with_local_day(first, evidence),
        is_doubtful=is_doubtful or conflicts,
        evidence=tuple(evidence),
    )


def _has_year(text: str) -> bool:
    return bool(re.search(r"\d{4}|[年.]", text))


def _dated(moment: Moment, clock: Clock, *, found: str, where: str) -> Dated:
    """Return a date with its evidence, never later than the fetch."""
    at, day = moment.at.replace(microsecond=0), moment.day
    if moment.has_time and clock.home != "UTC" and at.date() == day:
        # Editing systems that state UTC mean the instant; the paper's day is that of its home.
        is_utc = bool(re.search(r"(?:Z|[+-]00:?00|GMT|UTC)\W*$", found))
        day = at.astimezone(home_zone(clock.home)).date() if is_utc else day
    return Dated(
        at=min(at, clock.fetched_at.astimezone(UTC)),
        precision=moment.precision,
        found=found.strip()[:200],
        where=where,
        local_on=day,
    )


def _with_local_day(first: Dated, evidence: Iterable[Dated]) -> Dated:
    """Take the day from another statement of the same instant that states it in local time."""
    if first.precision == "day" or first.local_on != first.at.date():
        return first
    days = (e.on for e in evidence if e.at == first.at and e.precision == "time")
    return replace(first, local_on=next((day for day in days if day != first.on), first.on))


def _with_shown(
    known: Publication, shown: list[tuple[str, str]], *, clock: Clock, modified: set[date]
) -> Publication:
    """Prefer the earlier date beside the headline where metadata took that of a new edition.

    Editing systems that stamp an old article on every edit state one time for both.
    """
    first = known.dated
    beside = settle(shown[:1], clock=clock).dated
    if first is None or beside is None or first.on not in modified:
        return known
    if first.where == beside.where or first.on - beside.on <= _CONFLICT:
        return known
    return replace(known, dated=beside, is_doubtful=True)


def _stated(markup: Markup) -> Iterator[tuple[str, str]]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        value = _plain(markup.article.get(key))
        if value:
            yield f"json-ld:{key}", value
            break
    for name in _METAS:
        values = markup.metas.get(name, ())
        # Several are those of teasers, whose microdata stand in the same elements.
        if values and (len(set(values)) == 1 or not value):
            yield f"meta:{name}", values[0]
    if not markup.article:
        for node in markup.nodes:
            value = _plain(node.get("datePublished"))
            if value and _PAGES.intersection(types_of(node)):
                yield "json-ld:datePublished of the page", value
                break


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, (int, float)) else text_of(value)


def _shown(markup: Markup, tree: Any, clock: Clock, *, is_alone: bool) -> Iterator[tuple[str, str]]:
    """Yield the dates of publication that a reader sees, those beside the headline first.

    Others may belong to another story and serve only where no metadata states a date.
    """
    beside = (("html:near headline", text) for text in near_headline(tree, markup))
    others = [
        *(("html:dateline", text) for text in markup.datelines),
        *(("html:time", text) for text in markup.times),
    ]
    for where, text in chain(beside, others if is_alone else ()):
        found = shown_date(text, clock.read)
        if found:
            yield where, found


def _weak(*, url: str, listed: str) -> Iterator[tuple[str, str]]:
    """Yield statements of less weight: any one of them may belong to something else."""
    if listed:
        yield "listing", listed
    in_path = _IN_PATH.search(url) or _MONTHS_IN_PATH.search(url)
    if in_path:
        year, month, day = in_path.groups()
        yield "url", f"{year}-{month}-{day}" if month.isdigit() else f"{day} {month} {year}"


def _modified(markup: Markup) -> Iterator[tuple[str, str]]:
    for name in _LATER_METAS:
        if name in markup.metas:
            yield f"meta:{name}", markup.metas[name][0]
    value = _plain(markup.article.get("dateModified"))
    if value:
        yield "json-ld:dateModified", value


def _last_resort(tree: Any, url: str, clock: Clock) -> Iterator[tuple[str, str]]:
    try:
        # Its extensive search takes ten times as long as everything else together.
        found = find_date(tree, extensive_search=False, original_date=True, url=url or None)
    except (ValueError, TypeError, AttributeError, RecursionError):
        found = None
    # The first of January is what the search makes of a bare year.
    if found and not found.endswith("-01-01"):
        yield "htmldate", found
    texts = {text for text in bare_dates(tree) if clock.read(text)}
    if len({moment.day for text in texts if (moment := clock.read(text))}) == 1:
        yield "html:only date", min(texts)
