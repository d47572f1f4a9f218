"""The original outlet of a story that another site shows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from alliance_nlp.core.text import one_line
from alliance_nlp.core.urls import host
from alliance_nlp.extract.jsonld import text_of
from alliance_nlp.extract.markup import Markup

_NAME = r"(?P<name>[^()（）\[\].。:：]{2,60}?)"
_OPEN, _CLOSE = r"^[（(\[【]?\s*", r"\s*[）)\]】]?$"
_CREDITS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"[（(\[]\s*(?:machine[- ])?translated (?:and edited )?from (?:the )?{_NAME}\s*[）)\]]",
        r"\b(?:first|originally) (?:appeared|published|posted)(?: (?:in|on|by|at))+ "
        rf"(?:the website of )?{_NAME}[.。]?\s*(?:here.*)?$",
        rf"{_OPEN}(?:source|via|credit|original(?: source)?|courtesy of)\s*[:：]\s*{_NAME}{_CLOSE}",
        rf"{_OPEN}(?:出典|引用元|配信元|提供元|提供|情報元|元記事)\s*[:：=＝]\s*{_NAME}{_CLOSE}",
        rf"^republished (?:with permission )?from {_NAME}[.。]?$",
        rf"^[（(]{_NAME}(?:配信|より転載|提供)[）)]$",
    )
)
_SOURCES = (
    "original-source",
    "syndication-source",
    "article:publisher_name",
    "dc.source",
    "source",
)
_LAST_LINES = 4


def credited_outlet(lines: Sequence[str]) -> str:
    """Return the outlet that the last or first lines of a text credit; ``""`` if none."""
    for line in [*reversed(lines[-_LAST_LINES:]), *lines[:2]]:
        line = line.strip()
        # A credit is a line of its own or closes one; in running text it would be a report.
        for pattern in _CREDITS:
            found = pattern.search(line if len(line) < 160 else line[-100:])
            if found:
                return one_line(re.sub(r"^the (?=[A-Z])", "", found["name"]))
    return ""


def stated_outlet(markup: Markup, *, url: str, sites: Sequence[str]) -> str:
    """Return the outlet that metadata names where it is another than the site's own."""
    based_on = markup.article.get("isBasedOn") or markup.article.get("sourceOrganization")
    provider = markup.article.get("provider")
    for name in (text_of(based_on), text_of(provider), markup.meta(*_SOURCES)):
        name = host(name) or one_line(name)
        is_own = any(_same(name, site) for site in (*sites, host(url)))
        if 1 < len(name) <= 60 and not is_own:
            return name
    return ""


def _same(one: str, other: str) -> bool:
    a, b = ("".join(c for c in t.casefold() if c.isalnum()) for t in (one, other))
    return bool(a and b) and (a in b or b in a)
