from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.vectors import ArticleVectorizer
from alliance_nlp.vectors.concepts import concept_features, load_lexicon

ENGLISH = "Tokyo weighs answer to tariffs\nWashington raised its tariffs on cars. Japan regrets it."
JAPANESE = "関税で首相が会談\n日本と米国は自動車の関税について協議した。"


def test_an_actor_and_a_matter_in_one_sentence_make_a_pair() -> None:
    told = set(concept_features("Washington raised its tariffs."))
    assert {"title:us", "title:tariff", "tariff+us", "us:tariff", "no:jp", "no:both"} <= told
    assert "jp:tariff" not in told


def test_a_matter_between_both_countries_is_told_from_one_beside_them() -> None:
    beside = "Japan won at baseball.\nWashington raised its tariffs."
    between = "Japan asked Washington about tariffs."
    assert "both:tariff" in set(concept_features(between))
    assert "both:tariff" not in set(concept_features(beside))


def test_both_languages_give_the_same_concepts() -> None:
    english, japanese = (
        {f for f in concept_features(text) if f.startswith("has:")} for text in (ENGLISH, JAPANESE)
    )
    assert {"has:us", "has:jp", "has:tariff"} <= english & japanese


@pytest.mark.parametrize("text", ["The user of the museum rested.", "Thus a bus; status quo."])
def test_a_country_inside_a_word_does_not_count(text: str) -> None:
    assert "has:us" not in set(concept_features(text))


def test_every_term_is_found_where_it_stands_alone() -> None:
    lexicon = load_lexicon()
    for first, terms in lexicon.english.items():
        for further, concepts in terms:
            text = " ".join((first, *further))
            assert {f"has:{c}" for c in concepts} <= set(concept_features(text)), text


@given(st.text())
def test_any_text_gives_features_and_the_same_ones_again(text: str) -> None:
    assert list(concept_features(text)) == list(concept_features(text))


TEXTS = [f"{ENGLISH} {n}" for n in ("one", "two", "three", "four", "five")] + [JAPANESE] * 5


def test_parts_stand_side_by_side_under_their_names() -> None:
    vectorizer = ArticleVectorizer(min_df=2)
    X = vectorizer.fit_transform(TEXTS)
    names = list(vectorizer.get_feature_names_out())
    assert X.shape == (len(TEXTS), len(names))
    assert len(set(names)) == len(names)
    assert {"tariffs", "concepts__has:tariff"} <= set(names)
    assert any(name.startswith("chars__") for name in names)


def test_a_part_without_weight_is_left_out() -> None:
    vectorizer = ArticleVectorizer(min_df=1, char_weight=0, concept_weight=0).fit(TEXTS)
    assert not [name for name in vectorizer.get_feature_names_out() if "__" in name]


def test_weights_scale_their_part_alone() -> None:
    light, heavy = (
        ArticleVectorizer(min_df=1, concept_weight=weight).fit_transform(TEXTS)
        for weight in (0.2, 0.4)
    )
    ratio = heavy.toarray() / light.toarray().clip(1e-12)
    seen = ratio[light.toarray() > 0]
    assert {round(float(value), 6) for value in seen} == {1.0, 2.0}


def test_the_fitted_vectorizer_pickles() -> None:
    vectorizer = ArticleVectorizer(min_df=1).fit(TEXTS)
    again = pickle.loads(pickle.dumps(vectorizer))
    assert (again.transform(TEXTS) != vectorizer.transform(TEXTS)).nnz == 0
