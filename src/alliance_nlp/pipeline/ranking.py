"""Stories of the window to ranked candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from alliance_nlp.core.types import (
    Article,
    Candidate,
    Mention,
    Reason,
    Rejected,
    Relevance,
    Source,
    Stage,
    Story,
    Topic,
)
from alliance_nlp.core.urls import host
from alliance_nlp.pipeline.folding import fold
from alliance_nlp.pipeline.night import Night
from alliance_nlp.rank import RankArticle, rank_stories
from alliance_nlp.store import (
    mark_ranked,
    read_articles,
    read_mentions,
    read_relevance,
    read_topics,
    save_candidates,
    save_problems,
    stories_between,
)


def fold_and_rank(night: Night, *, until: datetime | None = None) -> tuple[Candidate, ...]:
    """Fold the window's articles into stories and rank them as candidates, best first.

    ``until`` is the end of the window, the present unless stated.
    """
    # Taken now and not when the run began: an undated article counts from its fetching, tonight.
    until = until or night.at()
    fold(night, until=until)
    candidates = rank(night, until=until)
    with night.database.write() as tx:
        mark_ranked(tx, night.run_id, until=until)
    night.closing["ranked-at"] = until.isoformat()
    return candidates


def rank(night: Night, *, until: datetime) -> tuple[Candidate, ...]:
    """Rank the stories whose last report lies in the window; save and return the candidates."""
    since = until - timedelta(days=night.settings.digest.window_days)
    with night.ledger.timed(Stage.RANK):
        with night.database.read() as tx:
            stories = stories_between(tx, since, until)
            ids = [article_id for story in stories for article_id in story.article_ids]
            articles = read_articles(tx, ids)
            relevance = read_relevance(tx, ids)
            topics = read_topics(tx, ids)
            mentions = read_mentions(tx, ids)
        judged = {
            i: rank_article(
                articles[i],
                night.source(articles[i].source_id),
                relevance=relevance.get(i),
                topics=topics[i],
                mentions=mentions[i],
            )
            for i in ids
        }
        kept = [story for story in stories if _enter(night, story, judged)]
        candidates = rank_stories(kept, judged, as_of=until, weights=night.settings.rank.weights)
        for candidate in candidates:
            night.ledger.leave(Stage.RANK, candidate.story_id)
        with night.database.write() as tx:
            save_candidates(tx, night.run_id, candidates)
            save_problems(tx, night.run_id, night.ledger.take_problems())
        night.report_progress("rank", len(candidates), len(candidates))
    return candidates


def _enter(night: Night, story: Story, judged: dict[str, RankArticle]) -> bool:
    night.ledger.enter(Stage.RANK, story.id)
    if any(judged[i].relevant for i in story.article_ids):
        return True
    rejected = Rejected(
        stage=Stage.RANK,
        subject_id=story.id,
        reason=Reason.NOT_RELEVANT,
        detail="none of its articles is relevant",
    )
    night.ledger.leave(Stage.RANK, story.id, rejected)
    return False


def rank_article(
    article: Article,
    source: Source | None,
    *,
    relevance: Relevance | None,
    topics: Sequence[Topic],
    mentions: Sequence[Mention],
) -> RankArticle:
    """Return what the ranking needs of an article."""
    outlet = article.outlet or (source.name if source else "") or host(article.url)
    return RankArticle(
        id=article.id,
        outlet=outlet,
        country=source.country if source else "",
        weight=source.weight if source else 0.5,
        at=article.published_at,
        relevance=relevance.score if relevance else 0.0,
        relevant=bool(relevance and relevance.relevant),
        topics={topic.label: topic.score for topic in topics},
        held=frozenset(topic.label for topic in topics if topic.holds),
        labels=Counter(mention.label for mention in mentions),
        flags=article.flags,
        n_words=len(article.text.split()),
    )
