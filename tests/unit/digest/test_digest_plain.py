from __future__ import annotations

from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.digest.issue_samples import (
    ARTICLES,
    BIDI,
    LONG_WORD,
    any_words,
    issue,
    one,
    squeezed,
)

from alliance_nlp.digest import parse_issue, render_text
from alliance_nlp.digest.plain import WIDTH, wrapped


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def test_text_lists_headlines_details_and_sources() -> None:
    text = render_text(issue(), ARTICLES)
    assert text.index("Headlines:") < text.index("Details:") < text.index("Sources:")
    assert "  • Ministers settle who pays for pier repairs\n" in text
    assert "  [2] Ōsaka Maritime Review, “Kōchi’s pilots ask for a calendar”" in text


def test_text_marks_sentences_with_their_sources() -> None:
    text = " ".join(render_text(issue(), ARTICLES).split())
    assert "half of 1.2 billion yen.[1] Pilots of Kōchi ask for a calendar of drills.[1][2]" in text


def test_addresses_stay_whole() -> None:
    lines = render_text(issue(), ARTICLES).splitlines()
    assert "      https://www.gazette.example/a?page=1&lang=en" in lines


def test_text_without_sources_has_no_list_of_them() -> None:
    assert "Sources:" not in render_text(issue(), {})


def test_text_is_read_back() -> None:
    long = "Work on two piers at Sasebo begins in March and ends before the rains, say engineers. "
    found = parse_issue(render_text(one("Piers to be mended", (long * 4).strip()), {}))
    assert found.items[0].bullet == (long * 4).strip()


@pytest.mark.parametrize("text", [BIDI, LONG_WORD, "one\r\nline", ""])
def test_text_survives_hostile_text(text: str) -> None:
    found = render_text(one(text, text, title=text, footer=text), ARTICLES)
    assert "\x00" not in found
    assert found.encode()


@given(st.text(alphabet="ab c日本。、（）", max_size=200), st.integers(10, 40))
def test_lines_keep_to_their_width(text: str, width: int) -> None:
    lines = wrapped(" ".join(text.split()), width)
    assert squeezed("".join(lines)) == squeezed(text)
    # Only what may not be parted is longer: a word, or a character with its punctuation.
    assert all(_columns(line) <= width or " " not in line for line in lines)


@given(any_words)
def test_text_gives_the_words_back(text: str) -> None:
    assert squeezed(text) in squeezed(render_text(one("Piers", text), {}))


def test_lines_are_72_columns_wide() -> None:
    lines = render_text(one("Piers", "Work on two piers begins. " * 40), {}).splitlines()
    assert max(map(_columns, lines)) <= WIDTH
