"""What the ranking looks at: named features of a story, each in a stated unit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from alliance_nlp.core.types import Label, Novelty, Story, TopicLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class RankArticle:
    """What the ranking needs of an article."""

    id: str
    outlet: str
    country: str
    weight: float
    at: datetime | None
    relevance: float
    relevant: bool
    topics: Mapping[TopicLabel, float]
    held: frozenset[TopicLabel]
    labels: Mapping[Label, int]
    flags: tuple[str, ...] = ()
    n_words: int = 0


FEATURES: Mapping[str, str] = MappingProxyType(
    {
        "relevance": "highest probability of bearing on the alliance among its articles, 0 to 1",
        "topic": "highest probability of a topic among its articles, 0 to 1",
        "topics": "number of topics its articles hold beyond the first",
        "outlets": "outlets that report it, log2(1 + number) - 1",
        "both-sides": "1 when outlets of the United States and of Japan both report it",
        "source-weight": "highest editorial weight of its sources, 0 to 1",
        "officials": "mentions of officials in its fullest article, log2(1 + number)",
        "entities": "kinds of other entities mentioned (ship, exercise, mineral, base), 0 to 4",
        "age": "days between its last report and the time of ranking",
        "follow-up": "1 when a published issue told an earlier part of it",
        "repeat": "1 when a published issue told it already",
        "opinion": "share of its articles that are opinion, 0 to 1",
        "thin": "1 when its longest article has fewer than 120 words",
    }
)

DEFAULT_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "bias": -5.0,
        "relevance": 3.0,
        "topic": 1.0,
        "topics": 0.3,
        "outlets": 1.2,
        "both-sides": 0.5,
        "source-weight": 0.8,
        "officials": 0.25,
        "entities": 0.2,
        "age": -0.08,
        "follow-up": -0.5,
        "repeat": -2.5,
        "opinion": -1.5,
        "thin": -0.7,
    }
)


def story_features(
    story: Story, articles: Sequence[RankArticle], *, as_of: datetime
) -> dict[str, float]:
    """Return the value of every feature of a story, by name."""

    def most(value: Callable[[RankArticle], float]) -> float:
        return max(map(value, articles))

    held = frozenset[TopicLabel]().union(*(article.held for article in articles))
    countries = {article.country for article in articles}
    kinds = {label for article in articles for label, n in article.labels.items() if n}
    last_at = story.last_at or as_of
    opinions = sum("opinion" in article.flags for article in articles)
    return {
        "relevance": most(lambda a: a.relevance),
        "topic": most(lambda a: max(a.topics.values(), default=0.0)),
        "topics": float(max(0, len(held) - 1)),
        "outlets": math.log2(1 + len({article.outlet for article in articles})) - 1,
        "both-sides": float({"US", "JP"} <= countries),
        "source-weight": most(lambda a: a.weight),
        "officials": math.log2(1 + most(lambda a: a.labels.get(Label.OFFICIAL, 0))),
        "entities": float(len(kinds - {Label.OFFICIAL})),
        "age": max(0.0, (as_of - last_at).total_seconds() / 86_400),
        "follow-up": float(story.novelty is Novelty.FOLLOW_UP),
        "repeat": float(story.novelty is Novelty.REPEAT),
        "opinion": opinions / len(articles),
        "thin": float(most(lambda a: a.n_words) < 120),
    }
