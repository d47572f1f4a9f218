"""A story's page in a real browser: what stands beside the articles, and that all may read it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from alliance_nlp.store import read_candidates
from tests.browser.conftest import NARROW, WIDE

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def ranked(desk, rank: int) -> str:
    """The story at a rank."""
    with desk.database() as database, database.read() as tx:
        return read_candidates(tx)[rank - 1].story_id


def test_low_story_tells_what_would_move_it_up(desk, page):
    page.goto(f"{desk.origin}/story/{ranked(desk, 15)}")
    expect(page.get_by_role("heading", name="What would move it up")).to_be_visible()
    assert page.locator(".moves li").count() > 0


def test_mention_tells_who_somebody_was_then(desk, page):
    page.goto(f"{desk.origin}/story/{ranked(desk, 1)}")
    titles = [mark.get_attribute("title") for mark in page.locator("mark").all()]
    assert any(" on 2024-04-" in title for title in titles)


def test_source_as_archived_opens_as_text(desk, page):
    page.goto(f"{desk.origin}/story/{ranked(desk, 1)}")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="The source as archived").first.click()
    original = opened.value
    original.wait_for_load_state()
    assert original.evaluate("document.contentType") == "text/plain"
    expect(original.locator("body")).to_contain_text("<html")


def test_story_is_merged_with_its_neighbour_by_form(desk, page):
    page.goto(f"{desk.origin}/story/{ranked(desk, 2)}")
    n = page.locator("article.article").count()
    page.get_by_text("Merge with another story").click()
    form = page.locator("[data-merging]")
    form.get_by_role("checkbox").first.check()
    form.get_by_role("button", name="Merge").click()
    expect(page.locator("article.article").nth(n)).to_be_visible(timeout=60_000)


def test_night_shows_its_numbers_with_bars(desk, page):
    page.goto(f"{desk.origin}/night")
    assert page.locator(".nights svg[aria-label]").count() == 6
    expect(page.get_by_role("heading", name="What it may have missed")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "size",
    [pytest.param(WIDE, id="wide"), pytest.param(NARROW, id="narrow", marks=pytest.mark.long)],
)
def test_story_passes_axe_and_fits(desk, open_page, size, scheme):
    page = open_page(desk.url, size=size, color_scheme=scheme, bypass_csp=True)
    page.goto(f"{desk.origin}/story/{ranked(desk, 15)}")
    for details in page.locator("main details").all():
        details.evaluate("it => { it.open = true }")
    assert Axe().run(page, options=RULES).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
