from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from alliance_nlp.classify import TARGETS, TOPICS, ArticleClassifier, classify, input_text
from alliance_nlp.classify.classifier import best_cut
from alliance_nlp.core.types import TopicLabel

N_TARGETS = len(TARGETS)


def _learnable(n: int = 120, seed: int = 3) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    """Return rows whose first columns tell the targets, with noise, and stories of three."""
    generator = np.random.default_rng(seed)
    y = (generator.random((n, N_TARGETS)) < 0.4).astype(int)
    signal = y + generator.normal(0, 0.3, y.shape)
    X = np.hstack([signal, generator.normal(0, 0.3, (n, 4))])
    return csr_matrix(X), y, np.arange(n) // 3


@pytest.fixture(scope="module")
def fitted() -> ArticleClassifier:
    X, y, groups = _learnable()
    return ArticleClassifier().fit(X, y, groups=groups)


def test_estimator_follows_the_conventions(fitted: ArticleClassifier) -> None:
    assert clone(ArticleClassifier(C=2.0)).get_params() == {
        "C": 2.0,
        "n_splits": 5,
        "random_state": 0,
    }
    assert fitted.targets_ == (*TOPICS, "relevant")
    assert fitted.n_features_in_ == N_TARGETS + 4
    assert fitted.coef_.shape == (N_TARGETS, N_TARGETS + 4)
    assert fitted.thresholds_.shape == fitted.intercept_.shape == (N_TARGETS,)


def test_targets_are_learned(fitted: ArticleClassifier) -> None:
    X, y, _ = _learnable(seed=4)
    assert (fitted.predict(X) == y).mean() > 0.9


def test_probabilities_are_calibrated(fitted: ArticleClassifier) -> None:
    X, y, _ = _learnable(n=600, seed=5)
    proba = fitted.predict_proba(X)
    assert proba.shape == y.shape
    assert proba.min() >= 0
    assert proba.max() <= 1
    assert np.abs(proba.mean(axis=0) - y.mean(axis=0)).max() < 0.08
    sure = proba > 0.9
    assert y[sure].mean() > 0.88


def test_decisions_are_probabilities_over_their_thresholds(fitted: ArticleClassifier) -> None:
    X, _, _ = _learnable(seed=6)
    expected = fitted.predict_proba(X) >= fitted.thresholds_
    np.testing.assert_array_equal(fitted.predict(X), expected)
    assert ((fitted.thresholds_ >= 0.05) & (fitted.thresholds_ <= 0.95)).all()


def test_dense_rows_give_what_sparse_rows_give(fitted: ArticleClassifier) -> None:
    X, _, _ = _learnable(seed=6)
    np.testing.assert_allclose(fitted.predict_proba(X.toarray()), fitted.predict_proba(X))


def test_fitting_again_gives_the_same_model(fitted: ArticleClassifier) -> None:
    X, y, groups = _learnable()
    again = clone(fitted).fit(X, y, groups=groups)
    assert pickle.dumps(again) == pickle.dumps(fitted)


def test_calibration_never_sees_a_story_on_both_sides() -> None:
    # Each story's rows are copies: only a split that tears stories apart can tell the targets.
    generator = np.random.default_rng(0)
    n_stories, copies = 40, 6
    y = np.repeat((generator.random((n_stories, N_TARGETS)) < 0.5).astype(int), copies, axis=0)
    X = np.repeat(np.eye(n_stories), copies, axis=0)
    groups = np.repeat(np.arange(n_stories), copies)
    whole = ArticleClassifier().fit(X, y, groups=groups)
    torn = ArticleClassifier().fit(X, y)
    assert torn.calibration_[:, 0].min() > 5  # margins of copies tell everything
    assert whole.calibration_[:, 0].max() < 1  # those of unseen stories tell nothing


def test_unfitted_model_says_so() -> None:
    with pytest.raises(NotFittedError):
        ArticleClassifier().predict_proba(np.zeros((1, 3)))


@pytest.mark.parametrize("shape", [(30,), (30, N_TARGETS - 1)])
def test_targets_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="y must have the columns trade, defense"):
        ArticleClassifier().fit(np.zeros((30, 2)), np.zeros(shape, dtype=int))


@pytest.mark.parametrize("value", [0, 1])
def test_target_that_never_varies_is_named(value: int) -> None:
    X, y, groups = _learnable()
    y[:, 2] = value
    with pytest.raises(ValueError, match="same value of 'energy'"):
        ArticleClassifier().fit(X, y, groups=groups)


def test_target_of_a_single_story_is_named() -> None:
    X, y, groups = _learnable()
    y[:, 1] = groups == 7
    with pytest.raises(ValueError, match=r"'defense'.*more stories"):
        ArticleClassifier().fit(X, y, groups=groups)


def test_single_story_is_refused() -> None:
    X, y, groups = _learnable()
    with pytest.raises(ValueError, match="more stories"):
        ArticleClassifier().fit(X, y, groups=np.zeros_like(groups))


def test_best_cut_separates_what_can_be_separated() -> None:
    cut = best_cut(np.array([0.9, 0.2, 0.8, 0.1]), np.array([1, 0, 1, 0]))
    assert cut == pytest.approx(0.5)


def _fixed(*rows: list[float]) -> Pipeline:
    """A model whose probabilities are given: features are the logits, weights are one."""
    logits = np.log(np.array(rows) / (1 - np.array(rows)))
    model = ArticleClassifier()
    model.coef_, model.intercept_ = np.eye(len(TARGETS)), np.zeros(len(TARGETS))
    model.calibration_ = np.tile([1.0, 0.0], (len(TARGETS), 1))
    model.thresholds_ = np.full(len(TARGETS), 0.55)
    return make_pipeline(_Looked(logits), model)


class _Looked(FunctionTransformer):
    """Features looked up; it keeps what it was asked."""

    def __init__(self, X: np.ndarray) -> None:
        super().__init__()
        self.X = X
        self.seen: list[list[str]] = []

    def transform(self, X: list[str]) -> np.ndarray:
        self.seen.append(list(X))
        return self.X


def test_topics_come_most_likely_first_and_ties_in_the_labels_order() -> None:
    model = _fixed([0.2, 0.7, 0.2, 0.9, 0.6], [0.5, 0.5, 0.5, 0.5, 0.1])
    first, second = classify(model, [("a", "T", "x"), ("b", "U", "y")], model_id="m")
    assert [topic.label for topic in first[0]] == [
        TopicLabel.BASE_POLITICS,
        TopicLabel.DEFENSE,
        TopicLabel.TRADE,
        TopicLabel.ENERGY,
    ]
    assert [topic.holds for topic in first[0]] == [True, True, False, False]
    assert [topic.label for topic in second[0]] == list(TopicLabel)
    assert (first[1].article_id, first[1].score, first[1].relevant) == ("a", 0.6, True)
    assert (second[1].article_id, second[1].relevant, second[1].model_id) == ("b", False, "m")
    assert model[0].seen == [[input_text("T", "x"), input_text("U", "y")]]


def test_no_articles_give_nothing() -> None:
    assert classify(_fixed([0.5] * 5), [], model_id="m") == ()


def test_targets_are_the_topics_and_relevance() -> None:
    assert tuple(label.value for label in TopicLabel) == TOPICS
    assert TARGETS[-1] == "relevant"
