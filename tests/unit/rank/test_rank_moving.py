from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rank_values import PLAIN_WEIGHTS, candidates, explained

from alliance_nlp.core.types import Candidate
from alliance_nlp.rank import Move, what_would_move

LOW = {"relevance": 0.9, "topic": 0.9, "officials-rank": 0.4}


def _moves(values: dict[str, float], *, behind: float, **changes: float) -> dict[str, Move]:
    weights = {**PLAIN_WEIGHTS, **{k.replace("_", "-"): v for k, v in changes.items()}}
    low = explained("low", 11, values, weights)
    found = what_would_move(low, _above(low.logit + behind), weights=weights)
    assert found.over == "s10"
    assert found.gap == pytest.approx(behind)
    return {move.feature: move for move in found.moves}


def _above(last: float) -> list[Candidate]:
    return candidates(*(last + 9 - n for n in range(10)))


def test_one_more_outlet_is_told_with_the_numbers() -> None:
    move = _moves(LOW | {"outlets": 0.0}, behind=0.8)["outlets"]
    assert move.is_enough
    assert move.text == "1 more independent outlet (1 to 2)"
    assert move.gain == pytest.approx(1.5 * math.log2(1.5))


def test_as_many_outlets_as_needed_and_no_more() -> None:
    assert _moves(LOW, behind=1.4)["outlets"].text == "2 more independent outlets (1 to 3)"


def test_reports_from_the_other_country_need_only_be_as_many_as_help() -> None:
    move = _moves(LOW, behind=0.2)["balance"]
    assert (move.wanted, move.is_enough) == (0.41, True)


def test_the_lowest_office_that_helps_is_named() -> None:
    move = _moves(LOW, behind=0.15)["officials-rank"]
    assert move.wanted == 0.8
    assert "a minister or secretary named in it (0.4 to 0.8)" in move.text


def test_being_new_helps_only_what_was_told_before() -> None:
    assert "repeat" not in _moves(LOW, behind=0.2)
    assert _moves(LOW | {"repeat": 1.0}, behind=2.0)["repeat"].is_enough
    assert not _moves(LOW | {"follow-up": 1.0}, behind=2.0)["follow-up"].is_enough


@pytest.mark.parametrize("feature", ["opinion", "analysis", "thin", "age"])
def test_what_holds_it_down_may_go(feature: str) -> None:
    move = _moves(LOW | {feature: 1.0}, behind=0.03)[feature]
    assert move.is_enough
    assert move.wanted < 1.0


def test_what_news_cannot_change_is_not_told() -> None:
    assert {"relevance", "source-weight", "topic-prior", "bias"}.isdisjoint(_moves(LOW, behind=0.1))


def test_smallest_change_comes_first_and_what_is_not_enough_last() -> None:
    weights = PLAIN_WEIGHTS
    low = explained("low", 11, LOW | {"thin": 1.0}, weights)
    found = what_would_move(low, _above(low.logit + 0.45), weights=weights).moves
    enough = [move.is_enough for move in found]
    assert enough == sorted(enough, reverse=True)
    assert not enough[-1]
    assert [move.feature for move in found if move.is_enough] == ["outlets", "balance", "thin"]


def test_nothing_moves_what_is_among_the_first() -> None:
    first = explained("low", 3, LOW, PLAIN_WEIGHTS)
    assert what_would_move(first, _above(0.0), weights=PLAIN_WEIGHTS).moves == ()
    few = explained("low", 4, LOW, PLAIN_WEIGHTS)
    assert what_would_move(few, candidates(9.0, 8.0, 7.0), weights=PLAIN_WEIGHTS).over == ""


def test_the_candidate_is_not_its_own_rival() -> None:
    low = explained("low", 11, LOW, PLAIN_WEIGHTS)
    above = _above(low.logit + 0.3)
    assert what_would_move(low, [*above, low], weights=PLAIN_WEIGHTS) == what_would_move(
        low, above, weights=PLAIN_WEIGHTS
    )


@given(
    st.fixed_dictionaries(
        {
            "outlets": st.integers(1, 30).map(lambda n: math.log2(1 + n) - 1),
            "balance": st.floats(0, 1),
            "officials-rank": st.sampled_from([0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
            "age": st.floats(0, 14),
            "repeat": st.sampled_from([0.0, 1.0]),
            "opinion": st.floats(0, 1),
            "thin": st.sampled_from([0.0, 1.0]),
        }
    ),
    st.floats(0, 4),
    st.dictionaries(st.sampled_from(["outlets", "balance", "age", "opinion"]), st.floats(-3, 3)),
)
def test_a_change_said_to_be_enough_is(
    values: dict[str, float], behind: float, changed: dict[str, float]
) -> None:
    weights = {**PLAIN_WEIGHTS, **changed}
    low = explained("low", 11, values, weights)
    others = _above(low.logit + behind)
    found = what_would_move(low, others, weights=weights)
    assume(found.moves)
    for move in found.moves:
        lifted = explained("low", 11, values | {move.feature: move.wanted}, weights)
        assert move.gain > 0
        assert lifted.logit == pytest.approx(low.logit + move.gain, abs=1e-9)
        assert (lifted.logit > others[9].logit) == move.is_enough or abs(move.gain - behind) < 1e-6
