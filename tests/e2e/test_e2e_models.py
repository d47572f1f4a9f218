"""Champion and challenger at the command line: promote, refuse, force, roll back, explain."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from alliance_nlp.classify import TARGETS, TOPICS
from alliance_nlp.learn import LabeledItem, promote, read_items, train
from alliance_nlp.workspace import packaged_labeled
from tests.e2e.conftest import Run
from tests.e2e.in_process import invoke

TEXT = {"id": 7, "title": "Steel [tariffs]", "text": "Tokyo and Washington agreed on tariffs."}


@dataclass(frozen=True)
class Bench:
    """A workspace with a small champion, a small challenger, and one of careless labels."""

    root: Path
    some: str
    more: str
    wrong: str


def _turned(item: LabeledItem) -> LabeledItem:
    topic = TOPICS[(TOPICS.index(item.topics[0]) + 1) % len(TOPICS)] if item.topics else TOPICS[0]
    return replace(item, id=f"{item.id}-x", topics=(topic,), relevant=not item.relevant)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    root = tmp_path_factory.mktemp("bench") / "mine"
    assert invoke("init", root).code == 0
    items = read_items([packaged_labeled()])
    known, asked = items[::5], items[1::20]
    careless = [_turned(item) for item in known]
    lines = [json.dumps(asdict(item), default=str) for item in careless]
    (root / "data" / "labeled" / "careless.jsonl").write_text("\n".join(lines), encoding="utf-8")
    stories = {item.story for item in asked} - {item.story for item in known}
    (root / "data" / "labeled" / "splits.json").write_text(json.dumps({"test": sorted(stories)}))
    folder = root / "models"
    ids = [
        train(folder, part, measure=False).id
        for part in (known[::4], known, (*known[::3], *careless))
    ]
    promote(folder, ids[0], reason="the first")
    return Bench(root, *ids)


@pytest.fixture
def mine(bench: Bench, tmp_path: Path) -> Bench:
    return replace(bench, root=Path(shutil.copytree(bench.root, tmp_path / "mine")))


def _serving(bench: Bench) -> str:
    [serving] = [m for m in invoke("models", "list", "-w", bench.root).json if m["serves"]]
    return str(serving["id"])


@pytest.mark.long
def test_a_better_model_is_promoted_with_its_figures(mine: Bench) -> None:
    # So few questions leave wide intervals: the margin is wide as well.
    options = ("--margin", "0.3", "--reason", "more labels")
    done = invoke("models", "promote", mine.more, "-w", mine.root, *options)
    assert done.code == 0, done.err
    assert (done.json["passed"], done.json["serves"]) == (True, True)
    frozen, past = done.json["results"]
    assert (frozen["trial"], past["trial"]) == ("frozen-test", "back-test")
    assert frozen["n_items"] > 20
    assert past["n_items"] == 30
    assert {one["figure"] for one in past["differences"]} == {
        "recall_at_10",
        "mean_reciprocal_rank",
    }
    assert {one["figure"] for one in frozen["differences"]} == {
        "primary_accuracy",
        "topics_macro_f1",
        "relevance_average_precision",
        "relevance_kappa",
    }
    assert _serving(mine) == mine.more
    card = invoke("models", "show", mine.more, "-w", mine.root).json
    assert card["verdict"]["champion"] == mine.some
    assert card["history"][-1]["event"] == "promoted"
    assert "more labels" in card["history"][-1]["reason"]
    assert "items" not in card


@pytest.mark.long
def test_a_worse_model_is_refused_and_forced_only_with_a_reason(mine: Bench) -> None:
    refused = invoke("models", "promote", mine.wrong, "-w", mine.root)
    assert refused.code == 3
    assert refused.json["why"].startswith("worse: ")
    assert _serving(mine) == mine.some
    unreasoned = invoke("models", "promote", mine.wrong, "-w", mine.root, "--force")
    assert unreasoned.code == 1
    assert "--reason TEXT" in unreasoned.err
    forced = invoke(
        "models", "promote", mine.wrong, "-w", mine.root, "--force", "--reason", "a trial"
    )
    assert (forced.code, forced.json["forced"]) == (0, True)
    assert _serving(mine) == mine.wrong


def test_rollback_is_one_command(mine: Bench) -> None:
    promote(mine.root / "models", mine.wrong, reason="by mistake")
    done = invoke("models", "rollback", "-w", mine.root, "--reason", "misses bases")
    assert done.code == 0
    assert f"{mine.some} serves from the next run on" in done.err
    assert _serving(mine) == mine.some
    listed = {m["id"]: m for m in invoke("models", "list", "-w", mine.root).json}
    last = listed[mine.some]["history"][-1]
    assert (last["event"], last["reason"]) == ("rolled-back", "misses bases")
    again = invoke("models", "rollback", "-w", mine.root)
    assert again.code == 1
    assert "no earlier champion" in again.err


def test_a_model_of_another_scikit_learn_offers_retraining(mine: Bench) -> None:
    path = mine.root / "models" / f"{mine.some}.json"
    card = json.loads(path.read_text())
    card["versions"]["scikit-learn"] = "0.1.0"
    path.write_text(json.dumps(card))
    done = invoke("classify", "-w", mine.root, stdin=json.dumps(TEXT).encode())
    assert done.code == 1
    assert "made with scikit-learn 0.1.0 (here " in done.err
    assert "retrain with: alliance-nlp train" in done.err


def test_explanations_add_up_line_by_line(mine: Bench) -> None:
    bad = {"id": 8, "title": "no text"}
    lines = "\n".join(json.dumps(line) for line in (TEXT, bad, {**TEXT, "id": 9})).encode()
    done = invoke("classify", "--explain", "--terms", "3", "-w", mine.root, stdin=lines)
    assert done.code == 3
    first, second, third = done.lines
    assert "error" in second
    assert first["explain"] == third["explain"]
    assert list(first["explain"]) == list(TARGETS)
    for target, told in first["explain"].items():
        assert len(told["contributions"]) == 3
        parts = [one["contribution"] for one in told["contributions"]]
        assert math.fsum([told["intercept"], *parts, told["rest"]]) == pytest.approx(
            told["total"], abs=1e-9
        )
        scored = first["relevance"] if target == "relevant" else first["topics"][target]
        assert told["probability"] == pytest.approx(scored, abs=1e-6)
    plain = invoke("classify", "-w", mine.root, stdin=lines).lines
    assert {k: v for k, v in first.items() if k != "explain"} == plain[0]


def test_a_reason_without_promotion_is_an_error(mine: Bench) -> None:
    done = invoke("train", "-w", mine.root, "--reason", "why not")
    assert done.code == 1
    assert "go with --promote" in done.err


@pytest.mark.parametrize("command", ["list", "show", "promote", "rollback"])
def test_every_models_command_has_an_example(command: str) -> None:
    out = " ".join(invoke("models", command, "--help").out.split())
    assert f"Example: alliance-nlp models {command}" in out


@pytest.mark.long
def test_training_promotes_what_is_not_worse(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "mine"
    assert run("init", root).code == 0
    first = run("train", "--promote", "-w", root)
    assert first.code == 0, first.err
    card: dict[str, Any] = first.json
    assert card["verdict"]["why"] == "nobody served before it"
    assert set(card["calibration"]) == set(TARGETS)
    assert card["split"].startswith("5 folds, whole stories held out, of ")
    assert card["reference"]["n_items"] == card["n_items"]
    again = run("train", "--promote", "-w", root, as_process=True, PYTHONHASHSEED="7")
    assert again.code == 0, again.err
    assert again.json["sha256"] == card["sha256"]
