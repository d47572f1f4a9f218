"""The ranking: a linear formula whose parts are shown and add up."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from alliance_nlp.core.errors import ConfigError
from alliance_nlp.core.types import Candidate, Contribution, Story, TopicLabel
from alliance_nlp.rank.features import DEFAULT_WEIGHTS, EVEN_PRIOR, RankArticle, story_features


def rank_stories(
    stories: Sequence[Story],
    articles: Mapping[str, RankArticle],
    *,
    as_of: datetime,
    weights: Mapping[str, float] | None = None,
    topic_prior: Mapping[TopicLabel, float] = EVEN_PRIOR,
) -> tuple[Candidate, ...]:
    """Return the stories as candidates, best first; ties go to the smaller id.

    Each candidate's logit is the exact sum (:func:`math.fsum`) of its contributions, the bias
    among them, and its score the logistic of that.

    Parameters
    ----------
    stories
        The stories.
    articles
        All their articles by id.
    weights
        Weights by feature, over the built-in ones.
    topic_prior
        Share of each topic in past issues, 0 to 1; even unless stated.

    Raises
    ------
    ConfigError
        If a weight is given for a feature that does not exist.
    """
    used = {**DEFAULT_WEIGHTS, **check_weights(weights or {})}
    scored = []
    for story in stories:
        # A round-up that tells of it too is no further report of its own.
        at_home = [i for i in story.article_ids if i not in story.further_ids]
        members = [articles[article_id] for article_id in at_home or story.article_ids]
        values = story_features(story, members, as_of=as_of, topic_prior=topic_prior)
        reasons = _reasons(values, used)
        logit = math.fsum(reason.contribution for reason in reasons)
        scored.append((story.id, logit, reasons))
    scored.sort(key=lambda row: (-row[1], row[0]))
    return tuple(
        Candidate(
            story_id=story_id,
            rank=position,
            score=_logistic(logit),
            logit=logit,
            reasons=reasons,
        )
        for position, (story_id, logit, reasons) in enumerate(scored, start=1)
    )


def _logistic(logit: float) -> float:
    # Written so that exp never overflows, whatever weights a configuration gives.
    if logit >= 0:
        return 1.0 / (1.0 + math.exp(-logit))
    power = math.exp(logit)
    return power / (1.0 + power)


def check_weights(weights: Mapping[str, float]) -> Mapping[str, float]:
    """Return the weights, each of which names a feature.

    Raises
    ------
    ConfigError
        If one does not.
    """
    for name in weights:
        if name not in DEFAULT_WEIGHTS:
            close = difflib.get_close_matches(name, DEFAULT_WEIGHTS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(DEFAULT_WEIGHTS)}"
            raise ConfigError(f"rank.weights: unknown feature {name!r}; {hint}")
    return weights


def _reasons(values: Mapping[str, float], weights: Mapping[str, float]) -> tuple[Contribution, ...]:
    bias = Contribution(feature="bias", value=1.0, contribution=weights["bias"])
    parts = [
        Contribution(feature=name, value=value, contribution=weights[name] * value)
        for name, value in values.items()
    ]
    parts.sort(key=lambda part: -abs(part.contribution))
    return (bias, *parts)
