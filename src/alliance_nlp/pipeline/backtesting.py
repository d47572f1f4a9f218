"""The back-test: how high the ranking puts what the editors of past issues chose.

Each past issue's pool is replayed as of its date (:mod:`~alliance_nlp.pipeline.replaying`), and
each of its items is looked for among the articles of its window. An item is **matched** to the
article most like its headline and bullet: the cosine of event vectors plus half that of bridge
vectors, at least :data:`MATCH_FROM`; one in a candidate goes before one in none that is little more
alike, since any report of a story leads an analyst to it. Every match is reported with both
headlines, so that a reader can check it. The item's rank is that of the candidate that holds the
matched article; where it is in none, the miss has a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alliance_nlp.classify import classify, input_text
from alliance_nlp.config import Settings
from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import Article, Issue, IssueItem, Reason
from alliance_nlp.pipeline.pools import Pool
from alliance_nlp.pipeline.replaying import Replay, replay
from alliance_nlp.vectors import bridge_vectors, event_vectors

# On our own six issues every item's own story scores .60 or more; articles of other weeks score up
# to .84 where the affair is the same, and .5 or less else.
MATCH_FROM = 0.5
# A report in a candidate is taken if it is at least this share as like the item as the likest one.
NEARLY = 0.75
CUTS = (5, 10, 20, 50)


class Miss(StrEnum):
    """Why an item of a past issue is not high in the ranking."""

    NOT_COLLECTED = "not-collected"
    NOT_RELEVANT = "not-relevant"
    REJECTED = "rejected"
    FOLDED_AWAY = "folded-away"
    RANKED_LOW = "ranked-low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What became of one item of a past issue.

    Attributes
    ----------
    issue
        Its issue, such as ``"3.7"``.
    number
        Its place in the issue, from 1.
    headline
        Its headline.
    topics
        The classifier's topics of headline and bullet, ``("none",)`` if it holds none.
    article_id, title, likeness
        The article matched to it, for a reader to check; empty and the likeness of the nearest
        one when it was not collected.
    story_id, rank
        The candidate that holds that article and its rank, from 1; empty and ``None`` if none.
    miss
        Why it is not among the first ten, ``None`` if it is.
    """

    issue: str
    number: int
    headline: str
    topics: tuple[str, ...]
    article_id: str
    title: str
    likeness: float
    story_id: str
    rank: int | None
    miss: Miss | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The items of all issues, and the size of each issue's pool and ranking.

    Attributes
    ----------
    items
        Every item, by issue and place.
    pools
        Issue, articles in its window, stories and candidates.
    """

    items: tuple[Found, ...]
    pools: tuple[tuple[str, int, int, int], ...]

    def recall(self, cut: int, topic: str | None = None) -> float:
        """Return the share of items (of one topic) whose candidate is within the first ``cut``."""
        asked = [item for item in self.items if topic is None or topic in item.topics]
        return fmean(item.rank is not None and item.rank <= cut for item in asked) if asked else 0.0

    def mean_reciprocal_rank(self) -> float:
        """Return the mean of 1 over the items' ranks; items without a rank count 0."""
        return fmean(1 / item.rank if item.rank else 0.0 for item in self.items)

    def interval(self, cut: int, *, seed: int = 0, n: int = 2000) -> tuple[float, float]:
        """Return the 95 % interval of the recall, by bootstrap over items."""
        hits = np.array([item.rank is not None and item.rank <= cut for item in self.items])
        drawn = np.random.default_rng(seed).integers(len(hits), size=(n, len(hits)))
        low, high = np.percentile(hits[drawn].mean(axis=1), [2.5, 97.5])
        return float(low), float(high)

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries, lists, strings and numbers."""
        topics = sorted({topic for item in self.items for topic in item.topics})
        return {
            "n_issues": len(self.pools),
            "n_items": len(self.items),
            "recall": {str(cut): self.recall(cut) for cut in CUTS},
            "recall_interval": {str(cut): self.interval(cut) for cut in CUTS},
            "recall_by_topic": {
                topic: {str(cut): self.recall(cut, topic) for cut in CUTS} for topic in topics
            },
            "mean_reciprocal_rank": self.mean_reciprocal_rank(),
            "pools": [
                dict(zip(("issue", "articles", "stories", "candidates"), pool, strict=True))
                for pool in self.pools
            ],
            "items": [asdict(item) for item in self.items],
        }


def backtest(
    pool: Pool,
    issues: Sequence[Issue],
    settings: Settings,
    *,
    model: Any,
    decided: Mapping[tuple[str, int], str] | None = None,
) -> Backtest:
    """Replay each issue's pool and look for its items in the ranking.

    Parameters
    ----------
    pool
        Articles of the issues' time and of any other.
    issues
        Past issues, each with its date.
    settings
        Windows, thresholds and weights.
    model
        Tells the items' topics.
    decided
        Matches made by hand: the article's id by issue and item number, ``""`` for none. They
        overrule the likeness.

    Raises
    ------
    InputError
        If there is no issue, or one states no date.
    """
    if not issues:
        raise InputError("there is no past issue to test against; name a folder that holds some")
    for issue in issues:
        if issue.published_on is None:
            raise InputError(
                f"Vol. {issue.volume}, No. {issue.number} states no date; a back-test needs one"
            )
    items: list[Found] = []
    pools = []
    for issue in sorted(issues, key=lambda issue: (issue.volume, issue.number)):
        assert issue.published_on is not None
        past = replay(pool, settings, as_of=issue.published_on, published=issues, model=model)
        items += _look_for(issue, past, model=model, decided=decided or {})
        pools.append((_name(issue), len(past.articles), len(past.stories), len(past.candidates)))
    return Backtest(items=tuple(items), pools=tuple(pools))


def _name(issue: Issue) -> str:
    return f"{issue.volume}.{issue.number}"


def _look_for(
    issue: Issue, past: Replay, *, model: Any, decided: Mapping[tuple[str, int], str]
) -> list[Found]:
    triples = [(str(n), item.headline, item.bullet) for n, item in enumerate(issue.items, start=1)]
    topics = [
        tuple(topic.label.value for topic in found if topic.holds) or ("none",)
        for found, _ in classify(model, triples, model_id="")
    ]
    alike = _likeness(issue.items, past.articles)
    ranked = {i for c in past.candidates for i in past.stories[c.story_id].article_ids}
    in_candidate = np.array([article.id in ranked for article in past.articles], dtype=bool)
    taken: dict[str, int] = {}
    found = []
    for number, item in enumerate(issue.items, start=1):
        article, likeness = _matched(alike[number - 1], past, in_candidate)
        by_hand = decided.get((_name(issue), number))
        if by_hand is not None:
            article = next((a for a in past.articles if a.id == by_hand), None)
        one = _placed(article, past, taken)
        found.append(
            Found(
                issue=_name(issue),
                number=number,
                headline=item.headline,
                topics=topics[number - 1],
                article_id=article.id if article else "",
                title=article.title if article else "",
                likeness=round(likeness, 3),
                story_id=one[0],
                rank=one[1],
                miss=one[2],
            )
        )
        if one[0]:
            taken[one[0]] = number
    return found


def _likeness(items: Sequence[IssueItem], articles: Sequence[Article]) -> NDArray[np.float64]:
    """Return how alike items and articles are, shape (n_items, n_articles), 0 to 1.5."""
    texts = [input_text(item.headline, item.bullet) for item in items]
    texts += [input_text(article.title, article.text) for article in articles]
    n = len(items)
    events, bridges = event_vectors(texts), bridge_vectors(texts)
    alike = (events[:n] @ events[n:].T).toarray() + (bridges[:n] @ bridges[n:].T).toarray() / 2
    return np.asarray(alike)


def _matched(
    alike: NDArray[np.float64], past: Replay, in_candidate: NDArray[np.bool_]
) -> tuple[Article | None, float]:
    if not len(alike):
        return None, 0.0
    best = int(alike.argmax())
    shown = int(np.where(in_candidate, alike, -1.0).argmax())
    if in_candidate[shown] and alike[shown] >= max(MATCH_FROM, NEARLY * alike[best]):
        best = shown
    likeness = float(alike[best])
    return (past.articles[best] if likeness >= MATCH_FROM else None), likeness


def _placed(
    article: Article | None, past: Replay, taken: Mapping[str, int]
) -> tuple[str, int | None, Miss | None]:
    """Return story, rank and reason of a miss of a matched article."""
    if article is None:
        return "", None, Miss.NOT_COLLECTED
    for candidate in past.candidates:
        if article.id in past.stories[candidate.story_id].article_ids:
            if candidate.story_id in taken:
                # Two items of one issue in one story: an analyst sees one candidate for both.
                return candidate.story_id, None, Miss.FOLDED_AWAY
            miss = Miss.RANKED_LOW if candidate.rank > CUTS[1] else None
            return candidate.story_id, candidate.rank, miss
    reason = past.left_out.get(article.id)
    return "", None, Miss.NOT_RELEVANT if reason is Reason.NOT_RELEVANT else Miss.REJECTED
