from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.digest.compressing import compressed


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (
            "The yard will reopen in May, Kyodo News reported on Monday.",
            "The yard will reopen in May.",
        ),
        (
            "According to the Harbor Post, the yard in Kure will reopen in May.",
            "The yard in Kure will reopen in May.",
        ),
        (
            "Sato told reporters in Tokyo that the yard will reopen.",
            "Sato said in Tokyo that the yard will reopen.",
        ),
        (
            "The ministry said in a statement that the yard will reopen.",
            "The ministry said that the yard will reopen.",
        ),
        (
            "Hull Works (TSE: 7011) sold its yard in Kure to a bank.",
            "Hull Works sold its yard in Kure to a bank.",
        ),
        (
            "Sen. Ann Lee (D-HI) asked for a report on the yard in Kure.",
            "Sen. Ann Lee asked for a report on the yard in Kure.",
        ),
        (
            "Captain Ann Lee, 54, took over the yard in Kure in May.",
            "Captain Ann Lee took over the yard in Kure in May.",
        ),
        (
            "Meanwhile, the yard in Kure will close for good in May.",
            "The yard in Kure will close for good in May.",
        ),
        (
            "But the yard in Kure will close for good in May.",
            "The yard in Kure will close for good in May.",
        ),
        (
            "In May a total of 40 ships left in order to ease traffic to the U.S. fleet.",
            "In May 40 ships left to ease traffic to the US fleet.",
        ),
        (
            "Mr. Sato will run the yard on behalf of the U.S.",
            "Sato will run the yard on behalf of the US.",
        ),
    ],
)
def test_what_tells_nothing_is_left_out(text: str, short: str) -> None:
    assert compressed(text, outlets=("Harbor Post",)) == short


@pytest.mark.parametrize(
    "text",
    [
        "The United Steelworkers (USW) rejected the offer of the company in May.",
        "The aid amounts to 590 billion yen ($3.9 billion) over the next decade.",
        "The yard will reopen, the Defense Ministry said on March 3 in Tokyo.",
        "The mayor said, “In order to live, a total of 40 ships of the U.S. must go.”",
        "Japan, South Korea, and Australia signed the accord on March 3 in Tokyo.",
        "Sources with knowledge of the talks said that the yard will reopen.",
    ],
)
def test_what_tells_something_stays(text: str) -> None:
    assert compressed(text, tighter=True) == text


LONG = (
    "The yard, which stands on the eastern side of the bay, took in the first destroyer of the "
    "fleet in May and plans to take three more by the end of the decade at its own cost"
)


def test_aside_goes_where_a_long_sentence_is_to_be_tighter() -> None:
    short = compressed(LONG + ".", tighter=True)
    assert short == LONG.replace(", which stands on the eastern side of the bay,", "") + "."


def test_aside_stays_in_a_short_sentence() -> None:
    text = "The yard, which stands on the bay, took in a destroyer."
    assert compressed(text, tighter=True) == text


def test_aside_with_a_figure_stays() -> None:
    text = LONG.replace("stands on the eastern side of the bay", "employs 900 people") + "."
    assert compressed(text, tighter=True) == text


def test_trailing_clause_goes_where_a_long_sentence_is_to_be_tighter() -> None:
    whole = LONG.replace(", which stands on the eastern side of the bay,", "")
    text = f"{whole} and of its owners, which has pleased people in the town of old."
    assert compressed(text, tighter=True) == f"{whole} and of its owners."


WORDS = (
    "The yard in Kure , which stands said “ ” ( ) Kyodo reported told reporters that U.S. Mr. "
    "Sato 40 $3.9 billion (DDG-69) Meanwhile, who opened in order to a total of not never May ."
).split(" ")


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=3, max_size=50).map(" ".join), st.booleans())
def test_compression_adds_no_figure_and_loses_no_quotation(text: str, tighter: bool) -> None:
    short = compressed(text, tighter=tighter)
    assert set(re.findall(r"\d+", short)) <= set(re.findall(r"\d+", text))
    assert re.findall(r"“[^”]*”", short) == re.findall(r"“[^”]*”", " ".join(text.split()))
    assert len(short) <= len(text) + 1
    assert ("not" in short.lower().split()) == ("not" in text.split())


@settings(deadline=None)
@given(st.text(max_size=80), st.booleans())
def test_any_text_is_compressed_to_text(text: str, tighter: bool) -> None:
    assert "\x00" not in compressed(text, tighter=tighter) or "\x00" in text
