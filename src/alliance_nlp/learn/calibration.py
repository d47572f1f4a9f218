"""How far probabilities can be taken at their word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alliance_nlp.classify import TARGETS
from alliance_nlp.learn import corpus
from alliance_nlp.learn.corpus import LabeledItem

N_BINS = 10


def calibration(items: Sequence[LabeledItem], proba: NDArray[Any]) -> dict[str, dict[str, float]]:
    """Return the expected calibration error and the Brier score of each target.

    Parameters
    ----------
    items
        Not empty.
    proba
        Held-out probabilities, shape (n_items, n_targets).
    """
    y = corpus.targets(items)
    return {
        name: {
            "ece": round(expected_calibration_error(y[:, column], proba[:, column]), 4),
            "brier": round(float(np.mean((proba[:, column] - y[:, column]) ** 2)), 4),
        }
        for column, name in enumerate(TARGETS)
    }


def expected_calibration_error(truth: NDArray[Any], proba: NDArray[Any]) -> float:
    """Return the mean distance of probability and frequency over ten bins of equal width, in 0..1.

    Each bin counts by its articles (Naeini, Cooper and Hauskrecht 2015).
    """
    bins = np.minimum((proba * N_BINS).astype(int), N_BINS - 1)
    surplus = np.bincount(bins, weights=proba - truth, minlength=N_BINS)
    return float(np.abs(surplus).sum() / len(truth))
