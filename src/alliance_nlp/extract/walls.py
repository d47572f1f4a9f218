"""Pages that are no article although they came with 200: errors, walls, stubs, indexes.

Every verdict needs two things: a wording or a statement in the markup, and hardly any news. News is
prose that neither speaks of the wall nor to the reader, since articles are written about robots,
cookies and pages not found, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from alliance_nlp.core.types import Reason
from alliance_nlp.extract.jsonld import types_of
from alliance_nlp.extract.markup import Markup
from alliance_nlp.extract.prose import has_sentences, is_east_asian, is_prose, n_words
from alliance_nlp.extract.wording import (
    CONSENT,
    ERROR,
    GATE,
    QUOTE,
    SEARCH,
    SELLING,
    TO_READER,
    WALL,
)

_REMAINDER = re.compile(r"残り\s*[:：]?\s*(\d[\d,]*)\s*文字")
# What services against robots leave in the pages that they show in place of the one asked for.
_VENDOR = re.compile(
    r"_cf_chl_opt|cf-browser-verification|cf-challenge|challenge-platform/h/|cf-error-details"
    r"|captcha-delivery\.com|px-captcha|_pxAppId|PerimeterX|_Incapsula_Resource|Incapsula incident"
    r"|errors\.edgesuite\.net|Reference&#32;&#35;|sec-if-cpt-container|awsWafCookieDomainList"
    r"|token\.awswaf\.com|distil_r_captcha|ddos-guard|sucuri\.net/privacy|KPSDK|kasada"
    r"|h-captcha|g-recaptcha|cf-turnstile|geetest",
)
LEAST = 20  # words; a shorter text is no article
_LITTLE = 120  # words
# What is free of a paid article is worth keeping from this on, flagged.
_STUB, _STUB_EAST_ASIAN = 60, 150  # words, characters
# Paragraphs of this size are a page's own text; teasers are shorter.
_PARAGRAPH, _OWN_TEXT = 40, 100  # words, together
_MOST_ON_WALL = 400
_MOST_CONSENT = 1_200
# Words of news that a wall or an error page may hold beside what it has to say; teasers, mostly.
_ASIDE, _ASIDE_UNDER_TITLE = 20, 45
_TEASER_WORDS = 20
_SEPARATOR = re.compile(r"\s+[|\-–—•»·:]\s+|\s*[|｜]\s*")


def error_or_wall(
    markup: Markup, main: Sequence[str], visible: Sequence[str], *, source: str
) -> Reason | None:
    """Return why a page is an error page or a wall; ``None`` when it is neither.

    Parameters
    ----------
    main
        Lines of the main text.
    visible
        All visible lines of the page.
    source
        The page's markup.
    """
    if _is_plainly_article(markup, main):
        return None
    if _asks_consent(markup, main, visible):
        return Reason.WALL
    if sum(map(n_words, main)) > 2 * _LITTLE:
        return None
    # All that a short page shows, but for its menu, speaks where the main text does not.
    is_small = sum(map(n_words, visible)) <= _MOST_ON_WALL
    for wording, reason in ((ERROR, Reason.ERROR_PAGE), (WALL, Reason.WALL)):
        if _speaks(wording, markup, main=main, visible=visible if is_small else ()):
            return reason
    if _n_news(main, WALL) <= _ASIDE and is_small and _VENDOR.search(source):
        return Reason.WALL
    return None


def _speaks(
    wording: re.Pattern[str], markup: Markup, *, main: Sequence[str], visible: Sequence[str]
) -> bool:
    """Tell whether a wording is what the page has to say, rather than a banner beside a text."""
    n_news = _n_news(main, wording)
    heads = [head for head in (markup.title, *markup.h1s) if n_words(head) <= 15]
    if n_news <= _ASIDE and any(wording.search(text) for text in (*heads, *main, *visible)):
        return True
    n_said = sum(n_words(line) for line in main if wording.search(line))
    is_titled = any(
        wording.search(piece) and n_words(piece) <= 6
        for head in heads
        for piece in _SEPARATOR.split(head)
    )
    return n_news <= _ASIDE_UNDER_TITLE and is_titled and (bool(n_said) or n_news <= _ASIDE)


def _n_news(lines: Iterable[str], wording: re.Pattern[str]) -> int:
    """Return the number of words in prose that is not about the wall and not to the reader."""
    return sum(
        n_words(line)
        for line in lines
        if is_prose(line) and not TO_READER.search(line) and not wording.search(line)
    )


def _asks_consent(markup: Markup, main: Sequence[str], visible: Sequence[str]) -> bool:
    """Tell whether a page is a notice on cookies and data, however long."""
    prose = [line for line in (main or visible) if is_prose(line)]
    if markup.article or not prose or sum(map(n_words, prose)) > _MOST_CONSENT:
        return False
    about = [line for line in prose if CONSENT.search(line) and TO_READER.search(line)]
    return len(about) >= 2 and sum(map(n_words, about)) > 0.6 * sum(map(n_words, prose))


def is_stub(markup: Markup, text: str, *, has_gate: bool, visible: Sequence[str]) -> bool:
    """Tell whether only the beginning of an article is there and the rest is for payers."""
    size = n_words(text)
    if len(text) > _STUB_EAST_ASIAN if is_east_asian(text) else size > _STUB:
        return False
    if size < LEAST:
        has_gate = has_gate or any(GATE.search(line) for line in visible if n_words(line) < 40)
    return has_gate or (bool(size) and is_paid(markup)) or is_cut_off(text, visible)


def is_cut_off(text: str, visible: Iterable[str]) -> bool:
    """Tell whether a page says how much more there is, or sells where its text breaks off."""
    is_cut = text.rstrip().endswith(("…", "..."))
    return any(
        _REMAINDER.search(line) or (is_cut and n_words(line) < 40 and SELLING.search(line))
        for line in visible
    )


def is_paid(markup: Markup) -> bool:
    """Tell whether the markup says that the article is not free."""
    free = [node.get("isAccessibleForFree") for node in (markup.article, *markup.nodes)]
    if any(value in (False, "False", "false", "http://schema.org/False") for value in free):
        return True
    tier = markup.meta("article:content_tier").lower()
    return (
        tier in ("locked", "metered-locked", "paid") or markup.meta("cxenseparse:paywall") == "true"
    )


def shows_wall(lines: Sequence[str]) -> bool:
    """Tell whether a wall stands over part of a page whose text is there all the same.

    Parameters
    ----------
    lines
        The main text with what is still among it.
    """
    if sum(map(n_words, lines)) > _LITTLE + LEAST:
        return False
    short = (line for line in lines if n_words(line) <= 30)
    return any(
        WALL.search(line) and TO_READER.search(line) and not QUOTE.search(line) for line in short
    )


def no_article(
    markup: Markup, lines: Sequence[str], *, url: str, n_links: int, n_teasers: int
) -> Reason | None:
    """Return why a text is no article: nothing there, a list of other articles, too short.

    Parameters
    ----------
    n_links, n_teasers
        Links of the page, and those that are headings or stand in one.
    """
    size = n_words("\n".join(lines))
    if _is_search(markup, url, n_links=n_links):
        return Reason.INDEX_PAGE
    if _lists(markup, lines, n_links=n_links, n_teasers=n_teasers):
        return Reason.INDEX_PAGE
    if not size:
        return Reason.NO_MAIN_TEXT
    return Reason.TOO_SHORT if size < LEAST else None


def _is_plainly_article(markup: Markup, main: Sequence[str]) -> bool:
    return bool(markup.article) and sum(1 for line in main if is_prose(line)) >= 3


def _is_search(markup: Markup, url: str, *, n_links: int) -> bool:
    kinds = {kind for node in markup.nodes[:20] for kind in types_of(node)}
    heads = (markup.title, *markup.h1s[:1])
    says_so = any(SEARCH.search(head) for head in heads) and re.search(
        r"[/?&](?:search|q|s|query|keyword|kw)\b", url
    )
    return n_links >= 5 and ("SearchResultsPage" in kinds or bool(says_so))


def _lists(markup: Markup, lines: Sequence[str], *, n_links: int, n_teasers: int) -> bool:
    """Tell whether a page is an index: headings and teasers, no paragraph that runs on."""
    if markup.article and not _is_collection(markup):
        return False
    prose = [line for line in lines if is_prose(line) or has_sentences(line)]
    sizes = [n_words(line) for line in prose]
    n_prose = sum(sizes)
    if sum(size for size in sizes if size >= _PARAGRAPH) >= _OWN_TEXT:
        return False
    if not prose:
        return n_links >= 10
    is_dated = bool(markup.meta("article:published_time", "datepublished", "date", "pubdate"))
    if markup.meta("og:type").lower() not in ("website", "") or is_dated:
        return False
    n_long = sum(size >= 45 for size in sizes)
    head = next((h for h in (*markup.h1s, markup.title) if h), "")
    is_section = n_words(head) <= 5
    if is_section and n_teasers >= 8 and n_long <= 1 and n_prose < _TEASER_WORDS * n_teasers:
        return True
    is_little = n_prose < _LITTLE * 5
    return n_links >= 30 and is_little and n_long == 0 and len(prose) < 0.3 * len(lines)


def _is_collection(markup: Markup) -> bool:
    kinds = {kind for node in markup.nodes[:20] for kind in types_of(node)}
    return bool(kinds & {"CollectionPage", "SearchResultsPage"}) and "WebPage" not in kinds


def links_in(tree: Any) -> int:
    """Return the number of links of a page."""
    return int(tree.xpath("count(//a[@href])"))


def teasers_in(tree: Any) -> int:
    """Return the number of headings that are links to other pages."""
    headings = tree.getroottree().iter("h2", "h3", "h4")
    return sum(
        any(link.get("href") is not None for link in heading.iterdescendants("a"))
        or next(heading.iterancestors("a"), None) is not None
        for heading in headings
    )
