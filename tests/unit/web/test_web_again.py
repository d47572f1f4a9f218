"""What comes twice because its answer was lost, and what comes late."""

from __future__ import annotations

import json
from typing import Any

import pytest

from alliance_nlp.core.types import EditKind, StoryEdit
from alliance_nlp.store import read_audit, read_story_edits

JSON = {"Accept": "application/json"}
KEY = "fedcba9876543210"


@pytest.fixture
def browser(own_filled_desk: Any) -> Any:
    return own_filled_desk.browser()


def edits(served: Any) -> list[StoryEdit]:
    with served.seed.database.read() as tx:
        return read_story_edits(tx)


def told(served: Any) -> list[tuple[str, str, str]]:
    with served.seed.database.read() as tx:
        return [(e.action, e.subject, e.detail) for _, e in read_audit(tx, before=None, n=10)]


def merge(browser: Any, **fields: str) -> Any:
    sent = {"csrf": browser.form()["csrf"], "story": "story-visit story-hostile", **fields}
    return browser.post("/merge", sent, **JSON)


def test_merge_is_one_when_its_key_comes_twice(own_filled_desk, browser):
    answers = [merge(browser, key=KEY).text for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(edits(own_filled_desk)) == 1


def test_merge_sent_again_is_one_when_the_server_forgot_its_key(own_filled_desk, browser):
    first = json.loads(merge(browser).text)
    again = json.loads(merge(browser, key=KEY, again="yes").text)
    assert again["edit"] == first["edit"]
    assert again["emptied"] == ["story-hostile"]
    assert len(edits(own_filled_desk)) == 1


def test_merge_sent_again_is_made_when_it_never_arrived(own_filled_desk, browser):
    assert merge(browser, key=KEY, again="yes").status == 200
    assert [edit.kind for edit in edits(own_filled_desk)] == [EditKind.MERGE]


def test_merge_sent_again_is_made_when_one_like_it_was_undone_before(own_filled_desk, browser):
    edit = json.loads(merge(browser).text)["edit"]
    browser.post(f"/edits/{edit}/undo", {"csrf": browser.form()["csrf"]}, **JSON)
    merge(browser, key=KEY, again="yes")
    kinds = [one.kind for one in edits(own_filled_desk)]
    assert kinds == [EditKind.MERGE, EditKind.UNDO, EditKind.MERGE]


def test_undo_of_a_merge_is_one_when_sent_again(own_filled_desk, browser):
    edit = json.loads(merge(browser).text)["edit"]
    fields = {"csrf": browser.form()["csrf"], "again": "yes", "key": KEY}
    answers = [browser.post(f"/edits/{edit}/undo", fields, **JSON) for _ in range(2)]
    fields["key"] = KEY[::-1]
    answers.append(browser.post(f"/edits/{edit}/undo", fields, **JSON))
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert len(edits(own_filled_desk)) == 2


@pytest.mark.parametrize("made", ["2024-04-15T05:30:00.000Z", "2024-04-15T14:30:00+09:00"])
def test_late_decision_keeps_when_it_was_made(own_filled_desk, browser, made):
    fields = {**browser.form(), "verdict": "later", "made": made}
    browser.post("/story/story-visit/decide", fields)
    [decision] = own_filled_desk.decisions()
    said = f"later, number {decision.id}: made 2024-04-15 05:30:00 UTC by the browser's clock"
    assert told(own_filled_desk) == [("kept-late", "story-visit", said)]
    assert "had no connection when deciding on" in browser.get("/audit").text


def test_late_merge_keeps_when_it_was_made(own_filled_desk, browser):
    merge(browser, made="2024-04-15T05:30:00Z")
    [(action, subject, detail)] = told(own_filled_desk)
    assert (action, subject) == ("kept-late", "story-visit")
    assert detail.startswith("merge, number 1: made 2024-04-15 05:30:00 UTC")


@pytest.mark.parametrize("made", ["", "yesterday", "0001-01-01T00:00:00+14:00", "9" * 400])
def test_decision_is_kept_when_its_time_is_none(own_filled_desk, browser, made):
    fields = {**browser.form(), "verdict": "later", "made": made}
    assert browser.post("/story/story-visit/decide", fields).status == 303
    assert told(own_filled_desk) == []
