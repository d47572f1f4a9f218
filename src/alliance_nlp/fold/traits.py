"""What tells whether an article and an earlier item are one affair, and what the article adds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from alliance_nlp.fold.days import days_told
from alliance_nlp.fold.reading import Reading, Telling
from alliance_nlp.fold.steps import is_summary, n_back, steps

# Beyond a month it tells no more how long ago an item was.
_MOST_DAYS = 30
_MOST_STEPS = 3
_MOST_BACK = 2
_NUMBER = "#"

Traits = dict[str, NDArray[np.float64]]


def read_traits(told: Sequence[Telling], n: int, *, reading: Reading) -> Traits:
    """Return traits of the first ``n`` texts, articles, beside those after, items.

    Arrays of shape (n_articles, n_items):

    - ``across``: 1 where the two are of different languages;
    - ``words_item``, ``words_lead``: shares of the item's words that the article has, and of the
      article's title and first sentence that the item has, rare words weighing most;
    - ``concepts_item``, ``concepts_article``: the same of concepts and whole texts;
    - ``numbers``, ``new_numbers``: logs of one and how many numbers they share, and how many the
      article's beginning has that the item has not;
    - ``days``, ``fresh``: 1 if both name one past day; 1 if the article names a day after all of
      the item's, -1 if only earlier ones, 0 if none;
    - ``gap``: log of one and the days between them, a month at most;
    - ``steps``, ``back``: words of steps that the article's beginning has and the item has not,
      and words that look back, both capped;
    - ``summary``: 1 if the title promises a recap.
    """
    articles, items = told[:n], told[n:]
    leads = [_lead(one, reading) for one in articles]
    kana = np.array([reading.is_japanese(one.joined) for one in told], dtype=bool)
    bodies = [f"{one.title}\n{one.text}" for one in told]
    found: Traits = {"across": _floats(kana[:n, None] != kana[None, n:])}
    words = _weighed([list(reading.terms(text)) for text in (*bodies, *leads)])
    shared = [list(reading.shared(text)) for text in (*bodies, *leads)]
    concepts = _weighed(shared)
    end = len(told)
    found["words_item"] = _covered(words[n:end], words[:n]).T
    found["words_lead"] = _covered(words[end:], words[n:end])
    found["concepts_item"] = _covered(concepts[n:end], concepts[:n]).T
    found["concepts_article"] = _covered(concepts[:n], concepts[n:end])
    numbers = _counted([[term for term in one if term.startswith(_NUMBER)] for one in shared])
    found["numbers"] = np.log1p(_shared(numbers[:n], numbers[n:end]))
    found["new_numbers"] = np.log1p(_missing(numbers[end:], numbers[n:end]))
    taken = _counted([steps(text) for text in (*leads, *bodies[n:])])
    found["steps"] = np.minimum(_MOST_STEPS, _missing(taken[:n], taken[n:]))
    found["back"] = _spread([min(_MOST_BACK, n_back(lead)) for lead in leads], len(items))
    found["summary"] = _spread([is_summary(one.title) for one in articles], len(items))
    return found | _of_time(articles, items)


def _of_time(articles: Sequence[Telling], items: Sequence[Telling]) -> Traits:
    named = [
        days_told(f"{one.title}\n{one.text}", one.on) if one.on else frozenset[date]()
        for one in (*articles, *items)
    ]
    n = len(articles)
    days = _counted([[day.isoformat() for day in one] for one in named])
    newest = np.array([_ordinal(max(one) if one else None) for one in named])
    on = np.array([_ordinal(one.on) for one in (*articles, *items)])
    known = np.where(np.isnan(newest[n:]), on[n:], newest[n:])
    fresh = np.where(newest[:n, None] > known[None, :], 1.0, -1.0)
    unknown = np.isnan(newest[:n, None]) | np.isnan(known[None, :])
    gap = np.nan_to_num(on[:n, None] - on[None, n:])
    return {
        "days": _floats(_shared(days[:n], days[n:]) > 0),
        "fresh": np.where(unknown, 0.0, fresh),
        "gap": np.log1p(np.clip(gap, 0, _MOST_DAYS)),
    }


def _ordinal(day: date | None) -> float:
    return np.nan if day is None else float(day.toordinal())


def _lead(one: Telling, reading: Reading) -> str:
    spans = reading.spans(one.text)
    return f"{one.title}\n{one.text[: spans[0][1]]}" if spans else one.title


def _weighed(terms: Sequence[Iterable[str]]) -> csr_matrix:
    return _matrix(terms, TfidfVectorizer(analyzer=list, binary=True, norm=None))


def _counted(terms: Sequence[Iterable[str]]) -> csr_matrix:
    return _matrix(terms, CountVectorizer(analyzer=list, binary=True))


def _matrix(terms: Sequence[Iterable[str]], counted: CountVectorizer) -> csr_matrix:
    try:
        return csr_matrix(counted.fit_transform(terms), dtype=np.float64)
    except ValueError:  # no text has a term
        return csr_matrix((len(terms), 1))


def _shared(rows: csr_matrix, held: csr_matrix) -> NDArray[np.float64]:
    return np.asarray((rows @ held.T).toarray(), dtype=np.float64)


def _missing(rows: csr_matrix, held: csr_matrix) -> NDArray[np.float64]:
    return np.asarray(rows.sum(axis=1)).reshape(-1, 1) - _shared(rows, held)


def _covered(rows: csr_matrix, held: csr_matrix) -> NDArray[np.float64]:
    """Return the share of each row's weights that each of the others holds."""
    totals = np.asarray(rows.sum(axis=1)).reshape(-1, 1)
    share: NDArray[np.float64] = _shared(rows, (held > 0).astype(np.float64))
    return share / np.where(totals > 0, totals, 1.0)


def _spread(values: Sequence[float], n_columns: int) -> NDArray[np.float64]:
    return np.repeat(np.array(values, dtype=np.float64).reshape(-1, 1), n_columns, axis=1)


def _floats(array: NDArray[np.bool_]) -> NDArray[np.float64]:
    return array.astype(np.float64)
