from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_values import candidates

from alliance_nlp.core.types import Candidate, TopicLabel
from alliance_nlp.rank import CHOICE_POOL, Choice, choose
from alliance_nlp.rank.choosing import LIKENESS_COST, SAME_TOPIC_COST

TRADE, ENERGY, DEFENSE = TopicLabel.TRADE, TopicLabel.ENERGY, TopicLabel.DEFENSE


def _choice(found: Sequence[Candidate], topics: Sequence[TopicLabel | None], n: int) -> Choice:
    return choose(found, dict(zip((c.story_id for c in found), topics, strict=True)), n=n)


def _ids(choice: Choice) -> list[str]:
    return [candidate.story_id for candidate in choice.chosen]


def test_choice_covers_another_topic_when_it_is_nearly_as_good() -> None:
    topics = [TRADE, TRADE, ENERGY]
    nearly, far = 0.9 * SAME_TOPIC_COST, 1.1 * SAME_TOPIC_COST
    assert _ids(_choice(candidates(2.0, 2.0, 2.0 - nearly), topics, 2)) == ["s1", "s3"]
    assert _ids(_choice(candidates(2.0, 2.0, 2.0 - far), topics, 2)) == ["s1", "s2"]


def test_each_item_on_a_topic_costs_again() -> None:
    behind = 1.5 * SAME_TOPIC_COST
    choice = _choice(candidates(3.0, 3.0, 3.0, 3.0 - behind), [TRADE, TRADE, TRADE, ENERGY], 3)
    assert _ids(choice) == ["s1", "s2", "s4"]
    assert choice.total == pytest.approx(9.0 - behind - SAME_TOPIC_COST)


def test_having_no_topic_is_no_repetition() -> None:
    assert _ids(_choice(candidates(2.0, 1.9, 1.8), [None, None, ENERGY], 2)) == ["s1", "s2"]


def test_greedy_choice_is_beaten_where_the_first_blocks_two() -> None:
    # The first is like both others, which together are worth more.
    likeness = [[1.0, 0.9, 0.9], [0.9, 1.0, 0.0], [0.9, 0.0, 1.0]]
    choice = choose(candidates(3.0, 2.9, 2.8), {}, n=2, likeness=likeness)
    assert _ids(choice) == ["s2", "s3"]


def test_stories_like_those_taken_already_are_passed_over() -> None:
    first, second, third = candidates(3.0, 2.9, 2.8)
    likeness = [[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 1.0]]
    choice = choose([second, third], {}, n=1, taken=[first], likeness=likeness)
    assert _ids(choice) == ["s3"]
    topics = {"s1": TRADE, "s2": TRADE, "s3": ENERGY}
    assert _ids(choose([second, third], topics, n=1, taken=[first])) == ["s3"]


def test_choice_goes_by_rank_when_logits_tie() -> None:
    assert _ids(_choice(candidates(1.0, 1.0, 1.0), [TRADE, ENERGY, DEFENSE], 2)) == ["s1", "s2"]


@pytest.mark.parametrize(("n", "expected"), [(0, 0), (1, 1), (9, 2)])
def test_no_more_is_chosen_than_there_is_or_asked_for(n: int, expected: int) -> None:
    assert len(_ids(_choice(candidates(1.0, 0.5), [None, TRADE], n))) == expected


def test_nothing_is_chosen_from_nothing() -> None:
    assert choose([], {}, n=5) == Choice(chosen=())


def test_runner_up_that_repeats_says_so_and_what_it_costs() -> None:
    choice = _choice(candidates(3.0, 2.5, 2.0), [TRADE, TRADE, ENERGY], 2)
    (passed,) = choice.runners_up
    assert passed.candidate.story_id == "s2"
    assert passed.why == (
        "it repeats trade, which costs it 1.20: in place of s3 the choice would be 0.70 worse"
    )


def test_runner_up_that_is_alike_says_so() -> None:
    likeness = [[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 1.0]]
    choice = choose(candidates(3.0, 2.5, 2.0), {}, n=2, likeness=likeness)
    assert choice.runners_up[0].why.startswith("it is like what is chosen, which costs it 1.00")


def test_runner_up_that_scores_less_says_so() -> None:
    choice = _choice(candidates(3.0, 2.5, 2.25), [TRADE, ENERGY, DEFENSE], 2)
    assert choice.runners_up[0].why == (
        "its score is lower: in place of s2 the choice would be 0.25 worse"
    )


def test_runners_up_come_by_rank_and_not_too_many() -> None:
    choice = choose(candidates(*(9.0 - n for n in range(12))), {}, n=5, n_runners_up=3)
    assert [one.candidate.rank for one in choice.runners_up] == [6, 7, 8]


def test_a_set_of_twenty_is_chosen_from_more_than_the_pool() -> None:
    found = candidates(*(3.0 - n / 10 for n in range(40)))
    topics = {c.story_id: list(TopicLabel)[c.rank % 4] for c in found}
    assert len(choose(found, topics, n=10).chosen) == 10
    assert len(choose(found, topics, n=CHOICE_POOL + 5).chosen) == CHOICE_POOL + 5


@st.composite
def _pools(draw: st.DrawFn) -> tuple[list[Candidate], list[TopicLabel | None], list[list[float]]]:
    logits = sorted(draw(st.lists(st.floats(-6, 4), max_size=9)), reverse=True)
    size = len(logits)
    topics = draw(st.lists(st.sampled_from([None, *TopicLabel]), min_size=size, max_size=size))
    likeness = [[1.0] * size for _ in range(size)]
    for i, j in combinations(range(size), 2):
        likeness[i][j] = likeness[j][i] = draw(st.sampled_from([0.0, 0.1, 0.4, 0.9]))
    return candidates(*logits), topics, likeness


@settings(max_examples=150, deadline=None)
@given(_pools(), st.integers(0, 6), st.integers(0, 2))
def test_choice_is_the_best_of_all_sets(
    pool: tuple[list[Candidate], list[TopicLabel | None], list[list[float]]], n: int, n_taken: int
) -> None:
    found, named, likeness = pool
    topics = {c.story_id: topic for c, topic in zip(found, named, strict=True)}
    taken, rest = found[:n_taken], found[n_taken:]

    def total(chosen: Sequence[Candidate]) -> float:
        everything = [*taken, *chosen]
        pairs = [
            SAME_TOPIC_COST
            * (named[a.rank - 1] is not None and named[a.rank - 1] is named[b.rank - 1])
            + LIKENESS_COST * likeness[a.rank - 1][b.rank - 1]
            for a, b in combinations(everything, 2)
            if b in chosen
        ]
        return math.fsum([*(c.logit for c in chosen), *(-cost for cost in pairs)])

    choice = choose(rest, topics, n=n, taken=taken, likeness=likeness)
    sets = list(combinations(rest, min(n, len(rest))))
    best = max(map(total, sets))
    assert choice.total == pytest.approx(best, abs=1e-6)
    assert total(choice.chosen) == pytest.approx(best, abs=1e-6)
    first = next(one for one in sets if total(one) > best - 1e-12)
    assert [c.rank for c in choice.chosen] <= [c.rank for c in first]
