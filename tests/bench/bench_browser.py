"""Measure the desk on 100,000 articles in Chromium: paged, narrowed, searched, and decided at.

    python -m pytest -q -s -o python_files="bench_*.py" tests/bench/bench_browser.py

``ALLIANCE_BENCH_ARTICLES`` makes the store smaller, 10,000 being the least. What is measured is
what an analyst waits for: from the press of a key to the page that it leads to, with the server
beside the browser on one machine. The pages' own limit of 150 ms is that of ``bench_pages.py``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from desk_store import Size, fill
from playwright.sync_api import expect
from rich.console import Console
from tests.browser.conftest import Desk, browser, chromium, loaded, open_page

from alliance_nlp.core.types import Verdict
from alliance_nlp.store import Database, read_decisions
from alliance_nlp.workspace import make_workspace

pytestmark = pytest.mark.bench
__all__ = ["browser", "chromium", "loaded", "open_page"]  # fixtures of those tests

N_ARTICLES = int(os.environ.get("ALLIANCE_BENCH_ARTICLES", "100000"))
N_TIMES = 9
MOST_MS = 1_000  # the middle one: the page, its styles and scripts, drawn by the same two cores


@pytest.fixture(scope="session")
def large_desk(
    make_database_url: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desk, list[str]]]:
    """A desk on a filled store, and the ids of its stories, best first; its tests share it."""
    url = make_database_url(migrated=True)
    with Database.open(url) as database:
        ids = fill(database, Size(n_articles=N_ARTICLES, n_candidates=N_ARTICLES // 10))
    assert len(ids) >= 50 * (N_TIMES + 2), "there are too few pages to turn; take more articles"
    root = tmp_path_factory.mktemp("large") / "w"
    make_workspace(root, config=f'[store]\nurl = "{url}"\n')
    desk = Desk(Path(root))
    desk.start()
    yield desk, ids
    desk.stop()


@pytest.fixture
def large(large_desk: tuple[Desk, list[str]], open_page: Callable[..., Any]) -> Any:
    """The first page of the large desk."""
    return open_page(large_desk[0].url)


def middle_ms(act: Callable[[int], object]) -> float:
    """How long an act takes, the middle one of several after a first that is not counted."""
    act(0)
    took = []
    for n in range(1, N_TIMES + 1):
        at = perf_counter()
        act(n)
        took.append(1e3 * (perf_counter() - at))
    middle = sorted(took)[N_TIMES // 2]
    name = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[2]
    Console().print(f"{name}: {middle:.0f} ms")
    return middle


def test_pages_follow_one_another_quickly(large):
    def turn(n: int) -> None:
        after = large.url
        large.locator("a[rel=next]").click()
        large.wait_for_url(lambda url: url != after)
        expect(large.locator("[data-item]")).to_have_count(50)

    took = middle_ms(turn)
    assert f"after={50 * (N_TIMES + 1)}" in large.url
    assert took < MOST_MS


def test_list_is_narrowed_quickly(large, large_desk):
    def narrow(n: int) -> None:
        topic = ("trade", "defense", "energy", "base-politics")[n % 4]
        large.locator(f"#filter [value={topic}]").check()
        large.get_by_role("button", name="Apply").click()
        large.wait_for_url(f"**/?*topic={topic}*")
        large.get_by_role("link", name="Clear all").click()
        large.wait_for_url(large_desk[0].origin + "/")

    assert middle_ms(narrow) < 2 * MOST_MS


def test_words_are_found_quickly(large):
    def look_for(n: int) -> None:
        words = f"Japan word{n}"
        large.keyboard.press("/")
        large.keyboard.type(words)
        large.keyboard.press("Enter")
        large.wait_for_url(f"**/?*q=Japan+word{n}*")

    assert middle_ms(look_for) < MOST_MS


def test_stories_open_quickly(large, large_desk):
    desk, ids = large_desk

    def read(n: int) -> None:
        large.goto(f"{desk.origin}/story/{ids[10 + n]}")
        expect(large.locator("#decide-title")).to_be_visible()

    assert middle_ms(read) < MOST_MS


def test_decisions_are_kept_quickly_and_all_of_them(large, large_desk):
    desk, ids = large_desk
    with desk.database() as database, database.read() as tx:
        before = max(d.id for d in read_decisions(tx))
    large.keyboard.press("j")

    def decide(n: int) -> None:
        large.keyboard.press("l")
        state = large.locator("[data-item]").nth(n).locator("[data-state]")
        expect(state).to_have_text("later")

    took = middle_ms(decide)
    with desk.database() as database, database.read() as tx:
        made = read_decisions(tx, after=before)
    assert [(d.subject, d.verdict) for d in made] == [(i, Verdict.LATER) for i in ids[: len(made)]]
    assert len(made) == N_TIMES + 1
    assert took < MOST_MS
