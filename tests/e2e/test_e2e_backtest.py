"""backtest, as its users run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from alliance_nlp.workspace import packaged_backtest
from tests.e2e.conftest import Demo
from tests.e2e.in_process import invoke

ISSUE = """# US-Japan Alliance Digest Vol. 9, No. 1

April 16, 2024

## Headlines

- A headline that nothing tells of

## Details

- {bullet}
"""


def test_the_packaged_issues_are_replayed() -> None:
    done = invoke("backtest", "--json")
    assert done.code == 0, done.err
    told = done.json
    assert (told["n_issues"], told["n_items"]) == (6, 30)
    assert told["recall"]["10"] >= 0.8
    assert told["recall"]["5"] <= told["recall"]["10"] <= told["recall"]["50"]
    # The writers' own word on which articles tell what the editors chose.
    lines = (packaged_backtest() / "articles.jsonl").read_text("utf-8").splitlines()
    chosen = {row["id"]: row["chosen"] for row in map(json.loads, lines)}
    matched = [item for item in told["items"] if item["article_id"]]
    right = [item for item in matched if chosen[item["article_id"]] == item["issue"]]
    assert len(matched) == 30
    assert len(right) >= 28


def test_a_workspace_is_tested_on_its_own_articles(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "past").mkdir()
    bullet = "Nothing of this kind was ever reported by any outlet. " * 8
    (tmp_path / "past" / "issue.md").write_text(ISSUE.format(bullet=bullet), encoding="utf-8")
    done = invoke("backtest", "--workspace", demo.once, "--issues", tmp_path / "past", "--json")
    assert done.code == 0, done.err
    [item] = done.json["items"]
    assert (item["miss"], item["rank"]) == ("not-collected", None)
    assert done.json["pools"][0]["articles"] > 0


@pytest.mark.long
def test_a_match_made_by_hand_is_used(tmp_path: Path) -> None:
    file = tmp_path / "matches.csv"
    file.write_text("issue,item,article\n3.7,1,\n", encoding="utf-8")
    done = invoke("backtest", "--matches", file, "--json")
    assert done.code == 0, done.err
    assert done.json["items"][0]["miss"] == "not-collected"


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--issues", "nowhere"], "no folder of published issues"),
        (["--articles", "nowhere.jsonl"], "nowhere.jsonl: the articles cannot be read"),
        (["--matches", "nowhere.csv"], "nowhere.csv cannot be read"),
    ],
)
def test_what_is_not_there_is_named(options: list[str], word: str) -> None:
    done = invoke("backtest", *options)
    assert done.code == 1
    assert word in done.err
