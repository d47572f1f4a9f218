from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.core.errors import ConfigError
from alliance_nlp.core.types import Label, Novelty, Story, TopicLabel
from alliance_nlp.rank import (
    DEFAULT_WEIGHTS,
    FEATURES,
    RankArticle,
    rank_stories,
    story_features,
)
from alliance_nlp.rank.features import independent

AT = datetime(2024, 4, 14, tzinfo=UTC)
PLAIN = RankArticle(
    id="a",
    outlet="Gazette",
    country="US",
    weight=0.5,
    at=AT,
    relevance=0.4,
    relevant=True,
    topics={TopicLabel.TRADE: 0.7},
    held=frozenset({TopicLabel.TRADE}),
    labels={Label.OFFICIAL: 1},
    n_words=300,
)
JAPANESE = replace(PLAIN, id="b", outlet="日報", country="JP")


def _story(name: str, *article_ids: str, **changes: object) -> Story:
    ids = article_ids or ("a",)
    story = Story(id=name, article_ids=ids, representative_id=ids[0], first_at=AT, last_at=AT)
    return replace(story, **changes)


def _features(*articles: RankArticle, **changes: object) -> dict[str, float]:
    return story_features(_story("s", **changes), articles, as_of=AT + timedelta(days=2))


numbers = st.floats(0, 1)
rank_articles = st.builds(
    RankArticle,
    id=st.just("a"),
    outlet=st.sampled_from(["Gazette", "Herald", "日報"]),
    country=st.sampled_from(["US", "JP", ""]),
    weight=numbers,
    at=st.just(AT),
    relevance=numbers,
    relevant=st.booleans(),
    topics=st.dictionaries(st.sampled_from(list(TopicLabel)), numbers),
    held=st.frozensets(st.sampled_from(list(TopicLabel))),
    labels=st.dictionaries(st.sampled_from(list(Label)), st.integers(0, 40)),
    flags=st.sampled_from([(), ("opinion",), ("analysis",), ("paywalled",)]),
    copy=st.sampled_from([None, 0, 1]),
    officials_rank=st.sampled_from([0.0, 0.4, 1.0]),
    n_words=st.integers(0, 5000),
)
weights = st.dictionaries(st.sampled_from(list(DEFAULT_WEIGHTS)), st.floats(-1e4, 1e4))
ages = st.timedeltas(timedelta(days=-3), timedelta(days=36_500))


@given(rank_articles, weights, ages, st.sampled_from(list(Novelty)))
def test_contributions_sum_to_the_logit_exactly(
    article: RankArticle, given_weights: dict[str, float], age: timedelta, novelty: Novelty
) -> None:
    story = _story("s", novelty=novelty)
    (found,) = rank_stories([story], {"a": article}, as_of=AT + age, weights=given_weights)
    used = {**DEFAULT_WEIGHTS, **given_weights}
    assert math.fsum(reason.contribution for reason in found.reasons) == found.logit
    assert {reason.feature for reason in found.reasons} == set(DEFAULT_WEIGHTS)
    assert all(r.contribution == used[r.feature] * r.value for r in found.reasons)
    assert 0.0 <= found.score <= 1.0
    written = json.loads(json.dumps([reason.contribution for reason in found.reasons]))
    assert math.fsum(written) == found.logit


def test_score_is_the_logistic_of_the_logit() -> None:
    for bias in (-900.0, -20.0, 0.0, 3.0, 900.0):
        (found,) = rank_stories([_story("s")], {"a": PLAIN}, as_of=AT, weights={"bias": bias})
        expected = 0.0 if found.logit < -800 else 1 / (1 + math.exp(-found.logit))
        assert found.score == pytest.approx(expected)


def test_bias_comes_first_then_the_heaviest_reasons() -> None:
    (found,) = rank_stories([_story("s")], {"a": PLAIN}, as_of=AT)
    sizes = [abs(reason.contribution) for reason in found.reasons[1:]]
    assert found.reasons[0].feature == "bias"
    assert sizes == sorted(sizes, reverse=True)


def test_better_stories_come_first() -> None:
    articles = {
        name: replace(PLAIN, relevance=value)
        for name, value in zip("abc", (0.2, 0.9, 0.5), strict=True)
    }
    stories = [_story(f"s-{name}", name) for name in articles]
    found = rank_stories(stories, articles, as_of=AT)
    assert [(c.story_id, c.rank) for c in found] == [("s-b", 1), ("s-c", 2), ("s-a", 3)]


@given(st.permutations(["s-1", "s-2", "s-3", "s-4"]))
def test_ties_go_to_the_smaller_id_in_any_order(names: list[str]) -> None:
    found = rank_stories([_story(name) for name in names], {"a": PLAIN}, as_of=AT)
    assert [candidate.story_id for candidate in found] == sorted(names)


def test_nothing_is_ranked_when_there_is_nothing() -> None:
    assert rank_stories([], {}, as_of=AT) == ()


def test_weights_override_the_defaults() -> None:
    (found,) = rank_stories(
        [_story("s")], {"a": PLAIN}, as_of=AT, weights={"relevance": 10.0, "bias": 0.0}
    )
    parts = {reason.feature: reason.contribution for reason in found.reasons}
    assert parts["relevance"] == pytest.approx(4.0)
    assert parts["bias"] == 0.0
    assert parts["source-weight"] == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("name", "hint"), [("outlet", "did you mean outlets?"), ("xyzzy", "known: bias, relevance")]
)
def test_unknown_weight_is_an_error_with_a_hint(name: str, hint: str) -> None:
    with pytest.raises(ConfigError, match=f"unknown feature '{name}'.*{hint}".replace("?", r"\?")):
        rank_stories([], {}, as_of=AT, weights={name: 1.0})


def test_every_feature_is_described_and_weighed() -> None:
    assert set(_features(PLAIN)) == set(FEATURES)
    assert {"bias", *FEATURES} == set(DEFAULT_WEIGHTS)


@pytest.mark.parametrize(
    ("articles", "feature", "value"),
    [
        ([PLAIN, replace(PLAIN, relevance=0.9)], "relevance", 0.9),
        ([PLAIN, replace(PLAIN, topics={TopicLabel.ENERGY: 0.8})], "topic", 0.8),
        ([replace(PLAIN, topics={})], "topic", 0.0),
        ([PLAIN, replace(PLAIN, held=frozenset({TopicLabel.ENERGY}))], "topics", 1.0),
        ([replace(PLAIN, held=frozenset())], "topics", 0.0),
        ([PLAIN, replace(PLAIN, id="b")], "outlets", 0.0),
        ([replace(PLAIN, id=name, outlet=name) for name in "abc"], "outlets", 1.0),
        ([replace(PLAIN, id=name, outlet=name, copy=0) for name in "abc"], "outlets", 0.0),
        ([PLAIN, JAPANESE], "balance", 1.0),
        ([PLAIN, JAPANESE, replace(JAPANESE, id="c", outlet="Third")], "balance", 2 / 3),
        ([PLAIN, replace(PLAIN, id="b", country="JP")], "balance", 0.0),
        ([PLAIN, replace(JAPANESE, country="AU")], "balance", 0.0),
        ([PLAIN, replace(PLAIN, officials_rank=0.8)], "officials-rank", 0.8),
        ([PLAIN, replace(PLAIN, weight=0.8)], "source-weight", 0.8),
        ([PLAIN, replace(PLAIN, labels={Label.OFFICIAL: 7})], "officials", 3.0),
        ([replace(PLAIN, labels=dict.fromkeys(Label, 3.0))], "entities", 4.0),
        ([replace(PLAIN, labels={Label.SHIP: 1, Label.BASE: 9})], "entities", 4 / 3),
        ([replace(PLAIN, labels={Label.SHIP: 0})], "entities", 0.0),
        ([PLAIN], "topic-prior", 0.25),
        ([replace(PLAIN, held=frozenset())], "topic-prior", 0.0),
        ([PLAIN, replace(PLAIN, flags=("analysis",))], "analysis", 0.5),
        ([PLAIN, replace(PLAIN, flags=("analysis", "opinion"))], "analysis", 0.0),
        ([PLAIN], "age", 2.0),
        ([PLAIN, replace(PLAIN, flags=("opinion",))], "opinion", 0.5),
        ([replace(PLAIN, n_words=119)], "thin", 1.0),
        ([replace(PLAIN, n_words=119), replace(PLAIN, n_words=120)], "thin", 0.0),
    ],
)
def test_feature_has_its_stated_value(
    articles: Sequence[RankArticle], feature: str, value: float
) -> None:
    assert _features(*articles)[feature] == pytest.approx(value)


@pytest.mark.parametrize("last_at", [AT + timedelta(days=9), None])
def test_story_is_never_younger_than_now(last_at: datetime | None) -> None:
    assert _features(PLAIN, last_at=last_at)["age"] == 0.0


@pytest.mark.parametrize("novelty", list(Novelty))
def test_novelty_has_a_feature_for_what_is_not_new(novelty: Novelty) -> None:
    found = _features(PLAIN, novelty=novelty)
    assert found["follow-up"] == float(novelty is Novelty.FOLLOW_UP)
    assert found["repeat"] == float(novelty is Novelty.REPEAT)


def test_a_copy_is_credited_to_the_outlet_that_had_it_first() -> None:
    wire = replace(PLAIN, id="w", outlet="Wire", copy=0)
    later = replace(JAPANESE, copy=0, at=AT + timedelta(hours=1))
    own = replace(later, id="c", copy=1)
    assert [a.id for a in independent([later, wire])] == ["w"]
    assert [a.id for a in independent([own, later, wire])] == ["w", "c"]


@given(st.lists(rank_articles, min_size=1, max_size=6))
def test_outlets_are_never_more_than_outlets_or_texts(articles: list[RankArticle]) -> None:
    named = [replace(a, id=str(n)) for n, a in enumerate(articles)]
    own = independent(named)
    assert 1 <= len(own) <= len({a.outlet for a in named})
    copied = [a.copy for a in named]
    assert len(own) <= copied.count(None) + len({c for c in copied if c is not None})
    assert own == independent(named[::-1])


def test_leading_topic_is_the_likeliest_that_holds() -> None:
    both = replace(
        PLAIN,
        topics={TopicLabel.TRADE: 0.7, TopicLabel.ENERGY: 0.8, TopicLabel.DEFENSE: 0.9},
        held=frozenset({TopicLabel.TRADE, TopicLabel.ENERGY}),
    )
    prior = {TopicLabel.TRADE: 0.1, TopicLabel.ENERGY: 0.2, TopicLabel.DEFENSE: 0.7}
    found = story_features(_story("s"), [both], as_of=AT, topic_prior=prior)
    assert found["topic-prior"] == 0.2


def test_a_topic_of_past_issues_lifts_a_story() -> None:
    (even,) = rank_stories([_story("s")], {"a": PLAIN}, as_of=AT)
    (often,) = rank_stories(
        [_story("s")], {"a": PLAIN}, as_of=AT, topic_prior={TopicLabel.TRADE: 0.6}
    )
    assert often.logit - even.logit == pytest.approx(0.35 * DEFAULT_WEIGHTS["topic-prior"])


def test_article_at_home_elsewhere_does_not_count_as_a_report() -> None:
    articles = {"a": PLAIN, "b": JAPANESE}
    [alone] = rank_stories([_story("s", "a")], articles, as_of=AT)
    [joined] = rank_stories([_story("s", "a", "b", further_ids=("b",))], articles, as_of=AT)
    assert joined.reasons == alone.reasons
