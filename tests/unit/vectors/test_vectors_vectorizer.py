from __future__ import annotations

import pickle

import numpy as np
import pytest
from sklearn.base import clone

from alliance_nlp.vectors import ArticleVectorizer

TEXTS = [
    "The U.S. fleet visits Yokosuka base",
    "The US fleet leaves Yokosuka base",
    "日米同盟の会談が東京で開かれた",
    "東京で日米同盟を語る",
    "",
]


def test_estimator_follows_the_conventions() -> None:
    model = ArticleVectorizer(min_df=1, max_features=9, lead_chars=50)
    assert model.get_params() == {
        "min_df": 1,
        "max_features": 9,
        "lead_chars": 50,
        "char_weight": 0.0,
        "char_chars": 400,
        "concept_weight": 0.6,
        "concept_chars": 1200,
        "reader": None,
        "reader_weight": 0.4,
    }
    assert clone(model).set_params(min_df=3).get_params()["min_df"] == 3
    assert model.fit(TEXTS) is model


def test_rows_of_terms_alone_have_unit_length_or_are_zero() -> None:
    X = ArticleVectorizer(min_df=2, char_weight=0, concept_weight=0).fit_transform(TEXTS)
    norms = np.sqrt(np.asarray(X.multiply(X).sum(axis=1)).ravel())
    np.testing.assert_allclose(norms, [1, 1, 1, 1, 0])


def test_transform_gives_what_fitting_gave() -> None:
    model = ArticleVectorizer(min_df=2)
    X = model.fit_transform(TEXTS)
    np.testing.assert_allclose(model.transform(TEXTS).toarray(), X.toarray(), atol=1e-12)
    assert X.shape == (len(TEXTS), len(model.get_feature_names_out()))


def test_pickled_model_gives_the_same_matrix() -> None:
    model = ArticleVectorizer(min_df=2).fit(TEXTS)
    again = pickle.loads(pickle.dumps(model))
    assert (model.transform(TEXTS) != again.transform(TEXTS)).nnz == 0


def test_rare_terms_are_left_out() -> None:
    names = set(ArticleVectorizer(min_df=2).fit(TEXTS).get_feature_names_out())
    assert {"us fleet", "yokosuka base", "日米同"} <= names
    assert "visits" not in names


def test_number_of_terms_is_bounded() -> None:
    assert (
        ArticleVectorizer(char_weight=0, concept_weight=0, min_df=1, max_features=3)
        .fit_transform(TEXTS)
        .shape[1]
        == 3
    )


def test_only_the_lead_is_read() -> None:
    model = ArticleVectorizer(char_weight=0, concept_weight=0, min_df=1, lead_chars=10)
    names = model.fit(["short lead and a long tail"]).get_feature_names_out()
    assert set(names) == {"short", "lead", "short lead"}


@pytest.mark.parametrize("method", ["fit", "fit_transform"])
def test_one_text_in_place_of_many_is_refused(method: str) -> None:
    with pytest.raises(TypeError, match="wrap it in a list"):
        getattr(ArticleVectorizer(), method)("one text")
