"""Markdown back to plain text, one line at a time."""

from __future__ import annotations

import re

from alliance_nlp.core.text import one_line

_MARKUP = (
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),  # images
    (re.compile(r"\[\^[\w-]+\]"), ""),  # footnote marks
    (re.compile(r"\[([^\]]+)\]\([^)]*\)"), r"\1"),  # links
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)([*_])(?=\S)([^*_]+?)(?<=\S)\1(?!\w)"), r"\2"),
)
_SPECIAL = r"\`*_{}[]()#+.!<>|-&~"
_ESCAPED = re.compile(rf"\\([{re.escape(_SPECIAL)}])")
_ASIDE = 0xFDD0  # first of 32 noncharacters
_NONCHARACTERS = re.compile("[\ufdd0-\ufdef]")


def plain(markdown: str) -> str:
    """Return what a line of Markdown says, without its markup."""
    # Escaped characters are set aside as noncharacters, which no honest text holds, until markup
    # is gone.
    markdown = _NONCHARACTERS.sub("", markdown)
    markdown = _ESCAPED.sub(lambda m: chr(_ASIDE + _SPECIAL.index(m.group(1))), markdown)
    for pattern, replacement in _MARKUP:
        markdown = pattern.sub(replacement, markdown)
    for place, character in enumerate(_SPECIAL):
        markdown = markdown.replace(chr(_ASIDE + place), character)
    return one_line(markdown)
