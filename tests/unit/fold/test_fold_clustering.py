from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.base import clone, is_clusterer

from alliance_nlp.fold import EventClustering, distances


def _rows(*angles: float) -> np.ndarray:
    """Return unit vectors at these angles, in degrees."""
    radians = np.radians(angles)
    return np.column_stack([np.cos(radians), np.sin(radians)])


def _groups(labels: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist())}


def test_estimator_follows_the_conventions() -> None:
    model = EventClustering(distance=0.3, days=2.0)
    assert is_clusterer(model)
    assert model.get_params() == {"distance": 0.3, "days": 2.0}
    assert clone(model).set_params(days=4.0).get_params() == {"distance": 0.3, "days": 4.0}
    X = _rows(0, 1, 90)
    assert model.fit(X) is model
    assert model.labels_.shape == (3,)
    assert np.issubdtype(model.labels_.dtype, np.integer)
    np.testing.assert_array_equal(clone(model).fit_predict(X), model.labels_)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).labels_, model.labels_)


@pytest.mark.parametrize("as_matrix", [np.asarray, csr_matrix])
def test_near_rows_share_a_cluster(as_matrix) -> None:  # type: ignore[no-untyped-def]
    X = as_matrix(_rows(0, 2, 4, 80, 82))
    labels = EventClustering(distance=0.2).fit_predict(X)
    assert _groups(labels) == {frozenset({0, 1, 2}), frozenset({3, 4})}


def test_chain_of_neighbours_is_not_one_event() -> None:
    # Each is near the next, the ends are far apart: single linkage would join them all.
    labels = EventClustering(distance=0.1).fit_predict(_rows(0, 20, 40, 60, 80))
    assert len(set(labels.tolist())) > 1


def test_same_words_far_apart_in_time_are_two_events() -> None:
    X = _rows(0, 0, 0)
    labels = EventClustering(days=5).fit_predict(X, days_at=[0.0, 4.9, 10.0])
    assert _groups(labels) == {frozenset({0, 1}), frozenset({2})}


def test_unknown_time_is_near_to_everything() -> None:
    labels = EventClustering(days=5).fit_predict(_rows(0, 0), days_at=[0.0, np.nan])
    assert len(set(labels.tolist())) == 1


@pytest.mark.parametrize("n", [0, 1])
def test_few_rows_need_no_clustering(n: int) -> None:
    assert EventClustering().fit_predict(np.zeros((n, 2))).tolist() == [0] * n


def test_rows_without_terms_stay_alone() -> None:
    assert len(set(EventClustering().fit_predict(csr_matrix((3, 4))).tolist())) == 3


@pytest.mark.parametrize("as_matrix", [np.asarray, csr_matrix])
def test_distances_are_cosine(as_matrix) -> None:  # type: ignore[no-untyped-def]
    found = distances(as_matrix(_rows(0, 60, 180)))
    np.testing.assert_allclose(found, [[0, 0.5, 1], [0.5, 0, 1], [1, 1, 0]], atol=1e-12)
    assert found.min() >= 0
    assert found.max() <= 1
