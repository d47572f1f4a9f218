"""Training the backfill's prefilter: which beginnings of texts need no closer look."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta
from sklearn.base import clone
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline

from alliance_nlp.artifacts import ModelCard, load_model, running_versions, save_model
from alliance_nlp.classify import TARGETS, RecallClassifier, classify
from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import InputError, ModelError
from alliance_nlp.core.ids import short_hash
from alliance_nlp.learn import corpus
from alliance_nlp.learn.corpus import LabeledItem
from alliance_nlp.learn.train import settings_of
from alliance_nlp.vectors import HashedVectorizer

TASK = "backfill-prefilter"
SEED = 0
_N_FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Found of so many, with 95 % intervals."""

    n_found: int
    n_all: int

    @property
    def value(self) -> float:
        """The share that was found; 1 of nothing."""
        return self.n_found / self.n_all if self.n_all else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """The ends of the exact interval, 0 to 1 (Clopper and Pearson, 1934)."""
        n, k = self.n_all, self.n_found
        low = float(beta.ppf(0.025, k, n - k + 1)) if k else 0.0
        high = float(beta.ppf(0.975, k + 1, n - k)) if k < n else 1.0
        return low, high

    @property
    def wilson(self) -> tuple[float, float]:
        """The ends of the score interval, 0 to 1 (Wilson, 1927)."""
        n, z = self.n_all, 1.959964
        if not n:
            return 0.0, 1.0
        middle = (self.value + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * sqrt(self.value * (1 - self.value) / n + (z / (2 * n)) ** 2)
        return max(0.0, middle - half), min(1.0, middle + half)


def make_prefilter() -> Pipeline:
    """Return the unfitted pipeline: texts in, 1 for what needs a closer look out."""
    return make_pipeline(HashedVectorizer(), RecallClassifier(random_state=SEED))


def chain_decisions(items: Sequence[LabeledItem], model: Any) -> NDArray[np.int64]:
    """Return what the full chain's model calls relevant, shape (n_items,).

    Where the model was fitted on these very items, as each was decided when its story was held
    out: of what it has learned by heart it is surer than of any page.
    """
    column = len(TARGETS) - 1
    proba = getattr(model[-1], "held_out_proba_", None)
    if proba is not None and len(proba) == len(items):
        return np.asarray(model[-1].decide(proba)[:, column], dtype=np.int64)
    triples = [(item.id, item.title, item.text) for item in items]
    decided = classify(model, triples, model_id="chain")
    return np.asarray([relevance.relevant for _, relevance in decided], dtype=np.int64)


def fit_prefilter(items: Sequence[LabeledItem], chain: NDArray[np.int64]) -> Pipeline:
    """Return the prefilter fitted to what the chain decided, shape (n_items,).

    Not to what readers did: what the chain turns away is lost, however closely it is looked at.

    Raises
    ------
    InputError
        If there is too little to learn from.
    """
    texts, groups = corpus.texts(items), corpus.stories(items)
    try:
        return make_prefilter().fit(texts, chain, recallclassifier__groups=groups)
    except ValueError as error:
        raise InputError(
            f"cannot train a prefilter on {len(items)} labelled items: {error}; label more"
        ) from error


def measure_prefilter(
    items: Sequence[LabeledItem], chain: NDArray[np.int64]
) -> tuple[Recall, Recall]:
    """Return (recall of what the chain calls relevant, share let through of the rest).

    Stories are held out twice: from the fit, and from the choice of the threshold.
    """
    groups, passed = corpus.stories(items), np.zeros(len(items), dtype=np.int64)
    vectorizer, sieve = make_prefilter()
    X = vectorizer.transform(corpus.texts(items))
    for train, test in GroupKFold(_N_FOLDS).split(groups, groups=groups):
        fitted = clone(sieve).fit(X[train], chain[train], groups=groups[train])
        passed[test] = fitted.predict(X[test])
    rest = 1 - chain
    return (
        Recall(n_found=int((passed & chain).sum()), n_all=int(chain.sum())),
        Recall(n_found=int((passed & rest).sum()), n_all=int(rest.sum())),
    )


def train_prefilter(
    folder: Path, items: Sequence[LabeledItem], model: Any, *, model_id: str
) -> ModelCard:
    """Fit, measure on held-out stories, and save the prefilter of a model; return its card.

    Raises
    ------
    InputError
        If the items are too few.
    ModelError
        If the folder cannot be written.
    """
    chain = chain_decisions(items, model)
    fitted = fit_prefilter(items, chain)
    found, let_through = measure_prefilter(items, chain)
    card = replace(
        _card(items, model_id),
        metrics={"recall": _figure(found), "let_through": _figure(let_through)},
        split=f"{_N_FOLDS} folds over stories; the threshold chosen without the held-out ones",
        reference={"threshold": fitted[-1].threshold_, "of_model": model_id},
    )
    return save_model(folder, fitted, card)


def _figure(share: Recall) -> dict[str, float]:
    low, high = share.interval
    return {
        "value": round(share.value, 5),
        "low": round(low, 5),
        "high": round(high, 5),
        "n": share.n_all,
    }


def _card(items: Sequence[LabeledItem], model_id: str) -> ModelCard:
    settings = settings_of(make_prefilter())
    versions = running_versions()
    told = json.dumps([settings, versions], sort_keys=True)
    return ModelCard(
        id=f"prefilter-{short_hash(corpus.data_sha256(items), model_id, told)}",
        task=TASK,
        trained_at=now().isoformat(),
        data_sha256=corpus.data_sha256(items),
        n_items=len(items),
        seed=SEED,
        versions=versions,
        parameters=settings,
        items=tuple(sorted(corpus.item_hash(item) for item in items)),
    )


def ensure_prefilter(
    cache: Path, labeled: Sequence[Path], model: Any, *, model_id: str
) -> tuple[Any, ModelCard]:
    """Return the prefilter of a model, trained into a folder when it is not there yet.

    Raises
    ------
    InputError
        If the labelled items are too few.
    ModelError
        If the folder cannot be written.
    """
    items = corpus.read_items(labeled)
    wanted = _card(items, model_id).id
    try:
        return load_model(cache, wanted)
    except ModelError:
        train_prefilter(cache, items, model, model_id=model_id)
    return load_model(cache, wanted)
