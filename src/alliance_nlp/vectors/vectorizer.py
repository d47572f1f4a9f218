"""The one text-in transformer that every model here builds on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer

from alliance_nlp.vectors.analyzer import pieces, terms
from alliance_nlp.vectors.concepts import concept_features
from alliance_nlp.vectors.lexicon import is_japanese


class ArticleVectorizer(TransformerMixin, BaseEstimator):
    """TF-IDF of an article's terms, character n-grams and concepts, side by side.

    The three parts have unit length each before their weights; English and Japanese alike.

    Parameters
    ----------
    min_df
        Terms in fewer articles than this are left out.
    max_features
        Most terms kept, by total frequency; ``None`` for all.
    lead_chars
        Characters read of each text, of Japanese ones half of them; the news comes first.
    char_weight
        Weight of :func:`~alliance_nlp.vectors.analyzer.pieces`; 0 leaves them out.
    char_chars
        Characters read for them: they cost most and tell most in the lead.
    concept_weight
        Weight of :func:`~alliance_nlp.vectors.concepts.concept_features`; 0 leaves them out.
    concept_chars
        Characters read for them.
    reader
        Features of your own: a callable from a text to features, such as
        :class:`~alliance_nlp.learn.EntityReader`; it must pickle for the model to be saved.
    reader_weight
        Weight of the reader's features.

    Attributes
    ----------
    parts_
        The fitted parts by name (``terms``, ``chars``, ``concepts``, ``read``), each a
        :class:`~sklearn.feature_extraction.text.TfidfVectorizer`, in the order of the columns.
    """

    def __init__(
        self,
        *,
        min_df: int = 3,
        max_features: int | None = None,
        lead_chars: int = 1200,
        char_weight: float = 0.0,
        char_chars: int = 400,
        concept_weight: float = 0.6,
        concept_chars: int = 1200,
        reader: Callable[[str], Iterable[str]] | None = None,
        reader_weight: float = 0.4,
    ) -> None:
        self.min_df = min_df
        self.max_features = max_features
        self.lead_chars = lead_chars
        self.char_weight = char_weight
        self.char_chars = char_chars
        self.concept_weight = concept_weight
        self.concept_chars = concept_chars
        self.reader = reader
        self.reader_weight = reader_weight

    def fit(self, X: Iterable[str], y: Any = None) -> Self:
        """Learn the terms of texts of shape (n_articles,)."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: Iterable[str], y: Any = None, **_: Any) -> csr_matrix:
        """Learn the terms and return the matrix of shape (n_articles, n_features)."""
        texts = _texts(X)
        self.parts_, matrices = {}, []
        for name, part in self._parts().items():
            try:
                matrices.append(part.fit_transform(texts))
            except ValueError:
                if name == "terms":
                    raise
                continue  # texts that share no concept: the part would have no column
            part.analyzer.known = part.vocabulary_
            self.parts_[name] = part
        return self._joined(matrices)

    def transform(self, X: Iterable[str]) -> csr_matrix:
        """Return the matrix of shape (n_articles, n_features)."""
        texts = _texts(X)
        return self._joined([part.transform(texts) for part in self.parts_.values()])

    def get_feature_names_out(self, input_features: Sequence[str] | None = None) -> Any:
        """Return the features, shape (n_features,), in column order.

        Terms stand for themselves, the others after their part (``concepts__has:trade``).
        """
        named = [
            name if part == "terms" else f"{part}__{name}"
            for part, fitted in self.parts_.items()
            for name in fitted.get_feature_names_out()
        ]
        return np.asarray(named, dtype=object)

    def _weights(self) -> dict[str, float]:
        weights = {
            "terms": 1.0,
            "chars": self.char_weight,
            "concepts": self.concept_weight,
            "read": 0.0 if self.reader is None else self.reader_weight,
        }
        return {part: weight for part, weight in weights.items() if weight > 0}

    def _parts(self) -> dict[str, TfidfVectorizer]:
        readers = {
            "terms": _Reader(terms, self.lead_chars),
            "chars": _Reader(pieces, self.char_chars),
            "concepts": _Reader(concept_features, self.concept_chars),
            "read": _Reader(self.reader or terms, self.lead_chars),
        }
        return {
            part: TfidfVectorizer(
                analyzer=readers[part],
                min_df=self.min_df,
                max_features=self.max_features if part in ("terms", "chars") else None,
                sublinear_tf=True,
            )
            for part in self._weights()
        }

    def _joined(self, matrices: list[csr_matrix]) -> csr_matrix:
        weights = self._weights()
        blocks = [m * weights[part] for part, m in zip(self.parts_, matrices, strict=True)]
        return csr_matrix(hstack(blocks)) if len(blocks) > 1 else blocks[0]


def _lead(text: str, n_chars: int) -> str:
    # A Japanese character says as much as two of English.
    lead = text[:n_chars]
    return lead[: n_chars // 2] if is_japanese(lead) else lead


class _Reader:
    """An analyzer of beginnings of texts that pickles, unlike a closure."""

    def __init__(self, analyze: Callable[[str], Iterable[str]], n_chars: int) -> None:
        self.analyze = analyze
        self.n_chars = n_chars
        self.known: Mapping[str, int] | None = None

    def __call__(self, text: str) -> list[str]:
        features = self.analyze(_lead(text, self.n_chars))
        # Counting skips what it does not know by way of an exception: a third of all the time.
        return list(features if self.known is None else filter(self.known.__contains__, features))


def _texts(X: Iterable[str]) -> list[str]:
    if isinstance(X, str):
        raise TypeError("X must be many texts, not one; wrap it in a list")
    return [str(text) for text in X]
