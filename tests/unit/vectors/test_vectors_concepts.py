from __future__ import annotations

import os
import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.vectors import ArticleVectorizer
from alliance_nlp.vectors.concepts import concept_features, distinct_concepts
from alliance_nlp.vectors.lexicon import ACTORS, concepts_in, family, load_lexicon

ENGLISH = "Tokyo weighs answer to tariffs\nWashington raised its tariffs on cars. Japan regrets it."
JAPANESE = "関税で首相が会談\n日本と米国は自動車の関税について協議した。"


TARIFFS = "trade/tariffs"


def test_an_actor_and_a_matter_in_one_sentence_make_a_pair() -> None:
    told = set(concept_features("Washington raised its tariffs."))
    assert {"title:us", f"title:{TARIFFS}", f"us+{TARIFFS}", "trade+us", f"us:{TARIFFS}"} <= told
    assert {"no:jp", "no:both", "most:us", "most:trade"} <= told
    assert f"jp:{TARIFFS}" not in told


def test_a_matter_between_both_countries_is_told_from_one_beside_them() -> None:
    beside = "Japan won at baseball.\nWashington raised its tariffs."
    between = "Japan asked Washington about tariffs."
    assert {f"both:{TARIFFS}", "both:trade"} <= set(concept_features(between))
    assert f"both:{TARIFFS}" not in set(concept_features(beside))


def test_both_languages_give_the_same_concepts() -> None:
    english, japanese = (
        {f for f in concept_features(text) if f.startswith("has:")} for text in (ENGLISH, JAPANESE)
    )
    assert {"has:us", "has:jp", "has:trade", f"has:{TARIFFS}"} <= english & japanese


@pytest.mark.parametrize("text", ["The user of the museum rested.", "Thus a bus; status quo."])
def test_a_country_inside_a_word_does_not_count(text: str) -> None:
    assert "has:us" not in set(concept_features(text))


def test_wide_letters_count_as_narrow_ones() -> None:
    assert concepts_in("ＬＮＧを輸入", japanese=True) == concepts_in("LNGを輸入", japanese=True)
    assert any(family(c) == "energy" for c in concepts_in("ＬＮＧを輸入", japanese=True))


def test_every_english_term_is_found_where_it_stands_alone() -> None:
    for first, terms in load_lexicon().english.items():
        for further, concepts in terms:
            assert concepts <= concepts_in(" ".join((first, *further)), japanese=False), first


def test_every_japanese_term_is_found_where_it_stands_alone() -> None:
    for terms in load_lexicon().japanese.values():
        for term, concepts in terms:
            assert concepts <= concepts_in(term, japanese=True), term


def test_every_family_of_actors_has_a_concept_and_both_families_of_the_pair_many() -> None:
    lexicon = load_lexicon()
    named = {c for terms in lexicon.english.values() for _, concepts in terms for c in concepts}
    assert set(map(family, named)) >= ACTORS
    assert min(sum(family(c) == country for c in named) for country in ("us", "jp")) >= 5


def test_a_concept_counts_once_a_sentence_for_likeness() -> None:
    told = list(distinct_concepts("Tariffs and tariffs.\nTariffs again."))
    assert told.count(TARIFFS) == 2


@given(st.text())
def test_any_text_gives_features_and_the_same_ones_again(text: str) -> None:
    assert list(concept_features(text)) == list(concept_features(text))


def test_the_order_of_features_does_not_hang_on_the_hash_seed() -> None:
    script = (
        "from alliance_nlp.vectors.concepts import concept_features;"
        f"print(list(concept_features({ENGLISH!r})))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


TEXTS = [f"{ENGLISH} {n}" for n in ("one", "two", "three", "four", "five")] + [JAPANESE] * 5


def test_parts_stand_side_by_side_under_their_names() -> None:
    vectorizer = ArticleVectorizer(min_df=2, char_weight=0.5)
    X = vectorizer.fit_transform(TEXTS)
    names = list(vectorizer.get_feature_names_out())
    assert X.shape == (len(TEXTS), len(names))
    assert len(set(names)) == len(names)
    assert {"tariffs", "concepts__has:trade/tariffs"} <= set(names)
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
