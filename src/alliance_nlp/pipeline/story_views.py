"""Stories and their edits as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import Article, Source, Story, StoryEdit
from alliance_nlp.pipeline.candidates import with_outlets
from alliance_nlp.store import (
    Database,
    newest_stories,
    read_articles,
    read_stories,
    read_story_edits,
    stories_of_article,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """A story and the title of the article that stands for it."""

    story: Story
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article of a story, and the other stories that it belongs to."""

    article: Article
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story with its articles, in its order, and the edits that named it, oldest first."""

    story: Story
    members: tuple[Member, ...]
    edits: tuple[StoryEdit, ...]


def list_stories(database: Database, *, limit: int) -> list[StoryLine]:
    """Return the stories with the newest reports, newest first."""
    with database.read() as tx:
        stories = newest_stories(tx, limit=limit)
        articles = read_articles(tx, [story.representative_id for story in stories])
    return [StoryLine(story=s, title=articles[s.representative_id].title) for s in stories]


def view_story(database: Database, story_id: str, sources: Sequence[Source]) -> StoryView:
    """Return a story with its articles and edits.

    Raises
    ------
    InputError
        If there is no such story, or another took in all of it.
    """
    with database.read() as tx:
        edits = [e for e in read_story_edits(tx) if story_id in named_by(e)]
        story = read_stories(tx, [story_id]).get(story_id)
        if story is None:
            last = f"; edit {edits[-1].id} was the last that named it" if edits else ""
            raise InputError(
                f"there is no story {story_id!r}{last}; see: alliance-nlp stories list"
            )
        articles = with_outlets(read_articles(tx, story.article_ids), sources)
        also = {i: stories_of_article(tx, i) for i in story.article_ids}
    members = (
        Member(article=articles[i], also_in=tuple(s for s in also[i] if s != story_id))
        for i in story.article_ids
    )
    return StoryView(story=story, members=tuple(members), edits=tuple(edits))


def named_by(edit: StoryEdit) -> frozenset[str]:
    """Return the ids of the stories that an edit names."""
    return frozenset(story for pairs in (edit.moved, edit.before) for _, story in pairs)
