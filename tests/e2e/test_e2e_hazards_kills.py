"""Nights that are broken off: killed, stopped, or overlapping."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Run
from tests.e2e.night_runs import (
    contents,
    finish,
    is_archive_whole,
    query,
    same_article_twice,
    start,
    twin,
    wait_for,
)
from tests.sites import NewsWeb, news_web, serve


@pytest.fixture(scope="module")
def web() -> Iterator[NewsWeb]:
    with serve(news_web(outlets=3, pages=6)) as running:
        yield running


@pytest.fixture
def newsroom(workspace: Path, web: NewsWeb) -> Path:
    """A workspace that reads the web, slowly enough to be caught at it."""
    web.write_config(workspace, delay_s=0.2)
    return workspace


@pytest.mark.long
def test_a_night_killed_in_each_stage_comes_to_what_an_undisturbed_one_does(
    newsroom: Path,
) -> None:
    for stage in ("collect", "extract", "tag", "classify", "fold"):
        process = start(newsroom)
        wait_for(process, newsroom, stage)
        process.kill()
        process.wait()
    report = finish(newsroom)
    assert is_archive_whole(newsroom)
    assert same_article_twice(newsroom) == []
    undisturbed = twin(newsroom, "undisturbed")
    finish(undisturbed)
    assert contents(newsroom) == contents(undisturbed)
    assert len(contents(newsroom)["articles"]) == 3 * 6
    assert report["state"] == "done"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        pytest.param(signal.SIGTERM, 143, id="term"),
        pytest.param(signal.SIGINT, 130, id="int", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("stage", [pytest.param("collect", marks=pytest.mark.long), "extract"])
def test_a_stopped_night_ends_in_time_with_nothing_torn(
    newsroom: Path, number: signal.Signals, code: int, stage: str
) -> None:
    process = start(newsroom)
    wait_for(process, newsroom, stage)
    time.sleep(random.Random(f"{stage} {number}").uniform(0.0, 0.5))
    stopped_at = time.monotonic()
    process.send_signal(number)
    assert process.wait(timeout=20) == code
    assert time.monotonic() - stopped_at < 10
    assert is_archive_whole(newsroom)
    assert query(newsroom, "SELECT DISTINCT state FROM runs") == [("interrupted",)]


def test_a_second_run_leaves_within_two_seconds(newsroom: Path, run: Run) -> None:
    first = start(newsroom)
    try:
        wait_for(first, newsroom, "collect")
        first.send_signal(signal.SIGSTOP)  # it holds on for as long as this test needs
        took_s = []
        for _ in range(3):  # others may be busy on this machine
            started = time.monotonic()
            second = run("nightly", "--workspace", newsroom)
            took_s.append(time.monotonic() - started)
            assert second.code == 1
            assert f"process {first.pid}" in second.err
        assert min(took_s) < 2.0
    finally:
        first.kill()
        first.wait()


@pytest.mark.long
def test_a_killed_holder_does_not_block(newsroom: Path) -> None:
    first = start(newsroom)
    wait_for(first, newsroom, "collect")
    first.kill()
    first.wait()
    finish(newsroom)
    assert query(newsroom, "SELECT state FROM runs ORDER BY id") == [("interrupted",), ("done",)]
