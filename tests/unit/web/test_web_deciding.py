"""Decisions as the desk's script sends them: several at once, sent again, taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from alliance_nlp.core.types import TopicLabel, Verdict

JSON = {"Accept": "application/json"}
KEY = "0123456789abcdef"


class Script:
    """What the page's script knows and sends."""

    def __init__(self, served: Any) -> None:
        self.browser = served.browser()
        form = self.browser.form()
        self.csrf, self.seen = form["csrf"], form["seen"]
        self.last: dict[str, int] = {}

    def item(self, story: str = "story-visit") -> list[Any]:
        return [story, self.seen, self.last.get(story, 0)]

    def send(self, verdict: str, *items: Any, **fields: str) -> Any:
        sent = {"csrf": self.csrf, "verdict": verdict, "key": "", **fields}
        sent["items"] = json.dumps(items or [self.item()])
        return self.browser.post("/decide", sent, **JSON)

    def kept(self, verdict: str, *items: Any, **fields: str) -> dict[str, Any]:
        answer = self.send(verdict, *items, **fields)
        assert answer.status == 200, answer.text
        [state] = [s for s in json.loads(answer.text)["stories"] if s["story"] == "story-visit"]
        self.last["story-visit"] = state["last"]
        return dict(state)


@pytest.fixture
def script(own_filled_desk):
    return Script(own_filled_desk)


def verdicts(served: Any) -> list[tuple[str, Verdict]]:
    return [(d.subject, d.verdict) for d in served.decisions()]


def test_several_stories_are_decided_at_once(own_filled_desk, script):
    script.kept("later", script.item(), script.item("story-hostile"))
    assert verdicts(own_filled_desk) == [
        ("story-visit", Verdict.LATER),
        ("story-hostile", Verdict.LATER),
    ]


def test_answer_tells_how_the_story_stands(script):
    script.kept("note", note="look again")
    state = script.kept("accept")
    assert (state["verdict"], state["by"], state["notes"]) == ("accept", "mio", 1)
    assert state["may_undo"] is True


def test_decision_is_one_when_its_key_comes_twice(own_filled_desk, script):
    for _ in range(2):
        script.send("accept", key=KEY)
    assert verdicts(own_filled_desk) == [("story-visit", Verdict.ACCEPT)]


def test_decisions_are_two_when_keys_differ(own_filled_desk, script):
    script.send("accept", key=KEY)
    script.send("accept", key=KEY[::-1])
    assert len(own_filled_desk.decisions()) == 2


def test_decision_sent_again_is_one_when_the_server_forgot_its_key(own_filled_desk, script):
    item = script.item()
    script.send("reject", item, note="told before")
    script.send("reject", item, note="told before", again="yes", key=KEY)
    assert len(own_filled_desk.decisions()) == 1


def test_decision_sent_again_is_kept_when_it_never_arrived(own_filled_desk, script):
    script.kept("accept")
    script.send("reject", again="yes", key=KEY)
    assert [verdict for _, verdict in verdicts(own_filled_desk)] == [Verdict.ACCEPT, Verdict.REJECT]


def test_undo_sent_again_takes_back_one_decision_only(own_filled_desk, script):
    script.kept("later")
    script.kept("accept")
    item = script.item()
    script.send("undo", item)
    script.send("undo", item, again="yes", key=KEY)
    browser = own_filled_desk.browser()
    assert browser.get("/").text.count('<span class="badge later">later</span>') == 1


def test_undo_brings_back_what_stood_before(script):
    script.kept("later")
    script.kept("accept")
    assert script.kept("undo")["verdict"] == "later"


def test_undo_is_refused_when_nothing_of_the_analyst_stands(script):
    answer = script.send("undo")
    assert answer.status == 400
    assert "no decision" in json.loads(answer.text)["refused"][0]["why"]


def test_topics_of_the_analyst_are_shown_when_set(own_filled_desk, script):
    state = script.kept("retopic", topics="energy trade")
    assert state["topics"] == ["trade", "energy"]
    assert own_filled_desk.decisions()[0].topics == (TopicLabel.TRADE, TopicLabel.ENERGY)
    text = own_filled_desk.browser().get("/story/story-visit").text
    assert "topics by hand" in text
    assert ">defense<" not in text.split('<div class="story">')[0]


def test_topics_are_set_when_a_form_without_script_ticks_several(own_filled_desk):
    browser = own_filled_desk.browser()
    fields = {**browser.form(), "verdict": "retopic", "topic": "energy trade"}
    assert browser.post("/story/story-visit/decide", fields).status == 303
    assert own_filled_desk.decisions()[0].topics == (TopicLabel.TRADE, TopicLabel.ENERGY)


def test_list_is_narrowed_by_the_verdict_that_stands(own_filled_desk, script):
    script.kept("accept")
    browser = own_filled_desk.browser()
    assert "story-visit" not in browser.get("/?state=open").text
    assert "story-hostile" not in browser.get("/?state=accept").text


def test_others_are_kept_when_one_story_is_no_candidate(own_filled_desk, script):
    answer = script.send("accept", script.item(), script.item("story-gone"))
    assert [one["story"] for one in json.loads(answer.text)["refused"]] == ["story-gone"]
    assert verdicts(own_filled_desk) == [("story-visit", Verdict.ACCEPT)]


def test_several_are_kept_when_a_form_without_script_ticks_them(own_filled_desk, script):
    shown = f"story-visit {script.seen} story-hostile {script.seen}"
    fields = {"csrf": script.csrf, "verdict": "later", "seen": shown, "list": "topic=defense"}
    answer = script.browser.post(
        "/decide/several", {**fields, "story": "story-visit story-hostile"}
    )
    assert answer.headers["location"] == "/?topic=defense&decided=story-visit#story-visit"
    assert len(own_filled_desk.decisions()) == 2


def test_form_without_script_is_told_what_was_not_kept(own_filled_desk, script):
    shown = f"story-visit {script.seen} story-gone {script.seen}"
    fields = {"csrf": script.csrf, "verdict": "later", "seen": shown}
    answer = script.browser.post("/decide/several", {**fields, "story": "story-visit story-gone"})
    assert answer.status == 400
    assert "1 of 2 were kept. story-gone is not among the newest candidates." in answer.text
    assert verdicts(own_filled_desk) == [("story-visit", Verdict.LATER)]


@pytest.mark.parametrize("story", ["", "story-visit"])
def test_nothing_is_kept_when_a_form_without_script_names_nothing_seen(desk, story):
    script = Script(desk)
    fields = {"csrf": script.csrf, "verdict": "accept", "story": story, "seen": ""}
    assert script.browser.post("/decide/several", fields).status == 400
    assert desk.decisions() == []


@pytest.mark.parametrize(
    ("verdict", "items", "fields"),
    [
        ("maybe", None, {}),
        ("accept", "[]", {}),
        ("accept", "no list", {}),
        ("accept", "[1]", {}),
        ("accept", '[["story-visit"]]', {}),
        ("accept", '[["story-visit", "unseen", 0]]', {}),
        ("accept", "[" * 20_000, {}),
        ("retopic", None, {"topics": "finance"}),
        ("note", None, {"note": "  "}),
        ("note", None, {"note": "x" * 2001}),
    ],
)
def test_nothing_is_kept_when_the_request_is_wrong(desk, verdict, items, fields):
    script = Script(desk)
    sent = {"csrf": script.csrf, "verdict": verdict, **fields}
    sent["items"] = items or json.dumps([script.item()])
    answer = script.browser.post("/decide", sent, **JSON)
    assert answer.status == 400
    assert answer.headers["content-type"].startswith("application/json")
    assert desk.decisions() == []
