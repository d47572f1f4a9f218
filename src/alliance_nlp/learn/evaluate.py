"""Held-out figures with bootstrap intervals, whole stories kept on one side of each split."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline

from alliance_nlp.classify import TARGETS, TOPICS
from alliance_nlp.core.errors import InputError
from alliance_nlp.learn import corpus
from alliance_nlp.learn.corpus import LabeledItem

_N_TOPICS = len(TOPICS)
N_BOOTSTRAP = 500
N_FOLDS = 5


def held_out(
    make: Callable[[], Pipeline], items: Sequence[LabeledItem]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return out-of-fold (probabilities, decisions), each of shape (n_items, n_targets).

    Raises
    ------
    InputError
        If there are fewer stories than folds.
    """
    groups = corpus.stories(items)
    if len(set(groups)) < N_FOLDS:
        raise InputError(
            f"{len(items)} labelled items of {len(set(groups))} stories are too few to evaluate; "
            f"label items of at least {N_FOLDS} stories"
        )
    X, y = np.asarray(corpus.texts(items), dtype=object), corpus.targets(items)
    proba = np.zeros(y.shape)
    decided = np.zeros(y.shape, dtype=int)
    for train, test in GroupKFold(N_FOLDS).split(X, y, groups):
        model = make().fit(X[train], y[train], articleclassifier__groups=groups[train])
        proba[test] = model.predict_proba(X[test])
        decided[test] = model.predict(X[test])
    return proba, decided


def metrics(
    items: Sequence[LabeledItem],
    proba: NDArray[Any],
    decided: NDArray[Any],
    *,
    seed: int = 0,
) -> dict[str, dict[str, float]]:
    """Return each figure with its 95 % interval, by bootstrap over stories."""
    measure = measurer(items, proba, decided)
    point = measure(np.arange(len(items)))
    table = pd.DataFrame([measure(rows) for rows in story_draws(items, seed=seed)])
    return {
        name: {
            "value": round(value, 4),
            "low": round(float(table[name].quantile(0.025)), 4),
            "high": round(float(table[name].quantile(0.975)), 4),
        }
        for name, value in point.items()
    }


def story_draws(items: Sequence[LabeledItem], *, seed: int = 0) -> Iterator[NDArray[Any]]:
    """Yield the rows of bootstrap samples: as many stories as there are, drawn with replacement.

    The same items and seed give the same draws, so two models' figures over them are paired.
    """
    by_story = pd.Series(range(len(items))).groupby(corpus.stories(items)).apply(list)
    members = [np.asarray(rows) for rows in by_story]
    generator = np.random.default_rng(seed)
    for _ in range(N_BOOTSTRAP):
        drawn = generator.integers(0, len(members), len(members))
        yield np.concatenate([members[i] for i in drawn])


def primary_topics(items: Sequence[LabeledItem]) -> NDArray[np.int64]:
    """Return each item's primary topic as its place in ``TOPICS``, -1 for none."""
    return np.asarray([TOPICS.index(i.topics[0]) if i.topics else -1 for i in items], dtype=int)


def primary_decisions(proba: NDArray[Any]) -> NDArray[np.int64]:
    """Return the most likely topic of each row as its place in ``TOPICS``."""
    return np.asarray(proba[:, :_N_TOPICS].argmax(axis=1))


def measurer(
    items: Sequence[LabeledItem], proba: NDArray[Any], decided: NDArray[Any]
) -> Callable[[NDArray[Any]], dict[str, float]]:
    """Return what gives each figure over some rows of these predictions."""
    y, primary = corpus.targets(items), primary_topics(items)

    def measure(rows: NDArray[Any]) -> dict[str, float]:
        return _figures(y[rows], primary[rows], proba=proba[rows], decided=decided[rows])

    return measure


def _figures(
    y: NDArray[Any], primary: NDArray[Any], *, proba: NDArray[Any], decided: NDArray[Any]
) -> dict[str, float]:
    topics, relevant = y[:, :_N_TOPICS], y[:, _N_TOPICS]
    has_topic = primary >= 0
    is_right = primary_decisions(proba) == primary
    by_target = [_f1(y[:, column], decided[:, column]) for column in range(len(TARGETS))]
    return {
        "primary_accuracy": float(is_right[has_topic].mean()) if has_topic.any() else 0.0,
        "topics_macro_f1": float(np.mean(by_target[:_N_TOPICS])),
        "topics_micro_f1": _f1(topics, decided[:, :_N_TOPICS]),
        "relevance_average_precision": _average_precision(relevant, proba[:, _N_TOPICS]),
        "relevance_f1": by_target[_N_TOPICS],
        "relevance_kappa": _kappa(relevant, decided[:, _N_TOPICS]),
        **{f"f1_{name}": by_target[column] for column, name in enumerate(TOPICS)},
    }


# A bootstrap asks for these thousands of times; scikit-learn's checks of each call would take
# most of a minute.
def _f1(truth: NDArray[Any], decided: NDArray[Any]) -> float:
    n_told = int(truth.sum() + decided.sum())
    return 2 * int((truth & decided).sum()) / n_told if n_told else 0.0


def _kappa(truth: NDArray[Any], decided: NDArray[Any]) -> float:
    p, q = float(truth.mean()), float(decided.mean())
    by_chance = p * q + (1 - p) * (1 - q)
    agreed = float((truth == decided).mean())
    return (agreed - by_chance) / (1 - by_chance) if by_chance < 1 else 0.0


def _average_precision(truth: NDArray[Any], proba: NDArray[Any]) -> float:
    order = np.argsort(-proba, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(proba[order])), len(order) - 1)  # ties count as one
    hits = np.cumsum(truth[order])[ends]
    if not hits[-1]:
        return 0.0
    return float((np.diff(hits, prepend=0) * hits / (ends + 1)).sum() / hits[-1])


def errors_frame(
    items: Sequence[LabeledItem], proba: NDArray[Any], decided: NDArray[Any]
) -> pd.DataFrame:
    """Return the wrong decisions, most confident first: id, target, truth, probability, title."""
    y = corpus.targets(items)
    rows = [
        {
            "id": items[row].id,
            "target": TARGETS[column],
            "truth": bool(y[row, column]),
            "probability": round(float(proba[row, column]), 3),
            "title": items[row].title,
        }
        for row, column in zip(*np.nonzero(decided != y), strict=True)
    ]
    table = pd.DataFrame(rows, columns=["id", "target", "truth", "probability", "title"])
    wrongness = (table["probability"] - table["truth"].astype(float)).abs()
    order = wrongness.sort_values(ascending=False, kind="stable").index
    ordered: pd.DataFrame = table.loc[order].reset_index(drop=True)
    return ordered


def metrics_frame(figures: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Return the figures as a frame indexed by name: value, low, high."""
    return pd.DataFrame(
        [dict(figure) for figure in figures.values()],
        index=list(figures),
        columns=["value", "low", "high"],
    )
