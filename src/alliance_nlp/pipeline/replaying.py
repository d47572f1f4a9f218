"""A past night replayed from a pool: what would have been ranked, and what became of the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from alliance_nlp.config import Settings
from alliance_nlp.core.types import Article, Candidate, Issue, Reason, Story
from alliance_nlp.pipeline.assigning import Hand, with_further
from alliance_nlp.pipeline.folding import fold_together
from alliance_nlp.pipeline.novelty import judge_stories, published_items, read_of
from alliance_nlp.pipeline.pools import Pool
from alliance_nlp.pipeline.ranking import copy_groups, rank_article
from alliance_nlp.pipeline.weighing import topic_shares
from alliance_nlp.rank import EVEN_PRIOR, RankArticle, rank_stories


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replay:
    """The ranking of one date.

    Attributes
    ----------
    articles
        The pool's articles of the window, in order of time; none is of the date or later.
    stories
        The stories by id.
    candidates
        The ranking, best first.
    left_out
        Why an article of the window is in no candidate, by article id.
    """

    articles: tuple[Article, ...]
    stories: Mapping[str, Story]
    candidates: tuple[Candidate, ...]
    left_out: Mapping[str, Reason]


def replay(
    pool: Pool, settings: Settings, *, as_of: date, published: Sequence[Issue], model: Any
) -> Replay:
    """Rank the pool as it stood when the day ``as_of`` began.

    Only issues of earlier days count as published, and nothing of a pool from that day on is seen.
    Weights are the configured ones: what was decided since is not known then.

    Parameters
    ----------
    pool
        Articles of any time.
    settings
        Windows, thresholds and weights.
    as_of
        The day for which to rank.
    published
        Issues of any time.
    model
        Tells the topics of published items.
    """
    until = datetime.combine(as_of, time.min, UTC)
    since = until - timedelta(days=settings.digest.window_days)
    opened = since - timedelta(days=settings.fold.days)
    seen = [(article, at) for article, at in pool.articles if opened <= at < until]
    kept = [(article, at) for article, at in seen if _may_be_relevant(pool, settings, article)]
    earlier = [issue for issue in published if issue.published_on and issue.published_on < as_of]
    stories = _stories(kept, settings, earlier, since=since)
    members = _members(pool, {article.id: article for article, _ in kept}, stories)
    ranked = [story for story in stories if any(members[i].relevant for i in story.article_ids)]
    past = [(item.headline, item.bullet) for issue in earlier for item in issue.items]
    candidates = rank_stories(
        ranked,
        members,
        as_of=until,
        weights=settings.rank.weights,
        topic_prior=topic_shares(past, model, model_id="") if past else EVEN_PRIOR,
    )
    shown = {i for story in ranked for i in story.article_ids}
    return Replay(
        articles=tuple(article for article, at in seen if at >= since),
        stories={story.id: story for story in stories},
        candidates=candidates,
        left_out={a.id: Reason.NOT_RELEVANT for a, _ in seen if a.id not in shown},
    )


def _stories(
    articles: Sequence[tuple[Article, datetime]],
    settings: Settings,
    issues: Sequence[Issue],
    *,
    since: datetime,
) -> tuple[Story, ...]:
    """Return the stories with a report since a time, judged against earlier issues."""
    folded = fold_together(articles, settings.fold)
    running = [story for story in folded.stories if story.last_at is None or story.last_at >= since]
    times = {article.id: at for article, at in articles}
    read = read_of({article.id: article for article, _ in articles}, times)
    judged, _ = judge_stories(running, read, published_items(issues))
    return with_further(judged, articles, folded.further, hand=Hand())


def _may_be_relevant(pool: Pool, settings: Settings, article: Article) -> bool:
    judged = pool.relevance.get(article.id)
    return judged is not None and (judged.relevant or judged.score >= settings.fold.min_relevance)


def _members(
    pool: Pool, articles: Mapping[str, Article], stories: Sequence[Story]
) -> dict[str, RankArticle]:
    groups = copy_groups(stories, articles)
    return {
        i: rank_article(
            articles[i],
            pool.sources.get(articles[i].source_id),
            relevance=pool.relevance.get(i),
            topics=pool.topics.get(i, ()),
            mentions=pool.mentions.get(i, ()),
            copy=groups.get(i),
        )
        for story in stories
        for i in story.article_ids
    }
