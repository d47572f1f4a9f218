"""Pages that only lead elsewhere: redirects by markup or script."""

from __future__ import annotations

import re

from alliance_nlp.core.urls import absolute
from alliance_nlp.extract.markup import Markup

_REFRESH = re.compile(
    r"^\s*(\d+(?:\.\d+)?)?\s*[;,]?\s*url\s*=\s*['\"]?\s*([^'\"\s>]+)", re.IGNORECASE
)
_SCRIPT = re.compile(
    r"(?:window\.|document\.|top\.|self\.)?location(?:\.href|\.replace|\.assign)?\s*(?:=|\()"
    r"\s*['\"]([^'\"]{4,500})['\"]"
)
_LONGEST_WAIT = 30  # seconds; a page that waits longer is refreshed, not left
_MOST_SCRIPT = 20_000  # characters; a redirect stub is small


def leads_to(markup: Markup, source: str, *, url: str) -> str:
    """Return where a page without a text of its own sends its reader; ``""`` if nowhere.

    Parameters
    ----------
    source
        The page's markup.
    """
    found = _REFRESH.match(markup.meta("refresh"))
    if found and float(found[1] or 0) <= _LONGEST_WAIT:
        address = absolute(url, found[2])
        if address and address != url.split("#", 1)[0]:
            return address
    script = _SCRIPT.search(source) if len(source) <= _MOST_SCRIPT else None
    address = absolute(url, script[1]) if script else ""
    return "" if address == url.split("#", 1)[0] else address
