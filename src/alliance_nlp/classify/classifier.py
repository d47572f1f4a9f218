"""Topics and relevance: calibrated linear models over one matrix, several labels at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.svm import LinearSVC
from sklearn.utils.validation import check_is_fitted

from alliance_nlp.classify.targets import RELEVANT, TARGETS


class ArticleClassifier(ClassifierMixin, BaseEstimator):
    """One linear SVM a target, its margin calibrated and cut at the best held-out threshold.

    Best means F1 for topics and Cohen's kappa for relevance. Margins for calibration and thresholds
    come from cross-validation over groups, so reports of one event never stand on both sides.

    Parameters
    ----------
    C
        Inverse strength of regularisation.
    n_splits
        Folds of the inner cross-validation.
    random_state
        Seed of the solver.

    Attributes
    ----------
    targets_
        Names of the columns of ``y``: the topics, then ``"relevant"``.
    coef_, intercept_
        Margins' weights, shapes (n_targets, n_features) and (n_targets,).
    calibration_
        Slope and intercept from margin to logit, shape (n_targets, 2).
    thresholds_
        Probabilities from which a target holds, shape (n_targets,).
    held_out_proba_
        Probabilities of the articles it was fitted on, each by a model that saw no article of its
        group, shape (n_articles, n_targets): what its confidence looks like on unseen articles.
    """

    def __init__(self, *, C: float = 1.0, n_splits: int = 5, random_state: int = 0) -> None:
        self.C = C
        self.n_splits = n_splits
        self.random_state = random_state

    def fit(self, X: Any, y: ArrayLike, groups: Sequence[Any] | None = None) -> Self:
        """Fit on a matrix (n_articles, n_features) and 0/1 targets (n_articles, n_targets).

        Raises
        ------
        ValueError
            If ``y`` has another number of columns than there are targets, a target is the same
            for all articles, or too few stories vary in it to hold some out.
        """
        targets = np.asarray(y, dtype=int)
        if targets.ndim != 2 or targets.shape[1] != len(TARGETS):
            raise ValueError(f"y must have the columns {', '.join(TARGETS)}")
        named = np.arange(len(targets)) if groups is None else np.asarray(groups)
        parts = [
            self._fit_one(X, targets[:, i], named, name=TARGETS[i]) for i in range(len(TARGETS))
        ]
        self.targets_ = TARGETS
        self.classes_ = [np.array([0, 1])] * len(TARGETS)
        self.n_features_in_ = X.shape[1]
        self.coef_ = np.vstack([part[0] for part in parts])
        self.intercept_ = np.array([part[1] for part in parts])
        self.calibration_ = np.vstack([part[2] for part in parts])
        self.thresholds_ = np.array([part[3] for part in parts])
        self.held_out_proba_ = np.column_stack([part[4] for part in parts])
        return self

    def _fit_one(
        self, X: Any, target: NDArray[Any], groups: NDArray[Any], *, name: str
    ) -> tuple[NDArray[Any], float, NDArray[Any], float, NDArray[Any]]:
        if len(np.unique(target)) < 2:
            raise ValueError(f"every article has the same value of {name!r}; add others")
        svm = LinearSVC(C=self.C, class_weight="balanced", random_state=self.random_state)
        folds = self._folds(target, groups, name=name)
        margins = cross_val_predict(svm, X, target, cv=folds, method="decision_function")
        platt = LogisticRegression(C=1e3).fit(margins.reshape(-1, 1), target)
        calibration = np.array([platt.coef_[0, 0], platt.intercept_[0]])
        held_out = _logistic(calibration[0] * margins + calibration[1])
        svm.fit(X, target)
        # F1 alone would call every doubtful article relevant: it gives nothing for true negatives.
        cut = best_cut(held_out, target, by_kappa=name == RELEVANT)
        return svm.coef_[0], float(svm.intercept_[0]), calibration, cut, held_out

    def _folds(
        self, target: NDArray[Any], groups: NDArray[Any], *, name: str
    ) -> list[tuple[NDArray[Any], NDArray[Any]]]:
        n = min(self.n_splits, len(np.unique(groups)))
        folds = list(GroupKFold(n).split(target, groups=groups)) if n > 1 else []
        if not folds or any(len(np.unique(target[train])) < 2 for train, _ in folds):
            raise ValueError(f"too few stories to hold out vary in {name!r}; add more stories")
        return folds

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Return calibrated logits, shape (n_articles, n_targets)."""
        check_is_fitted(self, "coef_")
        margins = np.asarray(X @ self.coef_.T) + self.intercept_
        return np.asarray(margins * self.calibration_[:, 0] + self.calibration_[:, 1])

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return probabilities, shape (n_articles, n_targets), each in 0..1."""
        return _logistic(self.decision_function(X))

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Return 0/1 decisions, shape (n_articles, n_targets)."""
        return self.decide(self.predict_proba(X))

    def decide(self, proba: ArrayLike) -> NDArray[np.int64]:
        """Return the 0/1 decisions that probabilities give, both (n_articles, n_targets)."""
        check_is_fitted(self, "thresholds_")
        return (np.asarray(proba) >= self.thresholds_).astype(np.int64)


def best_cut(scores: NDArray[Any], target: NDArray[Any], *, by_kappa: bool = False) -> float:
    """Return the threshold with the best F1, or Cohen's kappa, midway between two held-out scores.

    Parameters
    ----------
    scores
        Probabilities, shape (n_articles,).
    target
        0/1 truth, shape (n_articles,).
    by_kappa
        Cohen's kappa instead of F1.
    """
    order = np.argsort(-scores, kind="stable")
    n, n_true = len(order), target.sum()
    hits, n_taken = np.cumsum(target[order]), np.arange(1, n + 1)
    merit = 2 * hits / (n_taken + n_true)
    if by_kappa:
        agreed = (n - n_taken - n_true + 2 * hits) / n
        by_chance = (n_taken * n_true + (n - n_taken) * (n - n_true)) / n**2
        merit = (agreed - by_chance) / np.maximum(1 - by_chance, 1e-12)
    best = int(np.argmax(merit))
    upper = scores[order[best]]
    lower = scores[order[best + 1]] if best + 1 < n else 0.0
    return float(np.clip((upper + lower) / 2, 0.05, 0.95))


def _logistic(logits: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -500, 500))), dtype=np.float64)
