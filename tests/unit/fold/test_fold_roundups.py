"""A round-up belongs to every event that it tells at fair length, and to no other."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from alliance_nlp.core.types import Story
from alliance_nlp.fold import Parts, find_further

AT = datetime(2024, 4, 10, tzinfo=UTC)
IDS = ("dock-1", "dock-2", "fuel-1", "fuel-2", "week")
# Axes: the docks, the fuel, the weather.
X = np.eye(3)[[0, 0, 1, 1, 0]]
STORIES = tuple(
    Story(id=name, article_ids=ids, representative_id=ids[0], first_at=AT, last_at=AT)
    for name, ids in (("docks", ("dock-1", "dock-2", "week")), ("fuel", ("fuel-1", "fuel-2")))
)
NEAR = np.ones((5, 2), dtype=bool)


def further(rows: list[list[float]], sizes: list[int], near: np.ndarray = NEAR) -> tuple:
    parts = Parts(rows=np.array(rows), of=[4] * len(rows), sizes=sizes)
    return find_further(STORIES, IDS, X, parts=parts, near=near)


def test_round_up_belongs_to_both_events_when_a_part_tells_each() -> None:
    assert further([[1, 0, 0], [0, 1, 0]], [40, 40]) == (("week", "fuel"),)


def test_passing_mention_makes_no_member() -> None:
    assert further([[1, 0, 0], [0, 1, 0]], [90, 10]) == ()


def test_part_of_another_matter_makes_no_member() -> None:
    assert further([[1, 0, 0], [0, 0.1, 0.99]], [40, 40]) == ()


def test_part_that_is_like_both_events_is_background() -> None:
    assert further([[1, 0, 0], [0.6, 0.8, 0]], [40, 40]) == ()


def test_event_of_another_time_is_not_told() -> None:
    near = NEAR.copy()
    near[4, 1] = False
    assert further([[1, 0, 0], [0, 1, 0]], [40, 40], near) == ()


@pytest.mark.parametrize("rows", [[], [[0.0, 0.0, 0.0]]])
def test_article_without_words_tells_nothing_besides(rows: list[list[float]]) -> None:
    assert further(rows or np.zeros((0, 3)).tolist(), [1] * len(rows)) == ()
