from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from alliance_nlp.core.types import Story
from alliance_nlp.fold import FoldItem, fold_articles

AT = datetime(2024, 4, 14, 6, tzinfo=UTC)
DOCKS = "Japan and the United States agreed to repair destroyers in private shipyards near Yokohama"
FUEL = "Utilities in Osaka signed a contract for cargoes of liquefied gas from a Texas terminal"
BASE = "The governor of Okinawa asked the court to stop landfill work at the Henoko coast"
TEXTS = {
    "a": DOCKS,
    "b": DOCKS + " on Monday",
    "c": "On Monday " + DOCKS,
    "d": FUEL,
    "e": FUEL + " officials said",
    "f": BASE,
    "g": "日米両政府は横浜の造船所で護衛艦を修理する協定に署名した",
    "h": "日米両政府は横浜の造船所で護衛艦を修理する協定に署名したと発表した",
}
_VECTORS = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4)).fit(TEXTS.values())


def _fold(
    ids: Sequence[str],
    *,
    known: Mapping[str, str] | None = None,
    times: Mapping[str, datetime | None] | None = None,
    texts: Mapping[str, str] = TEXTS,
) -> tuple[Story, ...]:
    items = [FoldItem(id=i, at=(times or {}).get(i, AT)) for i in ids]
    X = _VECTORS.transform([texts[i] for i in ids]) if ids else np.zeros((0, 3))
    return fold_articles(items, X, distance=0.6, days=5.0, known=known or {})


def _members(stories: Sequence[Story]) -> set[frozenset[str]]:
    return {frozenset(story.article_ids) for story in stories}


EXPECTED = {frozenset("abc"), frozenset("de"), frozenset("f"), frozenset("gh")}


def test_reports_of_one_event_are_one_story_in_english_and_japanese() -> None:
    assert _members(_fold("abcdefgh")) == EXPECTED


@settings(max_examples=25, deadline=None)
@given(st.permutations("abcdefgh"))
def test_order_of_the_articles_makes_no_difference(ids: list[str]) -> None:
    times = {i: AT + timedelta(hours=n) for n, i in enumerate("hgfedcba")}
    assert _fold(ids, times=times) == _fold("abcdefgh", times=times)


@pytest.mark.parametrize("ids", ["", "a"])
def test_few_articles_fold(ids: str) -> None:
    assert [story.article_ids for story in _fold(ids)] == [(i,) for i in ids]


def test_story_tells_its_articles_in_order_of_time() -> None:
    times = {"a": AT, "b": AT - timedelta(hours=2), "c": None}
    (story,) = _fold("abc", times=times)
    assert story.article_ids == ("c", "b", "a")
    assert (story.first_at, story.last_at) == (times["b"], AT)
    assert story.representative_id in "abc"


def test_story_of_undated_articles_has_no_time() -> None:
    (story,) = _fold("abc", times=dict.fromkeys("abc"))
    assert (story.first_at, story.last_at) == (None, None)


def test_same_words_a_week_later_are_another_story() -> None:
    times = {"a": AT, "b": AT + timedelta(days=1), "c": AT + timedelta(days=8)}
    stories = _fold("abc", times=times)
    assert [story.article_ids for story in stories] == [("a", "b"), ("c",)]  # oldest first


def test_ids_are_kept_from_night_to_night() -> None:
    first = _fold("bd")
    known = {i: story.id for story in first for i in story.article_ids}
    second = {i: story.id for story in _fold("abcde", known=known) for i in story.article_ids}
    assert {second[i] for i in "abc"} == {known["b"]}
    assert {second[i] for i in "de"} == {known["d"]}


def test_ids_do_not_hang_on_the_article_that_joins() -> None:
    named = {story.id for story in _fold("bc")}
    assert {story.id for story in _fold("abc", known=dict.fromkeys("bc", *named))} == named


def test_stories_that_stand_are_neither_split_nor_merged() -> None:
    known = {"a": "story-1", "d": "story-1", "b": "story-2"}
    found = {story.id: story.article_ids for story in _fold("abcd", known=known)}
    assert set(found) == {"story-1", "story-2"}
    assert {"a", "d"} <= set(found["story-1"])
    assert "c" in found["story-2"]  # the more alike of the two: no fuel in it


def test_new_story_takes_no_id_of_one_that_stands() -> None:
    (first,) = _fold("d")  # its id comes from article d, which has since moved
    stories = _fold("ade", known={"a": first.id, "d": "story-x"})
    assert {story.id for story in stories} == {first.id, "story-x"}
    again = _fold("bd", known={"b": first.id})
    assert len({story.id for story in again}) == 2
