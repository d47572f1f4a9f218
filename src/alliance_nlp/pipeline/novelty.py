"""Stories against what readers were told: published issues and candidates shown earlier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from alliance_nlp.core.types import Article, Issue, Story, ToldBefore
from alliance_nlp.digest import sentence_spans
from alliance_nlp.fold import Judged, ReadArticle, Reading, ToldItem, judge_against
from alliance_nlp.store import Connection, read_articles, read_issues, stories_shown
from alliance_nlp.vectors import (
    bridge_vectors,
    event_vectors,
    is_japanese,
    names,
    sentence_terms,
    shared_terms,
)

READING = Reading(
    events=event_vectors,
    bridge=bridge_vectors,
    names=names,
    terms=sentence_terms,
    shared=shared_terms,
    spans=sentence_spans,
    is_japanese=is_japanese,
)
# The desk's first page; what stood lower was hardly read.
MOST_SHOWN = 50
# Candidates of longer ago than this are nobody's memory any more; issues count whatever their age.
SHOWN_DAYS = 90


def published_items(issues: Iterable[Issue]) -> list[ToldItem]:
    """Return the items of issues, in order."""
    return [
        ToldItem(
            title=item.headline,
            text=item.bullet,
            on=issue.published_on,
            issue_id=issue.id,
            number=number,
            story_id=item.story_id,
        )
        for issue in issues
        for number, item in enumerate(issue.items, start=1)
    ]


def read_published(tx: Connection, until: date) -> tuple[list[ToldItem], list[ReadArticle]]:
    """Return the items of issues published by a day, and the articles that they cite."""
    issues = [
        issue
        for issue, state in read_issues(tx)
        if state == "published" and (issue.published_on is None or issue.published_on <= until)
    ]
    sentences = [s for issue in issues for item in issue.items for s in item.sentences]
    cited = sorted({source.article_id for s in sentences for source in s.sources})
    return published_items(issues), read_of(read_articles(tx, cited))


def read_shown(
    tx: Connection, *, before: datetime, without: Iterable[str] = ()
) -> tuple[list[ToldItem], list[ReadArticle]]:
    """Return the candidates that earlier windows showed as items, and their articles.

    ``before`` is the beginning of the present window; ``without`` names stories to leave out.
    """
    since = before - timedelta(days=SHOWN_DAYS)
    left_out = set(without)
    stories = [
        story
        for story in stories_shown(tx, since=since, before=before, most_rank=MOST_SHOWN)
        if story.id not in left_out
    ]
    articles = read_articles(tx, sorted({i for story in stories for i in story.article_ids}))
    told = [
        ToldItem(
            title=articles[story.representative_id].title,
            text=articles[story.representative_id].text,
            on=story.last_at.date() if story.last_at else None,
            story_id=story.id,
        )
        for story in stories
    ]
    return told, read_of(articles)


def read_of(
    articles: Mapping[str, Article], at: Mapping[str, datetime] | None = None
) -> list[ReadArticle]:
    """Return articles as novelty reads them, sorted by id; ``at`` gives times they do not tell."""
    times = at or {}
    return [
        ReadArticle(
            id=article_id,
            title=articles[article_id].title,
            text=articles[article_id].text,
            at=articles[article_id].published_at or times.get(article_id),
        )
        for article_id in sorted(articles)
    ]


def judge_stories(
    stories: Sequence[Story],
    articles: Sequence[ReadArticle],
    told: Sequence[ToldItem],
    *,
    seen: Sequence[ReadArticle] = (),
) -> tuple[tuple[Story, ...], tuple[ToldBefore, ...]]:
    """Return the stories with their novelty, and what those hang on that are not new.

    Parameters
    ----------
    stories, told
        The stories, and what readers were told earlier.
    articles
        All that were folded: those of the stories, and others that may have told the same.
    seen
        Further articles, such as those that the issues cite.
    """
    by_id = {article.id: article for article in articles}
    mine = {article_id for story in stories for article_id in story.article_ids}
    others = {a.id: a for a in (*seen, *articles) if a.id not in mine}
    judged = judge_against(stories, by_id, told, reading=READING, seen=tuple(others.values()))
    marked = tuple(
        replace(story, novelty=one.novelty) for story, one in zip(stories, judged, strict=True)
    )
    return marked, tuple(_told(one, one.told) for one in judged if one.told)


def _told(judged: Judged, item: ToldItem) -> ToldBefore:
    return ToldBefore(
        story_id=judged.story_id,
        issue_id=item.issue_id,
        number=item.number,
        earlier_story_id=item.story_id,
        on=item.on,
        affinity=round(judged.affinity, 6),
        new=judged.new,
    )
