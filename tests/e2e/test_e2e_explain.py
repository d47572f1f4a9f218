"""Why a candidate stands where it does, and what would move it."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

from tests.e2e.conftest import Demo, Run


def test_one_candidate_is_explained_with_what_would_move_it(run: Run, demo: Demo) -> None:
    [line] = run("candidates", "--explain", "12", "-w", demo.root, "--json").lines
    assert line["rank"] == 12
    assert math.fsum(r["contribution"] for r in line["reasons"]) == line["logit"]
    moves = line["moves"]
    ranked = run("candidates", "-w", demo.root, "-n", "12").lines
    assert moves["over"] == ranked[9]["story"]
    assert moves["gap"] == ranked[9]["logit"] - line["logit"]
    assert moves["moves"]
    for move in moves["moves"]:
        assert move["is_enough"] == (move["gain"] > moves["gap"])
    text = run("candidates", line["story"], "--explain", "-w", demo.root, "-f", "table").out
    assert "relevance" in text
    assert f"behind {moves['over']}, the last of the first 10" in text
    assert moves["moves"][0]["text"] in text


def test_candidate_among_the_first_needs_no_move(run: Run, demo: Demo) -> None:
    text = run("candidates", "1", "--explain", "-w", demo.root, "-f", "markdown").out
    assert "It is among the first 10." in text
    [line] = run("candidates", "1", "-w", demo.root).lines
    assert "moves" not in line
    assert line["kind"] == "news"


def test_candidate_that_is_not_there_is_refused(run: Run, demo: Demo) -> None:
    missing = run("candidates", "--explain", "900", "-w", demo.root)
    assert missing.code == 1
    assert "there is no candidate '900'" in missing.err


def test_draft_names_the_runners_up_and_why(run: Run, demo: Demo) -> None:
    drafted = run("digest", "draft", "--as-of", "2024-04-14", "-w", demo.root)
    assert drafted.code == 0
    told = [line for line in drafted.err.splitlines() if line.startswith("next: ")]
    assert len(told) == 5
    assert "the choice would be" in drafted.err


def test_decisions_move_the_weights_of_the_next_ranking(
    run: Run, demo: Demo, tmp_path: Path
) -> None:
    root = tmp_path / "desk"
    shutil.copytree(demo.once, root)
    ever = {"ALLIANCE_DIGEST__WINDOW_DAYS": "9000"}
    before = run("rank", "-w", root, "--json", **ever)
    assert before.code == 0, before.err
    assert not any("learned" in note for note in before.json["notes"])
    lines = run("candidates", "-w", root, "-n", "24").lines
    wanted = [line for line in lines if len(line["outlets"]) == 1][:8]
    for line in lines:
        verdict = "accept" if line in wanted else "reject"
        assert run("decide", line["story"], verdict, "-w", root).code == 0
    after = run("rank", "-w", root, "--json", **ever)
    [note] = [note for note in after.json["notes"] if "learned" in note]
    assert note.startswith(f"ranked by weights learned from {len(wanted)} accepted and ")
    as_before = run("rank", "-w", root, "--json", ALLIANCE_RANK__LEARN="false", **ever)
    assert as_before.json["notes"] == before.json["notes"]
