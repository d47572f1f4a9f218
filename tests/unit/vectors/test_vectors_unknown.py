"""How much of a text a vectorizer has never seen."""

from __future__ import annotations

import pytest
from sklearn.pipeline import FeatureUnion

from alliance_nlp.vectors import ArticleVectorizer, known_terms, unknown_share

TEXTS = ["the tariff on steel", "a steel reactor", "日本政府の発表"]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Steel tariff", 0.0),
        ("steel tariff steel gallium", 1 / 3),
        ("gallium germanium", 1.0),
        ("日本", 0.0),
        ("of the", 0.0),
        ("", 0.0),
    ],
)
def test_share_counts_different_content_words(text: str, share: float) -> None:
    known = known_terms(ArticleVectorizer(min_df=1).fit(TEXTS).get_feature_names_out())
    assert unknown_share(text, known) == pytest.approx(share)


def test_names_of_a_union_are_read_without_their_part() -> None:
    plain = ArticleVectorizer(min_df=1, char_weight=0, concept_weight=0)
    union = FeatureUnion([("words", ArticleVectorizer(min_df=1))]).fit(TEXTS)
    names = plain.fit(TEXTS).get_feature_names_out()
    assert known_terms(union.get_feature_names_out()) == known_terms(names) == set(names)
