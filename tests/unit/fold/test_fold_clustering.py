from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix
from scipy.spatial.distance import squareform
from sklearn.base import clone, is_clusterer

from alliance_nlp.fold import EventClustering, likeness


def _rows(*angles: float) -> np.ndarray:
    """Return unit vectors at these angles, in degrees."""
    radians = np.radians(angles)
    return np.column_stack([np.cos(radians), np.sin(radians)])


def _groups(labels: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist())}


def test_estimator_follows_the_conventions() -> None:
    model = EventClustering(distance=0.3, days=2.0)
    assert is_clusterer(model)
    assert model.get_params() == {
        "distance": 0.3,
        "days": 2.0,
        "neighbors": 10,
        "neighbor_weight": 0.3,
        "floor": 0.1,
    }
    assert clone(model).set_params(days=4.0).get_params()["days"] == 4.0
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


def test_groups_that_stand_stay_and_free_rows_join_the_nearer() -> None:
    X = _rows(0, 40, 44, 90)
    labels = EventClustering(distance=0.6, neighbor_weight=0).fit(X, groups=[5, 2, -1, 5]).labels_
    assert _groups(labels) == {frozenset({0, 3}), frozenset({1, 2})}


def test_a_free_row_never_joins_two_groups() -> None:
    labels = EventClustering(distance=0.9).fit(_rows(0, 1, 2), groups=[0, -1, 1]).labels_
    assert labels[0] != labels[2]
    assert labels[1] in labels[[0, 2]]


def test_common_neighbours_draw_two_reports_together() -> None:
    X = _rows(0, 50, 25, 25, 25)  # the first two share little but those between them
    alone = EventClustering(distance=0.3, neighbor_weight=0).fit_predict(X[:2])
    together = EventClustering(distance=0.3, neighbors=4, neighbor_weight=1).fit_predict(X)
    assert len(set(alone.tolist())) == 2
    assert len(set(together.tolist())) == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 90), min_size=2, max_size=12), st.floats(0.01, 0.5))
def test_without_groups_it_is_scipys_average_linkage(angles: list[int], distance: float) -> None:
    X = _rows(*(angle + 0.137 * place for place, angle in enumerate(angles)))
    apart = np.round(1 - likeness(X), 9)
    tree = linkage(squareform(apart, checks=False), "average")
    assume(np.abs(tree[:, 2] - distance).min() > 1e-6)
    expected = fcluster(tree, distance, "distance")
    found = EventClustering(distance=distance, neighbor_weight=0).fit_predict(X)
    assert _groups(found) == _groups(expected)


@pytest.mark.parametrize("as_matrix", [np.asarray, csr_matrix])
def test_likeness_is_cosine(as_matrix: Callable[[np.ndarray], Any]) -> None:
    found = likeness(as_matrix(_rows(0, 60, 180)))
    np.testing.assert_allclose(found, [[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]], atol=1e-9)
