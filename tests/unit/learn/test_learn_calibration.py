"""Calibration error and Brier score, and what a model's card keeps for the nights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from topic_items import topic_item

from alliance_nlp.classify import TARGETS
from alliance_nlp.learn import calibration, fit
from alliance_nlp.learn.calibration import expected_calibration_error
from alliance_nlp.learn.corpus import targets
from alliance_nlp.learn.reference import EDGES, reference

ITEMS = tuple(topic_item(n) for n in range(96))


@pytest.mark.parametrize(
    ("truth", "proba", "expected"),
    [
        ([1, 0], [1.0, 0.0], 0.0),
        ([1, 0], [0.0, 1.0], 1.0),
        ([1, 0], [0.5, 0.5], 0.0),
        ([1, 1], [0.75, 0.75], 0.25),
        ([1, 0, 1, 1], [0.9, 0.9, 0.3, 0.3], (2 * 0.4 + 2 * 0.7) / 4),
    ],
)
def test_calibration_error_is_as_by_hand(
    truth: list[int], proba: list[float], expected: float
) -> None:
    found = expected_calibration_error(np.array(truth), np.array(proba))
    assert found == pytest.approx(expected)


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), min_size=1))
def test_calibration_error_lies_between_0_and_1(pairs: list[tuple[int, float]]) -> None:
    truth, proba = (np.array(column) for column in zip(*pairs, strict=True))
    assert 0 <= expected_calibration_error(truth, proba) <= 1


def test_each_target_has_its_errors() -> None:
    y = targets(ITEMS)
    proba = y.astype(float)
    proba[:, 0] = 0.5
    found = calibration(ITEMS, proba)
    assert list(found) == list(TARGETS)
    assert found["trade"] == {"ece": 0.25, "brier": 0.25}
    assert found["relevant"] == {"ece": 0, "brier": 0}


def test_reference_counts_each_item_once_a_target() -> None:
    model = fit(ITEMS)
    found = reference(model, ITEMS)
    holds = model[-1].held_out_proba_ >= model[-1].thresholds_
    assert found["n_items"] == len(ITEMS)
    for column, name in enumerate(TARGETS):
        told = found["targets"][name]
        assert sum(told["confidence"]) == len(ITEMS)
        assert len(told["confidence"]) == len(EDGES) + 1
        assert told["n_holds"] == holds[:, column].sum()


def test_reference_tells_the_share_of_words_that_are_new() -> None:
    odd = [
        replace(item, text=f"{item.text} {_word(n)} {_word(n + 500)}")
        for n, item in enumerate(ITEMS)
    ]
    usual, more = (reference(fit(items), items)["unknown_terms"] for items in (ITEMS, odd))
    assert 0 <= usual < more < 1


def _word(n: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{n:04}") + "xq"
