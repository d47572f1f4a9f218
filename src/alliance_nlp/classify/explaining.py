"""Exact explanations: a linear decision taken apart into the terms that make it up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from alliance_nlp.classify.apply import Model
from alliance_nlp.classify.classifier import ArticleClassifier
from alliance_nlp.classify.targets import TARGETS


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one term adds to a decision.

    Attributes
    ----------
    term
        The feature's name, as the vectorizer tells it.
    value
        The feature's value in this text.
    weight
        The calibrated weight of the feature: logits a unit.
    contribution
        ``weight * value``, in logits.
    """

    term: str
    value: float
    weight: float
    contribution: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A decision as a sum: ``total == intercept + sum of contributions + rest``, in logits.

    Attributes
    ----------
    target
        A topic, or ``"relevant"``.
    total
        The calibrated logit, as the model's ``decision_function`` gives it.
    margin
        The same before calibration: the distance from the SVM's plane.
    probability, threshold
        The logit as a probability, and the probability from which the target holds.
    holds
        The model's decision.
    intercept
        What every text starts from, calibration included.
    contributions
        The terms that weigh most, either way, heaviest first.
    rest
        The sum of all other terms' contributions.
    n_rest
        Their number.
    """

    target: str
    total: float
    margin: float
    probability: float
    threshold: float
    holds: bool
    intercept: float
    contributions: tuple[Contribution, ...]
    rest: float
    n_rest: int


def explain(model: Model, text: str, target: str, *, n: int = 10) -> Explanation:
    """Return the ``n`` terms that weigh most in one decision, and what the others add.

    Parameters
    ----------
    model
        A fitted pipeline that ends in an :class:`ArticleClassifier`; its other steps must name
        their features (``get_feature_names_out``).
    text
        What the model reads, see :func:`input_text`.
    target
        One of :data:`TARGETS`.
    n
        Most terms named, 0 or more.

    Raises
    ------
    ValueError
        If there is no such target, or ``n`` is negative.
    """
    if target not in TARGETS:
        raise ValueError(f"there is no target {target!r}; there are: {', '.join(TARGETS)}")
    [by_target] = explain_all(model, [text], n=n)
    return by_target[TARGETS.index(target)]


def explain_all(
    model: Model, texts: Sequence[str], *, n: int = 10
) -> tuple[tuple[Explanation, ...], ...]:
    """Return an explanation of each decision, one a target in their order, for each text.

    Raises
    ------
    ValueError
        If ``n`` is negative.
    """
    if n < 0:
        raise ValueError(f"the number of terms must be 0 or more, not {n}")
    if not texts:
        return ()
    features, classifier = model[:-1], model[-1]
    X = csr_matrix(features.transform(texts))
    names = np.asarray(features.get_feature_names_out(), dtype=object)
    return tuple(_explain_row(classifier, X[[row]], names, n=n) for row in range(len(texts)))


def _explain_row(
    classifier: ArticleClassifier, row: csr_matrix, names: NDArray[Any], *, n: int
) -> tuple[Explanation, ...]:
    logits = classifier.decision_function(row)[0]
    proba = classifier.predict_proba(row)[0]
    holds = classifier.decide(proba)
    explanations = []
    for column, target in enumerate(TARGETS):
        slope, offset = classifier.calibration_[column]
        raw = classifier.coef_[column, row.indices]
        shown, rest = _heaviest(names[row.indices], row.data, slope * raw, n=n)
        explanations.append(
            Explanation(
                target=target,
                total=float(logits[column]),
                margin=float(raw @ row.data + classifier.intercept_[column]),
                probability=float(proba[column]),
                threshold=float(classifier.thresholds_[column]),
                holds=bool(holds[column]),
                intercept=float(slope * classifier.intercept_[column] + offset),
                contributions=shown,
                rest=rest,
                n_rest=len(row.data) - len(shown),
            )
        )
    return tuple(explanations)


def _heaviest(
    terms: NDArray[Any], values: NDArray[Any], weights: NDArray[Any], *, n: int
) -> tuple[tuple[Contribution, ...], float]:
    """Return the ``n`` heaviest contributions and the sum of all others."""
    added = weights * values
    order = np.argsort(-np.abs(added), kind="stable")
    shown = tuple(
        Contribution(
            term=str(terms[i]),
            value=float(values[i]),
            weight=float(weights[i]),
            contribution=float(added[i]),
        )
        for i in order[:n]
    )
    return shown, float(added[order[n:]].sum())
