"""What learning reads of the store, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from store_values import AT, keep_stories, make_article

from alliance_nlp.core.types import Decision, TopicLabel, Verdict
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


ACCEPT = Decision(subject="s", verdict=Verdict.ACCEPT, reviewer="R", decided_at=AT)
RETOPIC = replace(
    ACCEPT, verdict=Verdict.RETOPIC, reviewer="T", topics=(TopicLabel.ENERGY, TopicLabel.DEFENSE)
)


def _kept(database: Database, *decisions: Decision) -> None:
    with database.write() as tx:
        keep_stories(tx, "s")
        for decision in decisions:
            append_decision(tx, decision)


def test_retopic_gives_the_item_its_topics(database: Database) -> None:
    _kept(database, RETOPIC, ACCEPT)
    with database.read() as tx:
        [item], without = items_of_decisions(tx)
    assert (set(item.topics), item.relevant, item.annotator) == ({"energy", "defense"}, True, "R")
    assert "topics as T gave them" in item.note
    assert without == ()


def test_of_note_and_retopic_the_later_one_gives_the_topics(database: Database) -> None:
    noted = replace(ACCEPT, note="topics: trade")
    _kept(database, RETOPIC, noted)
    with database.read() as tx:
        assert items_of_decisions(tx)[0][0].topics == ("trade",)
    with database.write() as tx:
        append_decision(tx, replace(RETOPIC, topics=()))
        assert items_of_decisions(tx)[0][0].topics == ()


def test_retopic_alone_is_no_label(database: Database) -> None:
    _kept(database, RETOPIC)
    with database.read() as tx:
        items, [without] = items_of_decisions(tx)
    assert items == ()
    assert "no accept or reject" in without.why


def test_undone_decision_is_no_label(database: Database) -> None:
    _kept(database)
    with database.write() as tx:
        number = append_decision(tx, ACCEPT)
        append_decision(tx, replace(ACCEPT, verdict=Verdict.UNDO, undoes=number))
        assert items_of_decisions(tx) == ((), ())
