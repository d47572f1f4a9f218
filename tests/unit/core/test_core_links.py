"""Addresses to open."""

from __future__ import annotations

import pytest

from alliance_nlp.core.urls import without_tracking


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("http://a.example/s?utm_source=atom", "http://a.example/s"),
        ("http://a.example/s?id=7&utm_medium=rss&b=%20x#top", "http://a.example/s?id=7&b=%20x"),
        ("https://A.example/S/?q", "https://A.example/S/?q"),
        ("file:///inbox/a%20b.txt", "file:///inbox/a%20b.txt"),
    ],
)
def test_only_what_names_the_way_is_taken_off(given: str, wanted: str) -> None:
    assert without_tracking(given) == wanted
