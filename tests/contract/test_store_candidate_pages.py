from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from store_values import AT, keep_article, make_article, make_run, make_story

from alliance_nlp.core.types import (
    Candidate,
    Contribution,
    Decision,
    Label,
    Mention,
    Novelty,
    Relevance,
    Topic,
    TopicLabel,
    Verdict,
)
from alliance_nlp.store import (
    CandidateFilter,
    Connection,
    Database,
    EntityFacet,
    append_decision,
    decided_candidates,
    facets,
    forget_derived,
    neighbours,
    read_articles,
    read_candidate,
    read_candidate_page,
    read_mentions,
    rewrite_stories,
    save_candidates,
    save_mentions,
    save_stories,
    save_topics,
    search_articles,
)

TRADE, DEFENSE = TopicLabel.TRADE, TopicLabel.DEFENSE
# story: (text of each article, source of each, entity mentioned, topics that hold, novelty, day)
_STORIES = {
    "s1": (("Tariffs on cars.", "Car tariffs fell."), ("nikkei", "post"), "minister", (TRADE,)),
    "s2": (("A destroyer sailed.",), ("navy",), "ship", (DEFENSE,)),
    "s3": (("Tariffs on ships.",), ("post",), "minister", (TRADE, DEFENSE)),
    "s4": (("護衛艦が入港した。",), ("nikkei",), "ship", (DEFENSE,)),
    "s5": (("Nothing is said of it.",), ("press",), "", ()),
}
_NOVELTY = {"s2": Novelty.FOLLOW_UP, "s3": Novelty.REPEAT}


def _candidate(story_id: str, rank: int) -> Candidate:
    reasons = (Contribution(feature="bias", value=1.0, contribution=-1.5),)
    return Candidate(story_id=story_id, rank=rank, score=0.2, logit=-1.5, reasons=reasons)


def _keep_story(tx: Connection, story_id: str, day: int) -> None:
    texts, sources, entity, topics = _STORIES[story_id]
    ids = [f"{story_id}-{n}" for n in range(len(texts))]
    for article_id, words, source_id in zip(ids, texts, sources, strict=True):
        keep_article(tx, make_article(article_id, title="Title", text=words, source_id=source_id))
    at = AT + timedelta(days=day)
    novelty = _NOVELTY.get(story_id, Novelty.NEW)
    save_stories(tx, [make_story(story_id, *ids, novelty=novelty, first_at=at, last_at=at)])
    save_mentions(tx, ids, [_mention(i, entity, n) for n, i in enumerate(ids, 4)])
    judged = [_topic(ids[0], label, holds=label in topics) for label in TopicLabel]
    bearing = [Relevance(article_id=ids[0], score=0.9, relevant=True, model_id="m")]
    save_topics(tx, ids, topics=judged, bearing=bearing)


def _mention(article_id: str, entity: str, end: int) -> Mention:
    return Mention(
        article_id=article_id, start=0, end=end, label=Label.SHIP, entity_id=entity, how="table"
    )


def _topic(article_id: str, label: TopicLabel, *, holds: bool) -> Topic:
    return Topic(article_id=article_id, label=label, score=0.5, holds=holds, model_id="m")


def _rank(database: Database) -> Database:
    with database.write() as tx:
        for day, story_id in enumerate(_STORIES):
            _keep_story(tx, story_id, day)
        save_candidates(tx, make_run(tx), [_candidate(i, 6 - int(i[1])) for i in _STORIES])
        save_candidates(tx, make_run(tx), [_candidate(i, int(i[1])) for i in _STORIES])
    return database


@pytest.fixture
def ranked(database: Database) -> Database:
    """Five candidates of ranks 1 to 5, a day apart, and an older ranking the other way round."""
    return _rank(database)


@pytest.fixture(scope="module")
def desk(make_database_url: Callable[..., str]) -> Iterator[Database]:
    """The same, for tests that only look."""
    with Database.open(make_database_url(migrated=True)) as opened:
        yield _rank(opened)


def _shown(database: Database, **wanted: Any) -> list[str]:
    with database.read() as tx:
        page = read_candidate_page(tx, replace(CandidateFilter(), **wanted))
    assert page.n_matching == len(page.candidates)
    return [candidate.story_id for candidate in page.candidates]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, ["s1", "s2", "s3", "s4", "s5"]),
        ({"query": "tariff"}, ["s1", "s3"]),
        ({"query": "tariffs -ships"}, ["s1"]),
        ({"query": "護衛"}, ["s4"]),
        ({"query": "-ships"}, []),
        ({"query": "?"}, []),
        ({"query": " "}, ["s1", "s2", "s3", "s4", "s5"]),
        ({"topics": (TRADE,)}, ["s1", "s3"]),
        ({"topics": (TRADE, DEFENSE)}, ["s1", "s2", "s3", "s4"]),
        ({"topics": (TopicLabel.ENERGY,)}, []),
        ({"novelty": (Novelty.REPEAT, Novelty.FOLLOW_UP)}, ["s2", "s3"]),
        ({"source_ids": ("post",)}, ["s1", "s3"]),
        ({"source_ids": ("navy", "press")}, ["s2", "s5"]),
        ({"source_ids": tuple(f"no-{n}" for n in range(1_200))}, []),
        ({"entity_id": "ship"}, ["s2", "s4"]),
        ({"entity_id": "unknown"}, []),
        ({"since_on": date(2024, 4, 17)}, ["s4", "s5"]),
        ({"until_on": date(2024, 4, 15)}, ["s1", "s2"]),
        ({"since_on": date(2024, 4, 15), "until_on": date(2024, 4, 15)}, ["s2"]),
        ({"topics": (DEFENSE,), "entity_id": "minister"}, ["s3"]),
        ({"query": "tariffs", "source_ids": ("nikkei",), "topics": (TRADE,)}, ["s1"]),
        ({"verdicts": ("open",)}, ["s1", "s2", "s3", "s4", "s5"]),
        ({"verdicts": ("accept",)}, []),
    ],
)
def test_filter_lets_through_what_it_says(
    desk: Database, wanted: dict[str, object], ids: list[str]
) -> None:
    assert _shown(desk, **wanted) == ids


def test_story_counts_for_all_days_of_its_reports(ranked: Database) -> None:
    first, last = (datetime(2024, 4, day, tzinfo=UTC) for day in (1, 25))
    with ranked.write() as tx:
        save_stories(tx, [make_story("s5", "s5-0", first_at=first, last_at=last)])
    assert _shown(ranked, until_on=date(2024, 4, 1)) == ["s5"]
    assert _shown(ranked, since_on=date(2024, 4, 25)) == ["s5"]


def test_filter_by_standing_verdicts(desk: Database) -> None:
    standing = {"s1": Verdict.ACCEPT, "s3": Verdict.LATER, "elsewhere": Verdict.REJECT}
    with desk.read() as tx:
        pages = {
            verdicts: read_candidate_page(tx, CandidateFilter(verdicts=verdicts), standing=standing)
            for verdicts in (("open",), ("accept", "later"), ())
        }
    found = {v: [c.story_id for c in page.candidates] for v, page in pages.items()}
    assert found == {
        ("open",): ["s2", "s4", "s5"],
        ("accept", "later"): ["s1", "s3"],
        (): ["s1", "s2", "s3", "s4", "s5"],
    }
    assert [page.n_open for page in pages.values()] == [3, 0, 3]


def test_topics_of_analysts_replace_those_of_the_classifier(desk: Database) -> None:
    retopiced = {"s1": (), "s5": (TRADE,), "elsewhere": (TRADE,)}
    with desk.read() as tx:
        page = read_candidate_page(tx, CandidateFilter(topics=(TRADE,)), retopiced=retopiced)
    assert [candidate.story_id for candidate in page.candidates] == ["s3", "s5"]


def test_pages_lead_down_and_up_again(desk: Database) -> None:
    wanted = CandidateFilter(topics=(TRADE, DEFENSE))
    with desk.read() as tx:
        first = read_candidate_page(tx, wanted, n=2)
        assert first.next is not None
        second = read_candidate_page(tx, wanted, after=first.next, n=2)
        beyond = read_candidate_page(tx, wanted, after=4, n=1)
    assert [c.rank for c in first.candidates] == [1, 2]
    assert (first.previous, first.next, first.n_matching) == (None, 2, 4)
    assert [c.rank for c in second.candidates] == [3, 4]
    assert (second.previous, second.next, second.n_matching) == (0, None, 4)
    assert (beyond.candidates, beyond.previous, beyond.next) == ((), 3, None)


def test_previous_page_is_the_one_before(desk: Database) -> None:
    with desk.read() as tx:
        page = read_candidate_page(tx, n=2, after=4)
        assert page.previous == 2
        before = read_candidate_page(tx, n=2, after=page.previous)
    assert [c.rank for c in before.candidates] == [3, 4]


def test_page_carries_whole_candidates(desk: Database) -> None:
    with desk.read() as tx:
        assert read_candidate_page(tx, n=1).candidates == (_candidate("s1", 1),)
        assert read_candidate(tx, "s4") == _candidate("s4", 4)
        assert read_candidate(tx, "nobody") is None


def test_nothing_is_found_before_the_first_ranking(database: Database) -> None:
    with database.read() as tx:
        page = read_candidate_page(tx, CandidateFilter(query="tariffs"))
        assert (page.candidates, page.next, page.previous, page.n_matching) == ((), None, None, 0)
        assert read_candidate(tx, "s1") is None
        assert neighbours(tx, "s1") == (None, None)
        assert facets(tx).entities == ()


def test_neighbours_are_those_within_the_filter(desk: Database) -> None:
    trade = CandidateFilter(topics=(TRADE,))
    with desk.read() as tx:
        assert neighbours(tx, "s2") == ("s1", "s3")
        assert neighbours(tx, "s1") == (None, "s2")
        assert neighbours(tx, "s1", trade) == (None, "s3")
        assert neighbours(tx, "s3", trade) == ("s1", None)


def test_neighbours_of_a_story_that_left_the_filter_are_the_nearest(desk: Database) -> None:
    wanted = CandidateFilter(verdicts=("open",))
    with desk.read() as tx:
        assert neighbours(tx, "s2", wanted, standing={"s2": Verdict.ACCEPT}) == ("s1", "s3")


def test_facets_count_the_stories_most_first(desk: Database) -> None:
    with desk.read() as tx:
        found = facets(tx)
    assert found.topics == ((DEFENSE, 3), (TRADE, 2))
    assert found.novelty == ((Novelty.NEW, 3), (Novelty.FOLLOW_UP, 1), (Novelty.REPEAT, 1))
    assert found.sources == (("nikkei", 2), ("post", 2), ("navy", 1), ("press", 1))
    assert found.entities == (
        EntityFacet(id="minister", surface="Car t", n_stories=2),
        EntityFacet(id="ship", surface="A de", n_stories=2),
    )


def test_facets_are_cut_at_n(desk: Database) -> None:
    with desk.read() as tx:
        found = facets(tx, n=1)
    assert [source_id for source_id, _ in found.sources] == ["nikkei"]
    assert [entity.id for entity in found.entities] == ["minister"]


def test_merged_stories_count_as_what_they_are_now(ranked: Database) -> None:
    merged = make_story("s2", "s2-0", "s3-0", first_at=AT, last_at=AT)
    with ranked.write() as tx:
        rewrite_stories(tx, [merged], emptied=["s3"])
    assert _shown(ranked) == ["s1", "s2", "s4", "s5"]
    assert _shown(ranked, query="tariffs") == ["s1", "s2"]
    assert _shown(ranked, entity_id="minister") == ["s1", "s2"]
    assert _shown(ranked, source_ids=("post",)) == ["s1", "s2"]


def test_new_ranking_replaces_what_the_old_one_was_of(ranked: Database) -> None:
    with ranked.write() as tx:
        save_candidates(tx, make_run(tx), [_candidate("s3", 1)])
    assert _shown(ranked) == ["s3"]
    assert _shown(ranked, query="tariffs") == ["s3"]
    with ranked.read() as tx:
        assert facets(tx).sources == (("post", 1),)


def test_facets_of_merged_stories_are_counted_anew(ranked: Database) -> None:
    with ranked.write() as tx:
        rewrite_stories(tx, [make_story("s2", "s2-0", "s3-0")], emptied=["s3"])
        found = facets(tx)
        rewrite_stories(tx, [make_story("s2", "s2-0"), make_story("s3", "s3-0")])
        again = facets(tx)
    assert found.topics == ((DEFENSE, 2), (TRADE, 2))
    assert found.novelty == ((Novelty.NEW, 4),)
    assert found.sources == (("nikkei", 2), ("post", 2), ("navy", 1), ("press", 1))
    assert sum(count for _, count in again.novelty) == 5
    assert again.topics == ((DEFENSE, 3), (TRADE, 2))


def test_decided_candidates_are_those_of_the_newest_ranking(ranked: Database) -> None:
    with ranked.write() as tx:
        for subject in ("s3", "s1", "s3", "gone"):
            said = Decision(subject=subject, verdict=Verdict.LATER, reviewer="me", decided_at=AT)
            append_decision(tx, said)
        assert decided_candidates(tx) == ["s1", "s3"]


def test_story_outside_the_ranking_has_no_facets(ranked: Database) -> None:
    with ranked.write() as tx:
        save_candidates(tx, make_run(tx), [_candidate("s1", 1)])
        rewrite_stories(tx, [make_story("s2", "s2-0")])
        assert facets(tx).sources == (("nikkei", 1), ("post", 1))


_BIG = ("articles", "mentions", "topics", "stories", "story_articles", "candidate_traits")
_LOOKS: dict[str, Callable[[Connection], object]] = {
    "list": read_candidate_page,
    "filtered": lambda tx: read_candidate_page(
        tx,
        CandidateFilter(
            topics=(TRADE,),
            novelty=(Novelty.NEW,),
            source_ids=("post",),
            entity_id="ship",
            since_on=date(2024, 4, 1),
        ),
    ),
    "words": lambda tx: read_candidate_page(tx, CandidateFilter(query='tariffs "cars fell"')),
    "search": lambda tx: search_articles(tx, "tariffs", limit=5),
    "facets": facets,
    "decided": decided_candidates,
    "candidate": lambda tx: read_candidate(tx, "s1"),
    "articles": lambda tx: read_articles(tx, ["s1-0"]),
    "mentions": lambda tx: read_mentions(tx, ["s1-0"]),
}


@pytest.mark.parametrize("look", _LOOKS.values(), ids=_LOOKS)
def test_no_look_reads_a_large_table_whole(
    desk: Database, look: Callable[[Connection], object]
) -> None:
    with desk.read() as tx:
        asked: list[tuple[str, Any]] = []

        def note(
            _connection: object, _cursor: object, statement: str, values: Any, *_: Any
        ) -> None:
            asked.append((statement, values))

        event.listen(tx, "before_cursor_execute", note)
        look(tx)
        event.remove(tx, "before_cursor_execute", note)
        is_sqlite = desk.kind == "sqlite"
        if not is_sqlite:  # so few rows it would read whole whatever there is
            tx.exec_driver_sql("SET enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        plans = [
            str(line[-1])
            for statement, values in asked
            if statement.startswith(("SELECT", "WITH"))
            for line in tx.exec_driver_sql(f"{explain} {statement}", values)
        ]
    assert plans
    whole = re.compile(rf"(?:SCAN|Seq Scan on) (?:{'|'.join(_BIG)})\b(?! USING)")
    assert [line for line in plans if whole.search(line)] == []


def test_forgotten_ranking_leaves_no_trait(ranked: Database) -> None:
    with ranked.write() as tx:
        forget_derived(tx)
        assert facets(tx).sources == ()
        assert read_candidate_page(tx).n_matching == 0
