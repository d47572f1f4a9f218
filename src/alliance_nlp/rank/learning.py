"""Weights from what analysts decided, starting from those of the configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from alliance_nlp.core.errors import InputError

# Fewer decisions than this, or fewer of either kind, leave the weights as they are.
LEAST_EXAMPLES = 20
LEAST_OF_A_KIND = 5
# Standard deviation of the prior, logits: what a feature's usual span may change its weight by.
_SPREAD = 1.0
_SPANS: Mapping[str, float] = MappingProxyType(
    {"age": 7.0, "entities": 2.0, "officials": 3.0, "bias": 0.5}
)
_MOST_STEPS = 100
# Weights are told in so many decimals, so that they are the same on every machine.
_DECIMALS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Weights by feature, and the examples they come from.

    ``is_learned`` is false when there were too few and the weights are the prior ones.
    """

    weights: Mapping[str, float]
    n_accepted: int
    n_rejected: int
    is_learned: bool

    @property
    def n_examples(self) -> int:
        """How many decisions there were."""
        return self.n_accepted + self.n_rejected


def fit_weights(
    X: Sequence[Mapping[str, float]], y: Sequence[bool], *, prior: Mapping[str, float]
) -> Learned:
    """Fit weights to decisions, held near the prior ones.

    Logistic regression on single decisions, in maximum a posteriori form: the weights are Gaussian
    around ``prior``, with a standard deviation of one logit over each feature's usual span (so a
    feature that no example tells of keeps its weight, and twenty decisions move the others a
    little). Single decisions and not pairs, because analysts accept or reject one story at a time
    over many nights, and because the intercept then keeps the score a probability of acceptance.
    The posterior has one maximum, found by Newton's method; the same examples in any order give
    the same weights, to six decimals.

    Parameters
    ----------
    X
        The values of every feature of ``prior`` for each example; the bias is 1 and may be left
        out.
    y
        Whether each was accepted.
    prior
        Weights by feature, the bias among them.

    Raises
    ------
    InputError
        If an example lacks a feature, or examples and answers are not as many.
    """
    n_accepted = sum(map(bool, y))
    n_rejected = len(y) - n_accepted
    if len(X) != len(y):
        raise InputError(f"{len(X)} examples but {len(y)} answers; give one for each")
    enough = len(y) >= LEAST_EXAMPLES and min(n_accepted, n_rejected) >= LEAST_OF_A_KIND
    weights = dict(prior)
    if enough:
        names = tuple(prior)
        start = np.array([prior[name] for name in names], dtype=np.float64)
        spread = np.array([_SPREAD / _SPANS.get(name, 1.0) for name in names])
        rows, answers = _in_order(_matrix(X, names), np.array(y, dtype=np.float64))
        found = _maximum(rows, answers, start=start, spread=spread)
        weights = {n: round(float(w), _DECIMALS) for n, w in zip(names, found, strict=True)}
    return Learned(
        weights=MappingProxyType(weights),
        n_accepted=n_accepted,
        n_rejected=n_rejected,
        is_learned=enough,
    )


def _matrix(X: Sequence[Mapping[str, float]], names: Sequence[str]) -> NDArray[np.float64]:
    missing = {name for row in X for name in names if name != "bias" and name not in row}
    if missing:
        raise InputError(
            f"examples lack the features {', '.join(sorted(missing))}; give every example all"
        )
    rows = [[1.0 if name == "bias" else row[name] for name in names] for row in X]
    return np.array(rows, dtype=np.float64)


def _in_order(
    rows: NDArray[np.float64], answers: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # Sums of floats hang on their order, so the examples get one of their own.
    order = np.lexsort((answers, *rows.T))
    return rows[order], answers[order]


def _maximum(
    rows: NDArray[np.float64],
    answers: NDArray[np.float64],
    *,
    start: NDArray[np.float64],
    spread: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the weights of highest posterior, shape (n_features,)."""
    precision = 1.0 / spread**2

    def loss(weights: NDArray[np.float64]) -> float:
        z = rows @ weights
        data = np.sum(np.logaddexp(0.0, z) - answers * z)
        return float(data + 0.5 * np.sum(precision * (weights - start) ** 2))

    weights = start.copy()
    for _ in range(_MOST_STEPS):
        p = 0.5 * (1.0 + np.tanh(0.5 * (rows @ weights)))
        gradient = rows.T @ (p - answers) + precision * (weights - start)
        if np.max(np.abs(gradient) * spread) < 1e-9:
            break
        hessian = (rows * (p * (1.0 - p))[:, None]).T @ rows + np.diag(precision)
        step = np.linalg.solve(hessian, gradient)
        size, before = 1.0, loss(weights)
        while size > 1e-12 and loss(weights - size * step) > before:
            size /= 2
        weights = weights - size * step
    return weights
