"""The issue from the keyboard: drafted, mended, signed off and given out; held against axe."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from alliance_nlp.core.types import IssueState
from alliance_nlp.store import newest_version, read_issues
from tests.browser.conftest import NARROW, PATIENCE_MS, WIDE, Desk

ON_BOTH = (
    "test_first_issue_goes_from_the_candidates_to_a_file_by_keyboard_alone",
    "test_two_editors_do_not_write_over_one_another",
    "test_text_is_kept_when_the_connection_is_lost",
)

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}
LIE = "The yard in Qobaz launched 7,341 ships."


def ready(page: Any) -> None:
    """Wait for the script to listen."""
    page.locator("html[data-keys=listening]").wait_for()


def press(page: Any, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def newest(desk: Desk) -> Any:
    """The last version of the newest issue."""
    with desk.database() as database, database.read() as tx:
        return newest_version(tx, read_issues(tx)[-1][0].id)


@pytest.fixture
def editor(desk: Desk, page: Any) -> Any:
    """The page of the sample night's draft."""
    page.goto(f"{desk.origin}/issue/{newest(desk).issue.id}")
    ready(page)
    return page


def line(page: Any, item: int, sentence: int) -> Any:
    return page.locator(f"#line-{item}-{sentence}")


def write(page: Any, item: int, sentence: int, text: str) -> None:
    """Put a text in place of a line's, by key."""
    line(page, item, sentence).focus()
    press(page, "e Control+a")
    page.keyboard.type(text)


def drag(page: Any, grip: Any, *, to: Any) -> None:
    """Drag as a hand does, in many small moves."""
    start, end = grip.bounding_box(), to.bounding_box()
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 8, end["y"] + 8, steps=12)
    page.mouse.up()


def headlines(page: Any) -> list[str]:
    return [area.input_value() for area in page.locator("textarea[name=headline]").all()]


def mend_flags(page: Any) -> None:
    """Go to each flagged line and write what its first source says, or take the sentence out."""
    for _ in range(12):
        if not page.locator(".line.stands").count():
            return
        press(page, "m")
        stands = page.locator(".line.stands:focus")
        expect(stands).to_be_focused()
        if stands.get_attribute("data-sentence") is None:
            source = stands.locator("xpath=ancestor::li[1]").locator("[data-says]").first
            said = source.text_content()
            press(page, "e Control+a")
            page.keyboard.type(" ".join(said.split()[:8]))
            press(page, "Escape")
        else:
            press(page, "d")
        page.wait_for_timeout(100)
        expect(page.locator("#tally")).to_contain_text("not saved")
        with page.expect_response("**/check"):
            pass
    raise AssertionError("flags stand in spite of mending")


def test_first_issue_goes_from_the_candidates_to_a_file_by_keyboard_alone(desk, page):
    press(page, "j a a a")
    expect(page.locator(".card.accept")).to_have_count(3)
    press(page, "g i")
    page.wait_for_url("**/issues")
    # The sample night left a draft; it is drawn up anew from what was accepted.
    page.locator("summary", has_text="Draw it up anew").focus()
    press(page, "Enter Tab")
    expect(page.get_by_role("button", name="Draw up Vol")).to_be_focused()
    press(page, "Enter")
    page.wait_for_url("**/issue/*done=drafted", timeout=3 * PATIENCE_MS)
    ready(page)

    write(page, 1, 1, LIE)
    expect(line(page, 1, 1).locator("[data-flags]")).to_contain_text("7,341")
    press(page, "Control+Enter")
    page.wait_for_url("**/issue/*done=saved")
    ready(page)
    expect(page.get_by_role("heading", name="Flags in version")).to_be_visible()
    expect(page.locator("[data-export]")).to_have_count(0)

    press(page, "d")
    expect(page.locator("#tally")).to_contain_text("not saved")
    mend_flags(page)
    press(page, "Control+Enter")
    expect(page.locator("[data-export]").first).to_be_visible()
    for state in ("in review", "signed off"):
        ready(page)
        press(page, "s Enter")
        expect(page.locator(".head .badge")).to_have_text(state)
    ready(page)
    press(page, "o")
    expect(page.locator("[data-export]").first).to_be_focused()
    with page.expect_download() as given:
        press(page, "Enter")
    assert re.fullmatch(r"vol-\d+\.\d+\.md", given.value.suggested_filename)
    last = newest(desk)
    assert last.state is IssueState.SIGNED_OFF
    text = given.value.path().read_text(encoding="utf-8")
    assert all(item.headline.split()[0] in text for item in last.issue.items)


def test_keys_go_from_line_to_line_and_open_its_sources(editor):
    press(editor, "j j")
    expect(line(editor, 1, 1)).to_be_focused()
    expect(line(editor, 1, 1).locator("[data-sources]")).to_have_attribute("open", "")
    press(editor, "j")
    expect(line(editor, 1, 1).locator("[data-sources]")).not_to_have_attribute("open", "")
    press(editor, "k e")
    expect(line(editor, 1, 1).locator("textarea")).to_be_focused()
    press(editor, "Escape")
    expect(line(editor, 1, 1)).to_be_focused()


def test_item_is_moved_by_key_and_by_pointer(desk, editor):
    before = headlines(editor)
    line(editor, 1, 0).focus()
    press(editor, "Alt+ArrowDown")
    assert headlines(editor)[:2] == [before[1], before[0]]
    expect(line(editor, 2, 0)).to_be_focused()
    editor.set_viewport_size({"width": 1280, "height": 2_400})
    editor.evaluate("scrollTo(0, 0)")
    drag(editor, editor.locator("[data-grip]").nth(1), to=editor.locator("[data-grip]").nth(0))
    assert headlines(editor)[:2] == before[:2]
    editor.locator("#why").focus()
    press(editor, "Control+Enter")
    editor.wait_for_url("**done=saved")
    assert [item.headline for item in newest(desk).issue.items] == before


def test_words_are_counted_while_one_types(editor):
    write(editor, 1, 0, "Seven words stand in this headline now")
    expect(line(editor, 1, 0).locator("[data-words]")).to_contain_text("7 words")


def test_claim_is_marked_in_the_text_on_a_pause(editor):
    write(editor, 1, 1, LIE)
    expect(line(editor, 1, 1).locator("mark.number")).to_have_text("7,341")
    expect(line(editor, 1, 1)).to_have_class(re.compile("stands"))


def test_style_is_fixed_by_one_key(editor):
    write(editor, 1, 1, "The U.S. and Japan met.")
    expect(line(editor, 1, 1).locator("[data-breaches]")).to_contain_text("U.S.")
    press(editor, "Escape f")
    expect(line(editor, 1, 1).locator("textarea")).to_have_value("The US and Japan met.")


def test_passage_is_picked_for_a_new_sentence(desk, editor):
    line(editor, 1, 1).focus()
    press(editor, "n")
    editor.keyboard.type("Talks go on.")
    expect(line(editor, 1, 2).locator("[data-flags]")).to_contain_text("it names no source")
    press(editor, "Escape p")
    expect(editor.locator("#pick-q")).to_be_focused()
    press(editor, "Enter Space Control+Enter")
    expect(line(editor, 1, 2).locator("[data-source]")).to_have_count(1)
    expect(line(editor, 1, 2).locator("[data-flags] li")).to_have_count(0)
    press(editor, "Control+Enter")
    editor.wait_for_url("**done=saved")
    [new] = [s for s in newest(desk).issue.items[0].sentences if s.text == "Talks go on."]
    assert len(new.sources) == 1


def test_sentence_is_split_and_both_keep_the_sources(editor):
    write(editor, 1, 1, "One thing came. Another went.")
    for _ in range(len(" Another went.")):
        editor.keyboard.press("ArrowLeft")
    n_sources = line(editor, 1, 1).locator("[data-source]").count()
    line(editor, 1, 1).locator("[data-do=split]").click()
    expect(line(editor, 1, 1).locator("textarea")).to_have_value("One thing came.")
    expect(line(editor, 1, 2).locator("textarea")).to_have_value("Another went.")
    expect(line(editor, 1, 2).locator("[data-source]")).to_have_count(n_sources)


def test_text_is_kept_when_the_connection_is_lost(desk, editor):
    write(editor, 1, 1, "Written while the desk was away.")
    desk.stop()
    press(editor, "Control+Enter")
    expect(editor.locator("#refused")).to_contain_text("Your text is kept in this browser")
    desk.start()
    editor.goto(f"{desk.origin}/issue/{newest(desk).issue.id}")
    editor.locator("[data-take]").click()
    editor.wait_for_url("**/text")
    ready(editor)
    expect(line(editor, 1, 1).locator("textarea")).to_have_value("Written while the desk was away.")
    press(editor, "Control+Enter")
    editor.wait_for_url("**done=saved")
    assert newest(desk).issue.items[0].sentences[0].text == "Written while the desk was away."


def test_unsaved_text_is_saved_before_the_issue_moves_on(desk, editor):
    write(editor, 1, 1, "A last word.")
    press(editor, "Escape s Enter")
    expect(editor.locator(".head .badge")).to_have_text("in review")
    assert newest(desk).issue.items[0].sentences[0].text == "A last word."


def test_two_editors_do_not_write_over_one_another(desk, editor, open_page):
    other = open_page(desk.url)
    other.goto(editor.url)
    ready(other)
    write(other, 1, 1, "The other one was first.")
    press(other, "Control+Enter")
    other.wait_for_url("**done=saved")
    write(editor, 1, 1, "My own words.")
    press(editor, "Control+Enter")
    expect(editor.get_by_role("alert")).to_contain_text("in between")
    expect(line(editor, 1, 1).locator("textarea")).to_have_value("My own words.")
    assert newest(desk).issue.items[0].sentences[0].text == "The other one was first."


def test_issue_is_saved_without_script(desk, open_page):
    page = open_page(desk.url, java_script_enabled=False)
    page.goto(f"{desk.origin}/issue/{newest(desk).issue.id}")
    page.locator("#line-1-1 textarea").fill("Saved by the form alone.")
    page.locator("#save").click()
    page.wait_for_url("**done=saved")
    assert newest(desk).issue.items[0].sentences[0].text == "Saved by the form alone."


def test_passages_are_picked_without_script(desk, open_page):
    page = open_page(desk.url, java_script_enabled=False)
    page.goto(f"{desk.origin}/issue/{newest(desk).issue.id}")
    page.locator("#line-1-1 textarea").fill("Written by hand.")
    page.locator("#line-1-1").get_by_role("button", name="Pick its sources").click()
    boxes = page.locator("#line-1-1 #picking input[type=checkbox]")
    boxes.first.wait_for()
    for box in boxes.all():
        box.set_checked(False)
    boxes.nth(1).check()
    chosen = boxes.nth(1).get_attribute("value")
    page.locator("#save").click()
    page.wait_for_url("**done=saved")
    sentence = newest(desk).issue.items[0].sentences[0]
    assert sentence.text == "Written by hand."
    assert [f"{s.article_id}:{s.start}:{s.end}" for s in sentence.sources] == [chosen]


def violations(page: Any) -> list[str]:
    """What axe finds, one line each: the rule, and where."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "size",
    [pytest.param(WIDE, id="wide"), pytest.param(NARROW, id="narrow", marks=pytest.mark.long)],
)
def test_no_page_of_an_issue_has_a_violation(desk, open_page, size, scheme):
    # axe's own script needs what the desk's policy forbids.
    page = open_page(desk.url, size=size, color_scheme=scheme, bypass_csp=True)
    path = f"{desk.origin}/issue/{newest(desk).issue.id}"
    found = {}
    page.goto(path)
    ready(page)
    write(page, 1, 1, LIE)
    expect(line(page, 1, 1).locator("mark.number")).to_have_count(1)
    press(page, "Control+Enter")
    page.wait_for_url("**done=saved")
    found["editor"] = violations(page)
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    line(page, 1, 1).focus()
    press(page, "p")
    page.locator("#pick[open] label").first.wait_for()
    found["picking"] = violations(page)
    for name, address in {
        "list": f"{desk.origin}/issues",
        "versions": f"{path}/versions",
        "difference": f"{path}/diff",
        "earlier": f"{path}/versions/1",
    }.items():
        page.goto(address)
        found[name] = violations(page)
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert width <= 0
