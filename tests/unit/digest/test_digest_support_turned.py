"""Sentences that keep a source's names and figures and turn what it says: all are flagged.

The same sources told honestly in other words are not.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from alliance_nlp.digest.support import Claim, Passage, check_sentence


def flagged(text: str, source: str) -> list[Claim]:
    passage = Passage(text=source, context=source, published_on=date(2023, 3, 30))
    return [flag.claim for flag in check_sentence(text, [passage])]


def _pairs(kind: str) -> list[tuple[str, str]]:
    """Return (source, sentence) of a kind from the table beside this file."""
    table = Path(__file__).with_name("turned_sentences.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines()]
    return [(source, text) for found, source, text in rows if found == kind]


ROLES, NEGATIONS, CERTAINTIES, FIGURES, OPPOSITES, HONEST = map(
    _pairs, ("roles", "negations", "certainties", "figures", "opposites", "honest")
)


@pytest.mark.parametrize(("source", "text"), ROLES)
def test_role_is_flagged_when_names_have_changed_places(source: str, text: str) -> None:
    assert Claim.ROLE in flagged(text, source)


@pytest.mark.parametrize(("source", "text"), NEGATIONS)
def test_negation_is_flagged_when_a_not_came_or_went(source: str, text: str) -> None:
    assert Claim.NEGATION in flagged(text, source)


@pytest.mark.parametrize(("source", "text"), CERTAINTIES)
def test_certainty_is_flagged_when_a_sentence_is_surer_than_its_source(
    source: str, text: str
) -> None:
    assert Claim.CERTAINTY in flagged(text, source)


@pytest.mark.parametrize(("source", "text"), FIGURES)
def test_number_is_flagged_when_bound_scale_or_noun_changed(source: str, text: str) -> None:
    assert Claim.NUMBER in flagged(text, source)


@pytest.mark.parametrize(("source", "text"), OPPOSITES)
def test_opposite_is_flagged_when_a_word_was_turned_round(source: str, text: str) -> None:
    assert Claim.OPPOSITE in flagged(text, source)


@pytest.mark.parametrize(("source", "text"), HONEST)
def test_nothing_is_flagged_when_the_source_is_told_in_other_words(source: str, text: str) -> None:
    assert flagged(text, source) == []


@pytest.mark.parametrize(
    ("source", "_text"), [*ROLES, *NEGATIONS, *CERTAINTIES, *FIGURES, *OPPOSITES]
)
def test_nothing_is_flagged_when_the_source_is_told_as_it_is(source: str, _text: str) -> None:
    assert flagged(source, source) == []


@pytest.mark.parametrize(
    "junk",
    ["without a ", '"a" said B ', "more than 3 ", "A to B from "],
)
def test_hostile_text_is_checked_in_bounded_time(junk: str) -> None:
    started = time.process_time()
    check_sentence((junk * 300)[:1_400], [Passage(text=junk * 800, context=junk * 800)])
    assert time.process_time() - started < 10
