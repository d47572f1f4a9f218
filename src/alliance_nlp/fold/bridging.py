"""Reports of one event in two languages, brought together by what both languages share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alliance_nlp.fold.clustering import likeness


def join_languages(
    labels: NDArray[np.int64],
    languages: Sequence[str],
    B: Any,
    *,
    least: float,
    near: NDArray[np.bool_],
    fixed: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Return the clusters with those of different languages joined where each is the other's best.

    Parameters
    ----------
    labels
        Clusters 0 and up, each of articles of mostly one language, shape (n_articles,).
    languages
        Language of each article.
    B
        Unit-length rows over features that languages share, shape (n_articles, n_features).
    least
        Least average likeness of two clusters that join, 0 to 1.
    near
        Whether two articles are near in time, shape (n_articles, n_articles).
    fixed
        Clusters that must not join one another, shape (n_clusters,).
    """
    n = int(labels.max(initial=-1)) + 1
    spoken = _languages(labels, languages, n)
    if len(set(spoken)) < 2:
        return labels
    member = np.zeros((n, len(labels)))
    member[labels, np.arange(len(labels))] = 1.0
    sizes = member.sum(axis=1)
    alike = np.where(near, likeness(B), 0.0)
    means = (member @ alike @ member.T) / np.outer(sizes, sizes)
    same = np.array([[one == other for other in spoken] for one in spoken])
    means[same | np.outer(fixed, fixed)] = 0.0
    best = means.argmax(axis=1)
    joined = labels.copy()
    for one in range(n):
        other = int(best[one])
        if one < other and best[other] == one and means[one, other] >= least:
            joined[joined == other] = one
    return np.unique(joined, return_inverse=True)[1].astype(np.int64)


def _languages(labels: NDArray[np.int64], languages: Sequence[str], n: int) -> list[str]:
    """Return the language of most articles of each cluster; ties go to the first by name."""
    told = []
    for label in range(n):
        spoken = sorted(languages[i] for i in np.flatnonzero(labels == label).tolist())
        told.append(max(spoken, key=spoken.count))
    return told
