"""Elements that a class says are captions, credits or sources; met in one walk over the tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_CAPTION = re.compile(r"(?:^|[\s_-])(?:[a-z]*caption)(?:$|[\s_-]|text)", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?:^|[\s_-])(?:source|provider|publisher|outlet|attribution|syndicat\w*|agency|newsagency"
    r"|media-?name)s?(?:$|[\s_-]|name|text|label|logo|title)",
    re.IGNORECASE,
)
_SOURCE_WORDS = (
    "source", "provider", "publisher", "outlet", "attribution", "syndicat", "agency", "media",
)  # fmt: skip
_NOT_SOURCE = re.compile(
    r"im(?:g|age)|photo|pic|video|caption|credit|data|code|open|related|recommend|card|footer|ad[-_]",
    re.IGNORECASE,
)
_PROPERTIES = frozenset(("sourceOrganization", "provider", "publisher", "isBasedOn"))
_TAGS = ("span", "a", "div", "p", "cite", "li", "strong", "em", "small", "dd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Classed:
    """Elements by what their class or property says of them."""

    captions: tuple[Any, ...]
    sources: tuple[Any, ...]


def classed(tree: Any) -> Classed:
    """Find the elements of a tree whose markup names their part; ``figcaption`` too."""
    captions: list[Any] = list(tree.iter("figcaption"))
    sources: list[Any] = []
    for element in tree.iter(*_TAGS):
        kind = element.get("class")
        role = _role(kind) if kind else ""
        if role == "caption":
            captions.append(element)
        elif role == "source" or element.get("itemprop") in _PROPERTIES:
            sources.append(element)
    return Classed(captions=tuple(captions), sources=tuple(sources))


@lru_cache(maxsize=4096)
def _role(kind: str) -> str:
    folded = kind.lower()
    if "caption" in folded and _CAPTION.search(kind):
        return "caption"
    if not any(map(folded.__contains__, _SOURCE_WORDS)):
        return ""
    return "source" if _SOURCE.search(kind) and not _NOT_SOURCE.search(kind) else ""
