"""Same-event clustering of article vectors: average link on shared words and shared neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.base import BaseEstimator, ClusterMixin

from alliance_nlp.fold.linking import average_link

_FULL_POOL = 4  # in neighbourhoods


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
        Share of the neighbourhoods' likeness in the whole, 0 to 1; less where there are not
        four neighbourhoods' worth of articles, for there everything is everyone's neighbour.
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
        distance: float = 0.8,
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
        near = likeness(X)
        if days_at is not None:
            at = np.asarray(days_at, dtype=float)
            for row, own in enumerate(at):
                near[row, np.abs(at - own) > self.days] = 0.0
        self._add_neighbors(near)
        fixed = np.full(len(near), -1) if groups is None else np.asarray(groups)
        self.labels_ = average_link(near, least=1 - self.distance, groups=fixed)
        return self

    def _add_neighbors(self, alike: NDArray[np.float32]) -> None:
        """Mix likeness, shape (n_articles, n_articles), with that of neighbourhoods, in place."""
        n = len(alike)
        if n < 3 or not self.neighbor_weight:
            return
        around = vstack([self._neighborhood(alike[row]) for row in range(n)], format="csr")
        shared = (around @ around.T).tocoo()
        meets = alike[shared.row, shared.col] > 0  # none across the days
        rows, columns = shared.row[meets], shared.col[meets]
        weight = self.neighbor_weight * min(1.0, n / (_FULL_POOL * self.neighbors))
        alike *= 1 - weight
        alike[rows, columns] += (weight * shared.data[meets]).astype(np.float32)

    def _neighborhood(self, alike: NDArray[np.float32]) -> csr_matrix:
        """Return an article's nearest and how near they are, to unit length, one row."""
        place = max(0, len(alike) - self.neighbors)
        # All that tie with the last one count, so that the order of rows makes no difference.
        last = np.partition(alike, place)[place]
        kept = np.flatnonzero((alike >= last) & (alike >= self.floor))
        values = alike[kept].astype(float)
        length = np.sqrt(np.square(values).sum()) or 1.0
        where = (np.zeros(len(kept), dtype=int), kept)
        return csr_matrix((values / length, where), shape=(1, len(alike)))


def likeness(X: Any) -> NDArray[np.float32]:
    """Return cosine similarities of unit-length rows, (n_articles, n_articles), in 0..1.

    Four bytes a pair: 10,000 articles take 400 MB.
    """
    rows = csr_matrix(X, dtype=np.float32)
    alike = (rows @ rows.T).toarray()
    # Rounded, so that the last bits of a sum do not decide what is nearer.
    np.round(alike, 6, out=alike)
    np.clip(alike, 0.0, 1.0, out=alike)
    _mirror(alike)
    np.fill_diagonal(alike, 1.0)
    return np.asarray(alike, dtype=np.float32)


def _mirror(alike: NDArray[np.float32]) -> None:
    """Make a matrix symmetric in place, by its upper half."""
    for row in range(1, len(alike)):
        alike[row, :row] = alike[:row, row]
