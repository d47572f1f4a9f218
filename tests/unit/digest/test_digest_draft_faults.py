"""Faults that editors found in drafts, each with a story that had it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from draft_samples import make_article

from alliance_nlp.core.types import Article, IssueItem
from alliance_nlp.digest import DraftStory, draft_item
from alliance_nlp.digest.casing import cased
from alliance_nlp.digest.dating import dated
from alliance_nlp.digest.naming import cast_of
from alliance_nlp.digest.standing import after_dateline, follows_another, looks_back, stands_alone

LEAD = "Japan and Chile signed a pact on harbor pilots in Valparaiso on March 25."
MORE = "The first two pilots of each navy will change places in Kobe in March 2025."


def _draft(*articles: Article) -> IssueItem:
    item = draft_item(DraftStory(story_id="s", articles=articles, mentions={}))
    assert item is not None
    return item


def test_one_outlets_report_met_at_two_addresses_is_cited_once() -> None:
    one = make_article("a", f"{LEAD} {MORE}", title="Pilots", outlet="Port Gazette")
    other = replace(one, id="b")
    cited = {source.article_id for s in _draft(one, other).sentences for source in s.sources}
    assert cited == {"a"}


def test_same_report_in_two_outlets_is_cited_twice() -> None:
    one = make_article("a", f"{LEAD} {MORE}", title="Pilots", outlet="Port Gazette")
    other = replace(one, id="b", outlet="Harbor News")
    cited = {source.article_id for s in _draft(one, other).sentences for source in s.sources}
    assert cited == {"a", "b"}


def test_event_that_another_report_words_otherwise_is_told_once() -> None:
    vote = "Hokuto Mills won over the owners of Lakeside Tube on March 26, with months to go."
    again = "Holders of Lakeside Tube voted on March 26 to sell to Hokuto Mills for $3 a share."
    new = "Regulators in Ottawa will look at what the sale means for pipes used by its navy."
    item = _draft(make_article("a", vote), make_article("b", f"{again} {new}"))
    assert sum("March 26" in sentence.text for sentence in item.sentences) == 1
    assert any("Ottawa" in sentence.text for sentence in item.sentences)


def test_lead_with_the_figures_goes_before_one_without() -> None:
    vote = "Hokuto Mills won over the owners of Lakeside Tube on March 26, with months to go."
    again = "Holders of Lakeside Tube voted on March 26 to sell to Hokuto Mills for $3 a share."
    assert "$3" in _draft(make_article("a", vote), make_article("b", again)).sentences[0].text


def test_sentence_that_looks_back_never_leads() -> None:
    text = f"The two ministers spoke for an hour on March 25 about pilots and tugs. {LEAD}"
    assert _draft(make_article("a", text)).sentences[0].text == LEAD


@pytest.mark.parametrize("start", ["The two leaders", "The plan", "Both sides", "The delegation"])
def test_opening_on_something_known_looks_back(start: str) -> None:
    assert looks_back(f"{start} said on May 3 that tugs were short in Kobe.")


@pytest.mark.parametrize("start", ["The leaders of Peru", "The ministry", "The plan for Kobe"])
def test_opening_that_says_what_it_is_does_not_look_back(start: str) -> None:
    assert not looks_back(f"{start} said on May 3 that tugs were short in Kobe.")


@pytest.mark.parametrize(
    "text",
    [
        "Peru will send a tug a week later for repairs in Kobe.",
        "The new forum in Lima is a chance to cure this, members said.",
        "Two days later the tug left the port of Kobe for Lima.",
    ],
)
def test_sentence_that_points_at_another_follows_it(text: str) -> None:
    assert follows_another(text)


@pytest.mark.parametrize(
    "text",
    [
        "The answer is far from clear to pilots in the port of Kobe.",
        "Not the kind of peace that pilots in the port of Kobe wanted.",
        "Harbor Pilots Of Kobe Win Their Case Against The City.",
        "President, the tug that sank off Kobe tells me all is not well.",
        "Mr. President, the tug that sank off Kobe was built in Lima.",
    ],
)
def test_scrap_does_not_stand_alone(text: str) -> None:
    assert not stands_alone(text)


def test_place_in_capitals_with_a_colon_is_a_dateline() -> None:
    text = "NEW LIMA: Ministers of both countries met on the pier."
    assert text[after_dateline(text, 0, len(text)) :].startswith("Ministers")


def test_day_of_the_deed_is_not_said_again_with_who_said_so() -> None:
    said = "A tug sank off Kobe on Wednesday, the coast guard said Wednesday."
    assert (
        dated(said, date(2024, 3, 28)) == "A tug sank off Kobe on March 27, the coast guard said."
    )


def test_other_day_of_saying_stays() -> None:
    said = "A tug sank off Kobe on Tuesday, the coast guard said Wednesday."
    told = "A tug sank off Kobe on March 26, the coast guard said on March 27."
    assert dated(said, date(2024, 3, 28)) == told


def test_office_behind_a_name_is_left_out_before_a_possessive() -> None:
    text = "Ana Torres, a harbor pilot and analyst, said so. Kobe marks Ana Torres’ years at sea."
    cast = cast_of([make_article("a", text)], {}, {})
    assert cast.introduced("Kobe marks Ana Torres’ years.") == "Kobe marks Ana Torres’ years."


def test_heading_in_capitals_does_not_tell_how_its_words_are_written() -> None:
    title = "SENATOR ORTEGA HAILS MAJOR FUNDING FOR HARBOR TUGS"
    text = f"{title} Senator Ortega said on May 3 that tugs will be funded by the port."
    assert cased(title, [text]) == "Senator Ortega hails major funding for harbor tugs"
