"""What stories that are not new hang on, and the stories that readers were shown earlier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from alliance_nlp.core.types import SentenceSource, Story, ToldBefore
from alliance_nlp.store import schema
from alliance_nlp.store.stories import read_stories

_T = schema.told_before.c


def save_told(tx: Connection, story_ids: Sequence[str], told: Iterable[ToldBefore]) -> None:
    """Save what these stories hang on; those without a word on them hang on nothing any more."""
    for start in range(0, len(story_ids), 500):
        part = story_ids[start : start + 500]
        tx.execute(delete(schema.told_before).where(_T.story_id.in_(part)))
    rows = [
        {
            "story_id": one.story_id,
            "issue_id": one.issue_id,
            "number": one.number,
            "earlier_story_id": one.earlier_story_id,
            "told_on": one.on,
            "affinity": one.affinity,
            "new": [[new.article_id, new.start, new.end] for new in one.new],
        }
        for one in told
    ]
    if rows:
        tx.execute(insert(schema.told_before), rows)


def read_told(tx: Connection, story_ids: Sequence[str]) -> dict[str, ToldBefore]:
    """Return what stories hang on, by story id; new stories are left out."""
    found: dict[str, ToldBefore] = {}
    for start in range(0, len(story_ids), 500):
        part = story_ids[start : start + 500]
        for row in tx.execute(select(schema.told_before).where(_T.story_id.in_(part))):
            found[row.story_id] = ToldBefore(
                story_id=row.story_id,
                issue_id=row.issue_id,
                number=row.number,
                earlier_story_id=row.earlier_story_id,
                on=row.told_on,
                affinity=row.affinity,
                new=tuple(
                    SentenceSource(article_id=article_id, start=start_at, end=end_at)
                    for article_id, start_at, end_at in row.new
                ),
            )
    return found


def stories_shown(
    tx: Connection, *, since: datetime, before: datetime, most_rank: int
) -> list[Story]:
    """Return the stories that a ranking of an earlier window showed, in order of id.

    Those whose last report lies from ``since`` to before ``before``, and that stood at
    ``most_rank`` or better in a ranking whose window had ended by then.
    """
    stories, candidates, runs = schema.stories.c, schema.candidates.c, schema.runs.c
    # From the window's stories to their few rankings: those of all nights are many more.
    shown = (
        select(candidates.story_id)
        .join(schema.runs, runs.id == candidates.run_id)
        .where(candidates.story_id == stories.id, candidates.rank <= most_rank)
        .where(runs.ranked_at <= before)
    )
    query = (
        select(stories.id)
        .where(stories.last_at >= since, stories.last_at < before, shown.exists())
        .order_by(stories.id)
    )
    ids = list(tx.execute(query).scalars())
    found = read_stories(tx, ids)
    return [found[story_id] for story_id in ids if story_id in found]
