"""Two models' answers to the same questions: paired differences and their certainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from alliance_nlp.learn import evaluate
from alliance_nlp.learn.corpus import LabeledItem

# One figure a decision that somebody relies on: which topic, which topics, what order, what is in.
FIGURES = (
    "primary_accuracy",
    "topics_macro_f1",
    "relevance_average_precision",
    "relevance_kappa",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictions:
    """A model's answers: probabilities and 0/1 decisions, each of shape (n_items, n_targets)."""

    proba: NDArray[Any]
    decided: NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure of both models, and by how much the challenger's is higher.

    ``low`` and ``high`` bound the difference with 95 % confidence, by bootstrap over stories.
    """

    figure: str
    champion: float
    challenger: float
    difference: float
    low: float
    high: float

    def is_not_worse(self, margin: float) -> bool:
        """Tell whether the challenger is at least as good, or surely within ``margin`` of it."""
        return self.difference >= 0 or self.low > -margin


@dataclass(frozen=True, slots=True, kw_only=True)
class McNemar:
    """McNemar's exact test of the primary decisions on which only one of two models is right.

    ``p`` is two-sided: how likely so lopsided a count is if both are right equally often.
    """

    only_champion: int
    only_challenger: int
    p: float


def differences(
    items: Sequence[LabeledItem], champion: Predictions, challenger: Predictions, *, seed: int = 0
) -> tuple[Difference, ...]:
    """Return the challenger's figures less the champion's, over the same bootstrap samples."""
    one, other = (
        evaluate.measurer(items, side.proba, side.decided) for side in (champion, challenger)
    )
    everything = np.arange(len(items))
    before, after = one(everything), other(everything)
    draws = [(one(rows), other(rows)) for rows in evaluate.story_draws(items, seed=seed)]
    return tuple(
        _difference(name, (before[name], after[name]), [b[name] - a[name] for a, b in draws])
        for name in FIGURES
    )


def _difference(name: str, values: tuple[float, float], drawn: Sequence[float]) -> Difference:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Difference(
        figure=name,
        champion=round(values[0], 4),
        challenger=round(values[1], 4),
        difference=round(values[1] - values[0], 4),
        low=round(float(low), 4),
        high=round(float(high), 4),
    )


def paired_difference(
    name: str, champion: Sequence[float], challenger: Sequence[float], *, seed: int = 0
) -> Difference:
    """Return the difference of two means over the same units, by bootstrap over these."""
    one, other = np.asarray(champion, dtype=float), np.asarray(challenger, dtype=float)
    rows = np.random.default_rng(seed).integers(len(one), size=(evaluate.N_BOOTSTRAP, len(one)))
    drawn = (other - one)[rows].mean(axis=1)
    return _difference(name, (float(one.mean()), float(other.mean())), drawn.tolist())


def mcnemar(
    items: Sequence[LabeledItem], champion: Predictions, challenger: Predictions
) -> McNemar:
    """Return the exact test on the primary topics of the items that have one."""
    truth = evaluate.primary_topics(items)
    has_topic = truth >= 0
    one, other = (
        (evaluate.primary_decisions(side.proba) == truth)[has_topic]
        for side in (champion, challenger)
    )
    only_one, only_other = int((one & ~other).sum()), int((other & ~one).sum())
    n = only_one + only_other
    p = float(binomtest(only_one, n, 0.5).pvalue) if n else 1.0
    return McNemar(only_champion=only_one, only_challenger=only_other, p=round(p, 4))
