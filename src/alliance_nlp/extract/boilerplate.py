"""Lines that extraction lets through and no reader would call part of the article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from alliance_nlp.extract.prose import is_prose, n_words
from alliance_nlp.extract.wording import (
    DATELINE,
    GATE,
    GATE_WORDS,
    LABEL,
    PICTURE,
    PLEA,
    PLEA_WORDS,
    POINTER,
)

_BYLINE = re.compile(r"(?:by|words by|written by|文[・=:])\s+.{2,60}", re.IGNORECASE)
_NO_LETTERS = re.compile(r"[\W_]+")
_HEAD_LINES = 12
_LONGEST_LINE = 350  # characters; a longer one is a paragraph, whatever it says
_LONGEST_PLEA = 60  # words


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the page's metadata already says and the text need not repeat."""

    titles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """Lines that stay, how many went, and whether a gate to the rest of the article was met."""

    lines: tuple[str, ...]
    n_dropped: int
    has_gate: bool


def trim(lines: Sequence[str], known: Known) -> Trimmed:
    """Drop what is no part of the article: its own title, labels, pleas, pointers, repetitions."""
    kept = _without_head(lines, known)
    kept, has_gate = _before_gate(kept)
    kept = [line for line in kept if not is_boilerplate(line)]
    kept = _without_bio(_once(kept), known)
    return Trimmed(lines=tuple(kept), n_dropped=len(lines) - len(kept), has_gate=has_gate)


def is_boilerplate(line: str) -> bool:
    """Tell whether a line is a label, a pointer to other stories, a plea or a picture credit."""
    bare = line.strip(" \t-–—•·*|:：・")
    if not bare:
        return True
    if len(bare) > _LONGEST_LINE:
        return False
    size = n_words(bare)
    if size <= 12 and (LABEL.fullmatch(bare) or (not is_prose(bare) and _BYLINE.fullmatch(bare))):
        return True
    if size <= 30 and (POINTER.fullmatch(bare) or PICTURE.fullmatch(bare)):
        return True
    if size > _LONGEST_PLEA:
        return False
    folded = bare.casefold()
    return any(word in folded for word in PLEA_WORDS) and bool(PLEA.search(bare))


def is_gate(line: str) -> bool:
    """Tell whether a short line says that the rest of the article is for others."""
    folded = line.casefold()
    is_likely = any(word in folded for word in GATE_WORDS)
    return is_likely and n_words(line) <= _LONGEST_PLEA and bool(GATE.search(line))


def _without_head(lines: Sequence[str], known: Known) -> list[str]:
    """Drop the title and what surrounds it above the first paragraph."""
    titles = {_letters(title) for title in known.titles}
    others = {_letters(name) for name in (*known.names, *known.authors, *known.sections)}
    kept: list[str] = []
    in_head = True
    for i, line in enumerate(lines):
        if i >= _HEAD_LINES or not in_head:
            kept.append(line)
            continue
        letters = _letters(line)
        if letters in titles:
            continue
        in_head = not is_prose(line, least=15)
        is_dated = n_words(line) <= 20 and not is_prose(line) and DATELINE.fullmatch(line.strip())
        if not (in_head and (is_dated or letters in others)):
            kept.append(line)
    return kept


def _before_gate(lines: list[str]) -> tuple[list[str], bool]:
    for i, line in enumerate(lines):
        if len(line) <= _LONGEST_LINE and is_gate(line):
            rest = [text for text in lines[i + 1 :] if not is_boilerplate(text)]
            before = sum(map(len, lines[:i]))
            # A gate in the middle of a whole article is only a banner.
            if sum(map(len, rest)) <= max(before, 300):
                return lines[:i], True
            return [*lines[:i], *lines[i + 1 :]], True
    return lines, False


def _once(lines: list[str]) -> list[str]:
    """Drop paragraphs that were there before: pages hold a copy for print or for small screens."""
    seen: set[str] = set()
    kept = []
    repeated = 0
    for line in lines:
        key = _letters(line)
        is_long = n_words(line) >= 8
        if is_long and key in seen:
            repeated += 1
            continue
        # Within a second copy the short lines, its headings, are repetitions too.
        if repeated >= 3 and not is_long and key in seen:
            continue
        seen.add(key)
        kept.append(line)
    return kept


def _without_bio(lines: list[str], known: Known) -> list[str]:
    """Drop closing paragraphs that begin with an author's full name: they introduce the author."""
    names = tuple(name for name in known.authors if len(name.split()) > 1)
    end = len(lines)
    while names and end > max(3, len(lines) - 3) and lines[end - 1].startswith(names):
        end -= 1
    return lines[:end]


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())
