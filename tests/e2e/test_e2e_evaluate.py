"""evaluate and evaluate entities, as their users run them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import spacy

from tests.e2e.in_process import invoke

TEXT = "The destroyer USS Milius met Deputy Minister Orla Venn at Camp Quillen."


def _mention(surface: str, label: str, entity_id: str | None = None) -> dict[str, Any]:
    start = TEXT.index(surface)
    return {"start": start, "end": start + len(surface), "label": label, "entity_id": entity_id}


SHIP = _mention("USS Milius", "SHIP", "usn-ddg-69-milius")
PERSON = _mention("Orla Venn", "OFFICIAL")
BASE = _mention("Camp Quillen", "BASE")
LINE = {
    "id": "a",
    "text": TEXT,
    "language": "en",
    "published_on": "2023-03-21",
    "genre": "wire",
    "story": "a",
    "mentions": [SHIP, PERSON, BASE],
}


def _gold(folder: Path, *rows: dict[str, Any], split: str = "dev") -> Path:
    path = folder / split / "gold.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def _mine(tmp_path: Path, row: dict[str, str | list[str] | None]) -> Path:
    """A workspace with a base of its own."""
    root = tmp_path / "mine"
    done = invoke("init", root)
    assert done.code == 0, done.err
    (root / "data" / "kb").mkdir()
    (root / "data" / "kb" / "bases.jsonl").write_text(json.dumps(row) + "\n")
    return root


def test_spans_and_links_of_a_gold_file_are_measured(tmp_path: Path) -> None:
    done = invoke("evaluate", "entities", "--gold", _gold(tmp_path, LINE))
    assert done.code == 0, done.err
    assert list(done.json["splits"]) == ["dev"]
    dev = done.json["splits"]["dev"]
    assert (dev["n_texts"], dev["n_stories"]) == (1, 1)
    assert dev["labels"]["SHIP"]["f1"] == 1.0
    assert dev["linking"]["SHIP"]["accuracy"] == 1.0
    assert dev["known"]["all"]["n_unknown"] == 2
    assert done.json["model"] is None


def test_errors_are_listed_with_context_up_to_their_number(tmp_path: Path) -> None:
    wrong = [{**LINE, "id": str(n), "mentions": []} for n in range(3)]
    done = invoke("evaluate", "entities", "--gold", _gold(tmp_path, *wrong), "--errors", "2")
    dev = done.json["splits"]["dev"]
    assert len(dev["errors"]) == 2 < dev["n_errors"]
    assert dev["errors"][0]["kind"] == "spurious"
    assert "⟦USS Milius⟧" in dev["errors"][0]["context"]


def test_splits_are_shown_apart_or_alone(tmp_path: Path) -> None:
    _gold(tmp_path, LINE)
    _gold(tmp_path, {**LINE, "id": "b"}, {**LINE, "id": "c"}, split="test")
    both = invoke("evaluate", "entities", "--gold", tmp_path).json["splits"]
    assert {name: told["n_texts"] for name, told in both.items()} == {"dev": 1, "test": 2}
    alone = invoke("evaluate", "entities", "--gold", tmp_path, "--split", "test").json["splits"]
    assert list(alone) == ["test"]


def test_an_empty_split_is_an_error_that_names_those_there_are(tmp_path: Path) -> None:
    file = _gold(tmp_path, LINE)
    done = invoke("evaluate", "entities", "--gold", file, "--split", "test")
    assert done.code == 1
    assert "'test'; there are: dev" in done.err


def test_a_broken_gold_line_is_an_error_that_names_it(tmp_path: Path) -> None:
    file = _gold(tmp_path, LINE, {**LINE, "id": "b", "mentions": [{**SHIP, "label": "BOAT"}]})
    done = invoke("evaluate", "entities", "--gold", file)
    assert done.code == 1
    assert f"{file}, line 2: mentions[0].label: 'BOAT'" in done.err
    assert not done.out


def test_an_entity_that_the_knowledge_base_lacks_is_an_error(tmp_path: Path) -> None:
    row = {**LINE, "mentions": [{**BASE, "entity_id": "camp-quillen"}]}
    done = invoke("evaluate", "entities", "--gold", _gold(tmp_path, row))
    assert done.code == 1
    assert "'camp-quillen'" in done.err


def test_a_workspace_brings_its_knowledge_base_and_its_gold(tmp_path: Path) -> None:
    base = {"id": "camp-quillen", "name": "Camp Quillen", "aliases": [], "ja": []}
    root = _mine(tmp_path, {**base, "short": None, "short_is_city": False, "country": "US"})
    row = {**LINE, "id": "own", "mentions": [{**BASE, "entity_id": "camp-quillen"}]}
    _gold(root / "data" / "labeled" / "entities", row, split="ours")
    done = invoke("evaluate", "entities", "--workspace", root, "--split", "ours")
    assert done.code == 0, done.err
    ours = done.json["splits"]["ours"]
    assert ours["labels"]["BASE"]["f1"] == 1.0
    assert ours["linking"]["BASE"]["link_recall"] == 1.0


def test_a_general_model_stands_beside_ours_on_texts_of_its_language(tmp_path: Path) -> None:
    nlp = spacy.blank("en", meta={"name": "tiny", "version": "1.0"})
    patterns = [{"label": "PERSON", "pattern": "Orla Venn"}, {"label": "FAC", "pattern": "Camp"}]
    nlp.add_pipe("entity_ruler").add_patterns(patterns)
    nlp.to_disk(tmp_path / "tiny")
    file = _gold(tmp_path, LINE, {**LINE, "id": "b", "language": "ja"})
    done = invoke("evaluate", "entities", "--gold", file, "--model", tmp_path / "tiny")
    assert done.code == 0, done.err
    assert done.json["model"] == "en_tiny 1.0"
    dev = done.json["splits"]["dev"]
    assert dev["n_texts"] == 2
    beside = dev["beside"]
    assert beside["n_texts"] == 1
    assert beside["model"]["OFFICIAL"]["f1"] == 1.0
    assert beside["model"]["BASE"]["f1"] == 0.0
    assert beside["model"]["BASE"]["overlap_f1"] == 1.0
    assert beside["ours"]["SHIP"]["f1"] == 1.0 > beside["model"]["SHIP"]["f1"]


def test_an_absent_model_is_an_error_that_says_how_to_install_one(tmp_path: Path) -> None:
    file = _gold(tmp_path, LINE)
    done = invoke("evaluate", "entities", "--gold", file, "--model", "en_none_sm")
    assert done.code == 1
    assert "--require-hashes" in done.err


def test_packaged_gold_is_measured_without_options() -> None:
    done = invoke("evaluate", "entities", "--split", "dev", "--errors", "0")
    assert done.code == 0, done.err
    dev = done.json["splits"]["dev"]
    assert dev["n_texts"] > 250
    assert set(dev["labels"]) == {"OFFICIAL", "EXERCISE", "SHIP", "MINERAL", "BASE", "all"}
    assert dev["errors"] == []


@pytest.mark.parametrize("command", [["evaluate"], ["evaluate", "entities"]])
def test_both_commands_have_help_with_an_example(command: list[str]) -> None:
    shown = " ".join(invoke(*command, "--help").out.split())
    assert f"Example: alliance-nlp {' '.join(command)} --" in shown


def test_evaluate_alone_takes_its_workspace(tmp_path: Path) -> None:
    done = invoke("evaluate", "--workspace", tmp_path)
    assert done.code == 1
    assert f"{tmp_path} is no workspace" in done.err


@pytest.mark.long  # five fits of the classifier
def test_evaluate_alone_measures_the_classifier() -> None:
    done = invoke("evaluate", "--errors", "3")
    assert done.code == 0, done.err
    assert set(done.json) == {"n_items", "metrics", "errors"}
    assert len(done.json["errors"]) == 3
    assert done.json["metrics"]["topics_macro_f1"]["value"] > 0.5
