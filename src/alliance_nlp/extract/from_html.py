"""An HTML page: metadata, then related stories, then the main text, out of one tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from lxml.etree import LxmlError

from alliance_nlp.core.types import Lead, Page, Reason, Rejected
from alliance_nlp.core.urls import absolute, host
from alliance_nlp.extract import walls
from alliance_nlp.extract.around import around_headline
from alliance_nlp.extract.assemble import Extraction, Findings, assemble, best_address, rejected
from alliance_nlp.extract.authors import authors
from alliance_nlp.extract.boilerplate import Known, Trimmed, is_boilerplate, is_gate, trim
from alliance_nlp.extract.decode import Decoded
from alliance_nlp.extract.flags import date_flags, is_link_farm, text_flags
from alliance_nlp.extract.jsonld import text_of
from alliance_nlp.extract.kinds import Kind, Shaped, label_flags, shape
from alliance_nlp.extract.landing import leads_to
from alliance_nlp.extract.markup import Markup, read_markup
from alliance_nlp.extract.mojibake import is_mojibake
from alliance_nlp.extract.notices import is_withdrawn
from alliance_nlp.extract.opinion import stated_labels
from alliance_nlp.extract.origin import original_outlet
from alliance_nlp.extract.paging import next_address
from alliance_nlp.extract.plain import derived_title
from alliance_nlp.extract.prose import n_words
from alliance_nlp.extract.published import Clock, publication
from alliance_nlp.extract.related_html import Related, shown_outlet, take_related
from alliance_nlp.extract.titles import headline, site_names
from alliance_nlp.extract.tree import MOST_ATTRIBUTES, has_swollen_tag, lines_of, parse, prepare

# A page with more words than this in its main text is not examined for walls and stubs.
_PLENTY = 250
_LEAST_GALLERY = 5  # words
_LONGEST_LINE = 2_000  # characters; the wordings of walls stand in shorter ones
_MOST_INDEX = 1_000  # words
_DETAILS = {
    Reason.ERROR_PAGE: "the page says that there is nothing at this address, with status 200",
    Reason.WALL: "the page asks for consent, a login or a proof of being human instead of a text",
    Reason.NO_MAIN_TEXT: "the page shows pictures or nothing; it has no text of its own",
    Reason.INDEX_PAGE: "the page lists other pages; add it as a source, or fetch what it lists",
}


def extract_html(
    page: Page, decoded: Decoded, *, lead: Lead | None, zone: str
) -> Extraction | Rejected:
    """Extract the article of an HTML page."""
    if has_swollen_tag(decoded.text):
        detail = f"a tag of it has more than {MOST_ATTRIBUTES} attributes; no editor wrote that"
        return rejected(page, Reason.TOO_LARGE, detail)
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
        self.around = around_headline(tree)
        self.stated = stated_labels(self.markup)
        self.next_url = next_address(tree, page.url)

    def read(self) -> Extraction | Rejected:
        n_links = walls.links_in(self.tree)
        prepare(self.tree)
        kind = Kind.of(self.markup, self.tree, title=self.title, url=self.page.url)
        related = take_related(self.tree, url=self.page.url)
        body = re.sub(r"<[^>]{0,200}>", " ", text_of(self.markup.article.get("articleBody")))
        shaped = shape(self.tree, kind, title=self.title, body=body)
        labels = (*self.stated, *self.around.before, *self.around.after[:3])
        shaped = shaped.as_release(title=self.title, url=self.page.url, labels=labels)
        trimmed = self._trimmed(shaped)
        refusal = self._refusal(trimmed, flags=shaped.flags, n_links=n_links)
        if refusal:
            return refusal
        outlet = self._outlet(shaped, trimmed, kind=kind, related=related)
        return assemble(
            self.page, self._findings(shaped, trimmed, related, outlet=outlet, n_links=n_links)
        )

    def _trimmed(self, shaped: Shaped) -> Trimmed:
        if "live-blog" not in shaped.flags:
            return trim(shaped.lines, self._known())
        # Above an entry stands its time, which elsewhere would be the page's.
        kept = tuple(line for line in shaped.lines if not is_boilerplate(line))
        n_dropped = len(shaped.lines) - len(kept)
        return Trimmed(lines=kept, n_dropped=n_dropped, has_gate=any(map(is_gate, kept[-3:])))

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

    def _refusal(
        self, trimmed: Trimmed, *, flags: tuple[str, ...], n_links: int
    ) -> Rejected | None:
        text = "\n".join(trimmed.lines)
        size = n_words(text)
        if size <= _PLENTY:
            refusal = self._refusal_of_little(trimmed, text)
            if refusal:
                return refusal
        if "gallery" in flags and size >= _LEAST_GALLERY:
            return None
        # An index has little prose, and no pages that go on.
        is_likely = size <= _MOST_INDEX and "multi-page" not in flags
        n_teasers = walls.teasers_in(self.tree) if is_likely else 0
        reason = walls.no_article(
            self.markup, trimmed.lines, url=self.page.url, n_links=n_links, n_teasers=n_teasers
        )
        if reason is None:
            return None
        detail = _DETAILS.get(reason) or f"the main text has {size} words"
        return rejected(self.page, reason, detail)

    def _refusal_of_little(self, trimmed: Trimmed, text: str) -> Rejected | None:
        """Refuse what stands in an article's place, on a page that shows little text."""
        visible = self.visible
        source = self.decoded.text
        if n_words(text) < walls.LEAST:
            address = leads_to(self.markup, source, url=self.page.url)
            if address:
                detail = f"the page only leads on to {address}; fetch that instead"
                return rejected(self.page, Reason.NO_MAIN_TEXT, detail)
            if is_withdrawn(self.title, "\n".join(visible)):
                detail = "the page only says that its publisher took the article back"
                return rejected(self.page, Reason.WITHDRAWN, detail)
        if walls.is_stub(self.markup, text, has_gate=trimmed.has_gate, visible=visible):
            detail = f"only {n_words(text)} words are free; the rest is for subscribers"
            return rejected(self.page, Reason.PAYWALL_STUB, detail)
        main = [line[:_LONGEST_LINE] for line in trimmed.lines]
        reason = walls.error_or_wall(self.markup, main, visible, source=source)
        return rejected(self.page, reason, _DETAILS[reason]) if reason else None

    @cached_property
    def visible(self) -> list[str]:
        """Return the visible lines of the page, cut where they are longer than any wording."""
        return [line[:_LONGEST_LINE] for line in lines_of(self.tree)]

    def _is_paywalled(self, trimmed: Trimmed) -> bool:
        if trimmed.has_gate or walls.is_paid(self.markup):
            return True
        text = "\n".join(trimmed.lines)
        return n_words(text) <= _PLENTY and walls.is_cut_off(text, self.visible)

    def _outlet(self, shaped: Shaped, trimmed: Trimmed, *, kind: Kind, related: Related) -> str:
        shown = shown_outlet(self.tree, related, title=self.title)
        if shaped.parts.is_aggregator and shaped.parts.stamp:
            shown = shaped.parts.stamp.outlet
        return original_outlet(
            self.markup,
            trimmed.lines,
            url=self.page.url,
            sites=self.sites,
            sources=kind.sources,
            around=(*self.around.after, *self.around.before),
            authors=self.authors,
            shown=shown,
            ending=shaped.found[-4:],
        )

    def _findings(
        self, shaped: Shaped, trimmed: Trimmed, related: Related, *, outlet: str, n_links: int
    ) -> Findings:
        stated = (
            absolute(self.page.url, self.markup.canonical),
            absolute(self.page.url, self.markup.meta("og:url")),
        )
        return Findings(
            title=self.title or derived_title("\n".join(trimmed.lines)),
            lines=trimmed.lines,
            url=best_address(stated, self.page.url),
            authors=self.authors,
            published=self.publication.dated,
            language_hint=self.markup.language,
            outlet=outlet,
            flags=tuple(self._flags(shaped, trimmed, n_links)),
            stories=(*related.stories, *shaped.parts.stories),
            next_url=self.next_url,
        )

    def _flags(self, shaped: Shaped, trimmed: Trimmed, n_links: int) -> Iterator[str]:
        raw = shaped.found
        if self._is_paywalled(trimmed):
            yield "paywalled"
        if walls.shows_wall(raw):
            yield "wall"
        yield from label_flags(
            self.markup,
            title=self.title,
            url=self.page.url,
            authors=self.authors,
            around=self.around,
            lines=trimmed.lines,
            stated=self.stated,
        )
        yield from shaped.flags
        if self.next_url:
            yield "multi-page"
        yield from date_flags(self.publication)
        if self.decoded.lossy or is_mojibake("\n".join(trimmed.lines)) or is_mojibake(self.title):
            yield "mojibake"
        yield from text_flags(self.title, trimmed.lines, raw)
        if is_link_farm(sum(map(n_words, trimmed.lines)), n_links):
            yield "boilerplate-heavy"
