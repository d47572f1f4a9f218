from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from alliance_nlp.fold import Bridge, FoldItem, fold_articles

AT = datetime(2024, 4, 14, 6, tzinfo=UTC)
# Words: each language has columns of its own. Shared features: two events.
WORDS = np.eye(6)
SHARED = np.array([[1, 0], [1, 0], [0, 1], [1, 0], [0, 1], [0, 0]], dtype=float)
LANGUAGES = ("en", "en", "en", "ja", "ja", "ja")


def _fold(
    known: dict[str, str] | None = None, *, late: str = "", least: float = 0.4
) -> set[frozenset[str]]:
    items = [
        FoldItem(id=i, at=AT + timedelta(days=30 if i == late else 0), language=language)
        for i, language in zip("abcdef", LANGUAGES, strict=True)
    ]
    words = WORDS.copy()
    words[1] = words[0]  # a and b are one story in English
    bridge = Bridge(rows=SHARED, least=least)
    stories = fold_articles(items, words, distance=0.6, days=5, known=known or {}, bridge=bridge)
    return {frozenset(story.article_ids) for story in stories}


def test_stories_in_two_languages_are_one_where_each_is_the_others_best() -> None:
    assert _fold() == {frozenset("abd"), frozenset("ce"), frozenset("f")}


def test_without_enough_in_common_they_stay_apart() -> None:
    assert _fold(least=1.01) == {frozenset("ab"), *map(frozenset, "cdef")}


def test_reports_far_apart_in_time_do_not_meet() -> None:
    assert frozenset("ce") not in _fold(late="e")


def test_two_stories_that_stand_are_not_joined_but_a_new_one_joins_either() -> None:
    assert frozenset("ce") not in _fold({"c": "story-1", "e": "story-2"})
    assert frozenset("ce") in _fold({"c": "story-1"})
