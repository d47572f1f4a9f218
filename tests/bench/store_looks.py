"""What a night and an analyst ask of the store, by name, for the bench of its size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desk_store import APART_S, NIGHT, Size, article_id, rank, story_id, time_of
from night_rows import keep_night

from alliance_nlp.core.types import TopicLabel, Verdict
from alliance_nlp.pipeline.novelty import read_shown
from alliance_nlp.store import (
    CandidateFilter,
    Connection,
    Database,
    articles_between,
    articles_of_stories,
    articles_to_do,
    candidates_seen,
    decided_candidates,
    facets,
    fetches_to_extract,
    known_story_ids,
    last_run,
    memberships,
    neighbours,
    outlets_of_ranking,
    pending_leads,
    read_articles,
    read_doers,
    read_doings,
    read_mentions,
    read_problems,
    read_quarantine,
    read_relevance,
    read_topics,
    read_visits,
    read_withdrawn,
    recent_leads,
    search_articles,
    source_yield,
    stories_between,
)
from alliance_nlp.web.reading import read_one, read_ranked

# Four nights: what a store of ten thousand articles has as well as one of a million.
WINDOW = timedelta(seconds=4 * NIGHT * APART_S)
Look = Callable[[Connection], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One thing to measure; ``look`` reads, ``act`` writes and is done once.

    ``reaches_back`` is of what reads the last ninety nights, or up to a thousand answers: it costs
    more until a store has so many.
    """

    name: str
    look: Look | None = None
    act: Callable[[Database], object] | None = None
    reaches_back: bool = False


def works(size: Size, ids: list[str]) -> Iterator[Work]:
    """Yield what to measure in a store whose newest ranking holds these stories."""
    until = time_of(size.n_articles)
    yield Work(name="night: what is to be done", look=lambda tx: _due(tx, until))
    yield Work(name="night: visits", look=read_visits, reaches_back=True)
    yield from _fold(size, until)
    yield from _desk(ids)
    yield from _searches()
    yield Work(name="night: 2,000 articles in", act=lambda db: keep_night(db, size.n_articles))
    grown = replace(size, n_articles=size.n_articles + NIGHT)
    yield Work(name="night: its ranking", act=lambda db: rank(db, grown))


def _due(tx: Connection, until: datetime) -> None:
    fetches_to_extract(tx, version="1")
    for step in ("tag", "classify"):
        articles_to_do(tx, step, version="1")
    pending_leads(tx, most_tries=3)
    recent_leads(tx, since=until - timedelta(days=1), min_relevance=0.9)
    read_quarantine(tx)
    run = last_run(tx)
    assert run is not None
    source_yield(tx, run.id)
    read_problems(tx, run.id)
    outlets_of_ranking(tx, run.id)


def _fold(size: Size, until: datetime) -> Iterator[Work]:
    since = until - WINDOW
    span = range(size.n_articles - 4 * NIGHT + 1, size.n_articles + 1)
    ids = [article_id(number) for number in span]
    stories = list(dict.fromkeys(story_id(number) for number in span))
    some = stories[:: len(stories) // 200]

    def lookups(tx: Connection) -> None:
        known_story_ids(tx, ids)
        memberships(tx, ids)
        read_relevance(tx, ids)
        read_withdrawn(tx, ids)
        articles_of_stories(tx, some)

    def of_ranking(tx: Connection) -> None:
        held = stories_between(tx, since, until)
        named = [i for story in held for i in story.article_ids][:2_000]
        read_articles(tx, named)
        read_mentions(tx, named)
        read_topics(tx, named)
        candidates_seen(tx, dict.fromkeys(some, until))

    yield Work(
        name="fold: the window's articles", look=lambda tx: articles_between(tx, since, until)
    )
    yield Work(name="fold: what they belong to", look=lookups)
    yield Work(
        name="fold: what was shown", look=lambda tx: read_shown(tx, before=until), reaches_back=True
    )
    yield Work(name="rank: stories and what is said of them", look=of_ranking)


def _desk(ids: list[str]) -> Iterator[Work]:
    standing = dict.fromkeys(ids[::5], Verdict.REJECT)
    filters = {
        "": CandidateFilter(),
        " by topic": CandidateFilter(topics=(TopicLabel.TRADE,)),
        " by entity": CandidateFilter(entity_id="entity-1"),
        " by source": CandidateFilter(source_ids=("source-3", "source-4")),
        " by a common word": CandidateFilter(query="Japan"),
        " by words": CandidateFilter(query="Japan tariffs -missile"),
        " by a phrase": CandidateFilter(query='"prime minister"'),
        " by a long phrase": CandidateFilter(query='"the prime minister of Japan"'),
        " by Japanese words": CandidateFilter(query="日米 同盟"),
    }
    for name, wanted in filters.items():
        yield Work(name=f"list{name}", look=_list(wanted, standing))
    yield Work(name="story", look=lambda tx: [read_one(tx, i) for i in ids[:3]])
    yield Work(name="neighbours", look=lambda tx: neighbours(tx, ids[7], standing=standing))
    yield Work(name="facets", look=facets)
    yield Work(name="decided", look=decided_candidates)
    yield Work(name="audit", look=lambda tx: (read_doings(tx, n=101), read_doers(tx)))
    yield Work(name="audit of one person", look=lambda tx: read_doings(tx, n=101, who="analyst-1"))


def _list(wanted: CandidateFilter, standing: dict[str, Verdict]) -> Look:
    return lambda tx: read_ranked(tx, wanted, n=50, standing=standing)


def _searches() -> Iterator[Work]:
    asked = ("Japan", "Okinawa Henoko", '"prime minister"', "case4321", "日米同盟", "tari*")
    for query in asked:
        yield Work(name=f"search {query}", look=_search(query), reaches_back=True)


def _search(query: str) -> Look:
    return lambda tx: search_articles(tx, query, limit=50)
