"""An HTML page: metadata, then related stories, then the main text, out of one tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml.etree import LxmlError

from alliance_nlp.core.types import Lead, Page, Reason, Rejected
from alliance_nlp.core.urls import absolute, host
from alliance_nlp.extract import walls
from alliance_nlp.extract.assemble import Extraction, Findings, assemble, best_address, rejected
from alliance_nlp.extract.authors import authors
from alliance_nlp.extract.boilerplate import Known, Trimmed, trim
from alliance_nlp.extract.decode import Decoded, is_mojibake
from alliance_nlp.extract.flags import date_flags, kind_flags, text_flags
from alliance_nlp.extract.jsonld import text_of
from alliance_nlp.extract.mainpart import main_lines
from alliance_nlp.extract.markup import Markup, read_markup
from alliance_nlp.extract.outlet import credited_outlet, stated_outlet
from alliance_nlp.extract.plain import derived_title
from alliance_nlp.extract.prose import n_words
from alliance_nlp.extract.published import Clock, publication
from alliance_nlp.extract.related import Parts, part
from alliance_nlp.extract.related_html import Related, shown_outlet, take_related
from alliance_nlp.extract.titles import headline, site_names
from alliance_nlp.extract.tree import lines_of, parse, prepare

# A page with more words than this in its main text is not examined for walls and stubs.
_PLENTY = 250
_DETAILS = {
    Reason.ERROR_PAGE: "the page says that there is nothing at this address, with status 200",
    Reason.WALL: "the page asks for consent, a login or a proof of being human instead of a text",
    Reason.NO_MAIN_TEXT: "the page lists other pages or shows pictures; it has no text of its own",
}


def extract_html(
    page: Page, decoded: Decoded, *, lead: Lead | None, zone: str
) -> Extraction | Rejected:
    """Extract the article of an HTML page."""
    try:
        tree = parse(decoded.text)
        if tree is None:
            return rejected(page, Reason.NOT_HTML, "the body holds no HTML")
        return _Reader(page, decoded, tree, lead=lead, zone=zone).read()
    except (RecursionError, LxmlError, MemoryError) as error:
        detail = f"{type(error).__name__} in the HTML parser; the page stays in the archive"
        return rejected(page, Reason.CRASHED, detail, failed=True)


class _Reader:
    """One page while it is read; the order matters, since reading the text consumes the tree."""

    def __init__(
        self, page: Page, decoded: Decoded, tree: Any, *, lead: Lead | None, zone: str
    ) -> None:
        self.page, self.decoded, self.tree, self.lead = page, decoded, tree, lead
        # lxml makes a Python object for each element each time it is met, unless one is alive.
        self._alive = list(tree.iter())
        self.markup: Markup = read_markup(tree, url=page.url)
        self.sites = site_names(self.markup, host(page.url))
        listed = lead.title if lead else ""
        self.title = headline(self.markup, listed=listed, sites=self.sites)
        self.authors = authors(self.markup, self.sites)
        clock = Clock(home=zone, fetched_at=page.fetched_at)
        published = lead.published if lead else ""
        self.publication = publication(
            self.markup, tree, clock=clock, url=page.url, listed=published
        )

    def read(self) -> Extraction | Rejected:
        n_links = walls.links_in(self.tree)
        prepare(self.tree)
        related = take_related(self.tree, url=self.page.url)
        body = re.sub(r"<[^>]{0,200}>", " ", text_of(self.markup.article.get("articleBody")))
        parts = part(main_lines(self.tree, body=body))
        trimmed = trim(parts.main, self._known())
        refusal = self._refusal(trimmed, n_links)
        if refusal:
            return refusal
        return assemble(self.page, self._findings(parts, trimmed, related))

    def _known(self) -> Known:
        return Known(
            titles=(self.title, *self.markup.h1s, self.markup.meta("og:title"), self.markup.title),
            names=self.sites,
            authors=self.authors,
            sections=(
                *self.markup.metas.get("article:section", ()),
                text_of(self.markup.article.get("articleSection")),
            ),
        )

    def _refusal(self, trimmed: Trimmed, n_links: int) -> Rejected | None:
        text = "\n".join(trimmed.lines)
        if n_words(text) <= _PLENTY:
            visible = lines_of(self.tree)
            reason = walls.error_or_wall(self.markup, trimmed.lines, visible)
            if reason:
                return rejected(self.page, reason, _DETAILS[reason])
            if text and walls.is_stub(
                self.markup, text, has_gate=trimmed.has_gate, visible=visible
            ):
                detail = f"only {n_words(text)} words are free; the rest is for subscribers"
                return rejected(self.page, Reason.PAYWALL_STUB, detail)
        reason = walls.no_article(self.markup, trimmed.lines, n_links=n_links)
        if reason is None:
            return None
        detail = _DETAILS.get(reason) or f"the main text has {n_words(text)} words"
        return rejected(self.page, reason, detail)

    def _findings(self, parts: Parts, trimmed: Trimmed, related: Related) -> Findings:
        stated = (
            absolute(self.page.url, self.markup.canonical),
            absolute(self.page.url, self.markup.meta("og:url")),
        )
        outlet = stated_outlet(self.markup, url=self.page.url, sites=self.sites)
        shown = shown_outlet(self.tree, related, title=self.title)
        if parts.is_aggregator and parts.stamp:
            shown = parts.stamp.outlet
        return Findings(
            title=self.title or derived_title("\n".join(trimmed.lines)),
            lines=trimmed.lines,
            url=best_address(stated, self.page.url),
            authors=self.authors,
            published=self.publication.dated,
            language_hint=self.markup.language,
            outlet=credited_outlet(trimmed.lines) or shown or outlet,
            flags=tuple(self._flags(trimmed)),
            stories=(*related.stories, *parts.stories),
        )

    def _flags(self, trimmed: Trimmed) -> Iterator[str]:
        if trimmed.has_gate or walls.is_paid(self.markup):
            yield "paywalled"
        yield from kind_flags(self.markup, title=self.title, url=self.page.url)
        yield from date_flags(self.publication)
        if self.decoded.lossy or is_mojibake("\n".join(trimmed.lines)):
            yield "mojibake"
        yield from text_flags(trimmed.lines, n_dropped=trimmed.n_dropped)
