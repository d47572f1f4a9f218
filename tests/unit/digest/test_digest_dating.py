from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.digest.dating import dated
from alliance_nlp.digest.japanese_dating import dated_japanese

ON = date(2024, 3, 28)  # a Thursday


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Talks ended on Tuesday.", "Talks ended on March 26."),
        ("The port said Monday it had room.", "The port said on March 25 it had room."),
        ("Talks ended early Thursday.", "Talks ended on March 28."),
        ("On Wednesday, both sides met.", "On March 27, both sides met."),
        ("Ministers will meet on Monday.", "Ministers will meet on April 1."),
        ("The vote is to be held Friday.", "The vote is to be held on March 29."),
        ("Ministers agreed after Tuesday's talks.", "Ministers agreed after the March 26 talks."),
        ("A Tuesday night strike hit the port.", "A March 26 strike hit the port."),
        ("The envoy left on Sunday, March 24.", "The envoy left on March 24."),
        ("The envoy left on Sunday (March 24).", "The envoy left on March 24."),
        ("The firms will meet next Tuesday.", "The firms will meet on April 2."),
        ("The drill ran from Monday to Wednesday.", "The drill ran from March 25 to March 27."),
        ("They met on Monday of last week.", "They met on March 18."),
        ("The envoy met the minister yesterday.", "The envoy met the minister on March 27."),
        (
            "The ministry announced today a new rule.",
            "The ministry announced on March 28 a new rule.",
        ),
        ("The plan will be signed tomorrow.", "The plan will be signed on March 29."),
        ("The ship sank two days ago.", "The ship sank on March 26."),
        ("Prices rose last week.", "Prices rose in the week of March 18."),
        ("Prices rose earlier this month.", "Prices rose in March."),
        ("Prices rose late last month.", "Prices rose late in February."),
        ("Work ends by the end of next month.", "Work ends by the end of April."),
        ("Last year's drill was larger.", "The 2023 drill was larger."),
        ("The pact was signed last August.", "The pact was signed in August 2023."),
        ("The pact was signed in August last year.", "The pact was signed in August 2023."),
        ("Work starts next spring.", "Work starts in the spring of 2025."),
    ],
)
def test_relative_day_becomes_a_date(text: str, told: str) -> None:
    assert dated(text, ON) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("They met last Wednesday in London.", "They met in London."),  # of this week or the last
        (
            "The threats that Japan faces today are grave.",
            "The threats that Japan faces are grave.",
        ),
        ("What happens here may happen there tomorrow.", "What happens here may happen there."),
        ("Rates fell three weeks ago, traders said.", "Rates fell, traders said."),
        ("The act, signed last winter, holds.", "The act holds."),
    ],
)
def test_what_cannot_be_told_is_left_out(text: str, told: str) -> None:
    assert dated(text, ON) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Talks ended on Tuesday.", "Talks ended."),
        ("On Tuesday, talks ended.", "Talks ended."),
        ("The port said Monday it had room.", "The port said it had room."),
        ("Ministers agreed after Tuesday's talks.", "Ministers agreed after the talks."),
        ("Prices rose last month in Tokyo.", "Prices rose in Tokyo."),
    ],
)
def test_day_is_left_out_where_the_article_is_undated(text: str, told: str) -> None:
    assert dated(text, None) == told


@pytest.mark.parametrize(
    "text",
    [
        "The law holds from Tuesday.",
        "Work ends by the end of last winter.",
        "The minister said: “We agreed yesterday.”",
    ],
)
def test_sentence_that_would_miss_its_day_is_not_for_use(text: str) -> None:
    assert dated(text, None) is None


@pytest.mark.parametrize(
    "text",
    [
        "Shops open every Monday.",
        "The Black Friday sales began.",
        "In the last year of the war prices rose.",
        "The minister said: “We met on Monday.”",
        "Work began on March 3.",
        "He spoke of the 15 years since.",
    ],
)
def test_what_is_no_relative_day_stays(text: str) -> None:
    assert dated(text, ON) == text


def test_year_is_told_where_it_is_another() -> None:
    assert dated("Talks ended on Friday.", date(2024, 1, 2)) == "Talks ended on December 29, 2023."


@settings(deadline=None)
@given(st.dates(date(1990, 1, 8), date(2090, 1, 1)), st.sampled_from(["said", "left", "agreed"]))
def test_past_weekday_is_never_after_the_paper(on: date, verb: str) -> None:
    for back in range(6):
        day = on - timedelta(days=back)
        told = dated(f"The envoy {verb} on {day:%A} in Tokyo.", on)
        shown = f"{day:%B} {day.day}" + (f", {day.year}" if day.year != on.year else "")
        assert told == f"The envoy {verb} on {shown} in Tokyo."


@settings(deadline=None)
@given(st.text(max_size=60), st.none() | st.dates())
def test_any_text_is_dated_or_refused_in_either_language(text: str, on: date | None) -> None:
    for told in (dated(text, on), dated_japanese(text, on)):
        assert told is None or "\x00" not in told or "\x00" in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("政府は昨日、方針を決めた。", "政府は3月27日、方針を決めた。"),
        ("政府は27日、方針を決めた。", "政府は3月27日、方針を決めた。"),
        ("政府は31日に方針を決める。", "政府は3月31日に方針を決める。"),
        ("政府は二十七日、方針を決めた。", "政府は3月27日、方針を決めた。"),
        ("港は来月に開く。", "港は4月に開く。"),
        ("港は昨年開いた。", "港は2023年開いた。"),
        ("港は先週、開いた。", "港は3月18日の週に、開いた。"),
        ("港は4月8日に開く。", "港は4月8日に開く。"),
        ("訓練は8日間続いた。", "訓練は8日間続いた。"),
        ("首相は「昨日決めた」と述べた。", "首相は「昨日決めた」と述べた。"),
    ],
)
def test_relative_day_in_japanese_becomes_a_date(text: str, told: str) -> None:
    assert dated_japanese(text, ON) == told


def test_same_day_in_japanese_is_that_which_the_article_named_last() -> None:
    before = "3月5日に会談した。25日に署名した。"
    assert dated_japanese("同日、声明も出した。", ON, before=before) == "3月25日、声明も出した。"


def test_same_day_in_japanese_without_a_day_before_is_left_out() -> None:
    assert dated_japanese("同日、声明も出した。", ON) == "声明も出した。"
