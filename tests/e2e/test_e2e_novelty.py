"""Novelty, as analysts and researchers meet it: ranked, listed and measured."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tests.e2e.conftest import AS_OF, Demo, Run
from tests.e2e.in_process import invoke

EARLIER = {
    "headline": "Japan halts plan for Aegis Ashore",
    "bullet": "Defense Minister Kono said that Japan would stop deployment of two Aegis Ashore "
    "systems in Akita and Yamaguchi. The booster could fall outside the training ground.",
    "published_on": "2020-06-22",
}


def _case(name: str, label: str, text: str, **changes: Any) -> dict[str, Any]:
    article = {"title": text[:50], "text": text, "published_at": "2020-06-24T09:00:00+00:00"}
    return {
        "id": name,
        "event": "aegis",
        "split": "dev",
        "earlier": EARLIER,
        "articles": [article],
        "label": label,
        "note": "",
        **changes,
    }


def _file(folder: Path, *cases: dict[str, Any]) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    return path


QUAKE = "A strong earthquake shook Hokkaido and cut power to a harbor full of boats."


def test_evaluate_novelty_counts_right_and_wrong(tmp_path: Path) -> None:
    right = _case("told", "repeat", EARLIER["bullet"])
    wrong = _case("quake", "repeat", QUAKE)
    done = invoke("evaluate", "novelty", "--cases", _file(tmp_path, right, wrong), "--json")
    told = done.json["sets"]["dev"]
    assert (told["n"], told["accuracy"], told["n_errors"]) == (2, 0.5, 1)
    assert told["confusion"]["repeat"] == {"new": 1, "follow-up": 0, "repeat": 1}
    assert told["errors"][0]["id"] == "quake"


def test_evaluate_novelty_judges_against_each_item_when_a_case_has_several(tmp_path: Path) -> None:
    other = {"headline": "Beef duties", "bullet": "Beef talks.", "published_on": "2020-06-22"}
    case = _case("told", "repeat", EARLIER["bullet"], earlier=[other, EARLIER])
    done = invoke("evaluate", "novelty", "--cases", _file(tmp_path, case), "--json")
    assert done.json["sets"]["dev"]["accuracy"] == 1.0


def test_evaluate_novelty_refuses_a_case_when_it_has_no_earlier_item(tmp_path: Path) -> None:
    file = _file(tmp_path, _case("told", "repeat", EARLIER["bullet"], earlier=[]))
    done = invoke("evaluate", "novelty", "--cases", file)
    assert done.code == 1
    assert "earlier item" in done.err


def test_evaluate_novelty_names_the_line_that_breaks_the_schema(tmp_path: Path) -> None:
    file = _file(tmp_path, _case("a", "new", QUAKE), _case("b", "old", QUAKE))
    done = invoke("evaluate", "novelty", "--cases", file)
    assert done.code == 1
    assert "cases.jsonl, line 2" in done.err


def test_evaluate_novelty_lists_the_splits_when_asked_for_another(tmp_path: Path) -> None:
    file = _file(tmp_path, _case("a", "new", QUAKE))
    done = invoke("evaluate", "novelty", "--cases", file, "--split", "test")
    assert done.code == 1
    assert "there are: dev" in done.err


def test_candidate_names_the_item_that_told_it_when_an_issue_is_imported(
    run: Run, demo: Demo, tmp_path: Path
) -> None:
    workspace = tmp_path / "copy"
    shutil.copytree(demo.once, workspace)
    first = run("candidates", "-w", workspace, "-n", "1").lines[0]
    assert first["told_before"] is None
    issue = tmp_path / "issue.md"
    headline = f"- {first['title']}"
    text = (
        f"# US-Japan Alliance Digest Vol. 9, No. 1\n\n## Headlines\n\n{headline}\n\n## Details\n\n"
    )
    issue.write_text(f"{text}{headline}. {first['title']}.\n", encoding="utf-8")
    assert run("digest", "import", issue, "--date", first["last_on"], "-w", workspace).code == 0
    assert run("rank", "-w", workspace, "--as-of", AS_OF).code == 0
    again = {line["story"]: line for line in run("candidates", "-w", workspace, "-n", "99").lines}
    found = again[first["story"]]
    assert found["novelty"] != "new"
    assert (found["told_before"]["issue"], found["told_before"]["item"]) == ("vol-9.1", 1)
    assert {r["feature"]: r["value"] for r in found["reasons"]}[found["novelty"]] == 1.0
