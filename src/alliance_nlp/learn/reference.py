"""What a model's decisions look like on articles it never saw: the nights are held against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline

from alliance_nlp.classify import TARGETS
from alliance_nlp.learn import corpus
from alliance_nlp.learn.corpus import LabeledItem
from alliance_nlp.vectors import known_terms, unknown_share

# Few bins: with a hundred articles a night, the noise of ten would look like drift.
EDGES = (0.2, 0.4, 0.6, 0.8)
_N_FOLDS = 5


def reference(model: Pipeline, items: Sequence[LabeledItem]) -> dict[str, Any]:
    """Return counts of a fitted model's decisions on the items it was fitted on, held out.

    Its classifier's inner folds judged each item without the item's story, so confidence is that
    of unseen articles. Words are new to the vocabulary of four fifths of the stories.

    Returns
    -------
    dict
        ``n_items``; ``edges`` between the bins of probability; by target ``n_holds`` and
        ``confidence``, the number of items in each bin; ``unknown_terms``, the mean share of an
        article's words that the vocabulary lacks, in 0..1.
    """
    classifier = model[-1]
    proba = classifier.held_out_proba_
    holds = proba >= classifier.thresholds_
    edges = [0.0, *EDGES, np.inf]
    return {
        "n_items": len(items),
        "edges": list(EDGES),
        "targets": {
            name: {
                "n_holds": int(holds[:, column].sum()),
                "confidence": np.histogram(proba[:, column], bins=edges)[0].tolist(),
            }
            for column, name in enumerate(TARGETS)
        },
        "unknown_terms": round(_unknown(model, items), 4),
    }


def _unknown(model: Pipeline, items: Sequence[LabeledItem]) -> float:
    texts, groups = corpus.texts(items), corpus.stories(items)
    n_folds = min(_N_FOLDS, len(set(groups)))
    train, test = next(iter(GroupKFold(n_folds).split(texts, groups=groups)))
    features = clone(model[:-1]).fit([texts[i] for i in train], corpus.targets(items)[train])
    known = known_terms(features.get_feature_names_out())
    return float(np.mean([unknown_share(texts[i], known) for i in test]))
