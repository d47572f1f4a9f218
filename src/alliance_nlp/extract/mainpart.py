"""The main text: trafilatura's fast extraction, and a rescue where it plainly missed the text."""

from __future__ import annotations

import logging
import re
from collections import Counter
from functools import cache
from typing import Any

from lxml.etree import LxmlError
from trafilatura.settings import Extractor

from alliance_nlp.extract.extractor import extracted
from alliance_nlp.extract.prose import is_prose, n_words
from alliance_nlp.extract.tree import is_huge, lines_of, link_share

_ASIDE = frozenset("nav footer aside form button figure figcaption select table".split())
_UNITS = ("p", "li", "h2", "h3", "h4", "blockquote", "pre")
_LEAST_PARAGRAPH = 15  # words
# The smallest container of the paragraphs holding this much more: the extractor lost whole blocks,
# mostly lists and sections in containers of their own.
_MUCH_MORE = 1.6
# Below its least size, 250 characters, the extractor gives the whole page in one line; bulletins,
# Japanese ones above all, are shorter than that.
_LEAST_SIZE = 80
_LEAST_LINE = 8  # words; shorter ones are controls and names as often as items of a list
_COMMENTS = re.compile(r"(?:^|[-_ ])(?:comments?|disqus|respond|replies)(?:$|[-_ ])", re.I)
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
    if len(found) == 1 and len(found[0]) > _LEAST_SIZE:
        again = _extracted(tree, least=_LEAST_SIZE)
        found = again if len(again) > 1 else found
    holder = _holder(_paragraphs(tree))
    if holder is not None and _may_be_better(holder, found):
        rescued = _lines_in(holder)
        if _is_better(rescued, found):
            found = rescued
    size = sum(map(len, found))
    # The extractor may have taken it from there itself, but without its paragraphs.
    is_lumped = len(found) == 1 and "\n" in body
    if n_words(body) > 60 and (is_lumped or size < 0.4 * len(body)):
        found = [line.strip() for line in body.splitlines() if line.strip()]
    return found


def _may_be_better(holder: Any, found: list[str]) -> bool:
    """Tell by its mere size whether a container is worth being read line by line."""
    return len(found) == 1 or len(holder.text_content()) > _MUCH_MORE * sum(map(len, found))


def _is_better(rescued: list[str], found: list[str]) -> bool:
    """Tell whether the extractor missed most of the text, or gave it without its paragraphs."""
    size = sum(len(line) for line in rescued if n_words(line) >= _LEAST_LINE)
    size_found = sum(map(len, found))
    is_lumped = len(found) == 1 and len(rescued) > 1
    return size > _MUCH_MORE * size_found or (is_lumped and size > 0.5 * size_found)


@cache
def _options(least: int | None) -> Extractor:
    options = Extractor(output_format="python", fast=True, comments=False)
    options.min_extracted_size = least or options.min_extracted_size
    return options


@cache
def _quiet() -> None:
    """Keep the library's complaints about single pages off a terminal that asked for none.

    A page without text is an outcome that we report ourselves; a configured log still gets them.
    """
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).addHandler(logging.NullHandler())


def _extracted(tree: Any, *, least: int | None = None) -> list[str]:
    _quiet()
    try:
        text = extracted(tree, _options(least))
    except (RecursionError, LxmlError, AttributeError, AssertionError, IndexError, KeyError):
        return []  # some trees break the extractor; the rescue below does without it
    return [line for line in text.splitlines() if line.strip()]


def _paragraphs(tree: Any) -> list[tuple[Any, str]]:
    """Return the page's real paragraphs with their text; links and asides left out."""
    found = []
    known: dict[Any, bool] = {}
    for element in tree.iter("p"):
        text = " ".join(element.text_content().split())
        if not is_prose(text, least=_LEAST_PARAGRAPH) or link_share(element) > 0.4:
            continue
        if not _stands_aside(element, known):
            found.append((element, text))
        if len(found) >= _MOST_PARAGRAPHS:
            break
    return found


def _stands_aside(element: Any, known: dict[Any, bool]) -> bool:
    """Tell whether an element stands in an aside; ``known`` keeps what was found on the way."""
    way = []
    is_aside = False
    for parent in element.iterancestors():
        if parent in known:
            is_aside = known[parent]
            break
        way.append(parent)
        if _is_aside(parent):
            is_aside = True
            break
    known.update(dict.fromkeys(way, is_aside))
    return is_aside


def _is_aside(element: Any) -> bool:
    kind = element.get("class") or element.get("id") or ""
    is_body = element.tag in ("body", "html")  # of blogs: "single comments-open"
    return element.tag in _ASIDE or (not is_body and bool(_COMMENTS.search(kind)))


def _holder(paragraphs: list[tuple[Any, str]]) -> Any | None:
    """Return the smallest container that holds most of the page's paragraphs."""
    total = sum(len(text) for _, text in paragraphs)
    weights: Counter[Any] = Counter()
    for element, text in paragraphs:
        for parent in element.iterancestors():
            weights[parent] += len(text)
    holders = [node for node, weight in weights.items() if weight >= 0.8 * total]
    # Of nested holders the innermost has the longest line of ancestors.
    return max(holders, key=lambda node: sum(1 for _ in node.iterancestors()), default=None)


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
