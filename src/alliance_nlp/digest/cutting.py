"""Cuts and replacements in a sentence: nothing within quotation marks, and no scar afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable

# A cut leaves this mark until the sentence is mended; normal text holds no NUL.
CUT = "\x00"

_QUOTED = re.compile(
    r"“[^”]*”?|\"[^\"]*\"?|‘[^’]*(?:’\w[^’]*)*’?|(?<!\w)'(?=\w)[^']*(?:'\w[^']*)*'(?!\w)"
    r"|「[^」]*」?|『[^』]*』?"
)
_MENDINGS = (
    (re.compile(rf"^\s*{CUT}[\s,;]*"), ""),
    # ", released on Wednesday," keeps nothing worth its commas.
    (re.compile(rf"\s*,\s*(?:\w+ed|held|made)?\s*{CUT}\s*,\s*"), " "),
    (re.compile(rf"\s*{CUT}\s*"), " "),
    (re.compile(r"\s+"), " "),
    (re.compile(r"\(\s+"), "("),
    (re.compile(r"\s+([,.;:)!?])"), r"\1"),
    (re.compile(r",(?:\s*,)+"), ","),
    (re.compile(r",([.!?])"), r"\1"),
)


def quoted_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return (start, end) of what stands within quotation marks, the marks included, in order.

    A mark that nothing closes quotes all that follows.
    """
    return tuple(match.span() for match in _QUOTED.finditer(text))


def is_quoted(text: str, start: int, end: int) -> bool:
    """Tell whether any of ``text[start:end]`` stands within quotation marks."""
    return any(start < last and end > first for first, last in quoted_spans(text))


def replace_each(
    pattern: re.Pattern[str], text: str, new: Callable[[re.Match[str]], str | None]
) -> str | None:
    """Replace each match outside quotation marks; ``None`` as soon as ``new`` returns it.

    Where ``new`` returns what it was given, nothing changes.
    """
    pieces = []
    last = 0
    for match in pattern.finditer(text):
        if match.start() < last or is_quoted(text, *match.span()):
            continue
        replacement = new(match)
        if replacement is None:
            return None
        pieces += [text[last : match.start()], replacement]
        last = match.end()
    return "".join((*pieces, text[last:]))


def mend(text: str) -> str:
    """Close the gaps that cuts left: spaces, orphaned commas, a small letter at the start."""
    begins_cut = text.lstrip().startswith(CUT)
    if CUT in text:
        for pattern, replacement in _MENDINGS:
            text = pattern.sub(replacement, text)
    text = " ".join(text.split())
    return capitalised(text) if begins_cut else text


def capitalised(text: str) -> str:
    """Return a text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
