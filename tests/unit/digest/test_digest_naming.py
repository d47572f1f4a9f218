from __future__ import annotations

import pytest

from alliance_nlp.core.text import normal_text
from alliance_nlp.core.types import Article, Label, Mention
from alliance_nlp.digest.naming import cast_of

INTRO = "US Trade Representative Jane Carver"


def _article(text: str) -> Article:
    return Article(
        id="a", source_id="s", url="https://a.example/a", title="T", text=normal_text(text)
    )


def _told(*sentences: str, names: dict[str, str] | None = None) -> list[str]:
    """Tell sentences of one article, the mentions of Jane Carver in it linked to ``carver``."""
    article = _article(" ".join(sentences))
    surfaces = [s for s in ("Jane Carver", "Carver") if s in article.text]
    mentions = [
        Mention(
            article_id="a",
            start=article.text.index(surface),
            end=article.text.index(surface) + len(surface),
            label=Label.OFFICIAL,
            entity_id="carver",
            how="test",
        )
        for surface in surfaces
    ]
    cast = cast_of([article], {"a": mentions}, {"carver": INTRO} if names is None else names)
    return [cast.introduced(sentence) for sentence in sentences]


def test_first_mention_gets_office_and_later_ones_the_surname() -> None:
    assert _told("Jane Carver spoke.", "Jane Carver left and Carver's aides stayed.") == [
        f"{INTRO} spoke.",
        "Carver left and Carver's aides stayed.",
    ]


def test_surname_alone_is_introduced_in_full() -> None:
    assert _told("Carver spoke in Tokyo.") == [f"{INTRO} spoke in Tokyo."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ambassador Jane Carver spoke.",
        "Jane Carver, the trade representative, spoke.",
        "US Trade Representative Jane Carver spoke.",
        "Ministers Jane Carver and Ken Ito spoke.",
        "The Carver team spoke.",
        "A lawyer named Jane Carver spoke.",
        "The mayor said: “Jane Carver is welcome.”",
    ],
)
def test_no_office_is_added_where_one_stands_or_none_fits(sentence: str) -> None:
    assert _told(sentence) == [sentence]


def test_office_told_just_after_the_name_is_not_told_twice() -> None:
    sentence = "Jane Carver was sworn in as trade representative."
    assert _told(sentence) == [sentence]


def test_country_before_the_name_is_not_told_twice() -> None:
    assert _told("America's Jane Carver spoke.") == ["America's Jane Carver spoke."]


def test_person_whom_the_desk_does_not_know_is_introduced_as_the_article_does() -> None:
    article = _article(
        "Ken Ito, a professor of naval history, said so. Port fees rose. Ito said fees would fall."
    )
    cast = cast_of([article], {}, {})
    assert cast.introduced("Ito said fees would fall.") == (
        "Ken Ito, a professor of naval history, said fees would fall."
    )


def test_two_people_of_one_surname_are_left_as_they_are() -> None:
    article = _article("Mayor Ken Ito said so. Governor Mari Ito said otherwise.")
    cast = cast_of([article], {}, {})
    assert cast.introduced("Ken Ito said so.") == "Ken Ito said so."


def test_name_of_something_else_before_a_comma_is_nobody() -> None:
    article = _article("Valiant Shield, a drill of the fleet, began. Port fees rose. Shield ended.")
    assert cast_of([article], {}, {}).introduced("Shield ended.") == "Shield ended."


def test_surname_of_a_korean_name_is_its_first_word() -> None:
    cast = cast_of([_article("President Yoon Suk-yeol met the envoy.")], {}, {})
    told = [cast.introduced(text) for text in ("Yoon Suk-yeol spoke.", "Yoon Suk-yeol left.")]
    assert told == ["President Yoon Suk-yeol spoke.", "Yoon left."]


def test_spelling_of_the_articles_goes_before_that_of_the_desk() -> None:
    assert _told("Jane Carver spoke.", names={"carver": "US Envoy Jane Carver"}) == [
        "US Envoy Jane Carver spoke."
    ]


def test_abbreviation_is_spelled_out_once_as_the_article_does() -> None:
    article = _article(
        "The Glide Phase Interceptor (GPI) is to fly in 2030. The GPI is costly. The GPI is new."
    )
    cast = cast_of([article], {}, {})
    told = [cast.introduced("The GPI is costly."), cast.introduced("The GPI is new.")]
    assert told == ["The Glide Phase Interceptor (GPI) is costly.", "The GPI is new."]


def test_abbreviation_that_the_sentence_defines_stays() -> None:
    sentence = "The United Port Workers (UPW) refused."
    cast = cast_of([_article(f"{sentence} The UPW struck.")], {}, {})
    assert [cast.introduced(sentence), cast.introduced("The UPW struck.")] == [
        sentence,
        "The UPW struck.",
    ]


def test_parenthesis_that_is_no_abbreviation_of_the_words_before_is_none() -> None:
    cast = cast_of([_article("The accord of Tokyo (BBC) holds. The BBC is there.")], {}, {})
    assert cast.introduced("The BBC is there.") == "The BBC is there."


def test_one_person_named_is_told_from_several() -> None:
    cast = cast_of([_article("Mayor Ken Ito met Governor Mari Oda.")], {}, {})
    one = cast.only_one_in("Ito spoke.")
    assert (one and one.full, cast.only_one_in("Ito and Oda spoke.")) == ("Ken Ito", None)
