from __future__ import annotations

import re
from html import unescape

import pytest

from alliance_nlp.core.types import Verdict
from alliance_nlp.review import seen_hash
from alliance_nlp.store import read_candidates, read_stories


def test_candidates_tell_what_to_do_when_nothing_was_ranked(empty_browser):
    text = empty_browser.get("/").text
    assert "No candidates yet" in text
    assert "alliance-nlp nightly" in text


def test_night_and_issues_tell_what_to_do_when_empty(empty_browser):
    assert "alliance-nlp nightly" in empty_browser.get("/night").text
    assert "alliance-nlp digest draft" in empty_browser.get("/issues").text


def test_candidates_stand_in_order_of_rank(browser):
    text = browser.get("/").text
    ids = re.findall(r'<article class="card[^"]*" id="([^"]+)"', text)
    assert ids == ["story-visit", "story-hostile"]
    assert "2 outlets, 2 articles" in text
    assert "April 14, 2024" in text
    assert ">defense<" in text


def test_entity_chip_shows_the_fullest_name(browser):
    text = browser.get("/").text
    assert re.search(r"official</span> Fumio Kishida <span class=\"n\">×2", text)


def test_reasons_sum_to_the_logit(browser):
    text = browser.get("/story/story-visit").text
    table = text[text.index('class="reasons"') : text.index("</table>")]
    numbers = re.findall(r'class="number">([+−][\d.]+)<', table)
    *parts, total = (float(number.replace("−", "-")) for number in numbers)
    assert sum(parts) == pytest.approx(total, abs=0.005 * (len(parts) + 1))
    assert "highest probability of bearing on the alliance" in table


def test_bars_start_where_the_one_before_ended(browser):
    text = browser.get("/").text
    chart = re.search(r"<svg class=\"waterfall\".*?</svg>", text, re.S)
    assert chart
    found = re.findall(r'class="(\w+)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', chart[0])
    ends = [(k, float(x), float(x) + float(w)) for k, x, w in found]
    at = ends[0][1]  # the bias runs down from zero
    for kind, left, right in ends[1:-1]:
        assert (left if kind == "up" else right) == pytest.approx(at, abs=0.05)
        at = right if kind == "up" else left
    assert ends[-1][1] == pytest.approx(at, abs=0.05)


def test_entities_are_marked_at_their_offsets(browser):
    text = browser.get("/story/story-visit").text
    marks = re.findall(r'<mark class="(\w+)" title="([^"]*)">([^<]*)</mark>', text)
    assert [(kind, surface) for kind, _, surface in marks] == [
        ("official", "Kishida"),
        ("official", "Fumio Kishida"),
        ("base", "MCAS Futenma"),
    ]
    assert marks[0][1] == (
        "Fumio Kishida: Prime Minister; Lower House member on 2024-04-14 (kishida-fumio), "
        "found by table"
    )


def test_article_text_is_unchanged_by_marking(browser):
    text = browser.get("/story/story-visit").text
    body = re.search(r'<div class="text".*?</div>', text, re.S)
    assert body
    paragraphs = re.findall(r"<p>(.*?)</p>", body[0], re.S)
    plain = [unescape(re.sub(r"</?mark[^>]*>", "", paragraph)) for paragraph in paragraphs]
    assert plain == [
        "Kishida met Biden & <b>aides</b>.",
        "Mr. Fumio Kishida praised 日米 ties at MCAS Futenma.",
    ]


def test_story_names_original_and_archive(browser):
    text = browser.get("/story/story-visit").text
    assert '<a href="https://harbor.example/1" target="_blank" rel="noopener noreferrer"' in text
    assert "night-1.warc.gz, bytes 1000 to 1900" in text


def test_page_says_so_when_story_is_unknown(browser):
    answer = browser.get("/story/story-%3Cb%3E")
    assert answer.status == 404
    assert "There is no story story-&lt;b&gt;." in answer.text


def test_page_says_so_when_address_is_unknown(browser):
    answer = browser.get("/nowhere")
    assert answer.status == 404
    assert "There is no such page." in answer.text


def test_story_cannot_be_decided_when_it_is_not_ranked(own_filled_desk):
    seed, browser = own_filled_desk.seed, own_filled_desk.browser()
    seed.story("story-old", seed.article("Old news", "It was long ago."))
    text = browser.get("/story/story-old").text
    assert "not among the newest run" in unescape(text)
    assert "<form class" not in text
    fields = {**browser.form(), "verdict": "accept"}
    assert browser.post("/story/story-old/decide", fields).status == 404


def test_decision_is_appended_when_posted(own_filled_desk):
    answer = own_filled_desk.decide({"verdict": "later", "note": "wait for\r\nthe text \x00"})
    assert answer.status == 303
    (decision,) = own_filled_desk.decisions()
    assert decision.subject == "story-visit"
    assert decision.verdict is Verdict.LATER
    assert decision.reviewer == "mio"
    assert decision.note == "wait for\nthe text"
    with own_filled_desk.seed.database.read() as tx:
        story = read_stories(tx, ["story-visit"])["story-visit"]
        candidate = read_candidates(tx)[0]
    assert decision.seen_hash == seen_hash(story, candidate)


def test_earlier_decision_stays_when_mind_changes(own_filled_desk):
    own_filled_desk.decide({"verdict": "accept"})
    own_filled_desk.decide({"verdict": "reject", "note": "told before"})
    verdicts = [decision.verdict for decision in own_filled_desk.decisions()]
    assert verdicts == [Verdict.ACCEPT, Verdict.REJECT]
    text = own_filled_desk.browser().get("/story/story-visit").text
    shown = text[text.index('<ol class="decisions"') :]
    assert shown.index("reject") < shown.index("told before") < shown.index("accept")


def test_decision_on_the_list_leads_to_the_next_candidate(own_filled_desk):
    browser = own_filled_desk.browser()
    fields = {**browser.form("/"), "verdict": "accept"}
    answer = browser.post("/story/story-visit/decide", fields)
    assert answer.headers["location"] == "/?decided=story-visit#story-hostile"
    text = browser.get(answer.headers["location"].split("#")[0]).text
    assert 'role="status">Recorded: <strong>accept</strong>' in text


def test_decision_on_a_story_stays_on_it(own_filled_desk):
    location = own_filled_desk.decide().headers["location"]
    assert location == "/story/story-visit?decided=story-visit"
    assert 'aria-pressed="true">Accept' in own_filled_desk.browser().get(location).text


def test_redirect_stays_here_when_form_asks_otherwise(own_filled_desk):
    answer = own_filled_desk.decide({"back": "https://evil.example", "after": "//evil.example"})
    assert answer.headers["location"] == "/?decided=story-visit#story-hostile"


@pytest.mark.parametrize(
    "changes",
    [{"verdict": "maybe"}, {"verdict": ""}, {"seen": ""}, {"seen": "x" * 33}, {"note": "x" * 2001}],
)
def test_nothing_is_kept_when_form_is_wrong(desk, changes):
    assert desk.decide(changes).status == 400
    assert desk.decisions() == []


def test_candidates_come_in_pages_when_there_are_many(own_desk):
    seed, browser = own_desk.seed, own_desk.browser()
    stories = [
        seed.story(f"story-{n}", seed.article(f"Story number {n}", f"Text {n}."))
        for n in range(1, 53)
    ]
    seed.rank(*stories)
    first = browser.get("/").text
    assert first.count("data-item") == 50
    assert 'href="/?after=50"' in first
    second = browser.get("/?after=50").text
    assert re.findall(r'id="(story-\d+)" data-item', second) == ["story-51", "story-52"]


def test_night_shows_ledger_and_problems(browser):
    text = browser.get("/night").text
    assert "Every stage adds up" in text
    assert "crashed 1, wall 1" in text
    assert "the page broke the parser" in text


def test_issue_shows_each_sentence_with_its_passage(browser):
    assert 'href="/issue/vol-2.6"' in browser.get("/issues").text
    text = browser.get("/issue/vol-2.6/versions/1").text
    assert 'The leaders met.</span><sup><a href="#source-1"' in text
    assert "Kishida met Biden &amp; &lt;b&gt;aides&lt;/b&gt;.</blockquote>" in text


def test_page_says_so_when_issue_is_unknown(browser):
    assert browser.get("/issue/vol-9.9").status == 404


def test_decided_story_is_asked_again_when_articles_and_reasons_changed(own_filled_desk):
    own_filled_desk.decide({"verdict": "reject", "seen": f"{'0' * 16}-{'1' * 16}"})
    assert "decide again" in own_filled_desk.browser().get("/").text


def test_flag_tells_how_many_articles_carry_it(own_desk):
    seed = own_desk.seed
    plain, view = seed.article("Plain", "One."), seed.article("View", "Two.", flags=("opinion",))
    seed.rank(seed.story("story-both", plain, view))
    assert "opinion (1 of 2)" in own_desk.browser().get("/").text


def test_page_carries_the_sentence_when_the_database_refuses(own_filled_desk):
    browser = own_filled_desk.browser()
    with own_filled_desk.seed.database.write() as tx:
        tx.exec_driver_sql("DROP TABLE candidates")
    answer = browser.get("/")
    assert answer.status == 500
    assert "nothing of this transaction was kept" in answer.text
    assert "content-security-policy" in answer.headers


def test_headline_is_cut_when_it_goes_on_and_on(own_desk):
    seed = own_desk.seed
    seed.rank(seed.story("story-long", seed.article("W" * 5000, "One.")))
    assert "W" * 240 not in own_desk.browser().get("/").text
