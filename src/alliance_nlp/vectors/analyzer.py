"""Terms of a text: words where words are spaced, character n-grams where they are not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

# Runs of Japanese or Chinese script; everything else is split into words.
_CJK = r"\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f々〆ー"
_LETTERS = rf"[^\W_{_CJK}]+"
_PIECES = re.compile(
    rf"(?P<cjk>[{_CJK}]+)|(?P<word>{_LETTERS}(?:(?:\.?['’&-]|\.){_LETTERS})*)", re.UNICODE
)
_CAPITALISED = re.compile(rf"\b[A-Z]{_LETTERS}(?:(?:\.?['’&-]|\.){_LETTERS})*|\b[A-Z]\.?[A-Z]\b")
_KATAKANA = re.compile(r"[\u30a1-\u30ff]{3,}")
_INITIAL_DOT = re.compile(r"(?<=\b[a-z])\.")
_STEM_LETTERS = 5
_PIECE_CHARS = 4
_NUMBER = re.compile(r"\d[\d,.]*")
# Function words say nothing alone, but belong in pairs ("base in Japan", "return of land").
_STOP = frozenset(
    (
        "a an and are as at be been but by for from had has have he her his in is it its more not "
        "of on or said say says she that the their they this to was were which who will with would"
    ).split()
)


def content_words(text: str) -> Iterator[str]:
    """Yield a text's words that are no function words, and CJK 2- and 3-grams.

    For telling whether two texts speak of the same thing: pairs and stems, which help to tell
    topics apart, only dilute that.
    """
    for run, letters in _PIECES.findall(text):
        if run:
            yield from _grams(run)
        elif (word := _word(letters)) not in _STOP:
            yield word


def content_pairs(text: str) -> Iterator[str]:
    """Yield the pairs of neighbouring content words, function words between them left out."""
    words = list(content_words(text))
    for first, second in pairwise(words):
        yield f"{first} {second}"


def names(text: str) -> Iterator[str]:
    """Yield a text's capitalised words, lower-cased, and its runs of three katakana or more.

    Who and where tell events apart better than what: two quakes share most words but names.
    """
    for word in _CAPITALISED.findall(text):
        if (name := _word(word)) not in _STOP:
            yield name
    yield from _KATAKANA.findall(text)


def terms(text: str) -> Iterator[str]:
    """Yield a text's terms: words, their stems, pairs of neighbours, and CJK 2- and 3-grams.

    A stem is a long word's first five letters and ``~``: crude, but it joins ``tariff`` with
    ``tariffs`` and ``exporter`` with ``exports`` at no cost. Digits become ``0``: that a figure
    stands there matters, which one does not.
    """
    previous = ""
    for run, letters in _PIECES.findall(text):
        if run:
            previous = ""
            yield from _grams(run)
            continue
        word = _word(letters)
        if word not in _STOP:
            yield word
            if len(word) > _STEM_LETTERS + 1:
                yield f"{word[:_STEM_LETTERS]}~"
        if previous and not (previous in _STOP and word in _STOP):
            yield f"{previous} {word}"
        previous = word


def pieces(text: str) -> Iterator[str]:
    """Yield the runs of four characters of each word, its ends marked by spaces, lower-cased."""
    for word in text.lower().split():
        padded = f" {word} "
        if len(padded) <= _PIECE_CHARS:
            yield padded
        else:
            for start in range(len(padded) - _PIECE_CHARS + 1):
                yield padded[start : start + _PIECE_CHARS]


def _grams(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for size in (2, 3):
        for start in range(len(run) - size + 1):
            yield run[start : start + size]


@lru_cache(maxsize=1 << 15)  # a night's words are few and come again and again
def _word(word: str) -> str:
    word = word.lower().replace("’", "'").removesuffix("'s")
    word = _INITIAL_DOT.sub("", word)  # U.S. and US are one term, U.S.-Japan and US-Japan too
    return _NUMBER.sub("0", word)
