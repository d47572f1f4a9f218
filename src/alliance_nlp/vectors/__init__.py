"""Vectors: texts to matrices, as scikit-learn transformers."""

from alliance_nlp.vectors.analyzer import terms
from alliance_nlp.vectors.vectorizer import ArticleVectorizer

__all__ = ["ArticleVectorizer", "terms"]
