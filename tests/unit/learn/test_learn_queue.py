from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import Article
from alliance_nlp.learn import Unlabelled, label_queue, parse_mix
from alliance_nlp.learn.queueing import Strategy

AT = datetime(2024, 4, 14, tzinfo=UTC)
MIX = parse_mix("uncertain=.4,relevant=.4,random=.2")


def _one(number: int, relevant: float | None, *, story: str = "") -> Unlabelled:
    article = Article(
        id=f"a{number:03}", source_id="s", url="https://s.example", title="T", text="X"
    )
    proba = {} if relevant is None else {"trade": 0.01, "relevant": relevant}
    return Unlabelled(article=article, dated_at=AT, story_id=story, proba=proba)


POOL = [_one(n, n / 200) for n in range(200)]


def test_uncertain_ones_have_the_smallest_margins() -> None:
    asked = label_queue(POOL, 5, mix={Strategy.UNCERTAIN: 1})
    assert {one.unlabelled.article.id for one in asked} == {f"a{n:03}" for n in range(98, 103)}
    assert asked[0].reason == "relevant hangs at 0.50, margin 0.00"


def test_margin_is_of_the_target_that_hangs_most() -> None:
    one = _one(1, 0.99)
    torn = Unlabelled(article=one.article, dated_at=AT, proba={"trade": 0.55, "relevant": 0.99})
    [asked] = label_queue([torn], 1, mix={Strategy.UNCERTAIN: 1})
    assert asked.reason == "trade hangs at 0.55, margin 0.10"


def test_likely_relevant_ones_come_most_likely_first() -> None:
    asked = label_queue(POOL, 3, mix={Strategy.RELEVANT: 1})
    assert [one.unlabelled.article.id for one in asked] == ["a199", "a198", "a197"]


@settings(max_examples=40)
@given(st.integers(1, 60), st.integers(0, 9), st.randoms(use_true_random=False))
def test_queue_has_the_stated_mix_at_every_length(n: int, seed: int, random) -> None:
    asked = label_queue(random.sample(POOL, len(POOL)), n, mix=MIX, seed=seed)
    assert asked == label_queue(POOL, n, mix=MIX, seed=seed)
    assert len({one.unlabelled.article.id for one in asked}) == n
    counts = Counter(one.strategy for one in asked)
    for strategy, share in MIX.items():
        assert abs(counts[strategy] - share * n) <= 1


def test_other_seed_draws_other_articles() -> None:
    first, second = (
        [
            one.unlabelled.article.id
            for one in label_queue(POOL, 9, mix={Strategy.RANDOM: 1}, seed=s)
        ]
        for s in (0, 1)
    )
    assert first != second


def test_story_is_asked_for_once() -> None:
    pool = [_one(n, 0.9, story="same") for n in range(5)] + [_one(9, 0.1)]
    asked = label_queue(pool, 10, mix=MIX)
    assert len(asked) == 2
    assert {one.unlabelled.story_id for one in asked} == {"same", ""}


def test_article_without_probabilities_is_asked_for_by_chance_alone() -> None:
    asked = label_queue([_one(n, None) for n in range(4)], 4, mix=MIX)
    assert [one.strategy for one in asked] == [Strategy.RANDOM] * 4


def test_strategy_without_articles_gives_its_turns_to_the_others() -> None:
    pool = [_one(n, None) for n in range(5)]
    assert len(label_queue(pool, 5, mix=MIX)) == 5
    assert label_queue(pool, 5, mix={Strategy.RELEVANT: 1}) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "often=1",
        "random",
        "random=x",
        "random=-1",
        "random=0",
        "random=1,random=1",
        "random=nan",
    ],
)
def test_mix_that_is_none_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match="mix"):
        parse_mix(text)
