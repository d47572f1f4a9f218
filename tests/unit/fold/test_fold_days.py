from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.fold.days import days_told

FRIDAY = date(2024, 3, 15)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The court ruled on March 12.", date(2024, 3, 12)),
        ("Troops left on 28 February 2024.", date(2024, 2, 28)),
        ("It was signed on Dec. 22.", date(2023, 12, 22)),
        ("Ministers met on Tuesday.", date(2024, 3, 12)),
        ("Ministers met last Friday.", date(2024, 3, 8)),
        ("Ministers met on Monday of last week.", date(2024, 3, 4)),
        ("He spoke yesterday.", date(2024, 3, 14)),
        ("両政府は12日に合意した。", date(2024, 3, 12)),
        ("両政府は28日に合意した。", date(2024, 2, 28)),
        ("昨年12月22日に閣議決定した。", date(2023, 12, 22)),
    ],
)
def test_day_is_found_when_a_text_names_it(text: str, day: date) -> None:
    assert days_told(text, FRIDAY) == {day}


@pytest.mark.parametrize(
    "text",
    ["It ends next Tuesday.", "It begins on July 4.", "It cost 12 dollars.", "30日間の期限", ""],
)
def test_no_day_is_found_when_none_is_past(text: str) -> None:
    assert days_told(text, FRIDAY) == frozenset()


@pytest.mark.parametrize("text", ["It was on February 31.", "13月45日"])
def test_day_that_does_not_exist_is_left_out(text: str) -> None:
    assert days_told(text, FRIDAY) == frozenset()


@given(st.text(), st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)))
def test_days_are_never_after_the_text(text: str, on: date) -> None:
    assert all(day <= on for day in days_told(text, on))
