"""How much of a text is new to a vectorizer: the words that are none of its features."""

from __future__ import annotations

from collections.abc import Iterable

from alliance_nlp.vectors.analyzer import content_words

_NO_TERMS = frozenset({"chars", "concepts"})


def known_terms(names: Iterable[str]) -> frozenset[str]:
    """Return the terms among features' names (``get_feature_names_out``).

    A union of vectorizers writes ``part__term``; terms themselves hold no underscores. Pieces of
    words and concepts are no terms.
    """
    parted = (str(name).rpartition("__") for name in names)
    return frozenset(term for part, _, term in parted if part.rpartition("__")[2] not in _NO_TERMS)


def unknown_share(text: str, known: frozenset[str]) -> float:
    """Return the share of a text's different content words that are not known, in 0..1.

    A text without a content word has nothing unknown.
    """
    words = set(content_words(text))
    return len(words - known) / len(words) if words else 0.0
