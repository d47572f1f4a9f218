from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.vectors import bridge_vectors
from alliance_nlp.vectors.bridge import numbers

ENGLISH = (
    "Tokyo and Washington agreed on tariffs on cars. Duties fall to 15 percent for 350,000 cars."
)
JAPANESE = "日米両政府は自動車の関税で合意した。35万台に15%の関税がかかる。"
OTHER = "The Okinawa governor sued over the Henoko landfill near Camp Schwab and its 71,000 piles."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("350,000 cars", ["3.5e+05"]),
        ("35万台", ["3.5e+05"]),
        ("3億5000万円", ["3.5e+08"]),
        ("$350 million", ["3.5e+08"]),
        ("1.5兆円", ["1.5e+12"]),
        ("３５万台", ["3.5e+05"]),
        ("in 2024, on May 3", []),
    ],
)
def test_numbers_have_one_notation_in_both_languages(text: str, expected: list[str]) -> None:
    assert list(numbers(text)) == expected


def test_reports_of_one_event_are_alike_across_languages() -> None:
    X = bridge_vectors([ENGLISH, JAPANESE, OTHER])
    alike = (X @ X.T).toarray()
    assert alike[0, 1] > alike[0, 2]
    assert alike[0, 1] > alike[1, 2]


@given(st.lists(st.text(max_size=60), max_size=5))
def test_rows_have_unit_length_or_none(texts: list[str]) -> None:
    X = bridge_vectors(texts)
    lengths = np.sqrt(np.asarray(X.multiply(X).sum(axis=1)).ravel())
    assert len(lengths) == len(texts)
    assert all(np.isclose(length, 0) or np.isclose(length, 1) for length in lengths)
