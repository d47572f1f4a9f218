from __future__ import annotations

import pickle

from alliance_nlp.learn import EntityReader
from alliance_nlp.vectors import ArticleVectorizer

TEXTS = ["Ambassador Rahm Emanuel visited Kadena Air Base.", "Corn prices rose on Friday."] * 2


def test_entities_become_features_with_the_countries_of_those_known() -> None:
    features = EntityReader()(TEXTS[0])
    assert {"OFFICIAL", "OFFICIAL:US", "BASE", "BASE:JP"} <= set(features)
    assert EntityReader()(TEXTS[1]) == []


def test_a_vectorizer_with_a_reader_fits_reads_and_pickles() -> None:
    vectorizer = ArticleVectorizer(min_df=2, reader=EntityReader()).fit(TEXTS)
    assert "read__BASE:JP" in set(vectorizer.get_feature_names_out())
    again = pickle.loads(pickle.dumps(vectorizer))
    assert (again.transform(TEXTS) != vectorizer.transform(TEXTS)).nnz == 0
