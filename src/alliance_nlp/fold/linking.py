"""Average linkage that starts from groups: scikit-learn's and SciPy's start from single rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

_NEVER = -1.0


def average_link(
    alike: NDArray[np.float32], *, least: float, groups: NDArray[np.int_]
) -> NDArray[np.int64]:
    """Return the cluster of each row, shape (n_rows,), numbered by their first rows.

    The two clusters that are most alike on average merge first (UPGMA, Sokal and Michener 1958),
    until no two are alike enough. Of equals, those with the first rows merge first.

    Parameters
    ----------
    alike
        Similarities, shape (n_rows, n_rows), symmetric; it is worked on and not to be used again.
    least
        Least average similarity of two clusters that merge.
    groups
        Rows of one number, 0 or more, start together, and never meet those of another; rows of -1
        start alone. Shape (n_rows,).
    """
    starts, sizes, is_fixed = _starts(groups)
    n = len(sizes)
    if n < 2:
        return np.zeros(len(groups), dtype=np.int64)
    means = _means(alike, starts, sizes)
    means[np.ix_(is_fixed, is_fixed)] = _NEVER
    np.fill_diagonal(means, _NEVER)
    of = np.arange(n)
    best, at = means.max(axis=1), means.argmax(axis=1)
    while True:
        one = int(best.argmax())
        if best[one] < least or best[one] <= 0:
            return _numbered(of[starts])
        one, other = sorted((one, int(at[one])))
        _merge(means, sizes, is_fixed, pair=(one, other))
        of[of == other] = one
        stale = np.flatnonzero((at == one) | (at == other))
        better = means[:, one] > best
        best[better], at[better] = means[better, one], one
        for row in {*stale.tolist(), one, other}:
            best[row], at[row] = means[row].max(), means[row].argmax()


def _starts(
    groups: NDArray[np.int_],
) -> tuple[NDArray[np.int_], NDArray[np.float64], NDArray[np.bool_]]:
    """Return each row's starting cluster, in order of first rows, and their sizes and fixedness."""
    keys = [f"row {row}" if group < 0 else f"group {group}" for row, group in enumerate(groups)]
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    starts = np.array([places[key] for key in keys], dtype=int)
    is_fixed = np.array([key.startswith("group") for key in places], dtype=bool)
    return starts, np.bincount(starts, minlength=len(places)).astype(float), is_fixed


def _means(
    alike: NDArray[np.float32], starts: NDArray[np.int_], sizes: NDArray[np.float64]
) -> NDArray[np.float32]:
    if len(sizes) == len(starts):
        return alike
    rows = np.arange(len(starts))
    ones = np.ones(len(starts), dtype=np.float32)
    belongs = csr_matrix((ones, (starts, rows)), shape=(len(sizes), len(starts)))
    sums = belongs @ (belongs @ alike).T
    return np.asarray(sums / np.outer(sizes, sizes), dtype=np.float32)


def _merge(
    means: NDArray[np.float32],
    sizes: NDArray[np.float64],
    is_fixed: NDArray[np.bool_],
    *,
    pair: tuple[int, int],
) -> None:
    one, other = pair
    merged = (sizes[one] * means[one] + sizes[other] * means[other]) / (sizes[one] + sizes[other])
    merged = np.where((means[one] < 0) | (means[other] < 0), _NEVER, merged)
    sizes[one] += sizes[other]
    is_fixed[one] |= is_fixed[other]
    if is_fixed[one]:
        merged[is_fixed] = _NEVER
    means[one], means[:, one] = merged, merged
    means[other], means[:, other] = _NEVER, _NEVER


def _numbered(labels: NDArray[np.int_]) -> NDArray[np.int64]:
    numbers = {label: number for number, label in enumerate(dict.fromkeys(labels.tolist()))}
    return np.array([numbers[label] for label in labels.tolist()], dtype=np.int64)
