"""How well an article answers a search, the same on both databases.

Okapi BM25 (Robertson and Zaragoza, 2009) of each term's occurrences, without its weight for rare
words: every article that is weighed has all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from alliance_nlp.store.search_words import UNIT_ENDING, Term, fold

_K, _B = 1.2, 0.75
# A headline that says it is worth four texts that do.
_TITLE = 4
# What an article is about, it says in its first pages.
MOST_TEXT = 6_000


def title_hits(title: str, terms: Sequence[Term]) -> int:
    """Return how many of the terms stand in a title."""
    folded = fold(title)
    return sum(_pattern(term.units).search(folded) is not None for term in terms)


def scores(articles: Mapping[str, tuple[str, str]], terms: Sequence[Term]) -> dict[str, float]:
    """Return the scores of articles, (title, text) each, by id; higher is better."""
    patterns = [_pattern(term.units) for term in terms]
    folded = {name: (fold(title), fold(text)) for name, (title, text) in articles.items()}
    sizes = {name: len(title) + len(text) for name, (title, text) in folded.items()}
    mean = max(1.0, sum(sizes.values()) / max(1, len(sizes)))
    return {
        name: _score(article, patterns, norm=_K * (1 - _B + _B * sizes[name] / mean))
        for name, article in folded.items()
    }


def _score(article: tuple[str, str], patterns: Sequence[re.Pattern[str]], *, norm: float) -> float:
    title, text = article
    total = 0.0
    for pattern in patterns:
        n = _TITLE * len(pattern.findall(title)) + len(pattern.findall(text))
        total += n * (_K + 1) / (n + norm)
    return round(total, 9)


@lru_cache(maxsize=256)
def _pattern(units: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds a term's forms in a folded text, about as the databases stem them."""
    return re.compile(r"[\W_]*".join(map(_unit, units)))


def _unit(unit: str) -> str:
    if not unit.isascii():
        return re.escape(unit)
    return rf"(?<![^\W_]){re.escape(UNIT_ENDING.sub('', unit))}[^\W_]*"
