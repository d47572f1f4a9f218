"""Vectors that languages share: concepts, and numbers in one notation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from alliance_nlp.vectors.concepts import distinct_concepts

_SCALES = {
    "万": 1e4,
    "億": 1e8,
    "兆": 1e12,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
_NUMBER = re.compile(
    r"(\d[\d,]*(?:\.\d+)?)\s*(万|億|兆|thousand|million|billion|trillion)?(?:(\d[\d,]*)\s*(万|億))?"
)
# Small ones and years stand in every text.
_SMALLEST = 12
_YEARS = (1990, 2035)
_NUMBER_WEIGHT = 0.5


def numbers(text: str) -> Iterator[str]:
    """Yield a text's numbers in three digits, one notation for both languages; years left out."""
    for whole, scale, rest, rest_scale in _NUMBER.findall(unicodedata.normalize("NFKC", text)):
        value = float(whole.replace(",", "")) * _SCALES.get(scale, 1.0)
        if rest:
            value += float(rest.replace(",", "")) * _SCALES[rest_scale]
        if value > _SMALLEST and not _YEARS[0] <= value <= _YEARS[1]:
            yield f"{value:.3g}"


def bridge_vectors(texts: Sequence[str]) -> csr_matrix:
    """Return unit-length rows of what English and Japanese texts share, (n_texts, n_features).

    Concepts bear it: the names of countries, offices, firms, places and weapons are among them.
    The weights come from these texts alone. Texts that share nothing with any other have zero rows.
    """
    parts: list[tuple[float, Callable[[str], Iterator[str]]]] = [
        (1.0, distinct_concepts),
        (_NUMBER_WEIGHT, numbers),
    ]
    blocks = []
    for weight, read in parts:
        counted = TfidfVectorizer(analyzer=read, sublinear_tf=True, min_df=2)
        try:
            blocks.append(counted.fit_transform(texts) * weight)
        except ValueError:
            continue  # nothing that two texts share
    return csr_matrix(normalize(hstack(blocks))) if blocks else csr_matrix((len(texts), 1))
