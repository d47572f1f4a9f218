"""Classifying: topics and relevance of articles, and what makes up each decision."""

from alliance_nlp.classify.apply import Model, classify, input_text
from alliance_nlp.classify.classifier import RELEVANT, TARGETS, TOPICS, ArticleClassifier
from alliance_nlp.classify.explain import Contribution, Explanation, explain, explain_all
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
