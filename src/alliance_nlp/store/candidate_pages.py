"""The newest ranking a page at a time: filtered, counted, and never read whole.

What a story is filtered by (topics, sources, entities, words) stands in tables that are made with
the ranking (:mod:`alliance_nlp.store.candidate_traits`), so that no list reads articles, mentions
or texts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import compress
from types import MappingProxyType

from sqlalchemy import ColumnElement, Connection, select

from alliance_nlp.core.types import Candidate, Novelty, TopicLabel, Verdict
from alliance_nlp.store import schema
from alliance_nlp.store.candidate_traits import (
    EMPTIED,
    ENTITY,
    NOVELTY,
    SOURCE,
    TOPIC,
    newest_ranking,
)
from alliance_nlp.store.packing import read_packed
from alliance_nlp.store.search import stories_that_say
from alliance_nlp.store.search_tables import candidate_facets, candidate_traits
from alliance_nlp.store.search_words import Term, parse_query
from alliance_nlp.store.stories import candidate_of

OPEN = "open"

_C = schema.candidates.c
_D = schema.decisions.c
_F = candidate_facets.c
_S = schema.stories.c
_V = candidate_traits.c

_NO_VERDICTS: Mapping[str, Verdict] = MappingProxyType({})
_NO_TOPICS: Mapping[str, tuple[TopicLabel, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFilter:
    """What a list of candidates is narrowed to; what is empty narrows nothing.

    Of several values in one field any may hold; all fields that are set must hold.

    Attributes
    ----------
    query
        Words that one of the story's articles has, see :func:`~alliance_nlp.store.search_articles`.
    entity_id
        Of the knowledge base.
    since_on, until_on
        First and last UTC day; a story counts whose reports, first to last, touch these days.
    verdicts
        ``"open"`` (nothing stands), ``"accept"``, ``"reject"``, ``"later"``, ``"unsure"``.
    """

    query: str = ""
    topics: tuple[TopicLabel, ...] = ()
    novelty: tuple[Novelty, ...] = ()
    source_ids: tuple[str, ...] = ()
    entity_id: str = ""
    since_on: date | None = None
    until_on: date | None = None
    verdicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatePage:
    """A page of a filtered ranking.

    Attributes
    ----------
    candidates
        Best first.
    next, previous
        The rank to go on after for the page below and above, ``None`` where there is none.
    n_matching, n_open
        How many candidates the filter lets through in all, and how many of them no verdict
        stands on.
    """

    candidates: tuple[Candidate, ...]
    next: int | None
    previous: int | None
    n_matching: int
    n_open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityFacet:
    """An entity of the knowledge base, its fullest surface, and how many stories mention it."""

    id: str
    surface: str
    n_stories: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What the newest ranking can be narrowed by: (value, number of stories), most first."""

    topics: tuple[tuple[TopicLabel, int], ...]
    novelty: tuple[tuple[Novelty, int], ...]
    sources: tuple[tuple[str, int], ...]
    entities: tuple[EntityFacet, ...]


def read_candidate_page(
    tx: Connection,
    wanted: CandidateFilter = CandidateFilter(),
    *,
    after: int = 0,
    n: int = 50,
    standing: Mapping[str, Verdict] = _NO_VERDICTS,
    retopiced: Mapping[str, tuple[TopicLabel, ...]] = _NO_TOPICS,
) -> CandidatePage:
    """Return up to ``n`` candidates of the newest ranking ranked below ``after``.

    Parameters
    ----------
    standing
        The verdict that stands on a story, by story id (``review.latest``).
    retopiced
        The topics that analysts gave stories; they count in place of the classifier's.
    """
    ranks, ids = _matching(tx, wanted, standing=standing, retopiced=retopiced)
    first = bisect_right(ranks, after)
    end = first + n
    return CandidatePage(
        candidates=_read(tx, ids[first:end]),
        next=ranks[end - 1] if first < end < len(ranks) else None,
        previous=_before(ranks, first, n),
        n_matching=len(ids),
        n_open=len(ids) - sum(map(standing.__contains__, ids)),
    )


def _before(ranks: Sequence[int], first: int, n: int) -> int | None:
    if first == 0:
        return None
    return ranks[first - n - 1] if first > n else 0


def read_candidate(tx: Connection, story_id: str) -> Candidate | None:
    """Return a story's place in the newest ranking, or ``None`` when it has none."""
    return next(iter(_read(tx, [story_id])), None)


def read_candidates_of(tx: Connection, story_ids: Sequence[str]) -> dict[str, Candidate]:
    """Return those of these stories that the newest ranking holds, by id."""
    found: dict[str, Candidate] = {}
    for start in range(0, len(story_ids), 500):
        found |= {one.story_id: one for one in _read(tx, story_ids[start : start + 500])}
    return found


def decided_candidates(tx: Connection) -> list[str]:
    """Return the ids of the newest ranking's stories that somebody decided on, in order.

    What was decided on older stories only grows; no list needs it.
    """
    decided = select(_D.subject).where(_D.subject == _C.story_id).exists()
    query = select(_C.story_id).where(_C.run_id == newest_ranking(tx), decided)
    return list(tx.execute(query.order_by(_C.story_id)).scalars())


def neighbours(
    tx: Connection,
    story_id: str,
    wanted: CandidateFilter = CandidateFilter(),
    *,
    standing: Mapping[str, Verdict] = _NO_VERDICTS,
    retopiced: Mapping[str, tuple[TopicLabel, ...]] = _NO_TOPICS,
) -> tuple[str | None, str | None]:
    """Return the ids of the stories within the filter ranked just above and just below this one.

    The story itself need not be within the filter: one that was just decided has left it.
    """
    here = read_candidate(tx, story_id)
    if here is None:
        return None, None
    ranks, ids = _matching(tx, wanted, standing=standing, retopiced=retopiced)
    above, below = bisect_left(ranks, here.rank), bisect_right(ranks, here.rank)
    return ids[above - 1] if above else None, ids[below] if below < len(ids) else None


def facets(tx: Connection, *, n: int = 30) -> Facets:
    """Return what the newest ranking's stories are of; at most ``n`` sources and entities."""
    return Facets(
        topics=tuple((TopicLabel(value), count) for value, count, _ in _counts(tx, TOPIC, n)),
        novelty=tuple((Novelty(value), count) for value, count, _ in _counts(tx, NOVELTY, n)),
        sources=tuple((source_id, count) for source_id, count, _ in _counts(tx, SOURCE, n)),
        entities=tuple(
            EntityFacet(id=entity_id, surface=surface, n_stories=count)
            for entity_id, count, surface in _counts(tx, ENTITY, n)
        ),
    )


def _counts(tx: Connection, kind: str, n: int) -> list[tuple[str, int, str]]:
    """Return (value, number of stories, longest surface) of the commonest, most first."""
    query = (
        select(_F.value, _F.n_stories, _F.surface)
        .where(_F.kind == kind)
        .order_by(_F.n_stories.desc(), _F.value)
        .limit(n)
    )
    return [(row.value, row.n_stories, row.surface) for row in tx.execute(query)]


def _read(tx: Connection, story_ids: Sequence[str]) -> tuple[Candidate, ...]:
    query = (
        select(schema.candidates)
        .where(_C.run_id == newest_ranking(tx), _C.story_id.in_(story_ids))
        .order_by(_C.rank, _C.story_id)
    )
    return tuple(candidate_of(row) for row in tx.execute(query))


def _matching(
    tx: Connection,
    wanted: CandidateFilter,
    *,
    standing: Mapping[str, Verdict],
    retopiced: Mapping[str, tuple[TopicLabel, ...]],
) -> tuple[list[int], list[str]]:
    """Return ranks and story ids of all that the filter lets through, best first."""
    terms = parse_query(wanted.query)
    if wanted.query.strip() and not terms:
        return [], []
    query = (
        select(_C.rank, _C.story_id)
        .where(_C.run_id == newest_ranking(tx), *_conditions(wanted))
        .order_by(_C.rank, _C.story_id)
    )
    ranks, ids = read_packed(tx, query)
    if ranks != sorted(ranks):
        ranks, ids = map(list, zip(*sorted(zip(ranks, ids, strict=True)), strict=True))
    for kept in _sets(tx, wanted, terms=terms, retopiced=retopiced):
        ranks, ids = _those(ranks, ids, [i in kept for i in ids])
    if wanted.verdicts:
        kept = set(wanted.verdicts)
        ranks, ids = _those(ranks, ids, [standing.get(i, OPEN) in kept for i in ids])
    return ranks, ids


def _those(ranks: list[int], ids: list[str], which: Sequence[bool]) -> tuple[list[int], list[str]]:
    return list(compress(ranks, which)), list(compress(ids, which))


def _conditions(wanted: CandidateFilter) -> Iterator[ColumnElement[bool]]:
    yield _C.story_id.not_in(select(_V.story_id).where(_V.kind == EMPTIED))
    stories = select(_S.id).where(_S.id == _C.story_id)
    if wanted.since_on:
        since = datetime.combine(wanted.since_on, time.min, tzinfo=UTC)
        yield stories.where(_S.last_at >= since).exists()
    if wanted.until_on:
        until = datetime.combine(wanted.until_on, time.max, tzinfo=UTC)
        yield stories.where(_S.first_at <= until).exists()


def _sets(
    tx: Connection,
    wanted: CandidateFilter,
    *,
    terms: Sequence[Term],
    retopiced: Mapping[str, tuple[TopicLabel, ...]],
) -> Iterator[set[str]]:
    """Yield for each filter by traits or words the stories that it lets through."""
    if wanted.topics:
        judged = _with_trait(tx, TOPIC, [label.value for label in wanted.topics])
        given = {i for i, topics in retopiced.items() if not set(wanted.topics).isdisjoint(topics)}
        yield (judged - retopiced.keys()) | given
    if wanted.novelty:
        yield _with_trait(tx, NOVELTY, [value.value for value in wanted.novelty])
    if wanted.source_ids:
        yield _with_trait(tx, SOURCE, wanted.source_ids)
    if wanted.entity_id:
        yield _with_trait(tx, ENTITY, [wanted.entity_id])
    if terms:
        yield stories_that_say(tx, terms)


def _with_trait(tx: Connection, kind: str, values: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(values), 500):
        part = values[start : start + 500]
        query = select(_V.story_id).where(_V.kind == kind, _V.value.in_(part))
        found.update(*read_packed(tx, query))
    return found
