from __future__ import annotations

import pytest
from store_values import AT, hours, keep_articles, keep_stories, make_run, make_story

from alliance_nlp.core.errors import StoreError
from alliance_nlp.core.types import Candidate, Contribution, Novelty
from alliance_nlp.store import (
    Database,
    count_rows,
    known_story_ids,
    read_candidates,
    read_stories,
    save_candidates,
    save_stories,
    stories_between,
)


def _candidate(story_id: str, rank: int, logit: float = 0.25) -> Candidate:
    reasons = (
        Contribution(feature="bias", value=1.0, contribution=-5.0),
        Contribution(feature="age", value=1 / 3, contribution=0.1 + 0.2),
    )
    return Candidate(story_id=story_id, rank=rank, score=0.56, logit=logit, reasons=reasons)


@pytest.mark.parametrize("novelty", list(Novelty))
def test_story_is_read_back_in_its_articles_order(database: Database, novelty: Novelty) -> None:
    story = make_story("s", "c", "a", "b", representative_id="a", novelty=novelty)
    with database.write() as tx:
        keep_articles(tx, "a", "b", "c")
        save_stories(tx, [story])
    with database.read() as tx:
        assert read_stories(tx, ["s", "unknown"]) == {"s": story}
        assert known_story_ids(tx, ["a", "b", "c", "d"]) == {"a": "s", "b": "s", "c": "s"}


def test_undated_story_is_read_back(database: Database) -> None:
    story = make_story("s", "a", first_at=None, last_at=None)
    with database.write() as tx:
        keep_articles(tx, "a")
        save_stories(tx, [story])
        assert read_stories(tx, ["s"]) == {"s": story}


def test_article_that_moves_leaves_its_story(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "a", "b", "c")
        save_stories(tx, [make_story("one", "a", "b"), make_story("two", "c")])
        save_stories(tx, [make_story("two", "b", "c")])
        found = read_stories(tx, ["one", "two"])
        assert [found[i].article_ids for i in ("one", "two")] == [("a",), ("b", "c")]


def test_story_that_lost_all_articles_is_none(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "a", "b")
        save_stories(tx, [make_story("one", "a"), make_story("two", "b")])
        save_stories(tx, [make_story("two", "a", "b")])
        assert list(read_stories(tx, ["one", "two"])) == ["two"]
        assert [story.id for story in stories_between(tx, AT, hours(9))] == ["two"]


def test_article_left_out_of_its_story_is_free(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "a", "b")
        save_stories(tx, [make_story("one", "a", "b")])
        save_stories(tx, [make_story("one", "b")])
        assert known_story_ids(tx, ["a", "b"]) == {"b": "one"}


def test_articles_swap_between_stories_in_one_call(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "a", "b")
        save_stories(tx, [make_story("one", "a"), make_story("two", "b")])
        save_stories(tx, [make_story("one", "b"), make_story("two", "a")])
        assert known_story_ids(tx, ["a", "b"]) == {"a": "two", "b": "one"}


def test_saving_no_story_changes_nothing(database: Database) -> None:
    with database.write() as tx:
        keep_stories(tx, "one")
        before = count_rows(tx)
        save_stories(tx, [])
        assert count_rows(tx) == before


def test_stories_of_a_window_come_oldest_first(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "a", "b", "c", "d", "e")
        times = {"a": 3, "b": 1, "c": 1, "d": 0, "e": 4}
        save_stories(tx, [make_story(f"s-{k}", k, last_at=hours(n)) for k, n in times.items()])
        found = stories_between(tx, hours(1), hours(3))
    assert [story.id for story in found] == ["s-b", "s-c", "s-a"]


def test_thousands_of_stories_are_read(database: Database) -> None:
    ids = [f"{n:04}" for n in range(1_003)]
    with database.write() as tx:
        keep_stories(tx, *ids)
    with database.read() as tx:
        assert sorted(read_stories(tx, ids)) == ids
        assert len(stories_between(tx, AT, hours(9))) == len(ids)
        known = known_story_ids(tx, [f"article-{i}" for i in ids])
    assert known == {f"article-{i}": i for i in ids}


def test_candidates_are_those_of_the_newest_run_best_first(database: Database) -> None:
    with database.write() as tx:
        keep_stories(tx, "a", "b", "c")
        save_candidates(tx, make_run(tx), [_candidate("c", 1)])
        newer = [_candidate("a", 2), _candidate("b", 1, logit=0.1 + 0.2), _candidate("c", 3)]
        save_candidates(tx, make_run(tx), newer)
        make_run(tx)  # a run that ranked nothing hides no ranking
    with database.read() as tx:
        assert read_candidates(tx) == [newer[1], newer[0], newer[2]]
        assert read_candidates(tx, limit=2) == [newer[1], newer[0]]


def test_ranking_is_empty_before_the_first(database: Database) -> None:
    with database.write() as tx:
        save_candidates(tx, make_run(tx), [])
        assert read_candidates(tx) == []


def test_candidate_of_an_unknown_story_is_refused(database: Database) -> None:
    with pytest.raises(StoreError, match=r"(?i)foreign key"), database.write() as tx:
        save_candidates(tx, make_run(tx), [_candidate("nobody", 1)])
