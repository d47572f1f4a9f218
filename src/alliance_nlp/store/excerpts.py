"""The stretch of a text that a search hit, with the words that answer it told apart."""

from __future__ import annotations

from collections.abc import Sequence

from alliance_nlp.store.search_words import (
    MOST_CHARACTERS,
    UNIT,
    UNIT_ENDING,
    Term,
    fold,
    parse_query,
)

_MOST_WORD = 20  # how far to look for the next space


def excerpt(text: str, query: str, *, width: int) -> tuple[tuple[str, bool], ...]:
    """Return the stretch of a text with the most hits of a query, as (piece, whether it is a hit).

    The pieces in a row are at most ``width`` code points of the text, line ends shown as spaces,
    with an ellipsis on each side that is cut. A text without a hit gives its beginning.
    """
    hits = _hits(text, [term for term in parse_query(query) if not term.is_excluded])
    start, end = _window(text, hits, width=width)
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    at = start
    for hit_start, hit_end in hits:
        if hit_start < at or hit_end > end:
            continue
        pieces += [(text[at:hit_start], False), (text[hit_start:hit_end], True)]
        at = hit_end
    pieces += [(text[at:end], False), ("…" if end < len(text) else "", False)]
    return tuple((piece.replace("\n", " "), is_hit) for piece, is_hit in _joined(pieces))


def _joined(pieces: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    joined: list[tuple[str, bool]] = []
    for piece, is_hit in pieces:
        if not piece:
            continue
        if joined and not is_hit and not joined[-1][1]:
            joined[-1] = (joined[-1][0] + piece, False)
        else:
            joined.append((piece, is_hit))
    return joined


def _hits(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Return the places of all that answers the terms, in order, none within another."""
    places = [(found.start(), found.end()) for found in UNIT.finditer(text[:MOST_CHARACTERS])]
    forms = [fold(text[start:end]) for start, end in places]
    found: list[tuple[int, int]] = []
    for term in terms:
        n = len(term.units)
        for at in range(len(forms) - n + 1):
            if _answers(forms[at : at + n], term):
                found.append((places[at][0], places[at + n - 1][1]))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _answers(forms: Sequence[str], term: Term) -> bool:
    *before, last = term.units
    if not all(_is_form(form, unit) for form, unit in zip(forms, before, strict=False)):
        return False
    return forms[-1].startswith(last) if term.is_prefix else _is_form(forms[-1], last)


def _is_form(word: str, of: str) -> bool:
    if word[:2] != of[:2]:
        return False
    return word == of or UNIT_ENDING.sub("", word) == UNIT_ENDING.sub("", of)


def _window(text: str, hits: Sequence[tuple[int, int]], *, width: int) -> tuple[int, int]:
    """Return start and end of the earliest stretch that holds the most hits."""
    if len(text) <= width:
        return 0, len(text)
    if not hits:
        return 0, _back_to_space(text, width)
    best, first, last, most = 0, 0, 0, 0
    for number, (start, _) in enumerate(hits):
        last = max(last, number)
        while last < len(hits) and hits[last][1] <= start + width:
            last += 1
        if last - number > most:
            best, first, most = last, number, last - number
    held = hits[first:best] or hits[:1]
    spare = max(0, width - (held[-1][1] - held[0][0]))
    start = max(0, min(held[0][0] - spare // 2, len(text) - width))
    space = text.find(" ", start)
    if start and 0 <= space < min(held[0][0], start + _MOST_WORD):
        start = space + 1
    return start, _back_to_space(text, start + width, least=held[-1][1])


def _back_to_space(text: str, end: int, *, least: int = 0) -> int:
    """Return where to end so that no word is cut, if that is near."""
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", max(least, end - _MOST_WORD), end + 1)
    return space if space > 0 else end
