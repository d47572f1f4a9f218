"""Classifying: topics and relevance of articles, and what makes up each decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliance_nlp.classify.apply import Model, classify, input_text
from alliance_nlp.classify.targets import RELEVANT, TARGETS, TOPICS
from alliance_nlp.core.lazily import lazily

if TYPE_CHECKING:
    from alliance_nlp.classify.classifier import ArticleClassifier
    from alliance_nlp.classify.explaining import Contribution, Explanation, explain, explain_all
    from alliance_nlp.classify.prefilter import RecallClassifier, cut_for_recall

__all__ = [
    "RELEVANT",
    "TARGETS",
    "TOPICS",
    "ArticleClassifier",
    "Contribution",
    "Explanation",
    "Model",
    "RecallClassifier",
    "classify",
    "cut_for_recall",
    "explain",
    "explain_all",
    "input_text",
]

# A night without anything new folds by what was decided before, and needs no estimator.
__getattr__ = lazily(
    __name__,
    {
        "ArticleClassifier": "classifier",
        "Contribution": "explaining",
        "Explanation": "explaining",
        "RecallClassifier": "prefilter",
        "cut_for_recall": "prefilter",
        "explain": "explaining",
        "explain_all": "explaining",
    },
)
