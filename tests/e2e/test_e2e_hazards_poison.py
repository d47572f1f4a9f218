"""Pages that hang a stage: put aside by name while the rest goes on, and let out again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Run
from tests.e2e.night_runs import failures, finish, query
from tests.sites import NewsWeb, news_web, serve

LIMIT = {"ALLIANCE_PROCESS__TIME_LIMIT_S": "2"}


@pytest.fixture
def web() -> Iterator[NewsWeb]:
    outlets = news_web(outlets=2, pages=8)
    for outlet in outlets:
        outlet.pieces[4].is_poisonous = True
    with serve(outlets) as running:
        yield running


@pytest.mark.long
def test_pages_that_hang_are_quarantined_and_can_be_let_out(
    workspace: Path, web: NewsWeb, run: Run
) -> None:
    web.write_config(workspace, delay_s=0.0)
    report = finish(workspace, code=3, **LIMIT)
    assert failures(report) == {"time-limit": 2}
    assert query(workspace, "SELECT count(*) FROM articles") == [(14,)]

    held = run("quarantine", "--workspace", workspace, "--json").lines
    poisonous = {outlet.url(outlet.pieces[4]) for outlet in web.outlets}
    assert {(item["stage"], item["subject"]) for item in held} == {
        ("extract", url) for url in poisonous
    }
    assert {item["reason"] for item in held} == {"time-limit"}

    again = run("retry-quarantine", "--workspace", workspace, "--json", **LIMIT)
    assert again.code == 3
    assert failures(again.json) == {"time-limit": 2}
    assert query(workspace, "SELECT count(*) FROM articles") == [(14,)]


@pytest.mark.long
def test_a_quarantined_page_is_left_alone_by_the_next_night(workspace: Path, web: NewsWeb) -> None:
    del web.outlets[1:]
    web.write_config(workspace, delay_s=0.0)
    finish(workspace, code=3, **LIMIT)
    second = finish(workspace, code=0, **LIMIT)
    assert next(s["in"] for s in second["stages"] if s["stage"] == "extract") == 0
