"""Decisions with what was proposed, in bulk, and taken back; on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from desk_values import ARTICLES, AT, STORY_IDS, later, seed

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import Decision, Novelty, Proposal, TopicLabel, Verdict
from alliance_nlp.pipeline.candidates import read_rows
from alliance_nlp.pipeline.deciding import (
    record_decision,
    record_decisions,
    title_of,
    undo_decision,
)
from alliance_nlp.pipeline.ranking import rank_article, with_topics_told
from alliance_nlp.review import is_open, latest, seen_hash, standing_topics
from alliance_nlp.store import Database, read_candidate, read_decisions, read_stories

DOCKS, FUEL, BASE = STORY_IDS


@pytest.fixture
def desk(database: Database) -> Database:
    seed(database)
    return database


def _all(desk: Database) -> list[Decision]:
    with desk.read() as tx:
        return read_decisions(tx)


def _decide(desk: Database, verdict: Verdict, story_id: str = DOCKS, **more: object) -> Decision:
    values = {"reviewer": "kano", "at": AT, **more}
    return record_decision(desk, story_id=story_id, verdict=verdict, **values)  # type: ignore[arg-type]


def test_decision_is_kept_with_what_had_been_proposed(desk: Database) -> None:
    decision = _decide(desk, Verdict.ACCEPT, note=" lead item ")
    assert _all(desk) == [decision]
    assert (decision.note, decision.reviewer, decision.decided_at) == ("lead item", "kano", AT)
    assert decision.proposal == Proposal(
        rank=1,
        score=0.9,
        novelty=Novelty.FOLLOW_UP,
        topics=(TopicLabel.TRADE, TopicLabel.DEFENSE),
        models=("model-a", "model-b"),
    )


def test_decision_answers_to_what_is_there_unless_it_says_what_was_seen(desk: Database) -> None:
    with desk.read() as tx:
        story, candidate = read_stories(tx, [DOCKS])[DOCKS], read_candidate(tx, DOCKS)
    decided = _decide(desk, Verdict.REJECT)
    assert decided.seen_hash == seen_hash(story, candidate)
    assert candidate is not None
    assert not is_open(story, candidate, decided)
    assert _decide(desk, Verdict.REJECT, seen="aa-bb").seen_hash == "aa-bb"


def test_story_that_is_in_no_ranking_is_decided_on_without_a_proposal(desk: Database) -> None:
    decision = _decide(desk, Verdict.ACCEPT, BASE)
    assert decision.proposal is None
    assert decision.seen_hash


@pytest.mark.parametrize(
    ("story_id", "verdict", "more", "why"),
    [
        ("story-none", Verdict.ACCEPT, {}, "no story 'story-none'"),
        (DOCKS, Verdict.NOTE, {"note": " "}, "note is empty"),
        (DOCKS, Verdict.ACCEPT, {"topics": (TopicLabel.TRADE,)}, "topics do not go with accept"),
        (DOCKS, Verdict.UNDO, {}, "takes back"),
        (DOCKS, Verdict.ACCEPT, {"reviewer": " "}, "name the reviewer"),
    ],
)
def test_what_is_no_decision_is_refused_and_nothing_kept(
    desk: Database, story_id: str, verdict: Verdict, more: dict[str, object], why: str
) -> None:
    with pytest.raises(InputError, match=why):
        _decide(desk, verdict, story_id, **more)
    assert _all(desk) == []


def test_bulk_decision_is_one_a_story(desk: Database) -> None:
    made = record_decisions(
        desk,
        story_ids=[DOCKS, FUEL, DOCKS],
        verdict=Verdict.LATER,
        reviewer="kano",
        seen={FUEL: "aa-bb"},
        at=AT,
    )
    assert [decision.subject for decision in made] == [DOCKS, FUEL]
    assert made[1].seen_hash == "aa-bb" != made[0].seen_hash
    assert tuple(_all(desk)) == made


def test_bulk_decision_is_kept_whole_or_not_at_all(desk: Database) -> None:
    with pytest.raises(InputError, match="story-none"):
        record_decisions(
            desk, story_ids=[DOCKS, "story-none"], verdict=Verdict.LATER, reviewer="kano"
        )
    with pytest.raises(InputError, match="no story is named"):
        record_decisions(desk, story_ids=[], verdict=Verdict.LATER, reviewer="kano")
    assert _all(desk) == []


def test_undo_takes_back_the_reviewers_last_decision_and_no_one_elses(desk: Database) -> None:
    first = _decide(desk, Verdict.ACCEPT)
    second = _decide(desk, Verdict.REJECT)
    _decide(desk, Verdict.NOTE, reviewer="ibe", note="why?")
    undo = undo_decision(desk, story_id=DOCKS, reviewer="kano", at=later(1))
    assert (undo.verdict, undo.undoes, undo.decided_at) == (Verdict.UNDO, second.id, later(1))
    assert latest(_all(desk)) == {DOCKS: first}
    undo_decision(desk, story_id=DOCKS, reviewer="kano")
    assert latest(_all(desk)) == {}
    with pytest.raises(InputError, match="kano has no decision on story-docks"):
        undo_decision(desk, story_id=DOCKS, reviewer="kano")
    assert len(_all(desk)) == 5


def test_undo_of_a_named_decision_asked_twice_is_one_undo(desk: Database) -> None:
    first, second = _decide(desk, Verdict.ACCEPT), _decide(desk, Verdict.LATER)
    once = undo_decision(desk, story_id=DOCKS, reviewer="kano", decision_id=first.id)
    twice = undo_decision(desk, story_id=DOCKS, reviewer="kano", decision_id=first.id)
    assert once == twice
    assert latest(_all(desk)) == {DOCKS: second}


def test_named_decision_of_somebody_else_is_not_undone(desk: Database) -> None:
    first = _decide(desk, Verdict.ACCEPT)
    with pytest.raises(InputError, match="whoever made it"):
        undo_decision(desk, story_id=DOCKS, reviewer="ibe", decision_id=first.id)


def test_two_undos_at_once_take_back_two_decisions(desk: Database) -> None:
    _decide(desk, Verdict.ACCEPT)
    _decide(desk, Verdict.REJECT)
    start = threading.Barrier(2)

    def undo() -> None:
        start.wait()
        undo_decision(desk, story_id=DOCKS, reviewer="kano")

    threads = [threading.Thread(target=undo) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    undone = [decision.undoes for decision in _all(desk) if decision.verdict is Verdict.UNDO]
    assert len(set(undone)) == 2


def test_candidate_shows_the_analysts_topics_until_they_are_undone(desk: Database) -> None:
    def topics() -> tuple[str, ...]:
        return read_rows(desk, [], limit=1)[0].topics

    assert topics() == ("defense", "trade")
    _decide(desk, Verdict.RETOPIC, topics=(TopicLabel.ENERGY, TopicLabel.ENERGY))
    assert topics() == ("energy",)
    _decide(desk, Verdict.RETOPIC, topics=())
    assert topics() == ()
    for _ in range(2):
        undo_decision(desk, story_id=DOCKS, reviewer="kano")
    assert topics() == ("defense", "trade")


def test_ranking_takes_the_analysts_topics_for_certain(desk: Database) -> None:
    _decide(desk, Verdict.RETOPIC, topics=(TopicLabel.ENERGY,))
    with desk.read() as tx:
        stories = list(read_stories(tx, [DOCKS, FUEL]).values())
    judged = {
        article.id: rank_article(article, None, relevance=None, topics=(), mentions=())
        for article in ARTICLES
    }
    found = with_topics_told(judged, stories, standing_topics(_all(desk)))
    docks, fuel = found[ARTICLES[0].id], found[ARTICLES[1].id]
    assert docks.held == {TopicLabel.ENERGY}
    assert docks.topics == {label: float(label == "energy") for label in TopicLabel}
    assert fuel == judged[ARTICLES[1].id]


def test_story_told_to_be_of_no_topic_holds_none(desk: Database) -> None:
    with desk.read() as tx:
        stories = list(read_stories(tx, [DOCKS]).values())
    article = replace(
        rank_article(ARTICLES[0], None, relevance=None, topics=(), mentions=()),
        held=frozenset({TopicLabel.TRADE}),
    )
    found = with_topics_told({article.id: article}, stories, {DOCKS: ()})
    assert found[article.id].held == frozenset()
    assert max(found[article.id].topics.values()) == 0.0


def test_title_is_that_of_the_typical_report(desk: Database) -> None:
    assert title_of(desk, DOCKS) == "Report of docks"
    assert title_of(desk, "story-none") == "story-none"
