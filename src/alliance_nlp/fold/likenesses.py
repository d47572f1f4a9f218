"""How close articles are to what was told, and which of their sentences it covers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from alliance_nlp.fold.reading import Reading, Telling
from alliance_nlp.fold.traits import read_traits

# Log-odds of one affair, by trait; fitted by logistic regression, data/labeled/novelty/README.md
# tells on what. Two texts of one language are judged by SAME, others by ACROSS.
CONSTANT = "constant"
SAME = {
    CONSTANT: -6.18,
    "event": 11.18,
    "bridge": 3.01,
    "names": 1.8,
    "words_item": 5.81,
    "words_lead": 3.27,
    "days": 3.3,
    "gap": -0.38,
    "steps": 0.84,
    "back": 0.9,
    "new_numbers": -1.79,
    "summary": 0.91,
}
ACROSS = {
    CONSTANT: -4.59,
    "bridge": 3.44,
    "concepts_item": 2.66,
    "concepts_article": 3.65,
    "numbers": 0.69,
    "days": 1.39,
    "gap": -0.58,
}
# Fewer concepts than these tell nothing of a sentence in another language.
_LEAST_SHARED = 3
# Where an item of an issue goes on to another matter.
_NEXT_MATTER = re.compile(r"(?:Separately|Elsewhere|Meanwhile)\b")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Closeness:
    """How close articles are.

    Attributes
    ----------
    told
        Log-odds that an article and an earlier item are one affair, shape (n_articles, n_items).
    traits
        What they come from, by name; arrays of the same shape.
    events
        Unit-length rows of the articles, then of the others.
    """

    told: NDArray[np.float64]
    traits: Mapping[str, NDArray[np.float64]]
    events: csr_matrix

    def why(self, row: int, column: int) -> tuple[tuple[str, float], ...]:
        """Return what each trait adds to the log-odds of an article and an item, most first."""
        values = {name: float(array[row, column]) for name, array in self.traits.items()}
        return contributions(ACROSS if values["across"] else SAME, values)


def contributions(
    weights: Mapping[str, float], values: Mapping[str, float]
) -> tuple[tuple[str, float], ...]:
    """Return each trait's part in log-odds, greatest first, without the constant."""
    parts = {name: weight * values[name] for name, weight in weights.items() if name != CONSTANT}
    return tuple(sorted(parts.items(), key=lambda part: (-abs(part[1]), part[0])))


def closeness(
    articles: Sequence[Telling],
    items: Sequence[Telling],
    *,
    reading: Reading,
    others: Sequence[Telling] = (),
) -> Closeness:
    """Return how close each article is to each item; ``others`` only help to weigh words.

    An item that goes on to a second matter is read as a whole and in its parts; the closest counts.
    """
    parts = [(n, part) for n, item in enumerate(items) for part in _parts(item, reading)]
    told = [*articles, *(part for _, part in parts)]
    texts = [one.joined for one in (*told, *others)]
    n, n_told = len(articles), len(told)
    events = csr_matrix(reading.events(texts))
    bridge = csr_matrix(reading.bridge(texts))
    traits = read_traits(told, n, reading=reading)
    traits["event"] = _cosines(events[:n_told], n)
    traits["bridge"] = _cosines(bridge[:n_told], n)
    traits["names"] = _cosines(_name_rows(texts, reading)[:n_told], n)
    odds = np.where(traits["across"] > 0, _odds(ACROSS, traits), _odds(SAME, traits))
    best = _best_parts(odds, np.array([item for item, _ in parts]), len(items))
    rows = np.arange(n)[:, None]
    return Closeness(
        told=odds[rows, best],
        traits={name: array[rows, best] for name, array in traits.items()},
        events=events[[*range(n), *range(n_told, len(texts))]],
    )


def _odds(
    weights: Mapping[str, float], traits: Mapping[str, NDArray[np.float64]]
) -> NDArray[np.float64]:
    found = np.full_like(traits["bridge"], weights[CONSTANT])
    for name, weight in weights.items():
        if name != CONSTANT:
            found = found + weight * traits[name]
    return found


def _best_parts(
    odds: NDArray[np.float64], item_of: NDArray[np.int64], n_items: int
) -> NDArray[np.int64]:
    """Return for each article and item the column of the item's closest part."""
    best = np.zeros((len(odds), n_items), dtype=np.int64)
    for item in range(n_items):
        columns = np.flatnonzero(item_of == item)
        best[:, item] = columns[odds[:, columns].argmax(axis=1)] if len(odds) else 0
    return best


def _parts(item: Telling, reading: Reading) -> list[Telling]:
    starts = [
        start for start, _ in reading.spans(item.text) if _NEXT_MATTER.match(item.text, start)
    ]
    if not starts:
        return [item]
    first, rest = item.text[: starts[0]], item.text[starts[0] :]
    return [item, replace(item, text=first), replace(item, title="", text=rest)]


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
