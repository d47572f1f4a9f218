"""Vectors in which reports of one event lie close together."""

from __future__ import annotations

from collections.abc import Sequence

from scipy.sparse import csr_matrix

from alliance_nlp.vectors.analyzer import content_words
from alliance_nlp.vectors.vectorizer import ArticleVectorizer


def event_vectors(texts: Sequence[str]) -> csr_matrix:
    """Return unit-length TF-IDF rows of content words, shape (n_texts, n_features).

    The weights come from these texts alone. Texts without a content word have zero rows.
    """
    if not any(next(content_words(text), None) for text in texts):
        return csr_matrix((len(texts), 1))
    return ArticleVectorizer(min_df=1, content_only=True).fit_transform(texts)
