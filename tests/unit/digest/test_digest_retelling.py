"""What one report tells, and whether another tells it again in other words."""

from __future__ import annotations

import pytest

from alliance_nlp.digest.retelling import anchors, retells

VOTE = "Hokuto Mills Corp. won the consent of Lakeside Tube shareholders for its bid on May 3."


def test_anchors_are_names_days_and_figures_in_one_writing() -> None:
    text = "Two American ships met Filipino crews off Palawan on May 3, 2024 with 1,200 sailors."
    expected = {"n:2", "us", "philippines", "palawan", "on:May 3", "n:1200"}
    assert anchors(text) == expected


def test_week_is_another_day_than_its_first() -> None:
    assert anchors("They met in the week of May 6.") != anchors("They met on May 6.")


@pytest.mark.parametrize(
    "text",
    [
        "Owners of Lakeside Tube approved the sale to Hokuto Mills on May 3 by 97 percent.",
        "On May 3 Hokuto Mills cleared a vote at Lakeside Tube over its $3 billion offer.",
    ],
)
def test_event_is_retold_when_day_and_names_are_the_same(text: str) -> None:
    assert retells(text, [VOTE], is_event=True)


@pytest.mark.parametrize(
    "text",
    [
        "The union of Lakeside Tube said on May 7 it would fight the bid of Hokuto Mills.",
        "Regulators in Washington are expected to take a year over the file.",
        "The plant in Ohio employs 3,200 people.",
    ],
)
def test_what_is_new_is_not_retold(text: str) -> None:
    assert not retells(text, [VOTE], is_event=True)


def test_figure_of_the_day_is_news_when_it_stands_deep_in_a_report() -> None:
    text = "Lakeside Tube holders tendered 81 percent of the shares to Hokuto Mills on May 3."
    assert not retells(text, [VOTE], is_event=False)
    assert retells(text, [VOTE], is_event=True)


def test_ranking_is_retold_when_the_thing_is_the_same() -> None:
    told = "Indonesia digs more nickel than any other country."
    assert retells("Indonesia is the largest producer of nickel.", [told], is_event=False)
    assert not retells("Indonesia is the largest producer of palm oil.", [told], is_event=False)


def test_nothing_is_retold_when_only_countries_are_shared() -> None:
    told = "Japan and the United States agreed on May 3 to build a telescope."
    text = "Japan lent the United States 40 nurses on May 3."
    assert not retells(text, [told], is_event=False)
