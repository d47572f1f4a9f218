"""What a night and an analyst ask never reads a table whole that grows with every night."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from plans import full_scans
from store_values import AT, hours, keep_stories, make_run

from alliance_nlp.core.types import Candidate
from alliance_nlp.store import (
    Connection,
    Database,
    articles_between,
    articles_of_stories,
    articles_to_do,
    candidates_seen,
    fetches_to_extract,
    find_payload,
    known_leads,
    known_story_ids,
    last_good_fetch,
    memberships,
    outlets_of_ranking,
    pending_leads,
    read_articles,
    read_candidate_page,
    read_doings,
    read_mentions,
    read_problems,
    read_quarantine,
    read_relevance,
    read_stories,
    read_told,
    read_topics,
    read_validators,
    read_versions,
    recent_leads,
    save_candidates,
    source_yield,
    stories_between,
    stories_shown,
    urls_of_lead,
)

MakeUrl = Callable[..., str]

LOOKS: dict[str, Callable[[Connection], object]] = {
    "articles": lambda tx: read_articles(tx, ["a", "b"]),
    "articles-between": lambda tx: articles_between(tx, AT, hours(1)),
    "articles-of-stories": lambda tx: articles_of_stories(tx, ["s", "t"]),
    "articles-to-do": lambda tx: articles_to_do(tx, "tag", version="1"),
    "candidate-page": read_candidate_page,
    "candidates-seen": lambda tx: candidates_seen(tx, {"s": AT, "t": AT}),
    "doings": lambda tx: read_doings(tx, n=10),
    "doings-of-one": lambda tx: read_doings(tx, n=10, who="somebody"),
    "fetches-to-extract": lambda tx: fetches_to_extract(tx, version="1"),
    "known-leads": lambda tx: known_leads(tx, ["a", "b"]),
    "known-story-ids": lambda tx: known_story_ids(tx, ["a", "b"]),
    "last-good-fetch": lambda tx: last_good_fetch(tx, "https://gazette.example/a"),
    "memberships": lambda tx: memberships(tx, ["a", "b"]),
    "mentions": lambda tx: read_mentions(tx, ["a", "b"]),
    "outlets-of-ranking": lambda tx: outlets_of_ranking(tx, 1),
    "payload": lambda tx: find_payload(tx, url="https://gazette.example/a", payload_sha256="p"),
    "pending-leads": lambda tx: pending_leads(tx, most_tries=3),
    "problems": lambda tx: read_problems(tx, 1),
    "quarantine": read_quarantine,
    "recent-leads": lambda tx: recent_leads(tx, since=AT, min_relevance=0.5),
    "relevance": lambda tx: read_relevance(tx, ["a", "b"]),
    "source-yield": lambda tx: source_yield(tx, 1),
    "stories": lambda tx: read_stories(tx, ["s", "t"]),
    "stories-between": lambda tx: stories_between(tx, AT, hours(1)),
    "stories-shown": lambda tx: stories_shown(tx, since=AT, before=hours(9), most_rank=50),
    "told": lambda tx: read_told(tx, ["s", "t"]),
    "topics": lambda tx: read_topics(tx, ["a", "b"]),
    "urls-of-lead": lambda tx: urls_of_lead(tx, "a"),
    "validators": lambda tx: read_validators(tx, ["https://gazette.example/a"]),
    "versions": lambda tx: read_versions(tx, "https://gazette.example/a"),
}


@pytest.fixture(scope="module")
def looked_at(make_database_url: Callable[..., str]) -> Iterator[Database]:
    """A store that tests only ask for plans; without statistics, as a young one has none."""
    candidate = Candidate(story_id="s", rank=1, score=0.5, logit=0.0, reasons=())
    with Database.open(make_database_url(migrated=True)) as opened:
        with opened.write() as tx:
            keep_stories(tx, "s")
            save_candidates(tx, make_run(tx), [candidate])
        yield opened


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_nothing_is_read_whole_that_grows(looked_at: Database, name: str) -> None:
    assert full_scans(looked_at, LOOKS[name]) == []


def test_reading_a_table_whole_would_be_noticed(looked_at: Database) -> None:
    def look(tx: Connection) -> None:
        tx.exec_driver_sql("SELECT title FROM articles AS a WHERE a.outlet = 'x'")

    (scan,) = full_scans(looked_at, look)
    assert "articles" in scan


@pytest.mark.postgres
def test_postgres_is_told_that_looking_rows_up_is_cheap(make_postgres_url: MakeUrl) -> None:
    with Database.open(make_postgres_url(migrated=True)) as database, database.read() as tx:
        told = [tx.exec_driver_sql(f"SHOW {name}").scalar() for name in ("random_page_cost", "jit")]
    assert told == ["1.1", "off"]
