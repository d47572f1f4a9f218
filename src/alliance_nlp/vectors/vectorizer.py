"""The one text-in transformer that every model here builds on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer

from alliance_nlp.vectors.analyzer import content_words, terms
from alliance_nlp.vectors.concepts import concept_features


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
        Characters read of each text; the news comes first.
    content_only
        Content words alone, for likeness of events, in place of all parts, for topics.
    char_weight
        Weight of n-grams of 4 characters within words; 0 leaves them out.
    char_chars
        Characters read for them: they cost most and tell most in the lead.
    concept_weight
        Weight of :func:`~alliance_nlp.vectors.concepts.concept_features`; 0 leaves them out.

    concept_chars
        Characters read for them.

    Attributes
    ----------
    parts_
        The fitted parts by name (``terms``, ``chars``, ``concepts``), each a
        :class:`~sklearn.feature_extraction.text.TfidfVectorizer`, in the order of the columns.
    """

    def __init__(
        self,
        *,
        min_df: int = 3,
        max_features: int | None = None,
        lead_chars: int = 2000,
        content_only: bool = False,
        char_weight: float = 0.7,
        char_chars: int = 600,
        concept_weight: float = 0.4,
        concept_chars: int = 1500,
    ) -> None:
        self.min_df = min_df
        self.max_features = max_features
        self.lead_chars = lead_chars
        self.content_only = content_only
        self.char_weight = char_weight
        self.char_chars = char_chars
        self.concept_weight = concept_weight
        self.concept_chars = concept_chars

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
            self.parts_[name] = part
        return self._joined(matrices)

    def transform(self, X: Iterable[str]) -> csr_matrix:
        """Return the matrix of shape (n_articles, n_features)."""
        texts = _texts(X)
        return self._joined([part.transform(texts) for part in self.parts_.values()])

    def get_feature_names_out(self, input_features: Sequence[str] | None = None) -> Any:
        """Return the features, shape (n_features,), in column order.

        Terms stand for themselves, the others as ``chars__...`` and ``concepts__...``.
        """
        named = [
            name if part == "terms" else f"{part}__{name}"
            for part, fitted in self.parts_.items()
            for name in fitted.get_feature_names_out()
        ]
        return np.asarray(named, dtype=object)

    def _weights(self) -> dict[str, float]:
        if self.content_only:
            return {"terms": 1.0}
        weights = {"terms": 1.0, "chars": self.char_weight, "concepts": self.concept_weight}
        return {part: weight for part, weight in weights.items() if weight > 0}

    def _parts(self) -> dict[str, TfidfVectorizer]:
        made = {
            "terms": TfidfVectorizer(
                analyzer=_Analyzer(self.lead_chars, content_only=self.content_only),
                min_df=self.min_df,
                max_features=self.max_features,
                sublinear_tf=True,
            ),
            "chars": TfidfVectorizer(
                analyzer="char_wb",
                ngram_range=(4, 4),
                preprocessor=_Lead(self.char_chars),
                min_df=self.min_df,
                max_features=self.max_features,
                sublinear_tf=True,
            ),
            "concepts": TfidfVectorizer(
                analyzer=_Concepts(self.concept_chars), min_df=self.min_df, sublinear_tf=True
            ),
        }
        return {part: made[part] for part in self._weights()}

    def _joined(self, matrices: list[csr_matrix]) -> csr_matrix:
        weights = self._weights()
        blocks = [m * weights[part] for part, m in zip(self.parts_, matrices, strict=True)]
        return csr_matrix(hstack(blocks)) if len(blocks) > 1 else blocks[0]


class _Lead:
    """Lower-cased beginnings of texts; a callable that pickles."""

    def __init__(self, n_chars: int) -> None:
        self.n_chars = n_chars

    def __call__(self, text: str) -> str:
        return text[: self.n_chars].lower()


class _Concepts:
    """Concept features of the beginnings of texts; a callable that pickles."""

    def __init__(self, n_chars: int) -> None:
        self.n_chars = n_chars

    def __call__(self, text: str) -> list[str]:
        return list(concept_features(text[: self.n_chars]))


class _Analyzer:
    """A callable that pickles, unlike a closure."""

    def __init__(self, lead_chars: int, *, content_only: bool) -> None:
        self.lead_chars = lead_chars
        self.content_only = content_only

    def __call__(self, text: str) -> list[str]:
        split = content_words if self.content_only else terms
        return list(split(text[: self.lead_chars]))


def _texts(X: Iterable[str]) -> list[str]:
    if isinstance(X, str):
        raise TypeError("X must be many texts, not one; wrap it in a list")
    return [str(text) for text in X]
