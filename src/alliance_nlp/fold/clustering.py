"""Same-event clustering of article vectors: average link on shared words and shared neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClusterMixin

from alliance_nlp.fold.linking import average_link


class EventClustering(ClusterMixin, BaseEstimator):
    """Cluster articles that report one event.

    Average linkage is the convention for same-event clustering of news: unlike single linkage it
    does not chain neighbouring events of one running affair into one story. Two reports are also
    near when the same other reports are nearest to both (shared nearest neighbours, Jarvis and
    Patrick 1973): of one event, two desks may tell different parts.

    Parameters
    ----------
    distance
        Largest average distance inside a cluster, 0 to 1.
    days
        Articles further apart in time than this never attract each other.
    neighbors
        Articles, itself among them, whose likeness counts as an article's neighbourhood.
    neighbor_weight
        Share of the neighbourhoods' likeness in the whole, 0 to 1.
    floor
        Cosine similarity below which an article is nobody's neighbour.

    Attributes
    ----------
    labels_
        Cluster of each article, shape (n_articles,).
    """

    def __init__(
        self,
        *,
        distance: float = 0.82,
        days: float = 5.0,
        neighbors: int = 10,
        neighbor_weight: float = 0.3,
        floor: float = 0.1,
    ) -> None:
        self.distance = distance
        self.days = days
        self.neighbors = neighbors
        self.neighbor_weight = neighbor_weight
        self.floor = floor

    def fit(
        self,
        X: Any,
        y: None = None,
        *,
        days_at: ArrayLike | None = None,
        groups: Sequence[int] | None = None,
    ) -> Self:
        """Cluster unit-length rows.

        Parameters
        ----------
        X
            Sparse or dense matrix of shape (n_articles, n_features).
        y
            Ignored.
        days_at
            Time of each article in days since any epoch, shape (n_articles,); ``nan`` when
            unknown, which is near to everything.
        groups
            Groups that stand already, shape (n_articles,): articles of one number stay together,
            those of two numbers stay apart, and those of -1 are free to join any.
        """
        alike = likeness(X)
        if days_at is not None:
            at = np.asarray(days_at, dtype=float)
            alike[np.abs(at[:, None] - at[None, :]) > self.days] = 0.0
        near = np.where(alike > 0, self._with_neighbors(alike), 0.0)
        fixed = np.full(len(near), -1) if groups is None else np.asarray(groups)
        self.labels_ = average_link(near, least=1 - self.distance, groups=fixed)
        return self

    def _with_neighbors(self, alike: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return likeness mixed with that of neighbourhoods, both (n_articles, n_articles)."""
        n = len(alike)
        if n < 3 or not self.neighbor_weight:
            return alike
        place = max(0, n - self.neighbors)
        # All that tie with the last neighbour count, so that the order of rows makes no difference.
        last = np.partition(alike, place, axis=1)[:, place]
        kept = (alike >= last[:, None]) & (alike >= self.floor)
        around = csr_matrix(np.where(kept, alike, 0.0))
        lengths = np.sqrt(np.asarray(around.multiply(around).sum(axis=1)).ravel())
        scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        around = csr_matrix(around.multiply(scale[:, None]))
        shared = (around @ around.T).toarray()
        return np.asarray((1 - self.neighbor_weight) * alike + self.neighbor_weight * shared)


def likeness(X: Any) -> NDArray[np.float64]:
    """Return cosine similarities of unit-length rows, (n_articles, n_articles), in 0..1."""
    rows = csr_matrix(X)
    alike = np.clip((rows @ rows.T).toarray().astype(float), 0.0, 1.0)
    # Rounded, so that the last bits of a sum do not decide what is nearer.
    alike = np.round((alike + alike.T) / 2, 9)
    np.fill_diagonal(alike, 1.0)
    return np.asarray(alike)
