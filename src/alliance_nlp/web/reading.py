"""What a page needs from the store, read in one short transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import (
    Article,
    Candidate,
    Decision,
    Issue,
    Mention,
    Story,
    ToldBefore,
    Topic,
    TopicLabel,
    Verdict,
)
from alliance_nlp.store import (
    CandidateFilter,
    CandidatePage,
    Connection,
    read_articles,
    read_candidate,
    read_candidate_page,
    read_decisions,
    read_mentions,
    read_stories,
    read_told,
    read_topics,
)

_EVERYTHING = CandidateFilter()
_NO_VERDICTS: Mapping[str, Verdict] = MappingProxyType({})
_NO_TOPICS: Mapping[str, tuple[TopicLabel, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRecord:
    """A story with all that is known of it.

    Attributes
    ----------
    candidate
        Its place in the newest ranking, ``None`` when it has none.
    articles
        Its articles, the representative first, then in order of publication.
    mentions, topics
        By article id.
    decisions
        Oldest first.
    told
        What it follows or repeats, ``None`` when it is new.
    """

    story: Story
    candidate: Candidate | None
    articles: tuple[Article, ...]
    mentions: Mapping[str, tuple[Mention, ...]]
    topics: Mapping[str, tuple[Topic, ...]]
    decisions: tuple[Decision, ...]
    told: ToldBefore | None = None

    @property
    def decision(self) -> Decision | None:
        """The last word on it."""
        return self.decisions[-1] if self.decisions else None


def read_ranked(
    tx: Connection,
    wanted: CandidateFilter = _EVERYTHING,
    *,
    after: int = 0,
    n: int,
    standing: Mapping[str, Verdict] = _NO_VERDICTS,
    retopiced: Mapping[str, tuple[TopicLabel, ...]] = _NO_TOPICS,
) -> tuple[tuple[StoryRecord, ...], CandidatePage]:
    """Return up to ``n`` candidates within a filter ranked below ``after``, and where they stand.

    ``standing`` and ``retopiced`` are what analysts said of stories, by story id.
    """
    page = read_candidate_page(tx, wanted, after=after, n=n, standing=standing, retopiced=retopiced)
    return _records(tx, [c.story_id for c in page.candidates], page.candidates), page


def read_one(tx: Connection, story_id: str) -> StoryRecord | None:
    """Return a story, or ``None`` when there is no such story."""
    if clean(story_id) != story_id:
        return None  # an address may hold what no database takes
    candidate = read_candidate(tx, story_id)
    return next(iter(_records(tx, [story_id], [candidate] if candidate else [])), None)


def read_cited(tx: Connection, issue: Issue) -> dict[str, Article]:
    """Return the articles that an issue's sentences come from, by id."""
    sentences = [sentence for item in issue.items for sentence in item.sentences]
    ids = {source.article_id for sentence in sentences for source in sentence.sources}
    return read_articles(tx, sorted(ids))


def _records(
    tx: Connection, story_ids: Sequence[str], candidates: Sequence[Candidate]
) -> tuple[StoryRecord, ...]:
    stories = read_stories(tx, story_ids)
    ids = [article_id for story in stories.values() for article_id in story.article_ids]
    articles, mentions, topics = (
        read_articles(tx, ids),
        read_mentions(tx, ids),
        read_topics(tx, ids),
    )
    told = read_told(tx, list(stories))
    by_story = {candidate.story_id: candidate for candidate in candidates}
    decisions: dict[str, list[Decision]] = {}
    for decision in read_decisions(tx, list(stories)):
        decisions.setdefault(decision.subject, []).append(decision)
    return tuple(
        StoryRecord(
            story=stories[story_id],
            candidate=by_story.get(story_id),
            articles=_in_order(stories[story_id], articles),
            mentions=mentions,
            topics=topics,
            decisions=tuple(decisions.get(story_id, ())),
            told=told.get(story_id),
        )
        for story_id in story_ids
        if story_id in stories  # one whose articles all moved since the ranking is no story
    )


def _in_order(story: Story, articles: Mapping[str, Article]) -> tuple[Article, ...]:
    ids = sorted(story.article_ids, key=lambda i: i != story.representative_id)
    return tuple(articles[i] for i in ids)
