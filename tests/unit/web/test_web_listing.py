"""Saved views, presence, and merging and splitting in the browser."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from alliance_nlp.core.clock import now
from alliance_nlp.core.types import Presence
from alliance_nlp.store import read_stories, save_presence

JSON = {"Accept": "application/json"}


def cards(text: str) -> list[str]:
    return re.findall(r'<article class="card[^"]*" id="([^"]+)"', text)


def test_list_is_narrowed_by_topic(seen):
    assert cards(seen.browser().get("/?topic=trade").text) == ["story-tariff"]


def test_list_is_narrowed_by_words(seen):
    assert cards(seen.browser().get("/?q=sasebo").text) == ["story-pier", "story-pier-2"]


def test_list_is_narrowed_by_novelty(seen):
    assert cards(seen.browser().get("/?novelty=repeat").text) == ["story-tariff"]


def topic_counts(text: str) -> dict[str, int]:
    rows = r'name="topic" value="([^"]+)".*?<span class="count">(\d+)</span>'
    return {label: int(n) for label, n in re.findall(rows, text)}


def test_topics_are_counted_by_the_analysts_word_when_there_is_one(ranked):
    browser = ranked.browser()
    before = topic_counts(browser.get("/").text)
    for story in ("story-pier", "story-tariff"):
        fields = {**browser.form(f"/story/{story}"), "verdict": "retopic", "topic": "energy"}
        browser.post(f"/story/{story}/decide", fields)
    assert before == {"defense": 2, "trade": 1}
    assert topic_counts(browser.get("/").text) == {"energy": 2, "defense": 1}
    assert cards(browser.get("/?topic=energy").text) == ["story-pier", "story-tariff"]


def test_topics_are_the_classifiers_again_when_the_word_was_taken_back(ranked):
    browser = ranked.browser()
    fields = {**browser.form("/story/story-pier"), "verdict": "retopic", "topic": ""}
    browser.post("/story/story-pier/decide", fields)
    assert topic_counts(browser.get("/").text) == {"defense": 1, "trade": 1}
    browser.post("/story/story-pier/decide", {**fields, "verdict": "undo"})
    assert topic_counts(browser.get("/").text) == {"defense": 2, "trade": 1}


def test_list_says_so_when_nothing_matches(seen):
    text = seen.browser().get("/?q=nowhere-at-all").text
    assert "Nothing matches" in text
    assert 'name="q" form="filter" value="nowhere-at-all"' in text


def test_hostile_filter_is_shown_as_text(seen):
    text = seen.browser().get("/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&entity=%3Cb%3E").text
    assert "<script>alert" not in text
    assert "<b>" not in text


def test_story_leads_to_the_next_one_within_the_filter(seen):
    text = seen.browser().get("/story/story-pier?q=sasebo").text
    assert 'href="/story/story-pier-2?q=sasebo" rel="next"' in text


def test_view_is_offered_when_it_was_saved(ranked):
    browser = ranked.browser()
    fields = {"csrf": browser.form("/")["csrf"], "name": " Trade  only ", "list": "topic=trade"}
    assert browser.post("/views", fields).headers["location"] == "/?topic=trade"
    assert '<a href="/?topic=trade">Trade only</a>' in browser.get("/").text


def test_view_is_gone_when_it_was_forgotten(ranked):
    browser = ranked.browser()
    fields = {"csrf": browser.form("/")["csrf"], "name": "Trade", "list": "topic=trade"}
    browser.post("/views", fields)
    browser.post("/views/delete", fields)
    assert ">Trade<" not in browser.get("/").text


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_view_is_refused_when_its_name_is_none(seen, name):
    browser = seen.browser()
    fields = {"csrf": browser.form("/")["csrf"], "name": name, "list": "topic=trade"}
    assert browser.post("/views", fields).status == 400


def test_other_person_on_a_story_is_told(ranked):
    yuki = Presence(account="yuki", place="/", subject="story-pier", at=now())
    gone = Presence(account="ken", place="/", subject="story-pier", at=now() - timedelta(minutes=5))
    with ranked.seed.database.write() as tx:
        save_presence(tx, yuki)
        save_presence(tx, gone)
    answer = json.loads(ranked.browser().get("/presence", **JSON).text)
    assert answer == {"others": [{"who": "yuki", "story": "story-pier"}]}


def test_oneself_is_nobody_else(ranked):
    browser = ranked.browser()
    fields = {"csrf": browser.form("/")["csrf"], "place": "/", "subject": "story-pier"}
    assert json.loads(browser.post("/presence", fields, **JSON).text) == {"others": []}


def stop_at(ranked, place: str, subject: str = "story-pier-2") -> str:
    browser = ranked.browser()
    fields = {"csrf": browser.form("/")["csrf"], "place": place, "subject": subject}
    browser.post("/presence", fields, **JSON)
    found = re.search(r'<a href="([^"]*)" data-resume>([^<]*)', browser.get("/").text)
    return f"{found[1]} {found[2]}" if found else ""


def test_list_offers_to_go_on_where_one_stopped(ranked):
    wanted = "/?q=sasebo#story-pier-2 Continue at candidate 3"
    assert stop_at(ranked, "/?q=sasebo&after=0") == wanted


def test_story_page_is_offered_when_one_stopped_there(ranked):
    assert stop_at(ranked, "/story/story-pier-2").startswith("/story/story-pier-2 ")


def test_link_stays_here_when_the_place_is_elsewhere(ranked):
    assert stop_at(ranked, "//evil.example/").startswith("/#story-pier-2 ")


def test_nothing_is_offered_when_the_story_left_the_ranking(ranked):
    assert stop_at(ranked, "/", "story-gone") == ""


def test_stories_become_one_when_merged(ranked):
    browser = ranked.browser()
    fields = {"csrf": browser.form("/")["csrf"], "story": "story-pier story-pier-2"}
    answer = json.loads(browser.post("/merge", fields, **JSON).text)
    assert answer["emptied"] == ["story-pier-2"]
    assert cards(browser.get("/").text) == ["story-pier", "story-tariff"]


def test_merge_is_taken_back_when_undone(ranked):
    browser = ranked.browser()
    csrf = browser.form("/")["csrf"]
    fields = {"csrf": csrf, "story": "story-pier story-pier-2"}
    edit = json.loads(browser.post("/merge", fields, **JSON).text)["edit"]
    assert browser.post(f"/edits/{edit}/undo", {"csrf": csrf}, **JSON).status == 200
    assert "story-pier-2" in cards(browser.get("/").text)


def test_merge_is_refused_when_one_story_is_named(seen):
    browser = seen.browser()
    fields = {"csrf": browser.form("/")["csrf"], "story": "story-pier"}
    answer = browser.post("/merge", fields, **JSON)
    assert answer.status == 400
    assert "two stories" in json.loads(answer.text)["error"]


def test_article_gets_a_story_of_its_own_when_split_off(own_filled_desk):
    with own_filled_desk.seed.database.read() as tx:
        ids = read_stories(tx, ["story-visit"])["story-visit"].article_ids
    browser = own_filled_desk.browser()
    fields = {"csrf": browser.form()["csrf"], "article": ids[1]}
    answer = browser.post("/story/story-visit/split", fields)
    assert answer.headers["location"] == "/story/story-visit"
    with own_filled_desk.seed.database.read() as tx:
        assert read_stories(tx, ["story-visit"])["story-visit"].article_ids == ids[:1]
