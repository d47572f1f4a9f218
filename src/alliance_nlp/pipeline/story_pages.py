"""What a story's page shows beside its articles, gathered from the rooms that know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from alliance_nlp.config import RankSettings
from alliance_nlp.core.types import Article, Candidate, Mention, Story
from alliance_nlp.extract import diff
from alliance_nlp.pipeline.roles import roles_at
from alliance_nlp.pipeline.similar import Memory, Similar
from alliance_nlp.pipeline.version_diffs import Segment, words_diff
from alliance_nlp.pipeline.weighing import StandingWeights, weights_of
from alliance_nlp.rank import Moves, what_would_move
from alliance_nlp.store import (
    Connection,
    read_articles,
    read_candidates,
    read_stories,
    read_versions,
    read_withdrawn,
    stories_of_article,
)
from alliance_nlp.tag import load_knowledge_base

FIRST_PLACES = 10
_MOST_VERSIONS = 6
_MOST_CHANGES = 60
# Words are compared one by one up to here; a longer change is shown as a whole.
_MOST_COMPARED = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a publisher changed in an article between two versions, as runs of text.

    ``title`` is empty where the title stayed; ``n_more`` counts changes that are not shown.
    """

    before_at: datetime
    after_at: datetime
    title: tuple[Segment, ...]
    changes: tuple[tuple[Segment, ...], ...]
    n_more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside a story's articles.

    Attributes
    ----------
    roles
        What entities were at an article's date, by (article id, entity id).
    similar
        Earlier items that it resembles.
    moves
        What would lift it among the first ten; ``None`` where it is in no ranking.
    edits
        Changes between versions, oldest first, by article id.
    elsewhere
        Other stories that its articles belong to, by article id: (story id, title).
    withdrawn
        Why publishers withdrew articles, by article id.
    """

    roles: Mapping[tuple[str, str], str]
    similar: tuple[Similar, ...]
    moves: Moves | None
    edits: Mapping[str, tuple[Edit, ...]]
    elsewhere: Mapping[str, tuple[tuple[str, str], ...]]
    withdrawn: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where a story's page gets what stands beside it; kept while the desk is open."""

    rank: RankSettings
    knowledge_base: Path | None
    memory: Memory = field(default_factory=Memory)
    weights: StandingWeights = field(default_factory=StandingWeights)

    def beside(
        self,
        tx: Connection,
        story: Story,
        *,
        articles: Sequence[Article],
        mentions: Mapping[str, tuple[Mention, ...]],
        candidate: Candidate | None,
    ) -> Beside:
        """Return what stands beside a story."""
        kb = load_knowledge_base(self.knowledge_base)
        return Beside(
            roles=roles_at(kb, articles, mentions),
            similar=self.memory.similar_to(tx, articles, story_id=story.id),
            moves=self._moves(tx, candidate),
            edits={article.id: found for article in articles if (found := _edits(tx, article))},
            elsewhere=_elsewhere(tx, story),
            withdrawn=read_withdrawn(tx, list(story.article_ids)),
        )

    def _moves(self, tx: Connection, candidate: Candidate | None) -> Moves | None:
        if candidate is None:
            return None
        if candidate.rank <= FIRST_PLACES:
            return Moves(n=FIRST_PLACES)
        # Those in front decide; the thousands behind need not be read.
        first = read_candidates(tx, limit=FIRST_PLACES + 1)
        learned = self.weights.read(tx, self.rank)
        weights = weights_of([*first, candidate], learned.weights)
        return what_would_move(candidate, first, weights=weights, n=FIRST_PLACES)


def _edits(tx: Connection, article: Article) -> tuple[Edit, ...]:
    versions = read_versions(tx, article.url)[-_MOST_VERSIONS:]
    if len({article_id for article_id, _ in versions}) < 2:
        return ()
    texts = read_articles(tx, [article_id for article_id, _ in versions])
    return tuple(
        _edit((texts[old], old_at), (texts[new], new_at))
        for (old, old_at), (new, new_at) in pairwise(versions)
        if old != new and old in texts and new in texts
    )


def _edit(before: tuple[Article, datetime], after: tuple[Article, datetime]) -> Edit:
    changes = diff(before[0], after[0])
    shown = changes.changes[:_MOST_CHANGES]
    return Edit(
        before_at=before[1],
        after_at=after[1],
        title=_compared(*changes.title) if changes.title else (),
        changes=tuple(_compared(change.before, change.after) for change in shown),
        n_more=len(changes.changes) - len(shown),
    )


def _compared(before: str, after: str) -> tuple[Segment, ...]:
    if len(before) + len(after) <= _MOST_COMPARED:
        return words_diff(before, after)
    whole = (Segment(kind="removed", text=before), Segment(kind="added", text=after))
    return tuple(segment for segment in whole if segment.text)


def _elsewhere(tx: Connection, story: Story) -> dict[str, tuple[tuple[str, str], ...]]:
    others = {
        article_id: [i for i in stories_of_article(tx, article_id) if i != story.id]
        for article_id in story.article_ids
    }
    stories = read_stories(tx, sorted({i for ids in others.values() for i in ids}))
    leads = read_articles(tx, [found.representative_id for found in stories.values()])
    return {
        article_id: tuple(
            (i, leads[stories[i].representative_id].title)
            for i in ids
            if i in stories and stories[i].representative_id in leads
        )
        for article_id, ids in others.items()
        if ids
    }
