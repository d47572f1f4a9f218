"""Folding: many reports of one event become one story."""

from alliance_nlp.fold.clustering import EventClustering, likeness
from alliance_nlp.fold.copies import copies
from alliance_nlp.fold.stories import Bridge, FoldItem, fold_articles, judge_novelty

__all__ = [
    "Bridge",
    "EventClustering",
    "FoldItem",
    "copies",
    "fold_articles",
    "judge_novelty",
    "likeness",
]
