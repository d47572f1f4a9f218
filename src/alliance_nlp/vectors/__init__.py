"""Vectors: texts to matrices, as scikit-learn transformers."""

from alliance_nlp.vectors.analyzer import content_words, names, terms
from alliance_nlp.vectors.background import Background, count_background, write_background
from alliance_nlp.vectors.bridge import bridge_vectors
from alliance_nlp.vectors.events import EventVectorizer, event_terms, event_vectors
from alliance_nlp.vectors.hashing import HashedVectorizer, family_terms
from alliance_nlp.vectors.lexicon import is_japanese
from alliance_nlp.vectors.parts import text_parts
from alliance_nlp.vectors.sentences import sentence_terms, shared_terms
from alliance_nlp.vectors.unknown import known_terms, unknown_share
from alliance_nlp.vectors.vectorizer import ArticleVectorizer

__all__ = [
    "ArticleVectorizer",
    "Background",
    "EventVectorizer",
    "HashedVectorizer",
    "bridge_vectors",
    "content_words",
    "count_background",
    "event_terms",
    "event_vectors",
    "family_terms",
    "is_japanese",
    "known_terms",
    "names",
    "sentence_terms",
    "shared_terms",
    "terms",
    "text_parts",
    "unknown_share",
    "write_background",
]
