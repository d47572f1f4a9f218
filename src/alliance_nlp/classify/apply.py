"""A fitted model's word on articles, as core types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from alliance_nlp.classify.targets import TARGETS, TOPICS
from alliance_nlp.core.types import Relevance, Topic, TopicLabel


class Model(Protocol):
    """What is needed of a model: a pipeline of features, then an ArticleClassifier."""

    def __getitem__(self, part: Any) -> Any:
        """Return a step by position, or the pipeline of a slice of steps."""


def input_text(title: str, text: str) -> str:
    """Return what the model reads of an article: its title, twice as heavy as a line, and text."""
    return f"{title}\n{title}\n{text}"


def classify(
    model: Model, articles: Sequence[tuple[str, str, str]], *, model_id: str
) -> tuple[tuple[tuple[Topic, ...], Relevance], ...]:
    """Return topics (most likely first) and relevance of (id, title, text) triples, in order."""
    if not articles:
        return ()
    texts = [input_text(title, text) for _, title, text in articles]
    X = model[:-1].transform(texts)  # once for both: nearly all of the cost
    proba = model[-1].predict_proba(X)
    holds = model[-1].decide(proba)
    return tuple(
        _result(article[0], proba[row], holds[row], model_id=model_id)
        for row, article in enumerate(articles)
    )


def _result(
    article_id: str, proba: Any, holds: Any, *, model_id: str
) -> tuple[tuple[Topic, ...], Relevance]:
    topics = [
        Topic(
            article_id=article_id,
            label=TopicLabel(name),
            score=round(float(proba[column]), 6),
            holds=bool(holds[column]),
            model_id=model_id,
        )
        for column, name in enumerate(TOPICS)
    ]
    topics.sort(key=lambda topic: -topic.score)  # stable: ties stay in the labels' order
    last = len(TARGETS) - 1
    relevance = Relevance(
        article_id=article_id,
        score=round(float(proba[last]), 6),
        relevant=bool(holds[last]),
        model_id=model_id,
    )
    return tuple(topics), relevance
