from __future__ import annotations

from datetime import date

import pytest

from alliance_nlp.core.types import ToldBefore
from alliance_nlp.review import place_of


@pytest.mark.parametrize(
    ("issue_id", "number", "on", "expected"),
    [
        ("vol-3.7", 2, date(2024, 4, 8), "Vol. 3.7, item 2"),
        ("", 0, date(2024, 4, 8), "the candidate of April 8, 2024"),
        ("", 0, None, "the candidate of an unknown day"),
    ],
)
def test_place_is_told_in_words(issue_id: str, number: int, on: date | None, expected: str) -> None:
    told = ToldBefore(
        story_id="s",
        issue_id=issue_id,
        number=number,
        earlier_story_id="",
        on=on,
        affinity=0.0,
        new=(),
    )
    assert place_of(told) == expected
