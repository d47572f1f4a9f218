"""Paired figures of two models over the same items."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score
from topic_items import topic_item

from alliance_nlp.classify import TARGETS
from alliance_nlp.learn.corpus import targets
from alliance_nlp.learn.evaluate import measurer
from alliance_nlp.learn.paired import (
    FIGURES,
    Difference,
    McNemar,
    Predictions,
    differences,
    mcnemar,
)

ITEMS = tuple(topic_item(n) for n in range(80))
TRUTH = targets(ITEMS)


def _predictions(flipped: range, columns: slice = slice(None)) -> Predictions:
    """Return right answers, but for some rows in which everything is turned round."""
    decided = TRUTH.copy()
    decided[flipped.start : flipped.stop, columns] ^= 1
    return Predictions(proba=0.1 + 0.8 * decided, decided=decided)


def _difference(*, difference: float = 0.0, low: float = -0.1, high: float = 0.1) -> Difference:
    return Difference(
        figure="primary_accuracy",
        champion=0.9,
        challenger=0.9,
        difference=difference,
        low=low,
        high=high,
    )


@pytest.mark.parametrize(
    ("difference", "low", "margin", "expected"),
    [
        (0.0, -0.05, 0.01, True),  # as good
        (0.02, -0.02, 0.01, True),  # ahead, though not surely
        (-0.002, -0.009, 0.01, True),  # behind, surely by less than the margin
        (-0.002, -0.011, 0.01, False),
        (-0.002, -0.011, 0.02, True),
        (-0.002, -0.004, 0.0, False),
    ],
)
def test_not_worse_is_ahead_or_surely_within_the_margin(
    difference: float, low: float, margin: float, expected: bool
) -> None:
    assert _difference(difference=difference, low=low).is_not_worse(margin) is expected


def test_a_model_against_itself_differs_in_nothing() -> None:
    same = _predictions(range(10))
    for one in differences(ITEMS, same, same):
        assert (one.difference, one.low, one.high) == (0, 0, 0)
        assert one.champion == one.challenger < 1


def test_every_figure_of_a_better_model_is_higher() -> None:
    found = differences(ITEMS, _predictions(range(20)), _predictions(range(0)))
    assert tuple(one.figure for one in found) == FIGURES
    for one in found:
        assert one.challenger == 1
        assert one.low <= one.difference <= one.high
        assert one.low > 0


def test_turning_sides_turns_the_difference() -> None:
    one, other = _predictions(range(12)), _predictions(range(8, 30))
    there, back = differences(ITEMS, one, other), differences(ITEMS, other, one)
    for a, b in zip(there, back, strict=True):
        assert a.difference == pytest.approx(-b.difference)
        assert (a.low, a.high) == pytest.approx((-b.high, -b.low), abs=2e-4)


def test_the_same_seed_gives_the_same_intervals() -> None:
    sides = _predictions(range(12)), _predictions(range(8, 30))
    assert differences(ITEMS, *sides, seed=3) == differences(ITEMS, *sides, seed=3)
    assert differences(ITEMS, *sides, seed=3) != differences(ITEMS, *sides, seed=4)


def test_exact_test_counts_what_only_one_got_right() -> None:
    found = mcnemar(ITEMS, _predictions(range(9)), _predictions(range(20, 21)))
    assert (found.only_champion, found.only_challenger) == (1, 9)
    assert found.p == pytest.approx(2 * (1 + 10) / 2**10, abs=1e-4)


@given(st.integers(0, 40), st.integers(0, 40))
def test_exact_test_is_the_same_from_both_sides(a: int, b: int) -> None:
    one, other = _predictions(range(a)), _predictions(range(80 - b, 80))
    there, back = mcnemar(ITEMS, one, other), mcnemar(ITEMS, other, one)
    assert there.p == back.p
    assert (there.only_champion, there.only_challenger) == (b, a)
    assert (there.p == 1) == (abs(a - b) <= 1)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=5, max_size=40))
def test_average_precision_is_scikit_learns_also_with_ties(pairs: list[tuple[bool, int]]) -> None:
    items = [replace(ITEMS[n], relevant=relevant) for n, (relevant, _) in enumerate(pairs)]
    proba = np.zeros((len(pairs), len(TARGETS)))
    proba[:, -1] = [score / 5 for _, score in pairs]
    found = measurer(items, proba, proba.astype(int))(np.arange(len(items)))
    truth = targets(items)[:, -1]
    expected = average_precision_score(truth, proba[:, -1]) if truth.any() else 0
    assert found["relevance_average_precision"] == pytest.approx(expected, abs=1e-12)


def test_items_without_topic_have_no_primary_decision() -> None:
    bare = Predictions(proba=np.zeros((0, len(TARGETS))), decided=np.zeros((0, len(TARGETS))))
    assert mcnemar((), bare, bare) == McNemar(only_champion=0, only_challenger=0, p=1)
