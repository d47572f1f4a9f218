from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from alliance_nlp.vectors import terms
from alliance_nlp.vectors.analyzer import content_words, pieces


def _terms(text: str) -> list[str]:
    return list(terms(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The U.S. Navy", "the US Navy"),
        ("U.S.-Japan alliance", "US-Japan alliance"),
        ("the U.S.’s fleet", "the US's fleet"),
        ("U.K. and E.U. envoys", "UK and EU envoys"),
        ("Japan’s bases", "Japan's bases"),
        ("Carrier USS GEORGE", "carrier uss george"),
        ("rose 12 percent", "rose 3.5 percent"),
        ("in 2024", "in 1951"),
        ("F-35 jets", "F-16 jets"),
    ],
)
def test_spellings_give_the_same_terms(one: str, other: str) -> None:
    assert _terms(one) == _terms(other)


def test_words_pairs_and_stems_are_terms() -> None:
    assert _terms("Okinawa base closed") == [
        "okinawa",
        "okina~",
        "base",
        "okinawa base",
        "closed",
        "base closed",
    ]


def test_stem_joins_forms_of_a_long_word() -> None:
    assert set(_terms("exporters")) & set(_terms("exports")) == {"expor~"}
    assert _terms("base") == ["base"]


def test_content_words_leave_out_function_words_pairs_and_stems() -> None:
    found = list(content_words("The U.S. returned the base in Okinawa to 日米"))
    assert found == ["us", "returned", "base", "okinawa", "日米"]


def test_function_words_stand_in_pairs_only() -> None:
    assert _terms("base in Japan of the") == ["base", "base in", "japan", "in japan", "japan of"]


def test_japanese_is_cut_into_grams() -> None:
    assert _terms("日米同盟") == ["日米", "米同", "同盟", "日米同", "米同盟"]
    assert _terms("米") == ["米"]


def test_mixed_text_has_no_pairs_across_scripts() -> None:
    assert _terms("THAAD配備 radar") == ["thaad", "配備", "radar"]


def test_kana_and_marks_belong_to_japanese() -> None:
    assert "サー" in _terms("レーダーサーバー")
    assert "人々" in _terms("人々")


@pytest.mark.parametrize("text", ["", " \n", "—…!?", "🙂"])
def test_text_without_words_has_no_terms(text: str) -> None:
    assert _terms(text) == []


@given(st.text())
def test_terms_are_never_empty_and_hold_no_digit_but_zero(text: str) -> None:
    found = _terms(text)
    assert all(term.strip() for term in found)
    assert not any(digit in term for term in found for digit in "123456789")


def test_pieces_are_those_of_scikit_learns_char_wb() -> None:
    text = "Okinawa's Governor spoke of 日米地位協定 on 3 May\nin Naha."
    theirs = CountVectorizer(analyzer="char_wb", ngram_range=(4, 4)).build_analyzer()
    assert list(pieces(text)) == theirs(text)
