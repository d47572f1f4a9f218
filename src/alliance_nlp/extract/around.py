"""The short lines around a headline: kicker, label, source line, notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from alliance_nlp.extract.prose import is_prose
from alliance_nlp.extract.tree import iter_lines

_LEFT_OUT = frozenset(("nav", "footer", "button", "form", "script", "style"))
_CLIMB = 4  # levels
_MOST, _LONGEST = 8, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Short lines before the headline, nearest first, and those after it, in order."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def around_headline(tree: Any) -> Around:
    """Return the short lines around the first ``h1`` that has a text; none without one."""
    h1 = next((e for e in tree.iter("h1") if e.text_content().strip()), None)
    if h1 is None:
        return Around()
    return Around(before=tuple(_before(h1)), after=tuple(_after(h1)))


def _before(h1: Any) -> Iterator[str]:
    found = 0
    node = h1
    for _ in range(_CLIMB):
        for sibling in node.itersiblings(preceding=True):
            if not isinstance(sibling.tag, str) or sibling.tag in _LEFT_OUT:
                continue
            lines = list(islice(iter_lines(sibling), _MOST + 1))
            if len(lines) > _MOST or any(is_prose(line) for line in lines):
                return  # a menu or another text
            for line in reversed(lines):
                yield line[:_LONGEST]
                found += 1
            if found >= _MOST:
                return
        node = node.getparent()
        if node is None or node.tag in ("body", "html"):
            return


def _after(h1: Any) -> Iterator[str]:
    found = 0
    node = h1
    for _ in range(_CLIMB):
        for sibling in node.itersiblings():
            if not isinstance(sibling.tag, str) or sibling.tag in _LEFT_OUT:
                continue
            for line in iter_lines(sibling):
                if is_prose(line, least=15) or found >= _MOST:
                    return
                if len(line) <= _LONGEST:
                    yield line
                    found += 1
        node = node.getparent()
        if node is None or node.tag in ("body", "html"):
            return
