"""Terms of a text: words where words are spaced, character n-grams where they are not."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Runs of Japanese or Chinese script; everything else is split into words.
_CJK = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f々〆ー]+")
_PIECES = re.compile(rf"(?P<cjk>{_CJK.pattern})|(?P<word>[^\W_]+(?:['’.&-][^\W_]+)*)", re.UNICODE)
_STEM_LETTERS = 5
_NUMBER = re.compile(r"\d[\d,.]*")
# Function words say nothing alone, but belong in pairs ("base in Japan", "return of land").
_STOP = frozenset(
    (
        "a an and are as at be been but by for from had has have he her his in is it its more not "
        "of on or said say says she that the their they this to was were which who will with would"
    ).split()
)


def terms(text: str) -> Iterator[str]:
    """Yield a text's terms: words, their stems, pairs of neighbours, and CJK 2- and 3-grams.

    A stem is a long word's first five letters and ``~``: crude, but it joins ``tariff`` with
    ``tariffs`` and ``exporter`` with ``exports`` at no cost. Digits become ``0``: that a figure
    stands there matters, which one does not.
    """
    previous = ""
    for match in _PIECES.finditer(text):
        cjk = match.group("cjk")
        if cjk:
            previous = ""
            yield from _grams(cjk)
            continue
        word = _word(match.group("word"))
        if word not in _STOP:
            yield word
            if len(word) > _STEM_LETTERS + 1:
                yield f"{word[:_STEM_LETTERS]}~"
        if previous and not (previous in _STOP and word in _STOP):
            yield f"{previous} {word}"
        previous = word


def _grams(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for size in (2, 3):
        for start in range(len(run) - size + 1):
            yield run[start : start + size]


def _word(word: str) -> str:
    word = word.lower().replace("’", "'").removesuffix("'s")
    if "." in word and len(word) <= 6:
        word = word.replace(".", "")  # U.S. and US are one term
    return _NUMBER.sub("0", word)
