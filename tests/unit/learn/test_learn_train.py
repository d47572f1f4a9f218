from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.metrics import average_precision_score, cohen_kappa_score, f1_score
from topic_items import ALLIANCE, FOREIGN, topic_item

from alliance_nlp.artifacts import ModelCard, list_cards, load_model, read_card
from alliance_nlp.classify import TARGETS, TOPICS, classify
from alliance_nlp.core.errors import InputError, ModelError
from alliance_nlp.learn import (
    LabeledItem,
    champion_id,
    ensure_default_model,
    ensure_model,
    errors_frame,
    held_out,
    make_model,
    metrics,
    metrics_frame,
    promote,
    train,
)
from alliance_nlp.learn.corpus import targets

ITEMS = tuple(topic_item(n) for n in range(96))
FEWER = ITEMS[:64]


def _write(folder: Path, items: Sequence[LabeledItem]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(asdict(item), default=str) for item in items]
    (folder / "items.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def measured() -> tuple[Any, Any]:
    return held_out(make_model, ITEMS)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[ModelCard, ModelCard]]:
    folder = tmp_path_factory.mktemp("models")
    return folder, (train(folder, ITEMS), train(folder, FEWER, measure=False))


@pytest.fixture
def cards(trained: tuple[Path, tuple[ModelCard, ModelCard]]) -> tuple[ModelCard, ModelCard]:
    """The cards of a measured model of all items and one of fewer items."""
    return trained[1]


@pytest.fixture
def models(trained: tuple[Path, tuple[ModelCard, ModelCard]], tmp_path: Path) -> Path:
    """A folder of one's own with both models."""
    return Path(shutil.copytree(trained[0], tmp_path / "models"))


def test_training_twice_gives_the_same_bytes(
    models: Path, cards: tuple[ModelCard, ModelCard], tmp_path: Path
) -> None:
    again = train(tmp_path / "again", FEWER, measure=False)
    assert (again.id, again.sha256) == (cards[1].id, cards[1].sha256)
    name = f"{again.id}.joblib"
    assert (tmp_path / "again" / name).read_bytes() == (models / name).read_bytes()


def test_other_items_give_another_id(cards: tuple[ModelCard, ModelCard]) -> None:
    assert cards[0].id != cards[1].id
    assert cards[0].data_sha256 != cards[1].data_sha256


def test_trained_model_tells_topics_and_relevance(
    models: Path, cards: tuple[ModelCard, ModelCard]
) -> None:
    model, card = load_model(models, cards[0].id)
    triples = [
        ("a", "Steel talks", f"{ALLIANCE} steel tariff quota exports."),
        ("b", "Reactor talks", f"{FOREIGN} reactor hydrogen grid pipeline."),
    ]
    (topics, bearing), (others, not_bearing) = classify(model, triples, model_id=card.id)
    assert (topics[0].label.value, bearing.relevant) == ("trade", True)
    assert (others[0].label.value, not_bearing.relevant) == ("energy", False)


def test_card_tells_data_seed_settings_and_figures(
    models: Path, cards: tuple[ModelCard, ModelCard]
) -> None:
    card = cards[0]
    assert read_card(models, card.id) == card
    assert (card.n_items, card.seed, card.task) == (len(ITEMS), 0, "topics-and-relevance")
    assert "articleclassifier__C" in card.parameters
    assert card.metrics["primary_accuracy"]["value"] > 0.9
    for figure in card.metrics.values():
        assert figure["low"] <= figure["value"] <= figure["high"] <= 1


class _Remembering(BaseEstimator):
    """Keeps what it was fitted on, to look at the splits."""

    fitted: list[tuple[list[str], list[str]]] = []  # noqa: RUF012 - cleared by the test

    def fit(self, X: Any, y: Any, **given: Any) -> _Remembering:
        self.train = list(X)
        self.groups = list(given["articleclassifier__groups"])
        return self

    def predict_proba(self, X: Any) -> Any:
        self.fitted.append((self.train, list(X)))
        return np.zeros((len(X), len(TARGETS)))

    def predict(self, X: Any) -> Any:
        return np.zeros((len(X), len(TARGETS)), dtype=int)


def test_held_out_splits_keep_stories_whole() -> None:
    _Remembering.fitted.clear()
    held_out(_Remembering, ITEMS)  # type: ignore[arg-type]
    story = {item.text: item.story for item in ITEMS}

    def stories_of(texts: list[str]) -> set[str]:
        return {story[text.split("\n", 2)[2]] for text in texts}

    assert len(_Remembering.fitted) == 5
    for trained, tested in _Remembering.fitted:
        assert stories_of(trained).isdisjoint(stories_of(tested))
        assert len(trained) + len(tested) == len(ITEMS)
    seen = [text for _, tested in _Remembering.fitted for text in tested]
    assert len(seen) == len(set(seen)) == len(ITEMS)


def test_held_out_figures_are_high_on_what_can_be_learned(measured: tuple[Any, Any]) -> None:
    figures = metrics(ITEMS, *measured)
    assert figures == metrics(ITEMS, *measured)
    assert figures["primary_accuracy"]["value"] > 0.9
    assert figures["relevance_average_precision"]["value"] > 0.9
    assert set(figures) >= {f"f1_{name}" for name in TOPICS}
    table = metrics_frame(figures)
    assert list(table.columns) == ["value", "low", "high"]
    assert table.loc["primary_accuracy", "value"] == figures["primary_accuracy"]["value"]


def test_figures_are_those_of_scikit_learn() -> None:
    generator = np.random.default_rng(1)
    truth = targets(ITEMS)
    proba = generator.random(truth.shape)
    decided = (proba > 0.4).astype(int)
    found = {name: figure["value"] for name, figure in metrics(ITEMS, proba, decided).items()}
    topics, chosen = truth[:, :-1], decided[:, :-1]
    expected = {
        "topics_macro_f1": f1_score(topics, chosen, average="macro"),
        "topics_micro_f1": f1_score(topics, chosen, average="micro"),
        "relevance_f1": f1_score(truth[:, -1], decided[:, -1]),
        "relevance_kappa": cohen_kappa_score(truth[:, -1], decided[:, -1]),
        "relevance_average_precision": average_precision_score(truth[:, -1], proba[:, -1]),
        "f1_energy": f1_score(truth[:, 2], decided[:, 2]),
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-4)


def test_figures_of_items_without_topic_or_relevance_are_zero() -> None:
    items = [replace(item, topics=(), relevant=False) for item in ITEMS[:6]]
    nothing = np.zeros((6, len(TARGETS)))
    figures = metrics(items, nothing, nothing.astype(int))
    assert {figure["value"] for figure in figures.values()} == {0.0}


def test_few_stories_are_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"8 labelled items of 4 stories.*at least 5 stories"):
        train(tmp_path, ITEMS[:8])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("items", [(), ITEMS[:2], tuple(i for i in ITEMS if i.relevant)])
def test_items_that_cannot_teach_are_an_error_with_a_remedy(
    tmp_path: Path, items: tuple[LabeledItem, ...]
) -> None:
    with pytest.raises(InputError, match=r"cannot train on .* labelled items.*label"):
        train(tmp_path, items, measure=False)


def test_wrong_decisions_come_most_confident_first() -> None:
    truth = targets(ITEMS)
    decided, proba = truth.copy(), truth.astype(float)
    for row, column, probability in ((3, 0, 0.6), (5, 4, 0.97), (8, 1, 0.9)):
        decided[row, column] = 1 - truth[row, column]
        wrong = 1 - truth[row, column]
        proba[row, column] = probability if wrong else 1 - probability
    table = errors_frame(ITEMS, proba, decided)
    assert table["id"].tolist() == ["item-005", "item-008", "item-003"]
    assert table["target"].tolist() == ["relevant", TARGETS[1], TARGETS[0]]
    assert errors_frame(ITEMS, proba, truth).empty


def test_champion_is_the_last_promoted_and_history_is_kept(
    models: Path, cards: tuple[ModelCard, ModelCard]
) -> None:
    assert champion_id(models) is None
    ids = [card.id for card in cards]
    for model_id in (*ids, ids[0]):
        promote(models, model_id, reason=f"because of {model_id}")
    assert champion_id(models) == ids[0]
    lines = (models / "champion.jsonl").read_text().splitlines()
    history = [json.loads(line) for line in lines]
    assert [entry["model"] for entry in history] == [*ids, ids[0]]
    assert history[1]["reason"] == f"because of {ids[1]}"


def test_altered_or_unknown_model_is_not_promoted(
    models: Path, cards: tuple[ModelCard, ModelCard]
) -> None:
    with (models / f"{cards[0].id}.joblib").open("ab") as stream:
        stream.write(b"x")
    for model_id in (cards[0].id, "unknown"):
        with pytest.raises(ModelError):
            promote(models, model_id, reason="by mistake")
    assert champion_id(models) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"reason": "x"}', "null"])
def test_damaged_history_is_an_error_with_a_remedy(tmp_path: Path, text: str) -> None:
    (tmp_path / "champion.jsonl").write_text(text + "\n")
    with pytest.raises(ModelError, match=r"champion\.jsonl is damaged.*mend or remove it"):
        champion_id(tmp_path)


def test_ensuring_a_model_trains_and_promotes_once(tmp_path: Path) -> None:
    labeled, folder = _write(tmp_path / "labeled", FEWER), tmp_path / "models"
    _, first = ensure_model(folder, [labeled])
    written = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    _write(labeled, ITEMS)  # new labels alone do not change who serves
    _, second = ensure_model(folder, [labeled])
    assert first == second
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == written
    assert champion_id(folder) == first.id


def test_altered_champion_is_not_replaced_quietly(
    models: Path, cards: tuple[ModelCard, ModelCard], tmp_path: Path
) -> None:
    promote(models, cards[0].id, reason="it is the best")
    (models / f"{cards[0].id}.joblib").write_bytes(b"altered")
    with pytest.raises(ModelError, match="vouches"):
        ensure_model(models, [_write(tmp_path / "labeled", ITEMS)])


def test_default_model_is_trained_again_only_when_its_file_is_altered(
    models: Path, cards: tuple[ModelCard, ModelCard], tmp_path: Path
) -> None:
    labeled, path = _write(tmp_path / "labeled", FEWER), models / f"{cards[1].id}.joblib"
    before = path.stat().st_mtime_ns
    assert ensure_default_model(models, [labeled])[1] == cards[1]
    assert path.stat().st_mtime_ns == before
    path.write_bytes(b"altered")
    _, again = ensure_default_model(models, [labeled])
    assert again.sha256 == cards[1].sha256


def test_default_model_follows_its_items(
    models: Path, cards: tuple[ModelCard, ModelCard], tmp_path: Path
) -> None:
    for items, card in zip((ITEMS, FEWER), cards, strict=True):
        labeled = _write(tmp_path / "labeled", items)
        assert ensure_default_model(models, [labeled])[1].id == card.id
    assert len(list_cards(models)) == 2


def test_the_default_model_serves_from_memory_where_the_cache_cannot_be_written(
    tmp_path: Path,
) -> None:
    labeled = _write(tmp_path / "labeled", ITEMS)
    cache = tmp_path / "cache"
    cache.write_text("a file where the folder should be")
    model, card = ensure_default_model(cache, [labeled])
    assert card.n_items == len(ITEMS)
    assert classify(model, [("a", "t", "Japan and the United States")], model_id=card.id)
    assert cache.read_text() == "a file where the folder should be"
