"""Classifying: topics and relevance of articles."""

from alliance_nlp.classify.apply import Model, classify, input_text
from alliance_nlp.classify.classifier import RELEVANT, TARGETS, TOPICS, ArticleClassifier

__all__ = ["RELEVANT", "TARGETS", "TOPICS", "ArticleClassifier", "Model", "classify", "input_text"]
