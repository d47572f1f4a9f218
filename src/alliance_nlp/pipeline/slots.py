"""An issue's places: who is next for one, and the draft of a single story to put into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alliance_nlp.config import Settings
from alliance_nlp.core.errors import DigestError
from alliance_nlp.core.types import Candidate, Issue, IssueItem, Novelty, TopicLabel, Verdict
from alliance_nlp.digest import draft_item
from alliance_nlp.pipeline.candidates import held, with_outlets
from alliance_nlp.pipeline.draft_stories import draft_story
from alliance_nlp.pipeline.styling import item_in_house_style
from alliance_nlp.review import latest, order, standing_topics
from alliance_nlp.store import (
    Connection,
    Database,
    read_articles,
    read_candidates,
    read_candidates_of,
    read_decisions,
    read_mentions,
    read_stories,
    read_topics,
)
from alliance_nlp.tag import KnowledgeBase

_LEADING = 3  # as many contributions as the list of candidates names
_POOL = 500  # nobody looks for a runner-up further down


@dataclass(frozen=True, slots=True, kw_only=True)
class NextUp:
    """A story that is not in an issue and could be.

    Attributes
    ----------
    why
        What speaks for and against it, in words: the analysts' verdict, what it repeats, and what
        moved its rank most.
    """

    candidate: Candidate
    title: str
    language: str
    verdict: Verdict | None
    why: tuple[str, ...]


def read_next_up(tx: Connection, issue: Issue, *, n: int = 6) -> tuple[NextUp, ...]:
    """Return the best stories that an issue leaves out: accepted ones first, no rejected ones."""
    candidates = read_candidates(tx, limit=_POOL, has_reasons=False)
    within = {item.story_id for item in issue.items}
    told = read_decisions(tx, [candidate.story_id for candidate in candidates])
    verdicts = latest(told)
    left = [one for one in order(candidates, verdicts) if one.story_id not in within][:n]
    whole = read_candidates_of(tx, [one.story_id for one in left])
    left = [whole[one.story_id] for one in left]
    stories = read_stories(tx, [*(one.story_id for one in left), *sorted(within - {""})])
    leading = [story.representative_id for story in stories.values()]
    articles, topics = read_articles(tx, leading), read_topics(tx, leading)
    given = standing_topics(told)
    topics_of = {
        story.id: given.get(story.id, tuple(held(topics.get(story.representative_id, ()))))
        for story in stories.values()
    }
    found = []
    for one in left:
        story = stories.get(one.story_id)
        article = articles.get(story.representative_id) if story else None
        if story is None or article is None:
            continue
        decision = verdicts.get(one.story_id)
        verdict = decision.verdict if decision else None
        why = (
            *((f"marked {verdict.value}",) if verdict else ()),
            *_beside(issue, topics_of.get(one.story_id, ()), topics_of),
            *((f"{story.novelty.value} of what was told",) if _is_told(story.novelty) else ()),
            *_moved_by(one),
        )
        found.append(
            NextUp(
                candidate=one,
                title=article.title,
                language=article.language,
                verdict=verdict,
                why=why,
            )
        )
    return tuple(found)


def _is_told(novelty: Novelty) -> bool:
    return novelty is not Novelty.NEW


def _beside(
    issue: Issue,
    topics: Sequence[TopicLabel],
    topics_of: Mapping[str, Sequence[TopicLabel]],
) -> tuple[str, ...]:
    """Tell a story's leading topic, and which items have it already."""
    if not topics:
        return ("none of our topics",)
    lead = topics[0]
    numbers = [
        str(number)
        for number, item in enumerate(issue.items, start=1)
        if lead in topics_of.get(item.story_id, ())[:1]
    ]
    if not numbers:
        return (f"{lead.value}, which no item has",)
    return (f"{lead.value}, as item{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}",)


def _moved_by(candidate: Candidate) -> tuple[str, ...]:
    reasons = [reason for reason in candidate.reasons if reason.feature != "bias"]
    reasons.sort(key=lambda reason: (-abs(reason.contribution), reason.feature))
    return tuple(
        f"{reason.feature} {_signed(reason.contribution)}"
        for reason in reasons[:_LEADING]
        if abs(reason.contribution) >= 0.005
    )


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")


def draft_slot(
    database: Database,
    settings: Settings,
    story_id: str,
    *,
    kb: KnowledgeBase,
    year: int | None = None,
) -> IssueItem:
    """Draft one story, to be put into an issue of a year; nothing is saved.

    Raises
    ------
    DigestError
        If there is no such story, or no sentence of it can stand alone.
    """
    with database.read() as tx:
        story = read_stories(tx, [story_id]).get(story_id)
        if story is None:
            raise DigestError(f"there is no story {story_id}; reload the list of candidates")
        articles = with_outlets(read_articles(tx, story.article_ids), settings.read_sources())
        mentions = read_mentions(tx, story.article_ids)
    item = draft_item(draft_story(story, articles, mentions, kb=kb))
    if item is None:
        raise DigestError(f"no sentence of {story_id} can stand alone; write the item by hand")
    return item_in_house_style(item, settings.digest.style, year=year)
