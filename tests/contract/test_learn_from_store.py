"""What learning reads of the store, on both databases."""

from __future__ import annotations

from datetime import timedelta

from store_values import AT, keep_stories, make_article

from alliance_nlp.core.types import Decision, Verdict
from alliance_nlp.learn import items_of_decisions, read_unlabelled
from alliance_nlp.learn.rows import text_key
from alliance_nlp.store import Database, append_decision


def test_articles_without_a_label_are_read_with_their_story(database: Database) -> None:
    with database.write() as tx:
        keep_stories(tx, "s", "t")
    labelled = make_article("article-s")
    with database.read() as tx:
        [one] = read_unlabelled(tx, [text_key(labelled.title, labelled.text)])
        assert (one.article.id, one.story_id) == ("article-t", "t")
        assert read_unlabelled(tx, [], since=AT + timedelta(days=1)) == []
        assert len(read_unlabelled(tx, [], since=AT)) == 2


def test_decision_becomes_an_item_with_its_topics(database: Database) -> None:
    note = "Topics: energy, trade"
    told = Decision(subject="s", verdict=Verdict.REJECT, reviewer="R", decided_at=AT, note=note)
    with database.write() as tx:
        keep_stories(tx, "s")
        append_decision(tx, told)
    with database.read() as tx:
        [item], without = items_of_decisions(tx)
    assert (item.topics, item.relevant, item.story) == (("energy", "trade"), False, "s")
    assert without == ()
