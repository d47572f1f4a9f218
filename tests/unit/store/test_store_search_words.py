from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.store.search_words import fold, indexed_words, parse_query

# What either database would read as more than a word.
_SYNTAX = re.compile(r"[\x00-\x1f\"'\\&|!:*()<>{}^+%-]")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The U.S.-Japan alliance", "the us japan alliance"),
        ("Japan's F-35 jets", "japan f 35 jets"),
        ("Café ＡＢＣ", "cafe abc"),
        ("日米同盟", "日米 米同 同盟 盟 0同 0日 0盟 0米"),
        ("ガザ", "ガザ ザ 0ガ 0ザ"),
        ("F35戦", "f35 戦 0戦"),
        ("a\x00b _ ...", "a b"),
        ("Ph.D. in the U.K.", "ph d in the uk"),
    ],
)
def test_words_of_the_index(text: str, words: str) -> None:
    assert indexed_words(text) == words


@given(st.text())
def test_indexed_words_are_no_syntax(text: str) -> None:
    assert not _SYNTAX.search(indexed_words(text))


@given(st.text(), st.text(max_size=20))
def test_words_of_a_query_are_no_syntax(text: str, more: str) -> None:
    for query in (text, f'"{text}" -{more}*'):
        terms = parse_query(query)
        assert not _SYNTAX.search(" ".join(word for term in terms for word in term.words))
        assert not terms or any(not term.is_excluded for term in terms)


def test_long_query_is_cut() -> None:
    assert len(parse_query(" ".join(f"w{n}" for n in range(5_000)))) <= 24


@given(st.text())
def test_folding_twice_changes_no_words(text: str) -> None:
    assert indexed_words(fold(text)) == indexed_words(text)
