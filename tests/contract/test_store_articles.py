from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from store_values import (
    AT,
    fetch_page,
    hours,
    keep_article,
    keep_articles,
    make_article,
    make_run,
    rejected,
)

from alliance_nlp.core.errors import StoreError
from alliance_nlp.core.types import Dated, Label, Mention, Reason, Relevance, Topic, TopicLabel
from alliance_nlp.store import (
    Database,
    articles_between,
    articles_to_do,
    count_rows,
    mark_step,
    read_articles,
    read_fetch,
    read_mentions,
    read_relevance,
    read_topics,
    save_article,
    save_mentions,
    save_topics,
)

URL = "https://gazette.example/edited"


def _current(database: Database) -> dict[str, bool]:
    with database.read() as tx:
        rows = articles_between(tx, hours(-1000), hours(1000))
    return {article.id: is_current for article, _, is_current in rows}


def _superseded_by(database: Database) -> dict[str, str | None]:
    with database.read() as tx:
        return dict(tx.exec_driver_sql("SELECT id, superseded_by FROM articles").all())


def test_article_is_read_back_with_its_place_in_the_archive(database: Database) -> None:
    article = make_article("a")
    with database.write() as tx:
        fetch_id = fetch_page(tx, make_run(tx))
        assert save_article(tx, article, fetch_id=fetch_id, fetched_at=AT)
    with database.read() as tx:
        fetch = read_fetch(tx, fetch_id)
        assert fetch is not None
        assert read_articles(tx, ["a"]) == {"a": replace(article, archived=fetch.archived)}


def test_article_without_date_authors_or_flags_is_read_back(database: Database) -> None:
    article = make_article("a", published=None, authors=(), flags=(), outlet="", link="")
    with database.write() as tx:
        keep_article(tx, article)
        found = read_articles(tx, ["a"])["a"]
    assert replace(found, archived=None) == article


def test_times_are_read_back_in_utc_when_given_in_another_zone(database: Database) -> None:
    tokyo = datetime(2024, 4, 14, 15, 30, tzinfo=timezone(timedelta(hours=9)))
    dated = Dated(at=tokyo, precision="day", found="x", where="y")
    with database.write() as tx:
        keep_article(tx, make_article("a", published=dated))
    with database.read() as tx:
        published = read_articles(tx, ["a"])["a"].published
    assert published is not None
    assert published.at == AT
    assert published.at.tzinfo is UTC or published.at.utcoffset() == timedelta(0)
    assert (published.precision, published.found, published.where) == ("day", "x", "y")


def test_same_article_is_saved_once_and_keeps_its_origin(database: Database) -> None:
    with database.write() as tx:
        assert keep_article(tx, make_article("a"))
        first = read_articles(tx, ["a"])["a"].archived
        assert not keep_article(tx, make_article("a"), fetched_at=hours(9))
        assert read_articles(tx, ["a"])["a"].archived == first
        assert count_rows(tx)["articles"] == 1


def test_newer_version_supersedes_when_it_arrives_later(database: Database) -> None:
    with database.write() as tx:
        keep_article(tx, make_article("a", url=URL), fetched_at=hours(0))
        keep_article(tx, make_article("b", url=URL), fetched_at=hours(1))
        keep_article(tx, make_article("c", url=URL), fetched_at=hours(2))
    assert _current(database) == {"a": False, "b": False, "c": True}
    assert _superseded_by(database) == {"a": "b", "b": "c", "c": None}


def test_older_version_arriving_later_does_not_supersede(database: Database) -> None:
    with database.write() as tx:
        keep_article(tx, make_article("new", url=URL), fetched_at=hours(2))
        keep_article(tx, make_article("old", url=URL), fetched_at=hours(1))
    assert _current(database) == {"new": True, "old": False}
    assert _superseded_by(database) == {"new": None, "old": "new"}


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_the_later_fetch_is_current_when_both_came_at_once(database: Database, order: str) -> None:
    with database.write() as tx:
        for article_id in order:
            keep_article(tx, make_article(article_id, url=URL))
    assert _current(database) == {order[0]: False, order[1]: True}


def test_articles_at_other_addresses_stay_current(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "a", "b")
    assert _current(database) == {"a": True, "b": True}


def test_unknown_ids_are_left_out(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "a")
        assert list(read_articles(tx, ["b", "a"])) == ["a"]
        assert read_articles(tx, []) == {}


def test_window_takes_both_ends_in_order_of_time(database: Database) -> None:
    with database.write() as tx:
        for article_id, n in (("d", 3), ("b", 1), ("c", 2), ("a", 1), ("z", 4), ("y", 0.5)):
            published = Dated(at=hours(n), precision="time", found="", where="")
            keep_article(tx, make_article(article_id, published=published), fetched_at=hours(20))
        rows = articles_between(tx, hours(1), hours(3))
    assert [(article.id, at) for article, at, _ in rows] == [
        ("a", hours(1)),
        ("b", hours(1)),
        ("c", hours(2)),
        ("d", hours(3)),
    ]


def test_undated_article_counts_from_its_fetch(database: Database) -> None:
    with database.write() as tx:
        keep_article(tx, make_article("a", published=None), fetched_at=hours(5))
        assert articles_between(tx, hours(0), hours(4)) == []
        (row,) = articles_between(tx, hours(4), hours(6))
    assert row[1] == hours(5)
    assert row[0].published is None


def test_articles_are_due_once_a_step_and_version(database: Database) -> None:
    with database.write() as tx:
        for article_id in ("b", "a", "c"):
            keep_article(tx, make_article(article_id))

        def due(step: str, version: str) -> list[str]:
            return articles_to_do(tx, step, version=version)

        assert due("tag", "1") == ["b", "a", "c"]  # oldest fetch first
        mark_step(
            tx, "tag", [("a", None), ("b", rejected(Reason.CRASHED, failed=True))], version="1"
        )
        assert due("tag", "1") == ["c"]
        assert due("classify", "1") == ["b", "a", "c"]
        assert due("tag", "2") == ["b", "a", "c"]
        mark_step(tx, "tag", [("a", None)], version="2")
        assert due("tag", "2") == ["b", "c"]
        mark_step(tx, "tag", [], version="2")


def _mention(article_id: str, start: int, label: Label = Label.SHIP) -> Mention:
    return Mention(
        article_id=article_id, start=start, end=start + 4, label=label, entity_id="e", how="table"
    )


def _topic(article_id: str, label: TopicLabel, score: float) -> Topic:
    return Topic(article_id=article_id, label=label, score=score, holds=score > 0.5, model_id="m")


def _relevance(article_id: str, score: float) -> Relevance:
    return Relevance(article_id=article_id, score=score, relevant=score > 0.5, model_id="m")


def test_mentions_are_read_back_in_order_of_offset(database: Database) -> None:
    mentions = tuple(_mention("a", 10 * n, label) for n, label in enumerate(Label))
    with database.write() as tx:
        keep_articles(tx, "a", "b")
        save_mentions(tx, ["a"], reversed(mentions))
        assert read_mentions(tx, ["a", "b", "unknown"]) == {"a": mentions, "b": (), "unknown": ()}


def test_mentions_are_replaced_for_the_named_articles_only(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "a", "b")
        save_mentions(tx, ["a", "b"], [_mention("a", 0), _mention("a", 9), _mention("b", 0)])
        save_mentions(tx, ["a"], [_mention("a", 5)])
        assert read_mentions(tx, ["a", "b"]) == {
            "a": (_mention("a", 5),),
            "b": (_mention("b", 0),),
        }
        save_mentions(tx, ["b"], [])
        assert read_mentions(tx, ["b"]) == {"b": ()}


def test_topics_come_most_likely_first(database: Database) -> None:
    topics = [_topic("a", label, 0.2 * n) for n, label in enumerate(TopicLabel, start=1)]
    with database.write() as tx:
        keep_articles(tx, "a", "b")
        save_topics(tx, ["a"], topics=topics, bearing=[_relevance("a", 0.9)])
        assert read_topics(tx, ["a", "b"]) == {"a": tuple(reversed(topics)), "b": ()}
        assert read_relevance(tx, ["a", "b"]) == {"a": _relevance("a", 0.9)}


def test_topics_and_relevance_are_replaced_together(database: Database) -> None:
    trade, energy = (_topic("a", label, 0.7) for label in (TopicLabel.TRADE, TopicLabel.ENERGY))
    other = _topic("b", TopicLabel.TRADE, 0.1)
    with database.write() as tx:
        keep_articles(tx, "a", "b")
        bearing = [_relevance("a", 0.9), _relevance("b", 0.8)]
        save_topics(tx, ["a", "b"], topics=[trade, other], bearing=bearing)
        save_topics(tx, ["a"], topics=[energy], bearing=[])
        assert read_topics(tx, ["a", "b"]) == {"a": (energy,), "b": (other,)}
        assert read_relevance(tx, ["a", "b"]) == {"b": _relevance("b", 0.8)}


def test_scores_are_kept_to_the_last_bit(database: Database) -> None:
    score = 0.1 + 0.2
    with database.write() as tx:
        keep_articles(tx, "a")
        save_topics(tx, ["a"], topics=[], bearing=[_relevance("a", score)])
        assert read_relevance(tx, ["a"])["a"].score == score


def test_mentions_of_an_unknown_article_are_refused(database: Database) -> None:
    with pytest.raises(StoreError, match=r"(?i)foreign key"), database.write() as tx:
        save_mentions(tx, ["nobody"], [_mention("nobody", 0)])


def test_thousands_of_ids_are_read(database: Database) -> None:
    ids = [f"{n:04}" for n in range(1_003)]
    with database.write() as tx:
        keep_articles(tx, *ids)
        save_mentions(tx, ids[:900], [_mention(i, 0) for i in ids])
        label = TopicLabel.TRADE
        save_topics(
            tx,
            [],
            topics=[_topic(i, label, 0.6) for i in ids],
            bearing=[_relevance(i, 0.6) for i in ids],
        )
    with database.read() as tx:
        assert sorted(read_articles(tx, ids)) == ids
        assert read_mentions(tx, ids) == {i: (_mention(i, 0),) for i in ids}
        assert read_topics(tx, ids) == {i: (_topic(i, label, 0.6),) for i in ids}
        assert sorted(read_relevance(tx, ids)) == ids
