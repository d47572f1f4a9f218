"""Training, and the model that is there when nobody trained one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sklearn.pipeline import Pipeline, make_pipeline

from alliance_nlp.artifacts import (
    ModelCard,
    champion_id,
    list_cards,
    load_model,
    running_versions,
    save_model,
)
from alliance_nlp.classify import ArticleClassifier
from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import InputError, ModelError
from alliance_nlp.core.ids import short_hash
from alliance_nlp.learn import corpus, evaluate
from alliance_nlp.learn.calibration import calibration
from alliance_nlp.learn.champion import promote
from alliance_nlp.learn.corpus import LabeledItem
from alliance_nlp.learn.reference import reference
from alliance_nlp.vectors import ArticleVectorizer

TASK = "topics-and-relevance"
SEED = 0


def make_model() -> Pipeline:
    """Return the unfitted pipeline: texts in, probabilities and decisions by target out."""
    return make_pipeline(ArticleVectorizer(), ArticleClassifier(random_state=SEED))


def fit(items: Sequence[LabeledItem], *, model: Pipeline | None = None) -> Pipeline:
    """Return the pipeline, of today's settings unless one is given, fitted on labelled items.

    Raises
    ------
    InputError
        If the items are too few or too much alike to learn from.
    """
    groups = corpus.stories(items)
    try:
        return (model or make_model()).fit(
            corpus.texts(items), corpus.targets(items), articleclassifier__groups=groups
        )
    except ValueError as error:
        raise InputError(
            f"cannot train on {len(items)} labelled items of {len(set(groups))} stories: {error}; "
            "label items of more stories, for and against each topic"
        ) from error


def train(folder: Path, items: Sequence[LabeledItem], *, measure: bool = True) -> ModelCard:
    """Fit, measure on held-out stories, and save a model; return its card.

    The same items, seed and versions give the same file, byte for byte.

    Raises
    ------
    InputError
        If the items are too few to learn from or to measure on.
    """
    card = _card(items)
    if measure:
        proba, decided = evaluate.held_out(make_model, items)
        card = replace(
            card,
            metrics=evaluate.metrics(items, proba, decided, seed=SEED),
            calibration=calibration(items, proba),
            split=f"{evaluate.N_FOLDS} folds, whole stories held out, of {_n_stories(items)}",
        )
    model = fit(items)
    # The same model trained again has stood its trial already.
    tried = {known.id: known.verdict for known in list_cards(folder)}.get(card.id, {})
    card = replace(card, reference=reference(model, items), verdict=tried)
    return save_model(folder, model, card)


def _n_stories(items: Sequence[LabeledItem]) -> int:
    return len({item.story for item in items})


def model_id(items: Sequence[LabeledItem]) -> str:
    """Return the id of the model that these items, the code's settings and versions give."""
    settings = json.dumps(settings_of(make_model()), sort_keys=True)
    versions = json.dumps(running_versions(), sort_keys=True)
    return f"articles-{short_hash(corpus.data_sha256(items), settings, versions)}"


def settings_of(model: Pipeline) -> dict[str, str]:
    """Return a pipeline's settings by name, each as Python writes its value."""
    return {
        name: repr(value)
        for name, value in model.get_params().items()
        if "__" in name  # the steps' own settings, not the steps
    }


def _card(items: Sequence[LabeledItem]) -> ModelCard:
    return ModelCard(
        id=model_id(items),
        task=TASK,
        trained_at=now().isoformat(),
        data_sha256=corpus.data_sha256(items),
        n_items=len(items),
        seed=SEED,
        versions=running_versions(),
        parameters=settings_of(make_model()),
        items=tuple(sorted(corpus.item_hash(item) for item in items)),
    )


def ensure_model(folder: Path, labeled: Sequence[Path]) -> tuple[Any, ModelCard]:
    """Return the champion; without one, train it on the labelled items first (seconds).

    Raises
    ------
    ModelError
        If the champion is altered or of other versions.
    """
    serving = champion_id(folder)
    if serving is None:
        items = corpus.read_items(labeled)
        wanted = model_id(items)
        if wanted not in {card.id for card in list_cards(folder)}:
            train(folder, items, measure=False)
        promote(folder, wanted, reason="the first model, trained on the labelled items")
        serving = wanted
    return load_model(folder, serving)


def ensure_default_model(cache: Path, labeled: Sequence[Path]) -> tuple[Any, ModelCard]:
    """Return the model of the packaged items, trained into a cache when it is not there yet.

    Its id changes with items, settings and versions, so a stale file is never used. Where the
    cache cannot be written the model serves from memory, and the next call trains it again.
    """
    items = corpus.read_items(labeled)
    try:
        return load_model(cache, model_id(items))
    except ModelError:
        model, card = fit(items), _card(items)
    try:
        return model, save_model(cache, model, card)
    except ModelError:
        return model, card
