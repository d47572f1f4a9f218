"""Ranking: stories to candidates, with reasons that add up."""

from alliance_nlp.rank.features import DEFAULT_WEIGHTS, FEATURES, RankArticle, story_features
from alliance_nlp.rank.ranking import check_weights, choose, rank_stories

__all__ = [
    "DEFAULT_WEIGHTS",
    "FEATURES",
    "RankArticle",
    "check_weights",
    "choose",
    "rank_stories",
    "story_features",
]
