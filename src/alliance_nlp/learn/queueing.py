"""Which unlabelled articles to label next: uncertain, likely relevant, and some by chance.

Uncertain ones teach the model most, likely relevant ones are what few nights bring, and those drawn
at random are the only ones from which figures on the whole may be computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from alliance_nlp.classify import RELEVANT, TARGETS
from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import Article
from alliance_nlp.learn.rows import text_key
from alliance_nlp.store import (
    Connection,
    articles_between,
    known_story_ids,
    read_relevance,
    read_topics,
    read_withdrawn,
)


class Strategy(StrEnum):
    """Why an article is asked for."""

    UNCERTAIN = "uncertain"
    RELEVANT = "relevant"
    RANDOM = "random"


Mix = Mapping[Strategy, float]
DEFAULT_MIX: Mix = MappingProxyType(
    {Strategy.UNCERTAIN: 0.4, Strategy.RELEVANT: 0.4, Strategy.RANDOM: 0.2}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlabelled:
    """An article that has no label: its story, if it is in one, and its probabilities by target.

    Articles that no model has seen yet have no probabilities; only chance can ask for them.
    """

    article: Article
    dated_at: datetime
    story_id: str = ""
    proba: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An article of the queue, the strategy that asks for it, and its reason in words."""

    unlabelled: Unlabelled
    strategy: Strategy
    reason: str


def read_unlabelled(
    tx: Connection, labelled: Iterable[str], *, since: datetime | None = None
) -> list[Unlabelled]:
    """Return the articles whose words no labelled item has, oldest first.

    Superseded and withdrawn articles are left out.

    Parameters
    ----------
    tx
        A connection that reads.
    labelled
        :func:`~alliance_nlp.learn.rows.text_key` of the labelled items.
    since
        Leave out what is older.
    """
    known = set(labelled)
    start = since or datetime.min.replace(tzinfo=UTC)
    found = [
        (article, dated_at)
        for article, dated_at, is_current in articles_between(
            tx, start, datetime.max.replace(tzinfo=UTC)
        )
        if is_current and text_key(article.title, article.text) not in known
    ]
    ids = [article.id for article, _ in found]
    gone, stories = read_withdrawn(tx, ids), known_story_ids(tx, ids)
    topics, relevance = read_topics(tx, ids), read_relevance(tx, ids)
    return [
        Unlabelled(
            article=article,
            dated_at=dated_at,
            story_id=stories.get(article.id, ""),
            proba={
                **{topic.label.value: topic.score for topic in topics[article.id]},
                **({RELEVANT: relevance[article.id].score} if article.id in relevance else {}),
            },
        )
        for article, dated_at in found
        if article.id not in gone
    ]


def parse_mix(text: str) -> Mix:
    """Return a mix such as ``"uncertain=.4,relevant=.4,random=.2"``; shares are scaled to 1.

    Raises
    ------
    InputError
        If a strategy is unknown or named twice, or a share is no number of 0 or more.
    """
    shares: dict[Strategy, float] = {}
    for part in text.split(","):
        name, _, share = part.partition("=")
        try:
            strategy, value = Strategy(name.strip()), float(share)
        except ValueError as error:
            raise InputError(
                f"the mix {text!r} is not understood at {part!r}; write it like "
                "uncertain=.4,relevant=.4,random=.2"
            ) from error
        if strategy in shares or not 0 <= value < float("inf"):
            raise InputError(f"{part!r} in the mix is named twice or is no share of 0 or more")
        shares[strategy] = value
    if sum(shares.values()) <= 0:
        raise InputError(f"the mix {text!r} asks for nothing; give a share above 0")
    return shares


def label_queue(
    pool: Sequence[Unlabelled], n: int, *, mix: Mix = DEFAULT_MIX, seed: int = 0
) -> tuple[Asked, ...]:
    """Return the next articles to label, at most one of each story.

    The strategies take turns so that every beginning of the queue has about the stated mix, and one
    that has no article left gives its turns to the others. The same pool and seed give the same
    queue, in whatever order the pool comes.

    Parameters
    ----------
    pool
        Articles without labels.
    n
        How many, at most.
    mix
        Share of each strategy.
    seed
        Seed of what is drawn at random.
    """
    order = sorted(pool, key=lambda one: one.article.id)
    scored = [one for one in order if one.proba]
    shuffled = [order[i] for i in np.random.default_rng(seed).permutation(len(order))]
    by_strategy: dict[Strategy, Iterator[Unlabelled]] = {
        Strategy.UNCERTAIN: iter(sorted(scored, key=lambda one: _least_sure(one)[0])),
        Strategy.RELEVANT: iter(sorted(scored, key=lambda one: -one.proba.get(RELEVANT, 0.0))),
        Strategy.RANDOM: iter(shuffled),
    }
    shares = {strategy: share for strategy, share in mix.items() if share > 0}
    given = dict.fromkeys(shares, 0)
    taken: set[str] = set()
    asked: list[Asked] = []
    while shares and len(asked) < n:
        # Whoever is furthest behind its share is next; ties go in the order of the mix.
        strategy = min(shares, key=lambda one: (given[one] + 0.5) / shares[one])
        found = next((one for one in by_strategy[strategy] if not _names(one) & taken), None)
        if found is None:
            del shares[strategy]
            continue
        given[strategy] += 1
        taken |= _names(found)
        asked.append(Asked(unlabelled=found, strategy=strategy, reason=_reason(found, strategy)))
    return tuple(asked)


def _names(one: Unlabelled) -> set[str]:
    return {one.article.id, one.story_id or one.article.id}


def _least_sure(one: Unlabelled) -> tuple[float, str]:
    """Return the smallest margin between yes and no over the targets, and its target."""
    return min(
        (abs(2 * one.proba[target] - 1), target) for target in TARGETS if target in one.proba
    )


def _reason(one: Unlabelled, strategy: Strategy) -> str:
    if strategy is Strategy.RANDOM:
        return "drawn at random"
    if strategy is Strategy.RELEVANT:
        return f"relevant with probability {one.proba.get(RELEVANT, 0.0):.2f}"
    margin, target = _least_sure(one)
    return f"{target} hangs at {one.proba[target]:.2f}, margin {margin:.2f}"
