"""Terms by which one sentence is known from another, in one language and across two."""

from __future__ import annotations

from collections.abc import Iterator

from alliance_nlp.vectors.analyzer import content_words
from alliance_nlp.vectors.bridge import numbers
from alliance_nlp.vectors.concepts import distinct_concepts

_STEM_LETTERS = 5


def sentence_terms(text: str) -> Iterator[str]:
    """Yield a sentence's content words, long ones cut to their first five letters, and numbers.

    Forms of one word are one term, and so tell the same: ``sign``, ``signed`` and ``signing``.
    """
    for word in content_words(text):
        yield word if not word.isascii() else word[:_STEM_LETTERS]
    for number in numbers(text):
        yield f"#{number}"


def shared_terms(text: str) -> Iterator[str]:
    """Yield what a sentence says in either language: its concepts and its numbers."""
    yield from distinct_concepts(text)
    for number in numbers(text):
        yield f"#{number}"
