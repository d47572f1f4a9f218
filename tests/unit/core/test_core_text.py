from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.core.text import clean, normal_text, one_line, shorten, words

NAUGHTY = [
    "\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x1f", "\x7f", "\x80", "\x9f",
    "\ud800", "\udfff", "\u202e", "\u2066", "\u200b", "\u200e", "\ufeff", "\uffff", "\u00ad",
]  # fmt: skip


@pytest.mark.parametrize("char", NAUGHTY, ids=lambda char: f"U+{ord(char):04X}")
def test_clean_drops_characters_that_stores_and_documents_refuse(char: str) -> None:
    assert clean(f"ab{char}cd") == "abcd"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_clean_reads_every_line_end_as_one(end: str) -> None:
    assert clean(f"a{end}b") == "a\nb"


@pytest.mark.parametrize("text", ["日本語", "नमस्\u200dते", "\U0001f6a2", "naïve", "a\tb"])
def test_clean_keeps_ordinary_text(text: str) -> None:
    assert clean(text) == text


def test_normal_text_composes_and_folds_space() -> None:
    text = "  Cafe\u0301\u00a0 talks \r\n\r\n \u3000 in\tTokyo  "
    assert normal_text(text) == "Café talks\nin Tokyo"


def test_normal_text_composes_across_a_dropped_character() -> None:
    assert normal_text("e\u200b\u0301") == "é"


def test_one_line_joins_paragraphs() -> None:
    assert one_line("Ministers\n\nmeet\tin  Tokyo\n") == "Ministers meet in Tokyo"


def test_words_are_lower_cased_in_order() -> None:
    assert words("The U.S. Navy's F-35B") == ["the", "u", "s", "navy", "s", "f", "35b"]


def test_shorten_leaves_short_text_alone() -> None:
    assert shorten("four", 4) == "four"


def test_shorten_cuts_at_a_space_and_drops_trailing_punctuation() -> None:
    assert shorten("Ministers met, then left", 16) == "Ministers met…"


def test_shorten_cuts_inside_a_word_when_there_is_no_space() -> None:
    assert shorten("abcdefgh", 4) == "abc…"


@given(
    st.text(st.sampled_from("ae\u0301 \u00a0\u3000\t\x0b\r\n\x85\u2028\u200b\x00.漢"), max_size=24)
)
def test_normal_text_is_what_its_plain_definition_gives(text: str) -> None:
    plain = unicodedata.normalize("NFC", clean(text))
    plain = re.sub(r" ?\n[ \n]*", "\n", re.sub(r"[^\S\n]+", " ", plain)).strip()
    assert normal_text(text) == plain
    assert one_line(text) == " ".join(plain.split())
