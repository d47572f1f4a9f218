"""Stories of the window to ranked candidates."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
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
    TopicLabel,
)
from alliance_nlp.core.urls import host
from alliance_nlp.fold import copies
from alliance_nlp.pipeline.folding import fold
from alliance_nlp.pipeline.night import Night
from alliance_nlp.pipeline.standing import officials_rank, weighed_mentions
from alliance_nlp.pipeline.weighing import (
    past_items,
    tell_weights,
    topic_shares,
    topics_told,
    weights_at,
)
from alliance_nlp.rank import DEFAULT_WEIGHTS, EVEN_PRIOR, Learned, RankArticle, rank_stories
from alliance_nlp.store import (
    Connection,
    mark_ranked,
    read_articles,
    read_mentions,
    read_relevance,
    read_topics,
    save_candidates,
    save_problems,
    stories_between,
)
from alliance_nlp.tag import KnowledgeBase, load_knowledge_base
from alliance_nlp.vectors import is_japanese


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
            judged = with_topics_told(_judged(night, tx, stories), stories, topics_told(tx, until))
            learned = weights_at(tx, night.settings.rank, until)
            past = past_items(tx, until)
        kept = [story for story in stories if _enter(night, story, judged)]
        candidates = rank_stories(
            kept,
            judged,
            as_of=until,
            weights=learned.weights,
            topic_prior=_topic_prior(night, past),
        )
        _tell(night, learned)
        for candidate in candidates:
            night.ledger.leave(Stage.RANK, candidate.story_id)
        with night.database.write() as tx:
            save_candidates(tx, night.run_id, candidates)
            save_problems(tx, night.run_id, night.ledger.take_problems())
        night.report_progress("rank", len(candidates), len(candidates))
    return candidates


def _judged(night: Night, tx: Connection, stories: Sequence[Story]) -> dict[str, RankArticle]:
    ids = [article_id for story in stories for article_id in story.article_ids]
    articles = read_articles(tx, ids)
    relevance, topics = read_relevance(tx, ids), read_topics(tx, ids)
    mentions = read_mentions(tx, ids)
    kb = load_knowledge_base(night.workspace.knowledge_base)
    groups = copy_groups(stories, articles)
    return {
        i: rank_article(
            articles[i],
            night.source(articles[i].source_id),
            relevance=relevance.get(i),
            topics=topics[i],
            mentions=mentions[i],
            kb=kb,
            copy=groups.get(i),
        )
        for i in ids
    }


def with_topics_told(
    judged: Mapping[str, RankArticle],
    stories: Sequence[Story],
    told: Mapping[str, tuple[TopicLabel, ...]],
) -> dict[str, RankArticle]:
    """Return the articles with the topics that analysts gave to their stories, held for certain.

    ``told`` is by story id. An article of several such stories has the topics of them all.
    """
    given: dict[str, frozenset[TopicLabel]] = {}
    for story in stories:
        if story.id in told:
            for article_id in story.article_ids:
                given[article_id] = given.get(article_id, frozenset()) | set(told[story.id])
    return {
        article_id: replace(
            article,
            held=given[article_id],
            topics={label: float(label in given[article_id]) for label in TopicLabel},
        )
        if article_id in given
        else article
        for article_id, article in judged.items()
    }


def _topic_prior(night: Night, past: Sequence[tuple[str, str]]) -> dict[TopicLabel, float]:
    if not past:
        return dict(EVEN_PRIOR)
    model, model_id = night.load_model()
    return topic_shares(past, model, model_id=model_id)


def _tell(night: Night, learned: Learned) -> None:
    night.closing["rank-weights"] = json.dumps(dict(learned.weights))
    if learned.is_learned:
        prior = {**DEFAULT_WEIGHTS, **night.settings.rank.weights}
        night.notes.append(tell_weights(learned, prior))


def copy_groups(stories: Sequence[Story], articles: Mapping[str, Article]) -> dict[str, int]:
    """Return the group of copies of each article that shares its story with others.

    An article that is in several stories is compared in the one that it is at home in.
    """
    groups: dict[str, int] = {}
    n_before = 0
    for story in stories:
        at_home = [i for i in story.article_ids if i not in story.further_ids]
        if len(at_home) > 1:
            found = copies([articles[i].text for i in at_home]) + n_before
            groups |= dict(zip(at_home, map(int, found), strict=True))
            n_before += len(at_home)
    return groups


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
    kb: KnowledgeBase | None = None,
    copy: int | None = None,
) -> RankArticle:
    """Return what the ranking needs of an article.

    Parameters
    ----------
    kb
        Tells the officials' offices; the package's own tables unless stated.
    copy
        Number of its group of copies within its story, if known.
    """
    outlet = article.outlet or (source.name if source else "") or host(article.url)
    on = article.published.on if article.published else None
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
        labels=weighed_mentions(article, mentions),
        flags=article.flags,
        n_words=_n_words(article.text),
        copy=copy,
        officials_rank=officials_rank(kb or load_knowledge_base(), mentions, on),
    )


def _n_words(text: str) -> int:
    # Two characters of Japanese count as a word.
    return len(text) // 2 if is_japanese(text) else len(text.split())
