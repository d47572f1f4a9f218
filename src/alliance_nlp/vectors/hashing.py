"""Vectors without a vocabulary, for sieving pages by the million."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Self

from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import HashingVectorizer

from alliance_nlp.vectors.concepts import concept_features
from alliance_nlp.vectors.lexicon import family, is_japanese, load_lexicon


class HashedVectorizer(TransformerMixin, BaseEstimator):
    """Beginnings of texts as hashed concepts; stateless, so ``fit`` learns nothing.

    The first line counts as the title. Each row has length 1, or 0 where no concept stands. Terms
    beside the concepts told no more of held-out stories, and cost as much again.

    Parameters
    ----------
    n_features
        Columns; collisions cost little from 2**18 on.
    n_chars
        Characters read of each text; of Japanese half as many.
    """

    def __init__(self, *, n_features: int = 2**18, n_chars: int = 1500) -> None:
        self.n_features = n_features
        self.n_chars = n_chars

    def fit(self, X: Iterable[str], y: Any = None) -> Self:
        """Do nothing: there is no vocabulary to learn."""
        return self

    def transform(self, X: Iterable[str]) -> csr_matrix:
        """Return the matrix of shape (n_texts, n_features)."""
        hasher = HashingVectorizer(
            analyzer=self._features, n_features=self.n_features, alternate_sign=False, norm="l2"
        )
        return csr_matrix(hasher.transform(list(X)))

    def __sklearn_is_fitted__(self) -> bool:
        """Tell scikit-learn that it need not be fitted."""
        return True

    def _features(self, text: str) -> Iterator[str]:
        lead = text[: self.n_chars]
        if is_japanese(lead):
            lead = lead[: self.n_chars // 2]
        # Once each: a page repeats its menu words as often as it likes.
        yield from set(concept_features(lead))


def family_terms(groups: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lexicon's (English, Japanese) terms of some groups, lower case, sorted.

    Parameters
    ----------
    groups
        Families such as ``"jp"`` and concepts such as ``"trade/tariffs"``.
    """
    lexicon = load_lexicon()

    def counts(concepts: Iterable[str]) -> bool:
        return any(name in groups or family(name) in groups for name in concepts)

    english = {
        " ".join((first, *further))
        for first, entries in lexicon.english.items()
        for further, concepts in entries
        if counts(concepts)
    }
    japanese = {
        term
        for entries in lexicon.japanese.values()
        for term, concepts in entries
        if counts(concepts)
    }
    return tuple(sorted(english)), tuple(sorted(japanese))
