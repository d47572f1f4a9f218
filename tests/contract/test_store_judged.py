from __future__ import annotations

from store_values import fetch_page, hours, make_article, make_run

from alliance_nlp.core.types import Relevance, Topic, TopicLabel
from alliance_nlp.store import (
    Connection,
    Database,
    Judged,
    read_judged,
    runs_with_articles,
    save_article,
    save_topics,
)


def _bring(tx: Connection, run_id: int, *ids: str) -> None:
    """Archive and classify articles."""
    for article_id in ids:
        fetch_id = fetch_page(tx, run_id)
        save_article(tx, make_article(article_id), fetch_id=fetch_id, fetched_at=hours(run_id))
    topics = [
        Topic(article_id=i, label=TopicLabel.TRADE, score=0.75, holds=True, model_id="m")
        for i in ids
    ]
    bearing = [Relevance(article_id=i, score=0.25, relevant=False, model_id="m") for i in ids]
    save_topics(tx, ids, topics=topics, bearing=bearing)


def test_decisions_are_those_on_the_articles_of_the_runs(database: Database) -> None:
    with database.write() as tx:
        runs = [make_run(tx) for _ in range(3)]
        for run_id, article_id in zip(runs, "abc", strict=True):
            _bring(tx, run_id, article_id)
        one = read_judged(tx, runs[:1])
        assert {j.article_id for j in read_judged(tx, runs[1:])} == {"b", "c"}
        assert read_judged(tx, []) == []
    assert one == [
        Judged(article_id="a", target="trade", score=0.75, holds=True, model_id="m"),
        Judged(article_id="a", target="relevant", score=0.25, holds=False, model_id="m"),
    ]
    assert one[1].holds is False


def test_an_article_counts_for_the_run_that_first_brought_it(database: Database) -> None:
    with database.write() as tx:
        first, second = make_run(tx), make_run(tx)
        _bring(tx, first, "a")
        _bring(tx, second, "a")
        assert len(read_judged(tx, [first])) == 2
        assert read_judged(tx, [second]) == []


def test_runs_without_articles_are_no_nights(database: Database) -> None:
    with database.write() as tx:
        runs = [make_run(tx) for _ in range(5)]
        for run_id, article_id in zip(runs[:4], "ab-c", strict=True):
            if article_id != "-":
                _bring(tx, run_id, article_id, f"{article_id}2")
        fetch_page(tx, runs[2])
        assert runs_with_articles(tx, until=runs[4], most=7) == [runs[3], runs[1], runs[0]]
        assert runs_with_articles(tx, until=runs[4], most=2) == [runs[3], runs[1]]
        assert runs_with_articles(tx, until=runs[2], most=7) == [runs[1], runs[0]]
