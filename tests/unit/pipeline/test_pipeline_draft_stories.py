"""Which story is told "separately" beside another."""

from __future__ import annotations

import pytest
from desk_values import STORY_IDS, seed

from alliance_nlp.core.types import TopicLabel, Verdict
from alliance_nlp.pipeline.deciding import record_decision
from alliance_nlp.pipeline.draft_stories import second_stories
from alliance_nlp.rank import RunnerUp
from alliance_nlp.store import Database, read_candidates

FIRST, SECOND = STORY_IDS[:2]


def seconds(database: Database) -> dict[str, str]:
    with database.read() as tx:
        picked, runner_up = read_candidates(tx)
        return second_stories(tx, [picked], [RunnerUp(candidate=runner_up, why="place")])


def retopic(database: Database, story_id: str, *topics: TopicLabel) -> None:
    record_decision(
        database, story_id=story_id, verdict=Verdict.RETOPIC, reviewer="mio", topics=topics
    )


@pytest.fixture
def ranked(database: Database) -> Database:
    """Two ranked stories; the classifier holds defense, then trade, for the first."""
    seed(database)
    return database


def test_second_story_is_none_when_no_topic_is_shared(ranked):
    assert seconds(ranked) == {}


def test_second_story_is_found_by_the_topic_that_an_analyst_gave(ranked):
    retopic(ranked, SECOND, TopicLabel.DEFENSE)
    assert seconds(ranked) == {FIRST: SECOND}


def test_second_story_is_none_when_an_analyst_took_the_topic_away(ranked):
    retopic(ranked, SECOND, TopicLabel.DEFENSE)
    retopic(ranked, FIRST)
    assert seconds(ranked) == {}
