from __future__ import annotations

import pickle

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone

from alliance_nlp.vectors import EventVectorizer, event_vectors
from alliance_nlp.vectors.analyzer import content_pairs, names

QUAKE = "Quake shakes Noto\nA strong quake shook Noto on Monday, and Wajima was hit hard."
AGAIN = "Noto is hit by a strong quake\nWajima was hit hard when a strong quake shook it."
OTHER = "Quake shakes Taiwan\nA strong quake shook Taiwan on Monday, and Hualien was hit hard."


def test_names_are_capitalised_words_and_katakana() -> None:
    assert list(names("The U.S. envoy Emanuel met トヨタ in Tokyo")) == [
        "us",
        "emanuel",
        "tokyo",
        "トヨタ",
    ]


def test_pairs_skip_function_words() -> None:
    assert list(content_pairs("the return of the land")) == ["return land"]


def test_names_bring_one_event_closer_than_another_of_its_kind() -> None:
    X = event_vectors([QUAKE, AGAIN, OTHER])
    alike = (X @ X.T).toarray()
    assert alike[0, 1] > alike[0, 2]
    plain = EventVectorizer(name_weight=0, pair_weight=0).fit_transform([QUAKE, AGAIN, OTHER])
    before = (plain @ plain.T).toarray()
    assert alike[0, 1] - alike[0, 2] > before[0, 1] - before[0, 2]


@given(st.lists(st.text(max_size=80), max_size=6))
def test_rows_have_unit_length_or_none(texts: list[str]) -> None:
    X = event_vectors(texts)
    assert X.shape[0] == len(texts)
    lengths = np.sqrt(np.asarray(X.multiply(X).sum(axis=1)).ravel())
    assert all(np.isclose(length, 0) or np.isclose(length, 1) for length in lengths)


def test_a_fitted_vectorizer_reads_new_texts_and_pickles() -> None:
    model = EventVectorizer().fit([QUAKE, AGAIN, OTHER])
    again = pickle.loads(pickle.dumps(model))
    assert (model.transform([QUAKE]) != again.transform([QUAKE])).nnz == 0
    assert clone(model).get_params() == model.get_params()
