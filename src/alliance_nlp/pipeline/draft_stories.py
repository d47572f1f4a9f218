"""The stories of a draft: articles, mentions, who is who, and what is told "separately"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alliance_nlp.core.types import Article, Candidate, Mention, Story
from alliance_nlp.digest import DraftStory
from alliance_nlp.pipeline.candidates import held
from alliance_nlp.pipeline.introducing import introductions
from alliance_nlp.rank import RunnerUp
from alliance_nlp.review import standing_topics
from alliance_nlp.store import Connection, read_decisions, read_stories, read_topics
from alliance_nlp.tag import KnowledgeBase

# In the real issues one bullet or two of five end with a second story.
MOST_SECONDS = 2


def second_stories(
    tx: Connection, picked: Sequence[Candidate], runners_up: Sequence[RunnerUp]
) -> dict[str, str]:
    """Return, by id of a picked story, the runner-up of its leading topic that is told beside it.

    The best runners-up go first, each beside the best story of its topic that has none yet. Where
    an analyst set a story's topics, the first of these leads.
    """
    ids = [*(c.story_id for c in picked), *(one.candidate.story_id for one in runners_up)]
    stories = read_stories(tx, ids)
    topics = read_topics(tx, [story.representative_id for story in stories.values()])
    given = standing_topics(read_decisions(tx, list(stories)))
    leading = {
        story.id: next(iter(given.get(story.id, held(topics[story.representative_id]))), None)
        for story in stories.values()
    }
    seconds: dict[str, str] = {}
    for one in runners_up:
        second = one.candidate.story_id
        first = next(
            (
                candidate.story_id
                for candidate in picked
                if candidate.story_id not in seconds
                and leading[candidate.story_id] is not None
                and leading[candidate.story_id] == leading[second]
            ),
            None,
        )
        if first is not None and len(seconds) < MOST_SECONDS:
            seconds[first] = second
    return seconds


def draft_story(
    story: Story,
    articles: Mapping[str, Article],
    mentions: Mapping[str, tuple[Mention, ...]],
    *,
    kb: KnowledgeBase,
    also: DraftStory | None = None,
) -> DraftStory:
    """Return a story to draft, its representative first and its people with their offices."""
    first = story.representative_id
    ids = [first, *(i for i in story.article_ids if i != first)]
    told = tuple(articles[i] for i in ids)
    return DraftStory(
        story_id=story.id,
        articles=told,
        mentions={i: mentions.get(i, ()) for i in ids},
        names=introductions(kb, told, mentions),
        also=also,
    )
