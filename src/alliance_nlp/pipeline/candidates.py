"""The ranked candidates as rows for whoever shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from alliance_nlp.config import Settings
from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import (
    Article,
    Candidate,
    Decision,
    Source,
    Story,
    ToldBefore,
    Topic,
    TopicLabel,
)
from alliance_nlp.core.urls import host
from alliance_nlp.pipeline.weighing import standing_weights, weights_of
from alliance_nlp.rank import Moves, what_would_move
from alliance_nlp.review import latest, standing_topics
from alliance_nlp.store import (
    Database,
    read_articles,
    read_candidates,
    read_decisions,
    read_stories,
    read_told,
    read_topics,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A candidate as it is shown; ``topics`` are the analyst's where one gave them."""

    candidate: Candidate
    story: Story
    title: str
    link: str
    outlets: tuple[str, ...]
    last_on: date | None
    topics: tuple[str, ...]
    flags: tuple[str, ...]
    verdict: str
    kind: str = "news"
    told: ToldBefore | None = None
    new_sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A candidate, what would move it up, and the weights that its ranking went by."""

    row: Row
    moves: Moves
    weights: Mapping[str, float]


def read_standing(database: Database, settings: Settings, which: str, *, n: int = 10) -> Standing:
    """Return a candidate of the newest ranking, and what would move it among the first ``n``.

    Parameters
    ----------
    which
        Its rank or its story's id.

    Raises
    ------
    InputError
        If there is no such candidate.
    """
    rows = read_rows(database, settings.read_sources(), limit=None)
    wanted = [r for r in rows if which in (r.story.id, str(r.candidate.rank))]
    if not wanted:
        raise InputError(
            f"there is no candidate {which!r} in the newest ranking; see: alliance-nlp candidates"
        )
    candidates = [row.candidate for row in rows]
    with database.read() as tx:
        learned = standing_weights(tx, settings.rank)
    weights = weights_of(candidates, learned.weights)
    moves = what_would_move(wanted[0].candidate, candidates, weights=weights, n=n)
    return Standing(row=wanted[0], moves=moves, weights=weights)


def read_rows(database: Database, sources: Sequence[Source], *, limit: int | None) -> list[Row]:
    """Return the newest ranking's candidates, best first; all without a limit."""
    with database.read() as tx:
        candidates = read_candidates(tx, limit=limit)
        stories = read_stories(tx, [candidate.story_id for candidate in candidates])
        ids = [i for story in stories.values() for i in story.article_ids]
        articles = with_outlets(read_articles(tx, ids), sources)
        topics = read_topics(tx, [story.representative_id for story in stories.values()])
        decisions = read_decisions(tx, list(stories))
        told = read_told(tx, list(stories))
    verdicts, retopiced = latest(decisions), standing_topics(decisions)
    return [
        _row(
            candidate,
            stories[candidate.story_id],
            articles,
            topics=retopiced.get(
                candidate.story_id, held(topics[stories[candidate.story_id].representative_id])
            ),
            decision=verdicts.get(candidate.story_id),
            told=told.get(candidate.story_id),
        )
        for candidate in candidates
        if candidate.story_id in stories
    ]


def _row(
    candidate: Candidate,
    story: Story,
    articles: Mapping[str, Article],
    *,
    topics: Sequence[TopicLabel],
    decision: Decision | None,
    told: ToldBefore | None,
) -> Row:
    lead = articles[story.representative_id]
    members = [articles[i] for i in story.article_ids]
    outlets = {a.outlet or host(a.url) for a in members}
    return Row(
        candidate=candidate,
        story=story,
        title=lead.title,
        link=lead.link or lead.url,
        outlets=tuple(sorted(outlets)),
        last_on=story.last_at.date() if story.last_at else None,
        topics=tuple(label.value for label in topics),
        flags=tuple(sorted({flag for article in members for flag in article.flags})),
        verdict=decision.verdict.value if decision else "",
        kind=_kind(members),
        told=told,
        new_sentences=new_sentences(told, articles) if told else (),
    )


def held(topics: Sequence[Topic]) -> tuple[TopicLabel, ...]:
    """Return the topics that a model held, most probable first."""
    return tuple(topic.label for topic in topics if topic.holds)


def new_sentences(told: ToldBefore, articles: Mapping[str, Article]) -> tuple[str, ...]:
    """Return the texts of a story's new sentences, of those articles that are given."""
    return tuple(
        articles[new.article_id].text[new.start : new.end]
        for new in told.new
        if new.article_id in articles
    )


def _kind(articles: Sequence[Article]) -> str:
    """Return ``opinion`` or ``analysis`` when no article of a story reports, else ``news``."""
    kinds = [next((k for k in ("opinion", "analysis") if k in a.flags), "news") for a in articles]
    return "news" if "news" in kinds else max(sorted(set(kinds)), key=kinds.count)


def with_outlets(articles: Mapping[str, Article], sources: Sequence[Source]) -> dict[str, Article]:
    """Return the articles with their outlet named: their own word for it, else the source's."""
    names = {source.id: source.name for source in sources}
    return {
        article_id: replace(article, outlet=article.outlet or names.get(article.source_id, ""))
        for article_id, article in articles.items()
    }
