from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from alliance_nlp.core.types import Article, Dated, Label, Mention
from alliance_nlp.pipeline.introducing import introduction, introductions, short_office
from alliance_nlp.tag import KnowledgeBase, Office, Official


def _office(title: str, kind: str, org: str, *, since: str = "2020", until: str = "") -> Office:
    return Office(title=title, kind=kind, org=org, since=since, until=until or None)


def _person(*offices: Office, country: str = "US") -> Official:
    return Official(
        id="p", name="Ann Lee", aliases=(), ja=(), country=country, offices=tuple(offices)
    )


@pytest.mark.parametrize(
    ("title", "kind", "org", "country", "short"),
    [
        ("US Trade Representative", "trade-minister", "", "US", "US Trade Representative"),
        ("Secretary of State", "foreign-minister", "", "US", "US Secretary of State"),
        ("Secretary of Defense", "defense-minister", "", "US", "US Defense Secretary"),
        ("Secretary of the Treasury", "finance-minister", "", "US", "US Treasury Secretary"),
        ("President", "head-of-state", "White House", "US", "US President"),
        ("Ambassador to Japan", "ambassador", "", "US", "US Ambassador to Japan"),
        ("Senator from Ohio", "senator", "US Senate", "US", "US Senator"),
        ("Governor of Ohio", "governor", "State of Ohio", "US", "Ohio Governor"),
        (
            "Director",
            "agency-head",
            "Missile Defense Agency",
            "US",
            "US Missile Defense Agency Director",
        ),
        (
            "Commander, US Pacific Fleet",
            "fleet-commander",
            "US Pacific Fleet",
            "US",
            "US Pacific Fleet Commander",
        ),
        ("Prime Minister", "head-of-government", "Cabinet of Japan", "JP", "Prime Minister"),
        ("Minister for Foreign Affairs", "foreign-minister", "", "JP", "Japanese Foreign Minister"),
        (
            "Minister of Land, Infrastructure, Transport and Tourism",
            "cabinet-minister",
            "",
            "JP",
            "Japanese Land Minister",
        ),
        ("Governor of Okinawa", "governor", "Okinawa Prefecture", "JP", "Okinawa Governor"),
        ("Member, House of Representatives", "diet-member", "", "JP", "Lower House member"),
        ("Minister for Defence", "defense-minister", "", "AU", "Australian Defense Minister"),
        ("Prime Minister", "head-of-government", "", "AU", "Australian Prime Minister"),
        (
            "Spokesperson",
            "spokesperson",
            "Ministry of Commerce",
            "CN",
            "Chinese Commerce Ministry Spokesperson",
        ),
        ("Prime Minister", "head-of-government", "", "XX", "Prime Minister"),
    ],
)
def test_office_stands_before_a_name_in_its_short_form(
    title: str, kind: str, org: str, country: str, short: str
) -> None:
    assert short_office(_office(title, kind, org), country) == short


def test_office_is_that_of_the_day() -> None:
    person = _person(
        _office("Secretary of Energy", "energy-minister", "", since="2019", until="2021-01-20"),
        _office("Secretary of State", "foreign-minister", "", since="2021-01-26"),
    )
    days = (date(2020, 5, 1), date(2023, 5, 1), date(2010, 1, 1))
    assert [introduction(person, day) for day in days] == [
        "US Energy Secretary Ann Lee",
        "US Secretary of State Ann Lee",
        "",
    ]


def test_higher_of_two_offices_is_told() -> None:
    person = _person(
        _office("Member, House of Representatives", "diet-member", ""),
        _office("Minister of Defense", "defense-minister", ""),
        country="JP",
    )
    assert introduction(person, date(2023, 5, 1)) == "Japanese Defense Minister Ann Lee"


def _article(published: Dated | None) -> Article:
    return Article(
        id="a", source_id="s", url="https://a.example/", title="T", text="Lee.", published=published
    )


MENTION = Mention(article_id="a", start=0, end=3, label=Label.OFFICIAL, entity_id="p", how="test")


def test_people_of_a_story_are_introduced_as_of_its_day() -> None:
    kb = KnowledgeBase(
        records={"p": _person(_office("Secretary of State", "foreign-minister", ""))}, version="0"
    )
    at = datetime(2023, 5, 1, tzinfo=UTC)
    article = _article(Dated(at=at, precision="day", found="", where=""))
    assert introductions(kb, [article], {"a": [MENTION]}) == {"p": "US Secretary of State Ann Lee"}


def test_nobody_is_introduced_in_an_undated_story() -> None:
    kb = KnowledgeBase(
        records={"p": _person(_office("Secretary of State", "foreign-minister", ""))}, version="0"
    )
    assert introductions(kb, [_article(None)], {"a": [MENTION]}) == {}
