"""Long headlines cut back to twelve words that still say what they said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.digest.shortening import HEADLINE_WORDS, cut_back


@pytest.mark.parametrize(
    ("title", "short"),
    [
        (
            "In a first, envoys of Japan, Chile and Peru sail together with fish stocks in mind",
            "Envoys of Japan, Chile and Peru sail together",
        ),
        (
            "Sasebo yard plans to spend 40 billion yen by 2030 on a second dry dock",
            "Sasebo yard to spend 40 billion yen by 2030",
        ),
        (
            "Drill wraps up early after a storm; mayors seen as likely to ask for another date",
            "Drill wraps up early after storm",
        ),
        (
            "Envoy lands in Oslo at start of a northern tour overshadowed by a fishing quarrel",
            "Envoy lands in Oslo at start of northern tour",
        ),
        (
            "With the harbor closed for winter, ferry firms turn to airports on the outer islands",
            "Ferry firms turn to airports on the outer islands",
        ),
        (
            "US, Japan and the Republic of Korea hold first meeting on shielding sensitive patents",
            "US, Japan and South Korea hold first meeting on shielding sensitive patents",
        ),
    ],
)
def test_long_headline_is_cut_where_circumstance_begins(title: str, short: str) -> None:
    assert cut_back(title) == short


def test_headline_of_twelve_words_stays_as_it_is() -> None:
    title = "In a first, the navy lets a private yard mend a frigate"
    assert cut_back(title) == title


@pytest.mark.parametrize(
    ("title", "not_this"),
    [
        ("House passes a bill on ship repair in Guam by a vote of 400 to 15", "of 400"),
        (
            "Prefecture voices regret as plane takes the new envoy and his staff to Yonaguni",
            "staff",
        ),
        ("Storm and drought force farmers and fishers of the northern coast to move", "coast"),
    ],
)
def test_headline_is_not_cut_before_what_its_verb_wants(title: str, not_this: str) -> None:
    assert not cut_back(title).endswith(not_this)


def test_clause_before_stays_when_the_main_clause_leans_on_it() -> None:
    title = "After Guam sets a limit on noise at night, Okinawa towns ask for the same rule"
    assert cut_back(title).startswith("After Guam")


WORDS = st.sampled_from(
    "In a first, the Navy says it , will of to with mind ; 5 by Guam”“ ’s".split()
)


@given(st.lists(WORDS, min_size=1, max_size=24).map(" ".join))
@settings(max_examples=60, deadline=None)
def test_cut_headline_is_never_longer_or_empty(title: str) -> None:
    short = cut_back(title)
    assert short.strip()
    assert len(short.split()) <= len(title.split())
    if len(title.split()) <= HEADLINE_WORDS[1]:
        assert short == title
