"""How close articles are to what was told, and which of their sentences it covers.

The readers of texts are handed in, as :class:`Reading`: they live in other rooms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

# Fitted by logistic regression; data/labeled/novelty/README.md tells on what. Two texts of one
# language are judged by event vectors, bridge vectors and names, others by bridge vectors alone.
_SAME = (14.5, 8.7, 2.8, -8.1)
_ACROSS = (13.5, -8.1)
# Fewer concepts than these tell nothing of a sentence in another language.
_LEAST_SHARED = 3
# Where an item of an issue goes on to another matter.
_NEXT_MATTER = re.compile(r"(?:Separately|Elsewhere|Meanwhile)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What novelty reads texts with.

    Attributes
    ----------
    events, bridge
        Unit-length rows of texts, in one language and across two.
    names, terms, shared
        The names in a text, the terms of a sentence in one language, and across two.
    spans
        Start and end of each sentence of a text.
    is_japanese
        Whether a text is Japanese; all others are taken for one language.
    """

    events: Callable[[Sequence[str]], Any]
    bridge: Callable[[Sequence[str]], Any]
    names: Callable[[str], Iterable[str]]
    terms: Callable[[str], Iterable[str]]
    shared: Callable[[str], Iterable[str]]
    spans: Callable[[str], Sequence[tuple[int, int]]]
    is_japanese: Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Closeness:
    """How close articles are.

    Attributes
    ----------
    told
        Log-odds that an article and an earlier item are one affair, shape (n_articles, n_items).
    events
        Unit-length rows of the articles.
    """

    told: NDArray[np.float64]
    events: csr_matrix


def closeness(
    articles: Sequence[tuple[str, str]],
    items: Sequence[tuple[str, str]],
    *,
    reading: Reading,
) -> Closeness:
    """Return how close each article is to each item, both given as (title, text).

    An item that goes on to a second matter is read as a whole and in its parts; the closest counts.
    """
    parts = [(n, part) for n, item in enumerate(items) for part in _parts(item, reading)]
    texts = [*(_joined(*article) for article in articles), *(text for _, text in parts)]
    n = len(articles)
    events = csr_matrix(reading.events(texts))
    bridge = csr_matrix(reading.bridge(texts))
    of_language = np.array([reading.is_japanese(text) for text in texts], dtype=bool)
    across = of_language[:n, None] != of_language[None, n:]
    by_event, by_bridge = _cosines(events, n), _cosines(bridge, n)
    by_name = _cosines(_name_rows(texts, reading), n)
    same = _SAME[0] * by_event + _SAME[1] * by_bridge + _SAME[2] * by_name + _SAME[3]
    odds = np.where(across, _ACROSS[0] * by_bridge + _ACROSS[1], same)
    told = np.full((n, len(items)), -np.inf)
    for column, (item, _) in enumerate(parts):
        told[:, item] = np.maximum(told[:, item], odds[:, column])
    return Closeness(told=told, events=events[:n])


def _joined(title: str, text: str) -> str:
    return f"{title}\n{title}\n{text}"


def _parts(item: tuple[str, str], reading: Reading) -> list[str]:
    title, text = item
    starts = [start for start, _ in reading.spans(text) if _NEXT_MATTER.match(text, start)]
    whole = _joined(title, text)
    if not starts:
        return [whole]
    return [whole, _joined(title, text[: starts[0]]), text[starts[0] :]]


def _cosines(rows: csr_matrix, n: int) -> NDArray[np.float64]:
    return np.asarray((rows[:n] @ rows[n:].T).toarray(), dtype=np.float64)


def _name_rows(texts: Sequence[str], reading: Reading) -> csr_matrix:
    counted = TfidfVectorizer(
        # The title counts once: it stands there twice.
        analyzer=lambda text: list(reading.names(text.partition("\n")[2])),
        sublinear_tf=True,
    )
    try:
        return csr_matrix(counted.fit_transform(texts))
    except ValueError:  # no text has a name
        return csr_matrix((len(texts), 1))


def covered_shares(
    sentences: Sequence[str], known: Sequence[str], *, reading: Reading, weigh: Sequence[str]
) -> NDArray[np.float64]:
    """Return the largest share of each sentence that one known text holds, shape (n_sentences,).

    A share is of the weights of its terms, rare ones weighing most. A sentence that says too little
    for a text of the other language to be compared has a share of 0 there.

    Parameters
    ----------
    weigh
        Texts from which, with the known ones, the weights come.
    """
    if not sentences or not known:
        return np.zeros(len(sentences))
    spoken = np.array([reading.is_japanese(text) for text in sentences], dtype=bool)
    written = np.array([reading.is_japanese(text) for text in known], dtype=bool)
    texts = [*known, *weigh]
    same = _shares(sentences, texts, reading.terms, n_known=len(known), least=1)
    across = _shares(sentences, texts, reading.shared, n_known=len(known), least=_LEAST_SHARED)
    shares = np.where(spoken[:, None] == written[None, :], same, across)
    return np.asarray(shares.max(axis=1))


def _shares(
    sentences: Sequence[str],
    texts: Sequence[str],
    terms: Callable[[str], Iterable[str]],
    *,
    n_known: int,
    least: int,
) -> NDArray[np.float64]:
    counted = TfidfVectorizer(analyzer=lambda text: list(terms(text)), binary=True, norm=None)
    try:
        weighed = csr_matrix(counted.fit_transform([*texts, *sentences]))
    except ValueError:  # no text has a term
        return np.zeros((len(sentences), n_known))
    rows = weighed[len(texts) :]
    held = (weighed[:n_known] > 0).astype(np.float64)
    totals = np.asarray(rows.sum(axis=1)).ravel()
    enough = np.diff(rows.indptr) >= least
    found = np.asarray((rows @ held.T).toarray())
    divided: NDArray[np.float64] = found / np.where(totals > 0, totals, 1.0)[:, None]
    return np.where(enough[:, None], divided, 0.0)
