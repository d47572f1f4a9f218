from __future__ import annotations

import json
import os
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
import pytest

from alliance_nlp.artifacts import (
    ModelCard,
    list_cards,
    load_model,
    read_card,
    running_versions,
    save_card,
    save_model,
)
from alliance_nlp.core.errors import ModelError
from alliance_nlp.core.ids import sha256_hex

CARD = ModelCard(
    id="articles-1",
    task="topics-and-relevance",
    trained_at="2024-04-14T06:00:00+00:00",
    data_sha256="ab" * 32,
    n_items=300,
    seed=0,
    versions=running_versions(),
    metrics={"f1": {"value": 0.8, "low": 0.7, "high": 0.9}},
    parameters={"C": "1.0"},
)
MODEL = {"weights": [0.1, 0.2], "name": "日本"}


class Hostile:
    """Writes a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (str(self.mark),))


def test_model_and_card_are_read_back(tmp_path: Path) -> None:
    saved = save_model(tmp_path / "models", MODEL, CARD)
    model, card = load_model(tmp_path / "models", "articles-1")
    assert model == MODEL
    assert card == saved == replace(CARD, sha256=saved.sha256)
    assert saved.sha256 == sha256_hex((tmp_path / "models" / "articles-1.joblib").read_bytes())


def test_nothing_but_the_two_files_remains(tmp_path: Path) -> None:
    save_model(tmp_path, MODEL, CARD)
    save_model(tmp_path, MODEL, CARD)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["articles-1.joblib", "articles-1.json"]


def test_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    one = save_model(tmp_path / "one", MODEL, CARD)
    other = save_model(tmp_path / "other", MODEL, CARD)
    assert one.sha256 == other.sha256


def test_hostile_file_would_run_if_it_were_opened(tmp_path: Path) -> None:
    path = tmp_path / "model.joblib"
    joblib.dump(Hostile(tmp_path / "mark"), path)
    joblib.load(path)
    assert (tmp_path / "mark").exists()


@pytest.mark.parametrize("dump", [joblib.dump, lambda x, path: path.write_bytes(pickle.dumps(x))])
def test_hostile_file_is_refused_before_anything_of_it_runs(tmp_path: Path, dump: Any) -> None:
    save_model(tmp_path, MODEL, CARD)
    dump(Hostile(tmp_path / "mark"), tmp_path / "articles-1.joblib")
    with pytest.raises(ModelError, match=r"not the file its card vouches for.*alliance-nlp train"):
        load_model(tmp_path, "articles-1")
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize(
    "change",
    [lambda b: b[:-1], lambda b: b + b"x", lambda b: b"", lambda b: bytes([b[0] ^ 1]) + b[1:]],
    ids=["cut", "longer", "empty", "one bit"],
)
def test_altered_file_is_refused(tmp_path: Path, change: Any) -> None:
    save_model(tmp_path, MODEL, CARD)
    path = tmp_path / "articles-1.joblib"
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(ModelError, match="was not opened"):
        load_model(tmp_path, "articles-1")


@pytest.mark.parametrize("name", ["python", "scikit-learn", "numpy", "joblib"])
def test_model_of_other_versions_is_refused_with_a_remedy(tmp_path: Path, name: str) -> None:
    hostile = Hostile(tmp_path / "mark")
    save_model(tmp_path, hostile, replace(CARD, versions={**running_versions(), name: "0.0.1"}))
    with pytest.raises(ModelError, match=rf"{name} 0\.0\.1 \(here .*retrain with: alliance-nlp"):
        load_model(tmp_path, "articles-1")
    assert not (tmp_path / "mark").exists()


def test_version_of_a_library_we_do_not_know_is_refused(tmp_path: Path) -> None:
    save_model(tmp_path, MODEL, replace(CARD, versions={**running_versions(), "torch": "9"}))
    with pytest.raises(ModelError, match=r"torch 9 \(here none\)"):
        load_model(tmp_path, "articles-1")


def test_missing_card_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    save_model(tmp_path, Hostile(tmp_path / "mark"), CARD)
    (tmp_path / "articles-1.json").unlink()
    with pytest.raises(ModelError, match=r"no model 'articles-1' in .*run: alliance-nlp train"):
        load_model(tmp_path, "articles-1")
    assert not (tmp_path / "mark").exists()


def test_missing_file_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    save_model(tmp_path, MODEL, CARD)
    (tmp_path / "articles-1.joblib").unlink()
    with pytest.raises(ModelError, match=r"articles-1\.joblib cannot be read.*alliance-nlp train"):
        load_model(tmp_path, "articles-1")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", '{"id": "x"}', "\ud800".encode("utf-8", "surrogatepass")],
)
def test_damaged_card_is_an_error_with_a_remedy(tmp_path: Path, text: str | bytes) -> None:
    path = tmp_path / "articles-1.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ModelError, match=r"is no model card.*retrain"):
        read_card(tmp_path, "articles-1")


def test_card_whose_fields_have_other_types_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    saved = save_model(tmp_path, MODEL, CARD)
    fields = {name: getattr(saved, name) for name in saved.__slots__}
    (tmp_path / "articles-1.json").write_text(json.dumps({**fields, "versions": ["python"]}))
    with pytest.raises(ModelError, match=r"is no model card.*retrain"):
        load_model(tmp_path, "articles-1")


@pytest.mark.parametrize("model_id", ["", "../evil", "A b", "x/y", "x.y"])
def test_id_that_is_no_slug_is_refused(tmp_path: Path, model_id: str) -> None:
    with pytest.raises(ModelError, match="lower-case words joined by hyphens"):
        save_model(tmp_path / "models", MODEL, replace(CARD, id=model_id))
    assert list(tmp_path.iterdir()) == []


def test_model_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    save_model(tmp_path, MODEL, CARD)
    with pytest.raises(ModelError, match="lower-case words joined by hyphens"):
        load_model(tmp_path / "models", "../articles-1")


def test_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "models").touch()
    with pytest.raises(ModelError, match="cannot write the model into"):
        save_model(tmp_path / "models", MODEL, CARD)


def test_failed_write_leaves_the_old_model_serving(tmp_path: Path) -> None:
    save_model(tmp_path, MODEL, CARD)
    with pytest.raises((pickle.PicklingError, AttributeError, TypeError)):
        save_model(tmp_path, lambda: None, CARD)  # a lambda does not pickle
    assert load_model(tmp_path, "articles-1")[0] == MODEL


def test_draft_is_removed_when_the_write_fails(tmp_path: Path) -> None:
    (tmp_path / "articles-1.json").mkdir()  # nothing can take its place
    (tmp_path / "articles-1.json" / "x").touch()
    with pytest.raises(ModelError, match="cannot write the model into"):
        save_model(tmp_path, MODEL, CARD)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_cards_are_listed_oldest_first_and_others_left_out(tmp_path: Path) -> None:
    for model_id, day in (("b", "02"), ("a", "03"), ("c", "01")):
        at = f"2024-04-{day}T00:00:00+00:00"
        save_model(tmp_path, MODEL, replace(CARD, id=model_id, trained_at=at))
    (tmp_path / "notes.json").write_text("{}")
    assert [card.id for card in list_cards(tmp_path)] == ["c", "b", "a"]
    assert list_cards(tmp_path / "nowhere") == ()


def test_card_is_written_again_without_touching_the_model(tmp_path: Path) -> None:
    saved = save_model(tmp_path, MODEL, CARD)
    told = replace(saved, verdict={"passed": True, "results": [{"trial": "frozen-test"}]})
    save_card(tmp_path, told)
    assert load_model(tmp_path, "articles-1") == (MODEL, told)


def test_card_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot write the card of articles-1"):
        save_card(tmp_path / "nowhere", CARD)
