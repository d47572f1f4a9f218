"""The one text-in transformer that every model here builds on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer

from alliance_nlp.vectors.analyzer import content_words, terms


class ArticleVectorizer(TransformerMixin, BaseEstimator):
    """TF-IDF of an article's terms, English and Japanese alike.

    Parameters
    ----------
    min_df
        Terms in fewer articles than this are left out.
    max_features
        Most terms kept, by total frequency; ``None`` for all.
    lead_chars
        Characters read of each text; the news comes first.
    content_only
        Content words alone, for likeness of events, in place of all terms, for topics.

    Attributes
    ----------
    tfidf_
        The fitted :class:`~sklearn.feature_extraction.text.TfidfVectorizer`.
    """

    def __init__(
        self,
        *,
        min_df: int = 3,
        max_features: int | None = None,
        lead_chars: int = 4000,
        content_only: bool = False,
    ) -> None:
        self.min_df = min_df
        self.max_features = max_features
        self.lead_chars = lead_chars
        self.content_only = content_only

    def fit(self, X: Iterable[str], y: Any = None) -> Self:
        """Learn the terms of texts of shape (n_articles,)."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: Iterable[str], y: Any = None, **_: Any) -> csr_matrix:
        """Learn the terms and return the matrix of shape (n_articles, n_features)."""
        self.tfidf_ = TfidfVectorizer(
            analyzer=_Analyzer(self.lead_chars, content_only=self.content_only),
            min_df=self.min_df,
            max_features=self.max_features,
            sublinear_tf=True,
            dtype=np.float64,
        )
        return self.tfidf_.fit_transform(_texts(X))

    def transform(self, X: Iterable[str]) -> csr_matrix:
        """Return the matrix of shape (n_articles, n_features); rows have unit length or are 0."""
        return self.tfidf_.transform(_texts(X))

    def get_feature_names_out(self, input_features: Sequence[str] | None = None) -> Any:
        """Return the terms, shape (n_features,), in column order."""
        return self.tfidf_.get_feature_names_out()


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
