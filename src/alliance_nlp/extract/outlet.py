"""The credits in which a text names the outlet that it was taken from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from alliance_nlp.core.text import one_line

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
