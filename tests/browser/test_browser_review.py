"""The review list from the keyboard, with and without a connection, alone and with others."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from alliance_nlp.core.types import TopicLabel, Verdict
from alliance_nlp.store import read_decisions, read_story_edits, schema
from tests.browser.conftest import NARROW, TOKEN, Desk

ON_BOTH = (
    "test_verdict_is_kept_and_the_next_story_comes_when_a_key_is_pressed",
    "test_several_are_undone_at_once_when_they_were_decided_at_once",
    "test_decisions_are_sent_when_the_desk_is_back_and_opened_again",
    "test_decision_is_one_when_its_answer_was_lost",
    "test_selected_stories_are_merged_and_taken_apart_again",
    "test_other_person_on_a_story_is_told_on_both_pages",
    "test_search_and_filter_have_their_keys",
    "test_forms_serve_when_there_is_no_script",
)


def press(page: Any, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def kept(desk: Desk) -> list[tuple[str, Verdict]]:
    """What the store holds, oldest first."""
    with desk.database() as database, database.read() as tx:
        return [(d.subject, d.verdict) for d in read_decisions(tx)]


def ids(page: Any) -> list[str]:
    return [card.get_attribute("id") for card in page.locator("[data-item]").all()]


def card(page: Any, index: int) -> Any:
    return page.locator("[data-item]").nth(index)


def expect_state(page: Any, index: int, text: str) -> None:
    expect(card(page, index).locator("[data-state]")).to_have_text(text)


def test_verdict_is_kept_and_the_next_story_comes_when_a_key_is_pressed(desk, page):
    press(page, "j a")
    expect_state(page, 0, "accept")
    expect(card(page, 1)).to_be_focused()
    expect(page.locator("#said")).to_contain_text("Accepted: “")
    assert kept(desk) == [(ids(page)[0], Verdict.ACCEPT)]


def test_every_verdict_has_its_key(desk, page):
    press(page, "j a r l u")
    expect_state(page, 3, "unsure")
    verdicts = [Verdict.ACCEPT, Verdict.REJECT, Verdict.LATER, Verdict.UNSURE]
    assert kept(desk) == list(zip(ids(page), verdicts, strict=False))


def test_count_of_open_stories_follows_the_decisions(page):
    before = int(page.locator("[data-n-open]").inner_text())
    press(page, "j a")
    expect(page.locator("[data-n-open]")).to_have_text(str(before - 1))


def test_verdict_goes_to_all_that_are_selected(desk, page):
    press(page, "j x j j x")
    expect(page.locator("[data-bulk-verdict=accept]")).to_have_text("Accept 2")
    press(page, "a")
    expect_state(page, 2, "accept")
    assert kept(desk) == [(ids(page)[i], Verdict.ACCEPT) for i in (0, 2)]


def test_range_is_selected_from_the_last_one(page):
    press(page, "j x j j j Shift+X")
    expect(page.locator("[data-n-picked]")).to_have_text("4 selected")


def test_all_shown_are_rejected_by_buttons(desk, page):
    page.get_by_label("All shown").check()
    page.locator("[data-bulk-verdict=reject]").click()
    expect(page.locator(".card.reject")).to_have_count(len(ids(page)))
    assert len(kept(desk)) == len(ids(page))


def test_topics_are_set_by_digits(desk, page):
    press(page, "j t")
    boxes = page.locator("#retopic input[type=checkbox]")
    was = [box.is_checked() for box in boxes.all()]
    press(page, "1 3 Enter")
    expect_state(page, 0, "open")
    expect(card(page, 0).locator("[data-by-hand]")).to_be_visible()
    expect(card(page, 0)).to_be_focused()
    flipped = [not was[0], was[1], not was[2], was[3]]
    with desk.database() as database, database.read() as tx:
        [decision] = read_decisions(tx)
    assert decision.topics == tuple(t for t, on in zip(TopicLabel, flipped, strict=True) if on)


def test_note_is_kept_when_written_from_the_list(desk, page):
    press(page, "j n")
    page.keyboard.type("ask the desk in Tokyo; a and r are letters here")
    press(page, "Control+Enter")
    expect_state(page, 0, "open1 note")
    with desk.database() as database, database.read() as tx:
        [decision] = read_decisions(tx)
    assert decision.note == "ask the desk in Tokyo; a and r are letters here"


def test_all_that_was_done_is_sent_when_keys_follow_one_another_at_once(desk, page):
    # Between the last answer and the lock's release lies a moment, here a long one.
    page.evaluate("""() => {
      const ask = navigator.locks.request.bind(navigator.locks);
      navigator.locks.request = async (name, work) => {
        await ask(name, work);
        await new Promise((go) => setTimeout(go, 500));
      };
    }""")
    press(page, "j a")
    expect_state(page, 0, "accept")
    press(page, "l")
    expect_state(page, 1, "later")
    assert [verdict for _, verdict in kept(desk)] == [Verdict.ACCEPT, Verdict.LATER]


def test_last_deed_is_undone_wherever_one_is(desk, page):
    press(page, "j a j j z")
    expect_state(page, 0, "open")
    expect(card(page, 0)).to_be_focused()
    assert [verdict for _, verdict in kept(desk)] == [Verdict.ACCEPT, Verdict.UNDO]


def test_several_are_undone_at_once_when_they_were_decided_at_once(desk, page):
    press(page, "j x j x r")
    expect_state(page, 1, "reject")
    press(page, "z")
    expect_state(page, 0, "open")
    expect_state(page, 1, "open")


def test_decision_waits_and_is_shown_as_unsaved_when_the_connection_is_gone(desk, page):
    page.context.set_offline(True)
    press(page, "j a r l")
    expect(page.locator("#waiting")).to_contain_text("3 decisions waiting")
    expect_state(page, 0, "open Accepted, not saved yet")
    assert card(page, 0).locator("button.accept").get_attribute("aria-pressed") == "false"
    assert kept(desk) == []
    page.context.set_offline(False)
    expect(page.locator("#waiting")).to_be_hidden(timeout=20_000)
    expect_state(page, 2, "later")
    assert [verdict for _, verdict in kept(desk)] == [
        Verdict.ACCEPT,
        Verdict.REJECT,
        Verdict.LATER,
    ]


def test_decisions_are_sent_when_the_desk_is_back_and_opened_again(desk, page):
    stories = ids(page)
    desk.stop()
    press(page, "j a r")
    expect(page.locator("#waiting")).to_contain_text("2 decisions waiting")
    context = page.context
    page.close()
    desk.start()
    again = context.new_page()
    again.goto(desk.origin)
    expect_state(again, 1, "reject")
    assert kept(desk) == [(stories[0], Verdict.ACCEPT), (stories[1], Verdict.REJECT)]


def lose_an_answer(page: Any, to: Any) -> list[int]:
    """Let the server do what is asked first, and the page not hear of it; return its status."""
    lost: list[int] = []

    def lose(route: Any) -> None:
        if not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route(to, lose)
    return lost


def test_decision_is_one_when_its_answer_was_lost(desk, page):
    lost = lose_an_answer(page, "**/decide")
    press(page, "j a")
    expect(page.locator("#waiting")).to_contain_text("1 decision waiting")
    desk.stop()  # and the server forgets that it had it
    desk.start()
    page.get_by_role("button", name="Send now").click()
    expect_state(page, 0, "accept")
    assert lost == [200]
    assert len(kept(desk)) == 1


def test_decisions_are_kept_until_one_signs_in_again(desk, page):
    context = page.context
    cookies = context.cookies()
    context.clear_cookies()
    press(page, "j a")
    expect(page.locator("#waiting")).to_contain_text("you are signed out")
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()
    assert kept(desk) == []
    context.add_cookies(cookies)
    page.goto(f"{desk.origin}/?token={TOKEN}")
    expect_state(page, 0, "accept")
    assert len(kept(desk)) == 1


def test_refused_decision_is_told_and_not_shown_as_kept(desk, page):
    first = ids(page)[0]
    with desk.database() as database, database.write() as tx:
        tx.execute(schema.candidates.delete().where(schema.candidates.c.story_id == first))
    press(page, "j a")
    expect(page.get_by_role("alert")).to_contain_text("Not kept, accepted")
    expect_state(page, 0, "open")


def test_selected_stories_are_merged_and_taken_apart_again(desk, page):
    stories = ids(page)
    press(page, "j x j x m")
    expect(page.locator("#merge li")).to_have_count(2)
    page.locator("#merge button[value=save]").focus()
    press(page, "Enter")
    expect(page.locator(f"[id='{stories[1]}']")).to_have_count(0, timeout=60_000)
    expect(page.locator("#said")).to_have_text("Merged: 2 stories are one")
    expect(card(page, 0)).to_be_focused()
    press(page, "z")
    expect(page.locator(f"[id='{stories[1]}']")).to_have_count(1, timeout=60_000)
    with desk.database() as database, database.read() as tx:
        assert [edit.reviewer for edit in read_story_edits(tx)] == ["mio", "mio"]


def test_merge_waits_when_the_connection_is_gone_and_is_kept_when_it_is_back(desk, page):
    stories = ids(page)
    page.context.set_offline(True)
    press(page, "j x j x m")
    page.locator("#merge button[value=save]").focus()
    press(page, "Enter")
    expect(page.locator("#waiting")).to_contain_text("1 change of stories waiting")
    expect_state(page, 1, "open Merged, not saved yet")
    press(page, "a")
    expect(page.locator("#said")).to_contain_text("It is being merged")
    page.context.set_offline(False)
    expect(page.locator(f"[id='{stories[1]}']")).to_have_count(0, timeout=60_000)
    with desk.database() as database, database.read() as tx:
        [edit] = read_story_edits(tx)
    assert {story for _, story in edit.moved} == {stories[0]}
    assert kept(desk) == []


def test_merge_is_one_when_its_answer_was_lost(desk, page):
    stories = ids(page)
    lost = lose_an_answer(page, "**/merge")
    press(page, "j x j x m")
    page.locator("#merge button[value=save]").focus()
    press(page, "Enter")
    expect(page.locator("#waiting")).to_contain_text("1 change of stories waiting", timeout=60_000)
    desk.stop()  # and the server forgets that it had it
    desk.start()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("#said")).to_have_text("Merged: 2 stories are one", timeout=60_000)
    expect(page.locator(f"[id='{stories[1]}']")).to_have_count(0)
    assert lost == [200]
    with desk.database() as database, database.read() as tx:
        assert len(read_story_edits(tx)) == 1


def test_merge_is_taken_back_before_it_arrived(desk, page):
    stories = ids(page)
    page.context.set_offline(True)
    press(page, "j x j x m")
    page.locator("#merge button[value=save]").focus()
    press(page, "Enter")
    press(page, "z")
    expect(page.locator("#waiting")).to_contain_text("2 changes of stories waiting")
    page.context.set_offline(False)
    expect(page.locator("#said")).to_have_text("Undone", timeout=60_000)
    assert stories == ids(page)
    with desk.database() as database, database.read() as tx:
        merged, taken_back = read_story_edits(tx)
    assert taken_back.undoes == merged.id


def test_undoing_a_refused_decision_leaves_the_one_before_it(desk, page):
    first = ids(page)[0]
    press(page, "j a")
    expect_state(page, 0, "accept")
    page.context.set_offline(True)
    press(page, "k n")
    page.keyboard.type("x")
    page.locator("#write textarea").evaluate("it => { it.value = 'n'.repeat(2001) }")
    press(page, "Control+Enter z")
    expect(page.locator("#waiting")).to_contain_text("2 decisions waiting")
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_contain_text("Not kept, noted")
    expect(page.locator("#waiting")).to_be_hidden()
    assert kept(desk) == [(first, Verdict.ACCEPT)]


def test_other_tab_shows_what_was_kept_in_this_one(desk, page):
    beside = page.context.new_page()
    beside.goto(desk.origin)
    press(page, "j a")
    expect_state(beside, 0, "accept")


def test_articles_are_split_off_by_keyboard(desk, page):
    press(page, "j o")
    page.wait_for_url("**/story/**")
    press(page, "s")
    expect(page.locator("[data-split] input[type=checkbox]").first).to_be_focused()
    n = page.locator("article.article").count()
    press(page, "Space Enter")
    expect(page.locator("article.article")).to_have_count(n - 1, timeout=60_000)


def test_other_person_on_a_story_is_told_on_both_pages(desk, page, open_page):
    yuki = Desk(desk.root, reviewer="yuki")
    yuki.start()
    try:
        other = open_page(yuki.url)
        with other.expect_response(lambda r: "/presence" in r.url and r.request.method == "POST"):
            press(other, "j j")
        press(page, "j")
        expect(card(page, 1).locator("[data-here]")).to_have_text("yuki is on this story")
        press(page, "j o")
        expect(page.locator("[data-here]")).to_have_text("yuki is on this story")
    finally:
        yuki.stop()


def test_list_offers_to_go_on_where_one_stopped(desk, page, open_page):
    with page.expect_response(lambda r: "/presence" in r.url and r.request.method == "POST"):
        press(page, "j j j")
    later = open_page(desk.url)
    later.get_by_role("link", name="Continue at candidate 3").click()
    expect(card(later, 2)).to_be_focused()


def test_story_opens_and_leads_back_to_where_one_was(page):
    page.goto(page.url + "?topic=defense")
    press(page, "j j o")
    page.wait_for_url("**/story/**")
    press(page, "b")
    page.wait_for_url("**/?topic=defense#*")
    expect(card(page, 1)).to_be_focused()


def test_search_and_filter_have_their_keys(page):
    press(page, "/")
    page.keyboard.type("Philippines")
    press(page, "Enter")
    page.wait_for_url("**/?*q=Philippines*")
    assert 0 < page.locator("[data-item]").count() < 25
    press(page, "f")
    expect(page.locator("#filter input").first).to_be_focused()


def test_two_keys_lead_to_other_pages(page):
    press(page, "g i")
    page.wait_for_url("**/issues")
    press(page, "g n")
    page.wait_for_url("**/night")


def test_sheet_names_every_key_and_switches_them_off(desk, page):
    press(page, "?")
    expect(page.locator("#keys")).to_be_visible()
    assert page.locator("#keys [data-press]").count() >= 20
    page.get_by_label("Single keys are on").uncheck()
    press(page, "Escape j a")
    expect(page.locator(".card.current")).to_have_count(0)
    page.reload()
    press(page, "j")
    expect(page.locator(".card.current")).to_have_count(0)
    assert kept(desk) == []


def test_buttons_do_all_that_keys_do_on_a_narrow_screen(desk, open_page):
    page = open_page(desk.url, size=NARROW)
    first = card(page, 0)
    first.get_by_role("button", name="Later").click()
    expect_state(page, 0, "later")
    first.get_by_role("button", name="Undo").click()
    expect_state(page, 0, "open")
    first.get_by_role("button", name="Note").click()
    page.get_by_label("What is to be kept in mind").fill("by touch")
    page.locator("#write button[value=save]").click()
    expect_state(page, 0, "open1 note")
    page.get_by_role("link", name="Filters").click()
    page.locator("#filter [value=defense]").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("list", name="Active filters")).to_contain_text("defense")


@pytest.mark.parametrize("path", ["/", "/?q=base&topic=defense", "/#filters"])
def test_nothing_is_wider_than_a_narrow_screen(desk, open_page, path):
    page = open_page(desk.url, size=NARROW)
    page.goto(desk.origin + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


def test_forms_serve_when_there_is_no_script(desk, open_page):
    page = open_page(desk.url, java_script_enabled=False)
    page.locator("#filter [value=trade]").check()
    page.get_by_role("button", name="Apply").click()
    first = page.locator("[data-item]").first
    story = first.get_attribute("id")
    first.get_by_role("button", name="Accept").click()
    assert "topic=trade" in page.url
    assert "Recorded: accept" in page.locator(".status").inner_text()
    assert kept(desk) == [(story, Verdict.ACCEPT)]


def test_several_are_decided_and_merged_when_there_is_no_script(desk, open_page):
    page = open_page(desk.url, java_script_enabled=False)
    stories = ids(page)
    page.get_by_label("Select candidate 1", exact=True).check()
    page.get_by_label("Select candidate 3", exact=True).check()
    page.locator(".several").get_by_role("button", name="Later").click()
    assert kept(desk) == [(stories[0], Verdict.LATER), (stories[2], Verdict.LATER)]
    page.get_by_label("Select candidate 2", exact=True).check()
    page.get_by_label("Select candidate 3", exact=True).check()
    page.locator(".several").get_by_role("button", name="Merge").click()
    page.wait_for_url(f"**/story/{stories[1]}")
    page.goto(desk.origin)
    assert stories[2] not in ids(page)
