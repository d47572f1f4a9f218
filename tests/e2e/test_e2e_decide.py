"""Decisions from the command line: made, shown, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from alliance_nlp.core.types import Verdict
from alliance_nlp.store import Database, read_decisions
from alliance_nlp.workspace import Workspace
from tests.e2e.in_process import invoke
from tests.e2e.small_night import make_night


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_night(tmp_path_factory.mktemp("decide") / "desk")


def _first(night: Path, place: int) -> dict[str, Any]:
    found: dict[str, Any] = invoke("candidates", "-w", night).lines[place]
    return found


def _decide(night: Path, *args: str, reviewer: str = "kano") -> Any:
    done = invoke("decide", *args, "--reviewer", reviewer, "-w", night)
    assert done.code == 0, done.err
    return done


def test_decision_prints_what_was_kept_as_json(night: Path) -> None:
    line = _first(night, 0)
    kept = _decide(night, line["story"], "accept", "--note", "lead item", "--json").json
    assert (kept["subject"], kept["verdict"], kept["note"]) == (
        line["story"], "accept", "lead item",
    )  # fmt: skip
    assert kept["proposal"]["rank"] == line["rank"] == 1
    assert kept["id"] > 0
    assert _first(night, 0)["verdict"] == "accept"


def test_undo_brings_back_what_was_decided_before(night: Path) -> None:
    story = _first(night, 1)["story"]
    _decide(night, story, "later")
    _decide(night, story, "reject")
    _decide(night, story, "undo")
    assert _first(night, 1)["verdict"] == "later"
    _decide(night, story, "undo")
    assert _first(night, 1)["verdict"] is None
    refused = invoke("decide", story, "undo", "--reviewer", "kano", "-w", night)
    assert refused.code == 1
    assert "no decision" in refused.err


def test_undo_leaves_what_somebody_else_decided(night: Path) -> None:
    story = _first(night, 2)["story"]
    _decide(night, story, "reject", reviewer="ibe")
    refused = invoke("decide", story, "undo", "--reviewer", "kano", "-w", night)
    assert "whoever made it" in refused.err
    assert _first(night, 2)["verdict"] == "reject"


def test_retopic_is_shown_in_place_of_the_models_topics(night: Path) -> None:
    story = _first(night, 3)["story"]
    done = _decide(night, story, "retopic", "--topic", "energy", "--topic", "trade")
    assert "retopic (trade, energy)" in done.err
    assert _first(night, 3)["topics"] == ["trade", "energy"]
    assert "none of our topics" in _decide(night, story, "retopic").err
    assert _first(night, 3)["topics"] == []


def test_note_is_kept_and_is_no_verdict(night: Path) -> None:
    story = _first(night, 4)["story"]
    _decide(night, story, "note", "--note", "ask the bureau")
    assert _first(night, 4)["verdict"] is None
    with Database.open(Workspace(night).database_url) as database, database.read() as tx:
        [kept] = read_decisions(tx, [story])
    assert (kept.verdict, kept.note) == (Verdict.NOTE, "ask the bureau")


@pytest.mark.parametrize(
    ("args", "code", "why"),
    [
        (("note",), 1, "note is empty"),
        (("accept", "--topic", "trade"), 1, "topics do not go with accept"),
        (("undo", "--note", "x"), 1, "undo takes neither"),
        (("retopic", "--topic", "sport"), 2, "sport"),
        (("maybe",), 2, "maybe"),
    ],
)
def test_what_is_no_decision_is_refused(
    night: Path, args: tuple[str, ...], code: int, why: str
) -> None:
    story = _first(night, 5)["story"]
    refused = invoke("decide", story, *args, "-w", night)
    assert refused.code == code
    assert why in refused.err
    assert _first(night, 5)["verdict"] is None
