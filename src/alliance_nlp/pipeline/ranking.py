"""Articles of the window to stories to ranked candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from alliance_nlp.classify import input_text
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
from alliance_nlp.fold import FoldItem, fold_articles, judge_novelty
from alliance_nlp.pipeline.night import Night
from alliance_nlp.rank import RankArticle, rank_stories
from alliance_nlp.store import (
    Connection,
    articles_between,
    known_story_ids,
    mark_ranked,
    read_articles,
    read_issues,
    read_mentions,
    read_relevance,
    read_topics,
    read_withdrawn,
    save_candidates,
    save_problems,
    save_stories,
    stories_between,
)
from alliance_nlp.vectors import event_vectors


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


def fold(night: Night, *, until: datetime) -> None:
    """Fold the articles of the window that may bear on the alliance into stories."""
    with night.ledger.timed(Stage.FOLD):
        articles = _fold_articles(night, until)
        items = [FoldItem(id=article.id, at=dated_at) for article, dated_at in articles]
        with night.database.read() as tx:
            known = known_story_ids(tx, [item.id for item in items])
            past = _published(tx, until.date())
        texts = [input_text(article.title, article.text) for article, _ in articles]
        X = event_vectors([*texts, *(text for text, _ in past)])
        settings = night.settings.fold
        stories = fold_articles(
            items, X[: len(items)], distance=settings.distance, days=settings.days, known=known
        )
        rows = {item.id: row for row, item in enumerate(items)}
        leading = X[[rows[story.representative_id] for story in stories]]
        likeness = (leading @ X[len(items) :].T).toarray()
        stories = judge_novelty(stories, likeness, [on for _, on in past])
        for story in stories:
            for article_id in story.article_ids:
                night.ledger.leave(Stage.FOLD, article_id)
        with night.database.write() as tx:
            save_stories(tx, stories)
            save_problems(tx, night.run_id, night.ledger.take_problems())
        night.report_progress("fold", len(stories), len(stories))


def _published(tx: Connection, until: date) -> list[tuple[str, date | None]]:
    return [
        (input_text(item.headline, item.bullet), issue.published_on)
        for issue, state in read_issues(tx)
        if state == "published" and (issue.published_on is None or issue.published_on <= until)
        for item in issue.items
    ]


def _fold_articles(night: Night, until: datetime) -> list[tuple[Article, datetime]]:
    # Stories open before the window may still grow in it.
    days = night.settings.digest.window_days + night.settings.fold.days
    with night.database.read() as tx:
        rows = articles_between(tx, until - timedelta(days=days), until)
        ids = [article.id for article, _, _ in rows]
        relevance, withdrawn = read_relevance(tx, ids), read_withdrawn(tx, ids)
    kept = []
    for article, dated_at, is_current in rows:
        night.ledger.enter(Stage.FOLD, article.id)
        rejected = _why_not(night, article, relevance.get(article.id), is_current=is_current)
        if article.id in withdrawn:
            rejected = _refused(article, Reason.WITHDRAWN, withdrawn[article.id])
        if rejected is None:
            kept.append((article, dated_at))
        else:
            night.ledger.leave(Stage.FOLD, article.id, rejected)
    return kept


def _why_not(
    night: Night, article: Article, relevance: Relevance | None, *, is_current: bool
) -> Rejected | None:
    if not is_current:
        return _refused(article, Reason.SUPERSEDED, f"a newer version of {article.url} is used")
    floor = night.settings.fold.min_relevance
    if relevance is None or (not relevance.relevant and relevance.score < floor):
        score = "not judged" if relevance is None else f"relevance {relevance.score:.2f}"
        return _refused(article, Reason.NOT_RELEVANT, f"{score}: {article.title}")
    return None


def _refused(article: Article, reason: Reason, detail: str) -> Rejected:
    return Rejected(stage=Stage.FOLD, subject_id=article.id, reason=reason, detail=detail)


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
