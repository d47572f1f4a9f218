"""Vectors in which reports of one event lie close together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from alliance_nlp.vectors.analyzer import content_pairs, content_words, names
from alliance_nlp.vectors.background import read_background


class EventVectorizer(TransformerMixin, BaseEstimator):
    """Unit-length TF-IDF of content words, of names, and of pairs of words, side by side.

    What tells topics apart (stems, function words, pieces of words) only dilutes what tells events
    apart, so this is not the classifier's vectorizer.

    Parameters
    ----------
    lead_chars
        Characters read of each text; the news comes first.
    name_weight, pair_weight
        Weights of the parts beside that of words, which is 1.
    background
        Count in what texts a term stands in the packaged background too; then few texts are
        weighed as well as many.

    Attributes
    ----------
    parts_
        The fitted parts by name, each a :class:`~sklearn.feature_extraction.text.TfidfVectorizer`,
        in the order of the columns.
    """

    def __init__(
        self,
        *,
        lead_chars: int = 2000,
        name_weight: float = 0.5,
        pair_weight: float = 0.5,
        background: bool = False,
    ) -> None:
        self.lead_chars = lead_chars
        self.name_weight = name_weight
        self.pair_weight = pair_weight
        self.background = background

    def fit(self, X: Iterable[str], y: Any = None) -> Self:
        """Learn the weights of words from texts of shape (n_texts,)."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: Iterable[str], y: Any = None, **_: Any) -> csr_matrix:
        """Learn the weights and return unit-length rows, shape (n_texts, n_features).

        Texts without a word have zero rows.
        """
        texts = list(X)
        self.parts_, matrices = {}, []
        for name, (weight, analyze, min_df) in self._parts().items():
            part = TfidfVectorizer(
                analyzer=_Reader(analyze, self.lead_chars),
                min_df=min_df,
                sublinear_tf=True,
            )
            try:
                rows = part.fit_transform(texts)
            except ValueError:
                continue  # no text has one, or no two texts share one: it would have no column
            if self.background:
                rows = normalize(rows.multiply(_weigh_generally(part, name, rows)))
            matrices.append(rows * weight)
            self.parts_[name] = part
        return _joined(matrices, len(texts))

    def transform(self, X: Iterable[str]) -> csr_matrix:
        """Return unit-length rows, shape (n_texts, n_features)."""
        texts, weights = list(X), self._parts()
        matrices = [part.transform(texts) * weights[name][0] for name, part in self.parts_.items()]
        return _joined(matrices, len(texts))

    def _parts(self) -> dict[str, tuple[float, Callable[[str], Iterator[str]], int]]:
        return {
            "words": (1.0, content_words, 1),
            "names": (self.name_weight, names, 1),
            "pairs": (self.pair_weight, content_pairs, 2),
        }


def _weigh_generally(part: TfidfVectorizer, name: str, X: csr_matrix) -> Any:
    """Let the background count in a part's weights; return by what to multiply rows of it."""
    background, n_here = read_background(), X.shape[0]
    counts = background.counts.get(name, {})
    there = np.array([counts.get(term, 0) for term in part.get_feature_names_out()])
    here = X.getnnz(axis=0)
    before = part.idf_
    part.idf_ = np.log((1 + n_here + background.n_texts) / (1 + here + there)) + 1
    return part.idf_ / before


class _Reader:
    """An analyzer of beginnings of texts; a callable that pickles."""

    def __init__(self, analyze: Callable[[str], Iterator[str]], lead_chars: int) -> None:
        self.analyze = analyze
        self.lead_chars = lead_chars

    def __call__(self, text: str) -> list[str]:
        return list(self.analyze(text[: self.lead_chars]))


def _joined(matrices: list[csr_matrix], n_rows: int) -> csr_matrix:
    return csr_matrix(normalize(hstack(matrices))) if matrices else csr_matrix((n_rows, 1))


def event_terms(lead_chars: int = 2000) -> dict[str, Callable[[str], list[str]]]:
    """Return what reads a text's terms, by part: what a background is counted with."""
    parts = EventVectorizer()._parts()
    return {name: _Reader(analyze, lead_chars) for name, (_, analyze, _) in parts.items()}


def event_vectors(texts: Sequence[str]) -> csr_matrix:
    """Return unit-length rows of these texts, weighted by these texts alone.

    Shape (n_texts, n_features); see :class:`EventVectorizer`.
    """
    return EventVectorizer().fit_transform(texts)
