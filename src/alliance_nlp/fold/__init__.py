"""Folding: many reports of one event become one story."""

from alliance_nlp.fold.clustering import EventClustering, likeness
from alliance_nlp.fold.copies import copies
from alliance_nlp.fold.novelty import Judged, ReadArticle, ToldItem, judge_against
from alliance_nlp.fold.reading import Reading
from alliance_nlp.fold.roundups import Parts, find_further
from alliance_nlp.fold.stories import Bridge, FoldItem, fold_articles, make_story

__all__ = [
    "Bridge",
    "EventClustering",
    "FoldItem",
    "Judged",
    "Parts",
    "ReadArticle",
    "Reading",
    "ToldItem",
    "copies",
    "find_further",
    "fold_articles",
    "judge_against",
    "likeness",
    "make_story",
]
