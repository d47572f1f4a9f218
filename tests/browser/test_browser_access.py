"""The review pages held against WCAG 2.2 AA by axe-core, in both sizes and both colour schemes."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import NARROW, WIDE

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}
SIZES = [pytest.param(WIDE, id="wide", marks=pytest.mark.long), pytest.param(NARROW, id="narrow")]
SCHEMES = ["light", pytest.param("dark", marks=pytest.mark.long)]


def violations(page: Any) -> list[str]:
    """What axe finds, one line each: the rule, and where."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in found
        for node in one["nodes"]
    ]


def press(page: Any, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", SIZES)
def test_no_page_of_the_review_has_a_violation(desk, open_page, size, scheme):
    # axe's own script needs what the desk's policy forbids.
    page = open_page(desk.url, size=size, color_scheme=scheme, bypass_csp=True)
    press(page, "jaxjx")
    page.locator(".card.accept").wait_for()
    found = {"list": violations(page)}
    page.goto(f"{desk.origin}/?topic=defense&q=Japan#filters")
    found["filtered list"] = violations(page)
    press(page, "jo")
    page.wait_for_url("**/story/**")
    found["story"] = violations(page)
    assert found == {"list": [], "filtered list": [], "story": []}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_dialog_of_the_review_has_a_violation(desk, open_page, scheme):
    page = open_page(desk.url, color_scheme=scheme, bypass_csp=True)
    found = {}
    for keys in ("?", "jt", "n", "xjxm"):
        press(page, keys)
        page.locator("dialog[open]").wait_for()
        found[keys] = violations(page)
        page.keyboard.press("Escape")
    assert found == {"?": [], "jt": [], "n": [], "xjxm": []}
