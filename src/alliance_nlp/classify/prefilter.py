"""A cheap no: a linear model whose threshold is set so that hardly a yes is lost."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.utils.validation import check_is_fitted


class RecallClassifier(ClassifierMixin, BaseEstimator):
    """Logistic regression with a threshold for a wanted recall.

    The threshold is taken from scores of groups that were held out.

    Parameters
    ----------
    recall
        Share of the true that must pass, 0 to 1.
    C
        Inverse strength of the penalty.
    n_splits
        Folds over whole groups; fewer where there are fewer groups.
    random_state
        Seed.

    Attributes
    ----------
    coef_
        Weights, shape (n_features,).
    intercept_
        Bias.
    threshold_
        Least score that passes.
    held_out_
        Score of each text when its group was held out, shape (n_texts,).
    """

    def __init__(
        self,
        *,
        recall: float = 0.999,
        C: float = 10.0,
        n_splits: int = 5,
        random_state: int = 0,
    ) -> None:
        self.recall = recall
        self.C = C
        self.n_splits = n_splits
        self.random_state = random_state

    def fit(self, X: Any, y: ArrayLike, *, groups: ArrayLike | None = None) -> Self:
        """Fit on a matrix (n_texts, n_features) and 0/1 targets (n_texts,).

        Raises
        ------
        ValueError
            If all targets are the same, or fewer than two groups can be held out.
        """
        target = np.asarray(y, dtype=int)
        named = np.arange(len(target)) if groups is None else np.asarray(groups)
        n_folds = min(self.n_splits, len(np.unique(named)))
        if len(np.unique(target)) < 2 or n_folds < 2:
            raise ValueError("a prefilter needs texts for and against, of two stories or more")
        self.held_out_ = np.zeros(len(target))
        for train, test in GroupKFold(n_folds).split(X, target, named):
            if len(np.unique(target[train])) < 2:
                raise ValueError("too few stories are for or against to hold some out")
            coef, intercept = self._line(X[train], target[train])
            self.held_out_[test] = np.asarray(X[test] @ coef) + intercept
        self.threshold_ = cut_for_recall(self.held_out_[target == 1], self.recall)
        self.coef_, self.intercept_ = self._line(X, target)
        self.classes_ = np.array([0, 1])
        self.n_features_in_ = X.shape[1]
        return self

    def _line(self, X: Any, target: NDArray[Any]) -> tuple[NDArray[np.float32], float]:
        model = LogisticRegression(
            C=self.C,
            solver="liblinear",
            dual=True,
            class_weight="balanced",
            random_state=self.random_state,
        ).fit(X, target)
        return model.coef_[0].astype(np.float32), float(model.intercept_[0])

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Return scores, shape (n_texts,); log-odds, not calibrated."""
        check_is_fitted(self, "coef_")
        return np.asarray(X @ self.coef_, dtype=np.float64) + self.intercept_

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Return 1 for what passes, shape (n_texts,)."""
        return (self.decision_function(X) >= self.threshold_).astype(np.int64)


def cut_for_recall(scores: ArrayLike, recall: float) -> float:
    """Return the highest score at which at least this share of the scores passes.

    Parameters
    ----------
    scores
        Scores of the true, shape (n_true,).
    recall
        The share, 0 to 1.
    """
    ordered = np.sort(np.asarray(scores, dtype=float))
    # Rounded first: 0.05 of 20 is one text, whatever binary fractions say.
    n_lost = int(np.floor(round((1 - recall) * len(ordered), 9)))
    return float(ordered[min(n_lost, len(ordered) - 1)])
