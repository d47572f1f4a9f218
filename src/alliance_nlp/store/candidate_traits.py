"""What the newest ranking's stories are of, set down so that a list need not look it up.

Written with a ranking and, for the stories concerned, when an analyst merges or splits: a topic
that holds for one of a story's articles, the story's novelty, the sources of its articles, and the
entities of the knowledge base that they mention.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    Connection,
    Select,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
)

from alliance_nlp.store import schema
from alliance_nlp.store.search_tables import (
    candidate_articles,
    candidate_facets,
    candidate_traits,
    search_rows,
)

TOPIC, NOVELTY, SOURCE, ENTITY = "topic", "novelty", "source", "entity"
# A story whose articles an analyst moved elsewhere: the ranking holds it, lists do not.
EMPTIED = "emptied"

_Surfaces: TypeAlias = dict[tuple[str, str], list[str]]

_A = schema.articles.c
_C = schema.candidates.c
_M = schema.mentions.c
_SA = schema.story_articles.c
_S = schema.stories.c
_T = schema.topics.c
_V = candidate_traits.c
_COLUMNS = ("kind", "value", "story_id", "n", "surface")


def newest_ranking(tx: Connection) -> int | None:
    """Return the newest run that ranked anything, or ``None`` before the first."""
    found = tx.execute(select(func.max(_C.run_id))).scalar()
    return None if found is None else int(found)


def write_traits(tx: Connection) -> None:
    """Set down the traits of the newest ranking's stories in place of all that were there."""
    for table in (candidate_facets, candidate_traits, candidate_articles):
        tx.execute(delete(table))
    _insert(tx, select(_C.story_id).where(_C.run_id == newest_ranking(tx)))
    _count(tx)


def rewrite_traits(tx: Connection, story_ids: Sequence[str]) -> None:
    """Set down anew the traits of those of these stories that the newest ranking holds."""
    run_id = newest_ranking(tx)
    for start in range(0, len(story_ids), 500):
        part = story_ids[start : start + 500]
        had = _surfaces(tx, part)
        for table in (candidate_traits, candidate_articles):
            tx.execute(delete(table).where(table.c.story_id.in_(part)))
        _insert(tx, select(_C.story_id).where(_C.run_id == run_id, _C.story_id.in_(part)))
        _recount(tx, had, _surfaces(tx, part))


def _surfaces(tx: Connection, story_ids: Sequence[str]) -> _Surfaces:
    """Return for each trait (kind, value) of these stories the surface in each."""
    found: _Surfaces = {}
    query = select(_V.kind, _V.value, _V.surface).where(_V.story_id.in_(story_ids))
    for kind, value, surface in tx.execute(query):
        found.setdefault((kind, value), []).append(surface)
    return found


def _recount(tx: Connection, had: _Surfaces, has: _Surfaces) -> None:
    """Bring the facets from what some stories had to what they have; surfaces stay the longest."""
    facet = candidate_facets.c
    for kind, value in sorted(had.keys() | has.keys()):
        this = (facet.kind == kind, facet.value == value)
        surfaces = has.get((kind, value), [])
        more = len(surfaces) - len(had.get((kind, value), ()))
        longest = max(surfaces, key=len, default="")
        row = tx.execute(select(candidate_facets).where(*this)).first()
        n_stories = more + (row.n_stories if row else 0)
        surface = max(longest, row.surface if row else "", key=len)
        if row:
            tx.execute(delete(candidate_facets).where(*this))
        if n_stories > 0:
            values = {"kind": kind, "value": value, "n_stories": n_stories, "surface": surface}
            tx.execute(insert(candidate_facets).values(values))


def _count(tx: Connection) -> None:
    same = (_V.kind, _V.value)
    longest = (func.length(_V.surface).desc(), _V.surface)
    counted = select(
        _V.kind,
        _V.value,
        func.count().over(partition_by=same).label("n_stories"),
        _V.surface,
        func.row_number().over(order_by=longest, partition_by=same).label("place"),
    ).subquery()
    columns = [column for column in counted.c if column.name != "place"]
    query = select(*columns).where(counted.c.place == 1)
    tx.execute(insert(candidate_facets).from_select([c.name for c in columns], query))


def _insert(tx: Connection, ranked: Select[Any]) -> None:
    for query in (_topics(ranked), _novelty(ranked), _sources(ranked), _entities(ranked)):
        tx.execute(insert(candidate_traits).from_select(_COLUMNS, query))
    numbers = (
        select(search_rows.c.number, _SA.story_id)
        .join(schema.story_articles, _SA.article_id == search_rows.c.article_id)
        .where(_SA.story_id.in_(ranked))
    )
    tx.execute(insert(candidate_articles).from_select(("number", "story_id"), numbers))


def _novelty(ranked: Select[Any]) -> Select[Any]:
    held = exists().where(_SA.story_id == _S.id)
    kind = case((held, NOVELTY), else_=EMPTIED)
    value = case((held, _S.novelty), else_="")
    return select(kind, value, _S.id, literal(1), literal("")).where(_S.id.in_(ranked))


def _topics(ranked: Select[Any]) -> Select[Any]:
    return (
        select(literal(TOPIC), _T.label, _SA.story_id, func.count(), literal(""))
        .join(schema.story_articles, _SA.article_id == _T.article_id)
        .where(_SA.story_id.in_(ranked), _T.holds)
        .group_by(_T.label, _SA.story_id)
    )


def _sources(ranked: Select[Any]) -> Select[Any]:
    return (
        select(literal(SOURCE), _A.source_id, _SA.story_id, func.count(), literal(""))
        .join(schema.story_articles, _SA.article_id == _A.id)
        .where(_SA.story_id.in_(ranked))
        .group_by(_A.source_id, _SA.story_id)
    )


def _entities(ranked: Select[Any]) -> Select[Any]:
    """Select entities with the number of their mentions and the longest of their surfaces."""
    same = (_SA.story_id, _M.entity_id)
    longest = (_M.start - _M.end, _M.article_id, _M.start)
    mentioned = (
        select(
            _M.entity_id,
            _SA.story_id,
            _M.article_id,
            _M.start,
            _M.end,
            func.count().over(partition_by=same).label("n"),
            func.row_number().over(order_by=longest, partition_by=same).label("place"),
        )
        .join(schema.story_articles, _SA.article_id == _M.article_id)
        .where(_SA.story_id.in_(ranked), _M.entity_id != "")
        .subquery()
    )
    # Both databases count code points here, as offsets do.
    surface = func.substr(_A.text, mentioned.c.start + 1, mentioned.c.end - mentioned.c.start)
    return (
        select(literal(ENTITY), mentioned.c.entity_id, mentioned.c.story_id, mentioned.c.n, surface)
        .join(schema.articles, _A.id == mentioned.c.article_id)
        .where(mentioned.c.place == 1)
    )
