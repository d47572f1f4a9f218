"""Folding: many reports of one event become one story."""

from alliance_nlp.fold.clustering import EventClustering, likeness
from alliance_nlp.fold.stories import FoldItem, fold_articles, judge_novelty

__all__ = ["EventClustering", "FoldItem", "fold_articles", "judge_novelty", "likeness"]
