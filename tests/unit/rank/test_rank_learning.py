from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_values import PLAIN_WEIGHTS

from alliance_nlp.core.errors import InputError
from alliance_nlp.rank import FEATURES, LEAST_EXAMPLES, fit_weights

ZERO = dict.fromkeys(FEATURES, 0.0)


def _rows(feature: str, accepted: float, rejected: float, *, n: int = 20) -> tuple[list, list]:
    X = [ZERO | {"relevance": 0.9, feature: value} for value in [accepted] * n + [rejected] * n]
    return X, [True] * n + [False] * n


@pytest.mark.parametrize("feature", sorted(FEATURES))
def test_weight_rises_when_what_is_accepted_has_more_of_it(feature: str) -> None:
    X, y = _rows(feature, 1.0, 0.0)
    found = fit_weights(X, y, prior=PLAIN_WEIGHTS)
    assert found.is_learned
    assert found.weights[feature] > PLAIN_WEIGHTS[feature]


@pytest.mark.parametrize("feature", sorted(FEATURES))
def test_weight_falls_when_what_is_rejected_has_more_of_it(feature: str) -> None:
    X, y = _rows(feature, 0.0, 1.0)
    assert fit_weights(X, y, prior=PLAIN_WEIGHTS).weights[feature] < PLAIN_WEIGHTS[feature]


def test_weight_of_what_no_example_has_stays() -> None:
    X, y = _rows("outlets", 1.0, 0.0)
    found = fit_weights(X, y, prior=PLAIN_WEIGHTS).weights
    assert found["opinion"] == PLAIN_WEIGHTS["opinion"]


def test_more_decisions_move_weights_further() -> None:
    few, many = (
        fit_weights(*_rows("balance", 1.0, 0.0, n=n), prior=PLAIN_WEIGHTS).weights["balance"]
        for n in (10, 200)
    )
    assert PLAIN_WEIGHTS["balance"] < few < many


@pytest.mark.parametrize(
    ("n_accepted", "n_rejected", "expected"),
    [(0, 0, False), (10, 9, False), (30, 4, False), (4, 30, False), (15, 5, True), (5, 15, True)],
)
def test_weights_are_learned_only_from_enough_of_both_kinds(
    n_accepted: int, n_rejected: int, expected: bool
) -> None:
    assert LEAST_EXAMPLES == 20
    X = [ZERO | {"outlets": 1.0}] * n_accepted + [ZERO] * n_rejected
    y = [True] * n_accepted + [False] * n_rejected
    found = fit_weights(X, y, prior=PLAIN_WEIGHTS)
    assert found.is_learned is expected
    assert (found.weights == PLAIN_WEIGHTS) is not expected
    assert (found.n_accepted, found.n_rejected) == (n_accepted, n_rejected)


def test_learned_weights_are_the_maximum() -> None:
    generator = random.Random(3)
    X = [{name: generator.random() for name in FEATURES} for _ in range(40)]
    y = [row["outlets"] + generator.random() > 1 for row in X]
    found = fit_weights(X, y, prior=PLAIN_WEIGHTS).weights
    spans = {"age": 7.0, "entities": 2.0, "officials": 3.0, "bias": 0.5}

    def loss(weights: dict[str, float]) -> float:
        total = 0.0
        for row, accepted in zip(X, y, strict=True):
            z = sum(weights[name] * value for name, value in row.items()) + weights["bias"]
            total += math.log1p(math.exp(-z if accepted else z))
        for name, weight in weights.items():
            total += ((weight - PLAIN_WEIGHTS[name]) * spans.get(name, 1.0)) ** 2 / 2
        return total

    least = loss(dict(found))
    for name in found:
        for step in (-0.01, 0.01):
            assert loss({**found, name: found[name] + step}) > least


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_of_the_examples_makes_no_difference(shuffler: random.Random) -> None:
    generator = random.Random(1)
    X = [{name: round(generator.random(), 3) for name in FEATURES} for _ in range(30)]
    y = [n % 3 == 0 for n in range(30)]
    pairs = list(zip(X, y, strict=True))
    expected = fit_weights(X, y, prior=PLAIN_WEIGHTS)
    shuffler.shuffle(pairs)
    shuffled = fit_weights([x for x, _ in pairs], [v for _, v in pairs], prior=PLAIN_WEIGHTS)
    assert shuffled == expected


def test_extreme_values_still_give_finite_weights() -> None:
    X, y = _rows("age", 1e6, 0.0)
    found = fit_weights(X, y, prior=PLAIN_WEIGHTS | {"bias": 900.0})
    assert all(map(math.isfinite, found.weights.values()))


def test_examples_without_a_feature_are_refused() -> None:
    X, y = _rows("age", 1.0, 0.0)
    del X[3]["outlets"]
    with pytest.raises(InputError, match="lack the features outlets"):
        fit_weights(X, y, prior=PLAIN_WEIGHTS)


def test_as_many_answers_as_examples_are_needed() -> None:
    with pytest.raises(InputError, match="2 examples but 1 answers"):
        fit_weights([ZERO, ZERO], [True], prior=PLAIN_WEIGHTS)
