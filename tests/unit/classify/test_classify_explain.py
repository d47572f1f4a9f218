"""Explanations add up to the decision, whatever vectorizer stands before the classifier."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline

from alliance_nlp.classify import (
    TARGETS,
    ArticleClassifier,
    Explanation,
    explain,
    explain_all,
)
from alliance_nlp.vectors import ArticleVectorizer

WORDS = ["tariff", "destroyer", "reactor", "runway", "treaty"]  # one a target, in their order
FILLER = ["Tokyo", "Washington", "spoke", "today", "日本", "政府"]


def _texts(n: int = 60) -> tuple[list[str], np.ndarray]:
    generator = np.random.default_rng(1)
    y = (generator.random((n, len(TARGETS))) < 0.4).astype(int)
    texts = []
    for row in y:
        said = [WORDS[column] for column in np.flatnonzero(row)]
        texts.append(" ".join([*said, *generator.choice(FILLER, 4)]))
    return texts, y


def _vectorizers() -> dict[str, object]:
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=2)
    return {
        "words": ArticleVectorizer(min_df=1),
        "characters": characters,
        "both": FeatureUnion([("words", ArticleVectorizer(min_df=1)), ("chars", characters)]),
    }


@cache
def _fitted(name: str) -> Pipeline:
    texts, y = _texts()
    return make_pipeline(_vectorizers()[name], ArticleClassifier()).fit(texts, y)


def _sum(explanation: Explanation) -> float:
    parts = [one.contribution for one in explanation.contributions]
    return explanation.intercept + sum(parts) + explanation.rest


@pytest.mark.parametrize("name", ["words", "characters", "both"])
@given(
    text=st.lists(st.sampled_from(WORDS + FILLER) | st.text(max_size=8)).map(" ".join),
    target=st.sampled_from(TARGETS),
    n=st.integers(0, 40),
)
@settings(max_examples=25, deadline=None)
def test_parts_sum_to_the_decision_value(name: str, text: str, target: str, n: int) -> None:
    model = _fitted(name)
    found = explain(model, text, target, n=n)
    logit = model.decision_function([text])[0][TARGETS.index(target)]
    assert abs(found.total - logit) < 1e-9
    assert abs(_sum(found) - logit) < 1e-9
    assert len(found.contributions) <= n
    for one in found.contributions:
        assert abs(one.weight * one.value - one.contribution) < 1e-9


@pytest.mark.parametrize("target", TARGETS)
def test_the_margin_calibrated_is_the_logit(target: str) -> None:
    model, column = _fitted("words"), TARGETS.index(target)
    found = explain(model, "the reactor and the treaty", target)
    slope, offset = model[-1].calibration_[column]
    assert found.total == pytest.approx(slope * found.margin + offset, abs=1e-9)


@pytest.mark.parametrize("target", TARGETS)
def test_probability_and_decision_are_the_models(target: str) -> None:
    model, column, text = _fitted("words"), TARGETS.index(target), "tariff runway Tokyo"
    found = explain(model, text, target)
    assert found.probability == model.predict_proba([text])[0][column]
    assert found.holds == bool(model.predict([text])[0][column])
    assert found.holds == (found.probability >= found.threshold)


def test_the_word_that_tells_the_target_weighs_most() -> None:
    found = explain(_fitted("words"), "Tokyo spoke of a destroyer today", "defense", n=1)
    assert found.contributions[0].term in {"destroyer", "destr~"}
    assert found.contributions[0].contribution > 0


def test_terms_stand_heaviest_first_and_the_others_are_counted() -> None:
    model, text = _fitted("words"), "tariff destroyer reactor runway treaty Tokyo spoke"
    few, all_of_them = explain(model, text, "trade", n=3), explain(model, text, "trade", n=999)
    weights = [abs(one.contribution) for one in all_of_them.contributions]
    assert weights == sorted(weights, reverse=True)
    assert few.contributions == all_of_them.contributions[:3]
    assert (few.n_rest, all_of_them.n_rest) == (len(weights) - 3, 0)
    assert all_of_them.rest == 0


def test_an_empty_text_is_its_intercept() -> None:
    found = explain(_fitted("words"), "", "energy")
    assert found.contributions == ()
    assert found.total == pytest.approx(found.intercept)


def test_many_texts_give_what_each_gives_alone() -> None:
    model, texts = _fitted("words"), ["a reactor", "a runway in 日本", ""]
    together = explain_all(model, texts, n=4)
    assert together == tuple(
        tuple(explain(model, text, target, n=4) for target in TARGETS) for text in texts
    )
    assert explain_all(model, []) == ()


@pytest.mark.parametrize(("target", "n"), [("sport", 1), ("trade", -1)])
def test_what_cannot_be_explained_is_an_error(target: str, n: int) -> None:
    with pytest.raises(ValueError, match=r"there is no target 'sport'|0 or more, not -1"):
        explain(_fitted("words"), "a text", target, n=n)
