"""Same-event clustering of article vectors: average link on cosine distance, blocked by time."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix, issparse
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import AgglomerativeClustering


class EventClustering(ClusterMixin, BaseEstimator):
    """Cluster articles that report one event.

    Average linkage is the convention for same-event clustering of news: unlike single linkage it
    does not chain neighbouring events of one running affair into one story.

    Parameters
    ----------
    distance
        Largest average cosine distance inside a cluster, 0 to 1.
    days
        Articles further apart in time than this never attract each other.

    Attributes
    ----------
    labels_
        Cluster of each article, shape (n_articles,).
    """

    def __init__(self, *, distance: float = 0.82, days: float = 5.0) -> None:
        self.distance = distance
        self.days = days

    def fit(self, X: Any, y: None = None, *, days_at: ArrayLike | None = None) -> Self:
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
        """
        n = X.shape[0]
        if n < 2:
            self.labels_ = np.zeros(n, dtype=np.int64)
            return self
        apart = distances(X)
        if days_at is not None:
            at = np.asarray(days_at, dtype=float)
            apart[np.abs(at[:, None] - at[None, :]) > self.days] = 1.0
        self.labels_ = AgglomerativeClustering(
            n_clusters=None,
            metric="precomputed",
            linkage="average",
            distance_threshold=self.distance,
        ).fit_predict(apart)
        return self


def distances(X: Any) -> NDArray[np.float64]:
    """Return cosine distances of unit-length rows, shape (n_articles, n_articles), in 0..1."""
    rows = csr_matrix(X) if issparse(X) else np.asarray(X)
    product = rows @ rows.T
    similar = product.toarray() if issparse(product) else np.asarray(product)
    apart = np.clip(1.0 - similar, 0.0, 1.0)
    np.fill_diagonal(apart, 0.0)
    return np.asarray((apart + apart.T) / 2)
