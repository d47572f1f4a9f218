"""The log as JSON Lines."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from alliance_nlp.cli.console import json_progress
from alliance_nlp.core.types import Reason, Rejected, Stage


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_progress_is_a_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    with json_progress() as log:
        log.started(12)
        log("collect", 1, 40)
    [line] = lines(capsys)
    assert datetime.fromisoformat(line.pop("at")).tzinfo is not None
    assert line == {"run": 12, "stage": "collect", "done": 1, "total": 40}


def test_progress_is_told_now_and_then_and_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    with json_progress() as log:
        for done in range(1, 61):
            log("collect", done, 60)
        log("extract", 1, None)
    found = [(line["stage"], line["done"]) for line in lines(capsys)]
    assert found == [
        ("collect", 1),
        ("collect", 26),
        ("collect", 51),
        ("collect", 60),
        ("extract", 1),
    ]


@pytest.mark.parametrize(("failed", "level"), [(True, "error"), (False, "info")])
def test_a_problem_is_a_line_of_its_own(
    capsys: pytest.CaptureFixture[str], failed: bool, level: str
) -> None:
    subject = "https://a.example/日\n\ud800"
    with json_progress() as log:
        log.problem(
            Rejected(
                stage=Stage.EXTRACT,
                subject_id=subject,
                reason=Reason.WALL,
                detail="a wall",
                failed=failed,
            )
        )
    [line] = lines(capsys)
    del line["at"]
    assert line == {
        "run": None,
        "level": level,
        "stage": "extract",
        "reason": "wall",
        "subject": subject,
        "detail": "a wall",
    }
