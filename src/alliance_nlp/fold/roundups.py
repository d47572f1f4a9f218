"""Articles that report several events, such as a week's round-up, told by their parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize

from alliance_nlp.core.types import Story

# A part this like a story's reports tells of it. A few sentences are like whole reports far less
# than reports are like one another.
PART_LIKENESS = 0.2
# A part that is like the article's own story too, by more than this share, is background to it.
OWN_SHARE = 0.4
# Of the article's words; a passing mention is shorter.
LEAST_SHARE = 0.2
_CHUNK = 500  # parts at once, each with its likeness to every story


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """Parts of articles.

    Attributes
    ----------
    rows
        Their unit-length vectors, shape (n_parts, n_features), as those of whole articles.
    of
        The place of each part's article, shape (n_parts,).
    sizes
        Words of each part, shape (n_parts,).
    """

    rows: Any
    of: Sequence[int]
    sizes: Sequence[int]


def find_further(
    stories: Sequence[Story],
    ids: Sequence[str],
    X: Any,
    *,
    parts: Parts,
    near: NDArray[np.bool_],
) -> tuple[tuple[str, str], ...]:
    """Return (article id, story id) of the stories that articles tell besides their own, in order.

    A story is told too when parts of a fair length are much like its reports and little like those
    of the article's own story.

    Parameters
    ----------
    stories
        What folding made of the articles.
    ids
        The articles' ids.
    X
        Their unit-length vectors, shape (n_articles, n_features).
    parts
        The parts of the articles to look at.
    near
        Which stories are near which articles in time, shape (n_articles, n_stories).
    """
    if len(stories) < 2 or not len(parts.of):
        return ()
    places = {name: place for place, name in enumerate(ids)}
    home = _homes(stories, places)
    rows, told_by, of = csr_matrix(X), csr_matrix(parts.rows), np.asarray(parts.of)
    sums = csr_matrix(_belonging(home, len(stories)) @ rows)
    own = _own_likeness(told_by, rows, sums, home=home, of=of)
    best, strongest = np.zeros(len(of), dtype=int), np.zeros(len(of))
    centers = normalize(sums).T.tocsr()
    for start in range(0, len(of), _CHUNK):
        at = np.arange(start, min(start + _CHUNK, len(of)))
        likeness = np.where(near[of[at]], (told_by[at] @ centers).toarray(), 0.0)
        likeness[np.arange(len(at)), home[of[at]]] = own[at]
        best[at], strongest[at] = likeness.argmax(axis=1), likeness.max(axis=1)
    counts = (best != home[of]) & (strongest >= PART_LIKENESS) & (own <= OWN_SHARE * strongest)
    words = np.asarray(parts.sizes, dtype=float)
    whole = np.bincount(of, weights=words, minlength=len(ids))
    told: Counter[tuple[str, str]] = Counter()
    for part in np.flatnonzero(counts):
        told[ids[of[part]], stories[best[part]].id] += words[part] / whole[of[part]]
    return tuple(sorted(pair for pair, share in told.items() if share >= LEAST_SHARE))


def _own_likeness(
    told_by: csr_matrix,
    rows: csr_matrix,
    sums: csr_matrix,
    *,
    home: NDArray[np.int_],
    of: NDArray[np.int_],
) -> NDArray[np.float64]:
    """Return how like each part is to its article's story as the others tell it, (n_parts,).

    Where an article is alone in its story, that is how like it is to the article.
    """

    def dots(one: csr_matrix, other: csr_matrix) -> NDArray[np.float64]:
        return np.asarray(one.multiply(other).sum(axis=1)).ravel()

    alone = np.bincount(home)[home] == 1
    mine = sums[home]
    across, itself = dots(mine, rows), dots(rows, rows)
    length = np.sqrt(np.where(alone, itself, dots(mine, mine) - 2 * across + itself))
    to_own = dots(told_by, rows[of])
    to_others = np.where(alone[of], to_own, dots(told_by, mine[of]) - to_own)
    return np.asarray(to_others / np.maximum(length[of], 1e-12))


def _homes(stories: Sequence[Story], places: Mapping[str, int]) -> NDArray[np.int_]:
    """Return the number of each article's story, shape (n_articles,)."""
    home = np.zeros(len(places), dtype=int)
    for number, story in enumerate(stories):
        home[[places[i] for i in story.article_ids]] = number
    return home


def _belonging(home: NDArray[np.int_], n_stories: int) -> csr_matrix:
    """Return 1 where an article is in a story, shape (n_stories, n_articles)."""
    ones, articles = np.ones(len(home)), np.arange(len(home))
    return csr_matrix((ones, (home, articles)), shape=(n_stories, len(home)))
