"""Lines that extraction lets through and no reader would call part of the article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from alliance_nlp.extract.byline import is_closing_byline
from alliance_nlp.extract.prose import is_east_asian, is_prose, n_words
from alliance_nlp.extract.wording import (
    DATELINE,
    GATE,
    GATE_WORDS,
    LABEL,
    PICTURE,
    PICTURE_WORDS,
    PLEA,
    PLEA_WORDS,
    POINTER,
    QUOTE,
    TO_READER,
)

_BYLINE = re.compile(r"(?:by|words by|written by|文[・=:])\s+.{2,60}", re.IGNORECASE)
_ERA_DATE = re.compile(
    r"\W*(?:[^\W\d]{2,5}[:：])?\s*(?:令和|平成|昭和)\s*[\d元]{1,2}年\s*\d{1,2}月\s*\d{1,2}日.{0,20}"
)
_HOLDS_DATE = re.compile(
    r"\b\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}"
    r"|\b[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}|\b\d{1,2} [A-Z][a-z]{2,8} \d{4}"
)
# Above the first paragraph: the way to the page, and who wrote it for whom.
_TRAIL = re.compile(r"\S.{0,40}\s[|>›»/]\s.{0,40}\S")
_LONG_BYLINE = re.compile(r"by\s+[^.!?]{2,120}", re.IGNORECASE)
_SHORT_LABEL = 12  # words; of an East Asian line characters
# Below the last paragraph: where else the story stands, and how to reach its author.
_CLOSING = re.compile(
    r"an? (?:earlier |shorter |different )?version of this (?:article|story|report) .{3,120}"
    r"|this (?:article|story) (?:appeared|appears) in (?:the )?.{3,60} print edition.{0,60}"
    r"|(?:e-?mail\W+)?[\w.+-]+@[\w-]+\.[\w.]+|(?:(?:twitter|x|bluesky|on x)\W+)?@\w+"
    r"|download details|virin[:：].{3,40}|photo by[:：].{2,80}",
    re.IGNORECASE,
)
_NO_LETTERS = re.compile(r"[\W_]+")
_NO_ASCII_LETTERS = {code: None for code in range(128) if not chr(code).isalnum()}
_HEAD_LINES = 12
_LONGEST_LINE = 350  # characters; a longer one is a paragraph, whatever it says
# Behind a gate stand teasers and pleas, and no text to speak of.
_LEAST_AFTER_GATE = 12  # words
_FEW_AFTER_GATE = 0.3  # of the text before
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Words, lower case, of which what is no part of an article holds one, by its kind."""

    pleas: tuple[str, ...]
    gates: tuple[str, ...]
    pictures: tuple[str, ...]


ANY = Hints(pleas=PLEA_WORDS, gates=GATE_WORDS, pictures=PICTURE_WORDS)


def trim(lines: Sequence[str], known: Known) -> Trimmed:
    """Drop what is no part of the article: its own title, labels, pleas, pointers, repetitions."""
    kept = _without_head(lines, known)
    hints = hints_in("\n".join(kept))
    kept, has_gate = _before_gate(kept, hints)
    kept = [line for line in kept if not is_boilerplate(line, hints)]
    kept = _without_bio(_without_tail(_once(kept)), known)
    return Trimmed(lines=tuple(kept), n_dropped=len(lines) - len(kept), has_gate=has_gate)


def hints_in(text: str) -> Hints:
    """Return the hints that a text holds: few, and its lines need be searched for no others."""
    folded = text.casefold()
    return Hints(
        pleas=tuple(word for word in PLEA_WORDS if word in folded),
        gates=tuple(word for word in GATE_WORDS if word in folded),
        pictures=tuple(word for word in PICTURE_WORDS if word in folded),
    )


def is_boilerplate(line: str, hints: Hints = ANY) -> bool:
    """Tell whether a line is a label, a pointer to other stories, a plea or a picture credit.

    Parameters
    ----------
    hints
        Those that the text holds to which it belongs.
    """
    bare = line.strip(" \t-–—•·*|:：・_＊■◆●※#=＝~")
    if not bare:
        return True
    if len(bare) > _LONGEST_LINE:
        return False
    size = n_words(bare)
    if size <= 12 and (LABEL.fullmatch(bare) or (not is_prose(bare) and _BYLINE.fullmatch(bare))):
        return True
    if size > _LONGEST_PLEA:
        return False
    if size <= 30 and POINTER.fullmatch(bare):
        return True
    folded = bare.casefold()
    if size <= 30 and any(map(folded.__contains__, hints.pictures)) and PICTURE.fullmatch(bare):
        return True
    return any(map(folded.__contains__, hints.pleas)) and bool(PLEA.search(bare))


def is_gate(line: str, hints: Hints = ANY) -> bool:
    """Tell whether a short line says to its reader that the rest is for others.

    What prose quotes or tells of readers elsewhere is none.

    Parameters
    ----------
    hints
        Those that the text holds to which it belongs.
    """
    if not hints.gates:
        return False
    folded = line.casefold()
    is_likely = any(map(folded.__contains__, hints.gates))
    if not is_likely or n_words(line) > _LONGEST_PLEA or QUOTE.search(line):
        return False
    found = GATE.search(line)
    return found is not None and (
        not line[: found.start()].strip(" \t-–—•*※■")
        or not is_prose(line, least=6)
        or bool(TO_READER.search(line))
    )


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
        if not (in_head and (letters in others or _is_head_line(line))):
            kept.append(line)
    return kept


def _is_head_line(line: str) -> bool:
    """Tell whether a line above the first paragraph is a date, a byline, a section or a path."""
    bare = line.strip()
    if n_words(bare) > 20 or is_prose(bare):
        return False
    if is_east_asian(bare) and len(bare) <= _SHORT_LABEL and not bare.endswith(("。", "」", "！")):
        return True
    if (not bare.isascii() or n_words(bare) <= _SHORT_LABEL) and _HOLDS_DATE.search(bare):
        return True
    forms = (DATELINE, _ERA_DATE, _TRAIL, _LONG_BYLINE)
    return any(form.fullmatch(bare) for form in forms)


def _without_tail(lines: list[str]) -> list[str]:
    """Drop closing lines that name the author, the print edition or an address."""
    end = len(lines)
    while end and (_CLOSING.fullmatch(lines[end - 1].strip()) or is_closing_byline(lines[end - 1])):
        end -= 1
    return lines[:end]


def _before_gate(lines: list[str], hints: Hints) -> tuple[list[str], bool]:
    for i, line in enumerate(lines):
        if len(line) <= _LONGEST_LINE and is_gate(line, hints):
            rest = (text for text in lines[i + 1 :] if is_prose(text, least=_LEAST_AFTER_GATE))
            n_rest = sum(len(text) for text in rest if not is_boilerplate(text, hints))
            before = sum(map(len, lines[:i]))
            # A gate in the middle of a whole article is only a banner.
            if n_rest <= max(_FEW_AFTER_GATE * before, 300):
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
    if text.isascii():
        return text.lower().translate(_NO_ASCII_LETTERS)
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())
