"""What the ranking looks at: named features of a story, each in a stated unit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from alliance_nlp.core.types import Label, Novelty, Story, TopicLabel

# Below this many words the longest article of a story tells little.
THIN_BELOW = 120
# One mention in a title counts an entity's kind in full.
_FULL_MENTION = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RankArticle:
    """What the ranking needs of an article.

    Attributes
    ----------
    labels
        Mentions by label, weighed by where they stand: 1 in the text, 2 in its lead, 3 when the
        title names the entity.
    copy
        Number of its group of copies within its story; ``None`` when it is nobody's copy.
    officials_rank
        Highest office held by an official it mentions, 0 (none) to 1 (head of state or government).
    """

    id: str
    outlet: str
    country: str
    weight: float
    at: datetime | None
    relevance: float
    relevant: bool
    topics: Mapping[TopicLabel, float]
    held: frozenset[TopicLabel]
    labels: Mapping[Label, float]
    flags: tuple[str, ...] = ()
    n_words: int = 0
    copy: int | None = None
    officials_rank: float = 0.0


FEATURES: Mapping[str, str] = MappingProxyType(
    {
        "relevance": "highest probability of bearing on the alliance among its articles, 0 to 1",
        "topic": "highest probability of a topic among its articles, 0 to 1",
        "topics": "number of topics its articles hold beyond the first",
        "outlets": "outlets with a report of their own, copies counted once, log2(1 + number) - 1",
        "balance": "twice the smaller of its US and Japanese outlets by their sum, 0 to 1",
        "source-weight": "highest editorial weight of its sources, 0 to 1",
        "officials": (
            "mentions of officials in the article that names them most, two for one in the lead, "
            "three for one in the title, log2(1 + number)"
        ),
        "officials-rank": (
            "highest office of an official it names, 1 for a head of state or government, 0.8 for "
            "a minister, 0.6 for an ambassador or commander, 0.4 for a legislator or governor, "
            "0.2 for another, 0 for none"
        ),
        "entities": (
            "kinds of other entities (ship, exercise, mineral, base), each up to 1: a third for a "
            "mention, two for one in the lead, all for one in the title, 0 to 4"
        ),
        "age": "days between its last report and the time of ranking",
        "follow-up": "1 when a published issue told an earlier part of it",
        "repeat": "1 when a published issue told it already",
        "topic-prior": (
            "share of its leading topic among the items of past issues, with one item added for "
            "each topic, 0 to 1; 0 when it holds no topic"
        ),
        "opinion": "share of its articles that are opinion, 0 to 1",
        "analysis": "share of its articles that are analysis and not opinion, 0 to 1",
        "thin": f"1 when its longest article has fewer than {THIN_BELOW} words",
    }
)

# Set by judgement; those of outlets, age and repeat were then adjusted on data/backtest.
DEFAULT_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "bias": -5.0,
        "relevance": 3.0,
        "topic": 1.0,
        "topics": 0.3,
        "outlets": 1.5,
        "balance": 0.5,
        "source-weight": 0.8,
        "officials": 0.2,
        "officials-rank": 0.5,
        "entities": 0.2,
        "age": -0.04,
        "follow-up": -0.2,
        "repeat": -3.0,
        "topic-prior": 0.5,
        "opinion": -1.5,
        "analysis": -0.7,
        "thin": -0.7,
    }
)

# The share of each topic before any issue was published.
EVEN_PRIOR: Mapping[TopicLabel, float] = MappingProxyType(
    dict.fromkeys(TopicLabel, 1 / len(TopicLabel))
)


def story_features(
    story: Story,
    articles: Sequence[RankArticle],
    *,
    as_of: datetime,
    topic_prior: Mapping[TopicLabel, float] = EVEN_PRIOR,
) -> dict[str, float]:
    """Return the value of every feature of a story, by name."""

    def most(value: Callable[[RankArticle], float]) -> float:
        return max(map(value, articles))

    own = independent(articles)
    last_at = story.last_at or as_of
    leading, n_held = _topics(articles)
    opinions = sum("opinion" in article.flags for article in articles)
    analyses = sum("analysis" in a.flags and "opinion" not in a.flags for a in articles)
    return {
        "relevance": most(lambda a: a.relevance),
        "topic": most(lambda a: max(a.topics.values(), default=0.0)),
        "topics": float(max(0, n_held - 1)),
        "outlets": math.log2(1 + len(own)) - 1,
        "balance": _balance([article.country for article in own]),
        "source-weight": most(lambda a: a.weight),
        "officials": math.log2(1 + most(lambda a: a.labels.get(Label.OFFICIAL, 0))),
        "officials-rank": most(lambda a: a.officials_rank),
        "entities": sum(
            min(1.0, most(lambda a, kind=label: a.labels.get(kind, 0)) / _FULL_MENTION)  # type: ignore[misc]
            for label in Label
            if label is not Label.OFFICIAL
        ),
        "age": max(0.0, (as_of - last_at).total_seconds() / 86_400),
        "follow-up": float(story.novelty is Novelty.FOLLOW_UP),
        "repeat": float(story.novelty is Novelty.REPEAT),
        "topic-prior": topic_prior.get(leading, 0.0) if leading else 0.0,
        "opinion": opinions / len(articles),
        "analysis": analyses / len(articles),
        "thin": float(most(lambda a: a.n_words) < THIN_BELOW),
    }


def independent(articles: Sequence[RankArticle]) -> tuple[RankArticle, ...]:
    """Return one article for each outlet with a report of its own, earliest first.

    A group of copies is credited to the outlet that had it first, so a wire report counts once
    however many print it.
    """
    order = sorted(articles, key=lambda a: (a.at or datetime.max.replace(tzinfo=UTC), a.id))
    originals: dict[object, RankArticle] = {}
    for article in order:
        originals.setdefault(article.id if article.copy is None else article.copy, article)
    outlets: dict[str, RankArticle] = {}
    for article in originals.values():
        outlets.setdefault(article.outlet, article)
    return tuple(outlets.values())


def _balance(countries: Sequence[str]) -> float:
    us, jp = countries.count("US"), countries.count("JP")
    return 2 * min(us, jp) / (us + jp) if us and jp else 0.0


def _topics(articles: Sequence[RankArticle]) -> tuple[TopicLabel | None, int]:
    """Return the leading topic, the most probable one that an article holds, and how many hold."""
    best: dict[TopicLabel, float] = {}
    for article in articles:
        for label in article.held:
            best[label] = max(best.get(label, 0.0), article.topics.get(label, 0.0))
    order = list(TopicLabel)
    leading = max(best, key=lambda label: (best[label], -order.index(label)), default=None)
    return leading, len(best)
