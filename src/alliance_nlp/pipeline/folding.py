"""Articles of the window to stories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType

from alliance_nlp.classify import input_text
from alliance_nlp.config import FoldSettings
from alliance_nlp.core.types import Article, Reason, Rejected, Relevance, Stage, Story
from alliance_nlp.fold import Bridge, FoldItem, fold_articles, judge_novelty
from alliance_nlp.pipeline.night import Night
from alliance_nlp.store import (
    Connection,
    articles_between,
    articles_of_stories,
    known_story_ids,
    read_issues,
    read_relevance,
    read_withdrawn,
    save_problems,
    save_stories,
)
from alliance_nlp.vectors import bridge_vectors, event_vectors, is_japanese

_NONE_KNOWN: Mapping[str, str] = MappingProxyType({})


def fold_together(
    articles: Sequence[tuple[Article, datetime | None]],
    settings: FoldSettings,
    *,
    known: Mapping[str, str] = _NONE_KNOWN,
) -> tuple[Story, ...]:
    """Fold articles, each with its time, into stories, oldest first.

    ``known`` are the stories of those that were folded before.
    """
    items = [
        FoldItem(id=article.id, at=at, language=_language(article)) for article, at in articles
    ]
    texts = [input_text(article.title, article.text) for article, _ in articles]
    return fold_articles(
        items,
        event_vectors(texts),
        distance=settings.distance,
        days=settings.days,
        known=known,
        bridge=Bridge(rows=bridge_vectors(texts), least=settings.across_languages),
    )


def _language(article: Article) -> str:
    return article.language or ("ja" if is_japanese(article.text) else "en")


def fold(night: Night, *, until: datetime) -> None:
    """Fold the articles of the window that may bear on the alliance into stories.

    Articles join the stories that are open, those with a report in the window, or found their own.
    """
    with night.ledger.timed(Stage.FOLD):
        articles, known = _fold_articles(night, until)
        stories = fold_together(articles, night.settings.fold, known=known)
        stories = _judged(night, stories, {a.id: a for a, _ in articles}, until=until.date())
        for story in stories:
            for article_id in story.article_ids:
                night.ledger.leave(Stage.FOLD, article_id)
        with night.database.write() as tx:
            save_stories(tx, stories)
            save_problems(tx, night.run_id, night.ledger.take_problems())
        night.report_progress("fold", len(stories), len(stories))


def _judged(
    night: Night, stories: Sequence[Story], articles: Mapping[str, Article], *, until: date
) -> tuple[Story, ...]:
    with night.database.read() as tx:
        past = _published(tx, until)
    leading = [articles[story.representative_id] for story in stories]
    texts = [input_text(article.title, article.text) for article in leading]
    X = event_vectors([*texts, *(text for text, _ in past)])
    likeness = (X[: len(texts)] @ X[len(texts) :].T).toarray()
    return judge_novelty(stories, likeness, [on for _, on in past])


def _published(tx: Connection, until: date) -> list[tuple[str, date | None]]:
    return [
        (input_text(item.headline, item.bullet), issue.published_on)
        for issue, state in read_issues(tx)
        if state == "published" and (issue.published_on is None or issue.published_on <= until)
        for item in issue.items
    ]


def _fold_articles(
    night: Night, until: datetime
) -> tuple[list[tuple[Article, datetime]], dict[str, str]]:
    """Return the articles to fold with their times, and the stories of those folded before."""
    # Stories open before the window may still grow in it.
    days = night.settings.digest.window_days + night.settings.fold.days
    with night.database.read() as tx:
        rows = articles_between(tx, until - timedelta(days=days), until)
        known = known_story_ids(tx, [article.id for article, _, _ in rows])
        seen = {article.id for article, _, _ in rows}
        # A story that runs longer than the window keeps its first reports.
        rows += [
            row for row in articles_of_stories(tx, set(known.values())) if row[0].id not in seen
        ]
        known |= known_story_ids(tx, [article.id for article, _, _ in rows])
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
    return kept, {article.id: known[article.id] for article, _ in kept if article.id in known}


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
