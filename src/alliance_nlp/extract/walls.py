"""Pages that are no article although they came with 200: errors, walls, stubs, indexes.

Every verdict needs two things, a wording or a statement in the markup and little text, because
articles are written about robots, cookies and pages not found, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from alliance_nlp.core.types import Reason
from alliance_nlp.extract.markup import Markup
from alliance_nlp.extract.prose import has_sentences, is_prose, n_words
from alliance_nlp.extract.wording import ERROR, SELLING, WALL

_REMAINDER = re.compile(r"残り\s*[:：]?\s*(\d[\d,]*)\s*文字")
_LITTLE, _STUB, _LEAST = 120, 90, 20  # words
_MOST_ON_WALL = 400
_ASIDE = 20  # words of other prose that a wall or an error page may hold


def error_or_wall(markup: Markup, main: Sequence[str], visible: Sequence[str]) -> Reason | None:
    """Return why a page is an error page or a wall; ``None`` when it is neither.

    Parameters
    ----------
    main
        Lines of the main text.
    visible
        All visible lines of the page.
    """
    if sum(map(n_words, main)) > _LITTLE or _is_plainly_article(markup, main):
        return None
    heads = (markup.title, *markup.h1s)
    # All that a short page shows, but for its menu, speaks where the main text does not.
    is_small = sum(map(n_words, visible)) <= _MOST_ON_WALL
    for wording, reason in ((ERROR, Reason.ERROR_PAGE), (WALL, Reason.WALL)):
        if any(wording.search(head) for head in heads if n_words(head) <= 15):
            return reason
        if _speaks(wording, main, visible if is_small else ()):
            return reason
    return None


def _speaks(wording: re.Pattern[str], main: Sequence[str], visible: Sequence[str]) -> bool:
    """Tell whether a wording is what the page has to say, rather than a banner beside a text."""
    others = [line for line in main if not wording.search(line)]
    n_others = sum(n_words(line) for line in others if is_prose(line))
    n_said = sum(n_words(line) for line in main if wording.search(line))
    if n_said and n_others <= max(_ASIDE, n_said):
        return True
    return n_others <= _ASIDE and any(wording.search(line) for line in visible)


def is_stub(markup: Markup, text: str, *, has_gate: bool, visible: Sequence[str]) -> bool:
    """Tell whether only the beginning of an article is there and the rest is for payers."""
    size = n_words(text)
    remainder = next((m for line in visible if (m := _REMAINDER.search(line))), None)
    if remainder and int(remainder.group(1).replace(",", "")) > len(text):
        return True
    if size > _STUB:
        return False
    sells = any(SELLING.search(line) and n_words(line) < 40 for line in visible)
    return has_gate or is_paid(markup) or (sells and text.rstrip().endswith(("…", "...")))


def is_paid(markup: Markup) -> bool:
    """Tell whether the markup says that the article is not free."""
    free = [node.get("isAccessibleForFree") for node in (markup.article, *markup.nodes)]
    if any(value in (False, "False", "false", "http://schema.org/False") for value in free):
        return True
    tier = markup.meta("article:content_tier").lower()
    return (
        tier in ("locked", "metered-locked", "paid") or markup.meta("cxenseparse:paywall") == "true"
    )


def no_article(markup: Markup, lines: Sequence[str], *, n_links: int) -> Reason | None:
    """Return why a text is no article: nothing there, a list of other articles, too short."""
    text = "\n".join(lines)
    size = n_words(text)
    if not size:
        return Reason.NO_MAIN_TEXT
    if not markup.article and _is_index(markup, lines, n_links):
        return Reason.NO_MAIN_TEXT
    return Reason.TOO_SHORT if size < _LEAST else None


def _is_plainly_article(markup: Markup, main: Sequence[str]) -> bool:
    return bool(markup.article) and sum(1 for line in main if is_prose(line)) >= 3


def _is_index(markup: Markup, lines: Sequence[str], n_links: int) -> bool:
    prose = [line for line in lines if is_prose(line) or has_sentences(line)]
    if not prose:
        return n_links >= 10
    # Headings and teasers: most lines are no sentences, and no paragraph runs on from another.
    n_long = sum(1 for line in prose if n_words(line) >= 40)
    is_listed = markup.meta("og:type").lower() in ("website", "") and n_links >= 30
    is_little = sum(map(n_words, prose)) < _LITTLE * 5
    return is_listed and is_little and n_long == 0 and len(prose) < 0.3 * len(lines)


def links_in(tree: Any) -> int:
    """Return the number of links of a page."""
    return int(tree.xpath("count(//a[@href])"))
