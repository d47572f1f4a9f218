"""The main text: trafilatura's fast extraction, and a rescue where it plainly missed the text."""

from __future__ import annotations

import logging
from collections import Counter
from functools import cache
from typing import Any

from lxml.etree import LxmlError
from trafilatura import bare_extraction

from alliance_nlp.extract.prose import is_prose, n_words
from alliance_nlp.extract.tree import is_huge, lines_of, link_share

_ASIDE = frozenset("nav footer aside form button figure figcaption select table".split())
_UNITS = ("p", "li", "h2", "h3", "h4", "blockquote", "pre")
# An extraction that holds less of the page's paragraphs than this missed the article.
_LEAST_SHARE = 0.45
_LEAST_PARAGRAPH = 15  # words
_MOST_PARAGRAPHS = 3_000


def main_lines(tree: Any, *, body: str = "") -> list[str]:
    """Return the paragraphs of a page's main text, in order.

    Parameters
    ----------
    tree
        A prepared tree; left as it is.
    body
        The article's text as JSON-LD gives it, used when the markup holds none.
    """
    found = [] if is_huge(tree) else _extracted(tree)
    size = sum(map(len, found))
    paragraphs = _paragraphs(tree)
    if size < _LEAST_SHARE * sum(len(text) for _, text in paragraphs):
        rescued = _rescued(paragraphs)
        if sum(map(len, rescued)) > 2 * size:
            found, size = rescued, sum(map(len, rescued))
    # The extractor may have taken it from there itself, but without its paragraphs.
    is_lumped = len(found) == 1 and "\n" in body
    if n_words(body) > 60 and (is_lumped or size < 0.4 * len(body)):
        found = [line.strip() for line in body.splitlines() if line.strip()]
    return found


@cache
def _quiet() -> None:
    """Keep the library's complaints about single pages off a terminal that asked for none.

    A page without text is an outcome that we report ourselves; a configured log still gets them.
    """
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).addHandler(logging.NullHandler())


def _extracted(tree: Any) -> list[str]:
    _quiet()
    try:
        document = bare_extraction(tree, fast=True, include_comments=False, with_metadata=False)
    except (RecursionError, LxmlError, AttributeError, AssertionError, IndexError, KeyError):
        return []  # some trees break the extractor; the rescue below does without it
    text = getattr(document, "text", None) or ""
    return [line for line in text.splitlines() if line.strip()]


def _paragraphs(tree: Any) -> list[tuple[Any, str]]:
    """Return the page's real paragraphs with their text; links and asides left out."""
    found = []
    for element in tree.iter("p"):
        text = " ".join("".join(element.itertext()).split())
        if not is_prose(text, least=_LEAST_PARAGRAPH) or link_share(element) > 0.4:
            continue
        if not any(parent.tag in _ASIDE for parent in element.iterancestors()):
            found.append((element, text))
        if len(found) >= _MOST_PARAGRAPHS:
            break
    return found


def _rescued(paragraphs: list[tuple[Any, str]]) -> list[str]:
    """Return the lines of the smallest container that holds most of the page's paragraphs."""
    total = sum(len(text) for _, text in paragraphs)
    weights: Counter[Any] = Counter()
    for element, text in paragraphs:
        for parent in element.iterancestors():
            weights[parent] += len(text)
    holders = [node for node, weight in weights.items() if weight >= 0.8 * total]
    if not holders:
        return []
    # Of nested holders the innermost has the longest line of ancestors.
    holder = max(holders, key=lambda node: sum(1 for _ in node.iterancestors()))
    return _lines_in(holder)


def _lines_in(holder: Any) -> list[str]:
    lines: list[str] = []
    for unit in holder.iter(*_UNITS):
        parents = []
        for parent in unit.iterancestors():
            if parent is holder:
                break
            parents.append(parent.tag)
        if any(tag in _ASIDE or tag in _UNITS for tag in parents) or link_share(unit) > 0.5:
            continue
        lines.extend(lines_of(unit))
    return lines
