"""Stories and the ranked candidates of each run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, literal, select

from alliance_nlp.core.types import Candidate, Contribution, Novelty, Story
from alliance_nlp.store import schema
from alliance_nlp.store.candidate_traits import rewrite_traits, write_traits
from alliance_nlp.store.database import upsert

_S = schema.stories.c
_SA = schema.story_articles.c


def save_stories(tx: Connection, stories: Sequence[Story]) -> None:
    """Save stories; an article that moves leaves the story it was in.

    What the present ranking is filtered by waits for the next one (:func:`save_candidates`).
    """
    moved = [article_id for story in stories for article_id in story.article_ids]
    for start in range(0, len(moved), 500):
        part = moved[start : start + 500]
        tx.execute(delete(schema.story_articles).where(_SA.article_id.in_(part)))
    _rewrite(tx, stories)


def rewrite_stories(
    tx: Connection, stories: Sequence[Story], *, emptied: Sequence[str] = ()
) -> None:
    """Save stories and empty others; what else their articles belong to stays.

    The newest ranking is filtered by what they are now.
    """
    _rewrite(tx, stories, emptied=emptied)
    rewrite_traits(tx, [*(story.id for story in stories), *emptied])


def _rewrite(tx: Connection, stories: Sequence[Story], *, emptied: Sequence[str] = ()) -> None:
    upsert(
        tx,
        schema.stories,
        [
            {
                "id": story.id,
                "representative_id": story.representative_id,
                "first_at": story.first_at,
                "last_at": story.last_at,
                "novelty": story.novelty.value,
            }
            for story in stories
        ],
    )
    rows = [
        {
            "article_id": article_id,
            "story_id": story.id,
            "position": position,
            "further": article_id in story.further_ids,
        }
        for story in stories
        for position, article_id in enumerate(story.article_ids)
    ]
    story_ids = [*(story.id for story in stories), *emptied]
    for start in range(0, len(story_ids), 500):
        # What a story held before and holds no more, such as a version now superseded.
        tx.execute(
            delete(schema.story_articles).where(_SA.story_id.in_(story_ids[start : start + 500]))
        )
    if rows:
        tx.execute(insert(schema.story_articles), rows)


def known_story_ids(tx: Connection, article_ids: Sequence[str]) -> dict[str, str]:
    """Return the story that each of these articles, or another version of it, is in already.

    That is the one it is at home in, not one that it belongs to besides.
    """
    found: dict[str, str] = {}
    mine, other = schema.articles.alias(), schema.articles.alias()
    for start in range(0, len(article_ids), 500):
        query = (
            select(mine.c.id, _SA.story_id)
            .join(other, other.c.url == mine.c.url)
            .join(schema.story_articles, _SA.article_id == other.c.id)
            .where(mine.c.id.in_(article_ids[start : start + 500]), _SA.further.is_(False))
            # What it is in itself comes last, and so decides.
            .order_by(mine.c.id, other.c.id == mine.c.id, other.c.fetched_at, other.c.id)
        )
        found |= {row.id: row.story_id for row in tx.execute(query)}
    return found


def memberships(tx: Connection, article_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the stories that each of these articles belongs to besides its own, in order of id.

    Articles that are in no story are left out.
    """
    found: dict[str, list[str]] = {}
    for start in range(0, len(article_ids), 500):
        query = select(_SA.article_id, _SA.story_id, _SA.further).where(
            _SA.article_id.in_(article_ids[start : start + 500])
        )
        for row in tx.execute(query.order_by(_SA.article_id, _SA.story_id)):
            further = found.setdefault(row.article_id, [])
            if row.further:
                further.append(row.story_id)
    return {article_id: tuple(further) for article_id, further in found.items()}


def read_stories(tx: Connection, ids: Sequence[str]) -> dict[str, Story]:
    """Return stories by id."""
    found: dict[str, Story] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        members: dict[str, list[tuple[str, bool]]] = {}
        query = select(schema.story_articles).where(_SA.story_id.in_(part))
        for row in tx.execute(query.order_by(_SA.story_id, _SA.position)):
            members.setdefault(row.story_id, []).append((row.article_id, row.further))
        for row in tx.execute(select(schema.stories).where(_S.id.in_(part))):
            if row.id in members:  # a story whose articles all moved is empty and no story
                found[row.id] = _story(row, members[row.id])
    return found


def story_novelties(tx: Connection, ids: Sequence[str]) -> dict[str, Novelty]:
    """Return the novelty of stories by id, also of those that are empty now."""
    found: dict[str, Novelty] = {}
    for start in range(0, len(ids), 500):
        query = select(_S.id, _S.novelty).where(_S.id.in_(ids[start : start + 500]))
        found |= {row.id: Novelty(row.novelty) for row in tx.execute(query)}
    return found


def newest_stories(tx: Connection, *, limit: int) -> list[Story]:
    """Return the stories with the newest reports, newest first."""
    held = select(_SA.story_id).distinct()
    query = (
        select(_S.id)
        .where(_S.id.in_(held))
        .order_by(_S.last_at.desc().nulls_last(), _S.id)
        .limit(limit)
    )
    ids = list(tx.execute(query).scalars())
    found = read_stories(tx, ids)
    return [found[story_id] for story_id in ids]


def stories_of_article(tx: Connection, article_id: str) -> list[str]:
    """Return the ids of the stories that an article is in, in order of id."""
    query = select(_SA.story_id).where(_SA.article_id == article_id).order_by(_SA.story_id)
    return list(tx.execute(query).scalars())


def _story(row: Row[Any], members: Sequence[tuple[str, bool]]) -> Story:
    return Story(
        id=row.id,
        article_ids=tuple(article_id for article_id, _ in members),
        further_ids=tuple(article_id for article_id, is_further in members if is_further),
        representative_id=row.representative_id,
        first_at=row.first_at,
        last_at=row.last_at,
        novelty=Novelty(row.novelty),
    )


def stories_between(tx: Connection, since: datetime, until: datetime) -> list[Story]:
    """Return the stories whose last report lies in a window, oldest first."""
    query = (
        select(_S.id).where(_S.last_at >= since, _S.last_at <= until).order_by(_S.last_at, _S.id)
    )
    ids = list(tx.execute(query).scalars())
    found = read_stories(tx, ids)
    return [found[story_id] for story_id in ids if story_id in found]


def save_candidates(tx: Connection, run_id: int, candidates: Iterable[Candidate]) -> None:
    """Save a run's ranking."""
    upsert(
        tx,
        schema.candidates,
        [
            {
                "run_id": run_id,
                "story_id": candidate.story_id,
                "rank": candidate.rank,
                "score": candidate.score,
                "logit": candidate.logit,
                "reasons": [[r.feature, r.value, r.contribution] for r in candidate.reasons],
            }
            for candidate in candidates
        ],
    )
    write_traits(tx)


def read_candidates(
    tx: Connection, *, limit: int | None = None, has_reasons: bool = True
) -> list[Candidate]:
    """Return the newest ranking, best first; without reasons where many are only put in order."""
    newest = tx.execute(select(func.max(schema.candidates.c.run_id))).scalar()
    columns = schema.candidates.c
    reasons = columns.reasons if has_reasons else literal(None).label("reasons")
    query = (
        select(columns.story_id, columns.rank, columns.score, columns.logit, reasons)
        .where(schema.candidates.c.run_id == newest)
        .order_by(schema.candidates.c.rank)
        .limit(limit)
    )
    rows: Iterable[Row[Any]] = tx.execute(query)
    return [candidate_of(row) for row in rows]


def candidates_seen(tx: Connection, seen_at: Mapping[str, datetime]) -> dict[str, Candidate]:
    """Return each story as the newest ranking held it whose window had ended by a time.

    ``seen_at`` is the time by story id; stories that were in no ranking by then are left out.
    """
    found: dict[str, Candidate] = {}
    ids = sorted(seen_at)
    for start in range(0, len(ids), 500):
        query = (
            select(schema.candidates, schema.runs.c.ranked_at)
            .join(schema.runs, schema.runs.c.id == schema.candidates.c.run_id)
            .where(schema.candidates.c.story_id.in_(ids[start : start + 500]))
            .where(schema.runs.c.ranked_at.is_not(None))
            .order_by(schema.candidates.c.run_id)
        )
        for row in tx.execute(query):
            if row.ranked_at <= seen_at[row.story_id]:
                found[row.story_id] = candidate_of(row)
    return found


def candidate_of(row: Row[Any]) -> Candidate:
    """Return the candidate that a row of its table holds."""
    return Candidate(
        story_id=row.story_id,
        rank=row.rank,
        score=row.score,
        logit=row.logit,
        reasons=tuple(
            Contribution(feature=feature, value=value, contribution=contribution)
            for feature, value, contribution in row.reasons or ()
        ),
    )
