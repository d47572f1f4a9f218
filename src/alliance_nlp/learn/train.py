"""Training, the champion, and the model that is there when nobody trained one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sklearn.pipeline import Pipeline, make_pipeline

from alliance_nlp.artifacts import (
    ModelCard,
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
from alliance_nlp.learn.corpus import LabeledItem
from alliance_nlp.vectors import ArticleVectorizer

TASK = "topics-and-relevance"
SEED = 0
_CHAMPION = "champion"


def make_model() -> Pipeline:
    """Return the unfitted pipeline: texts in, probabilities and decisions by target out."""
    return make_pipeline(ArticleVectorizer(), ArticleClassifier(random_state=SEED))


def fit(items: Sequence[LabeledItem]) -> Pipeline:
    """Return the pipeline fitted on labelled items.

    Raises
    ------
    InputError
        If the items are too few or too much alike to learn from.
    """
    groups = corpus.stories(items)
    try:
        return make_model().fit(
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
    figures: dict[str, dict[str, float]] = {}
    if measure:
        figures = evaluate.metrics(items, *evaluate.held_out(make_model, items), seed=SEED)
    return save_model(folder, fit(items), _card(items, figures))


def model_id(items: Sequence[LabeledItem]) -> str:
    """Return the id of the model that these items, the code's settings and versions give."""
    settings = json.dumps(_parameters(), sort_keys=True)
    versions = json.dumps(running_versions(), sort_keys=True)
    return f"articles-{short_hash(corpus.data_sha256(items), settings, versions)}"


def _parameters() -> dict[str, str]:
    return {
        name: repr(value)
        for name, value in make_model().get_params().items()
        if "__" in name  # the steps' own settings, not the steps
    }


def _card(items: Sequence[LabeledItem], figures: dict[str, dict[str, float]]) -> ModelCard:
    return ModelCard(
        id=model_id(items),
        task=TASK,
        trained_at=now().isoformat(),
        data_sha256=corpus.data_sha256(items),
        n_items=len(items),
        seed=SEED,
        versions=running_versions(),
        metrics=figures,
        parameters=_parameters(),
    )


def promote(folder: Path, model_id: str, *, reason: str) -> None:
    """Make a model the champion, the one that serves; the reason and the time are kept.

    Raises
    ------
    ModelError
        If the model is not whole.
    """
    load_model(folder, model_id)
    entry = {"model": model_id, "reason": reason, "promoted_at": now().isoformat()}
    history = [*_history(folder), entry]
    draft = folder / f".{_CHAMPION}"
    draft.write_text("".join(json.dumps(line) + "\n" for line in history), encoding="utf-8")
    draft.replace(folder / f"{_CHAMPION}.jsonl")


def _history(folder: Path) -> list[dict[str, str]]:
    path = folder / f"{_CHAMPION}.jsonl"
    if not path.exists():
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [{"model": entry["model"], **entry} for entry in map(json.loads, lines)]
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{path} is damaged ({error}); mend or remove it") from error


def champion_id(folder: Path) -> str | None:
    """Return the id of the model that serves, or ``None``."""
    history = _history(folder)
    return history[-1]["model"] if history else None


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
        model, card = fit(items), _card(items, {})
    try:
        return model, save_model(cache, model, card)
    except ModelError:
        return model, card
