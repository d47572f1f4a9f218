"""Ranking: stories to candidates, with reasons that add up, and a draft choice among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliance_nlp.core.lazily import lazily
from alliance_nlp.rank.choosing import CHOICE_POOL, Choice, RunnerUp, choose
from alliance_nlp.rank.features import (
    DEFAULT_WEIGHTS,
    EVEN_PRIOR,
    FEATURES,
    RankArticle,
    story_features,
)
from alliance_nlp.rank.moving import Move, Moves, what_would_move
from alliance_nlp.rank.ranking import check_weights, rank_stories

if TYPE_CHECKING:
    from alliance_nlp.rank.learning import LEAST_EXAMPLES, Learned, fit_weights

__all__ = [
    "CHOICE_POOL",
    "DEFAULT_WEIGHTS",
    "EVEN_PRIOR",
    "FEATURES",
    "LEAST_EXAMPLES",
    "Choice",
    "Learned",
    "Move",
    "Moves",
    "RankArticle",
    "RunnerUp",
    "check_weights",
    "choose",
    "fit_weights",
    "rank_stories",
    "story_features",
    "what_would_move",
]

# The settings check weights by this room; numpy is for those who fit them.
__getattr__ = lazily(
    __name__, dict.fromkeys(("LEAST_EXAMPLES", "Learned", "fit_weights"), "learning")
)
