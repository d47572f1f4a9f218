"""What is decided of an article: which topics it has, and whether it bears on the alliance."""

from __future__ import annotations

from alliance_nlp.core.types import TopicLabel

TOPICS: tuple[str, ...] = tuple(label.value for label in TopicLabel)
RELEVANT = "relevant"
TARGETS: tuple[str, ...] = (*TOPICS, RELEVANT)
