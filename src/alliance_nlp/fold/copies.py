"""Copies: wire reports reprinted, cut or retitled, found without comparing all with all."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash, RMinHashLSH

# Shingles of five tokens tell reprints from reports (Broder and others 1997); a kana or kanji is a
# token of its own.
_TOKENS = re.compile("[\u3040-\u30ff\u3400-\u9fff]|[^\\W\u3040-\u30ff\u3400-\u9fff]+")
_SHINGLE = 5
_N_PERMUTATIONS = 128
# 32 bands of 4 rows: a pair of Jaccard similarity .3 is looked at with probability .23, one of .5
# with .87, one of .7 with .9999. What is looked at is then compared exactly.
_N_BANDS = 32
# Share of the shorter text's shingles that stand in the longer one, from which it is a copy.
COPY_FROM = 0.6
_SEED = 1


def copies(texts: Sequence[str], *, least: float = COPY_FROM) -> NDArray[np.int64]:
    """Return a group for each text, shape (n_texts,): copies of one text share a group.

    Candidates come from MinHash with banding, in time that grows with the texts and not with their
    pairs; each is judged by the exact containment of its shingles. Groups are numbered by their
    first texts, and hang on the texts alone, not on their order.

    Parameters
    ----------
    texts
        The texts.
    least
        Least share of the shorter text's shingles found in the other, 0 to 1.
    """
    shingles = [_shingles(text) for text in texts]
    index = RMinHashLSH(threshold=0.5, num_perm=_N_PERMUTATIONS, num_bands=_N_BANDS)
    parents = list(range(len(texts)))
    for number, own in enumerate(shingles):
        if not own:
            continue  # too short to be told from any other
        sketch = RMinHash(num_perm=_N_PERMUTATIONS, seed=_SEED)
        sketch.update(sorted(own))
        for other in sorted(index.query(sketch)):
            if _containment(own, shingles[other]) >= least:
                _join(parents, number, other)
        index.insert(number, sketch)
    roots = [_root(parents, number) for number in range(len(texts))]
    numbers = {root: number for number, root in enumerate(dict.fromkeys(roots))}
    return np.array([numbers[root] for root in roots], dtype=np.int64)


def _shingles(text: str) -> frozenset[str]:
    tokens = _TOKENS.findall(text.lower())
    starts = range(len(tokens) - _SHINGLE + 1)
    return frozenset(" ".join(tokens[start : start + _SHINGLE]) for start in starts)


def _containment(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / min(len(one), len(other))


def _root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        number = parents[number]
    return number


def _join(parents: list[int], one: int, other: int) -> None:
    first, last = sorted((_root(parents, one), _root(parents, other)))
    parents[last] = first
