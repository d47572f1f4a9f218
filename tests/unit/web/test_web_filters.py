from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from alliance_nlp.core.types import Novelty, Source, SourceKind, TopicLabel
from alliance_nlp.web.filters import STATES, Wanted, chips

FILTERS = st.builds(
    Wanted,
    q=st.text(max_size=30).map(lambda text: " ".join(text.replace("\0", "").split())),
    topic=st.sets(st.sampled_from(list(TopicLabel))).map(
        lambda some: tuple(label for label in TopicLabel if label in some)
    ),
    novelty=st.sets(st.sampled_from(list(Novelty))).map(
        lambda some: tuple(label for label in Novelty if label in some)
    ),
    state=st.sets(st.sampled_from(list(STATES))).map(
        lambda some: tuple(state for state in STATES if state in some)
    ),
    source=st.lists(st.text("ab&=?#/é日", min_size=1), unique=True, max_size=4).map(tuple),
    country=st.sampled_from([(), ("JP",), ("JP", "US")]),
    since=st.none() | st.dates(),
)


def source(name: str, country: str) -> Source:
    return Source(
        id=name, name=name.title(), kind=SourceKind.FEED, url="https://a.example", country=country
    )


SOURCES = {s.id: s for s in (source("bay", "US"), source("kita", "JP"), source("minami", "JP"))}


@given(FILTERS)
def test_filter_is_the_same_when_read_from_its_address(wanted):
    assert Wanted.read(QueryParams(wanted.query)) == wanted


@given(st.text(max_size=200))
def test_any_address_is_read_without_an_error(text):
    Wanted.read(QueryParams(text))


@pytest.mark.parametrize(
    "query", ["topic=finance", "state=done", "novelty=old", "since=soon", "q=%00", "entity=%20"]
)
def test_nothing_is_narrowed_when_an_address_means_nothing(query):
    assert Wanted.read(QueryParams(query)) == Wanted()


def test_chip_leads_to_the_list_without_its_filter():
    wanted = Wanted.read(QueryParams("q=sea+drill&topic=defense&topic=energy&since=2024-04-01"))
    found = {chip.text: chip.without for chip in chips(wanted, sources={}, entities={})}
    assert found == {
        "sea drill": "/?topic=defense&topic=energy&since=2024-04-01",
        "defense": "/?q=sea+drill&topic=energy&since=2024-04-01",
        "energy": "/?q=sea+drill&topic=defense&since=2024-04-01",
        "2024-04-01": "/?q=sea+drill&topic=defense&topic=energy",
    }


def test_chip_says_names_where_the_address_has_ids():
    wanted = Wanted(source=("kita",), entity="q-17", state=("accept",))
    found = chips(wanted, sources=SOURCES, entities={"q-17": "Camp Foster"})
    assert [(chip.kind, chip.text) for chip in found] == [
        ("state", "accepted"),
        ("source", "Kita"),
        ("mentions", "Camp Foster"),
    ]


def test_country_stands_for_its_sources():
    assert Wanted(country=("JP",)).narrowed(SOURCES).source_ids == ("kita", "minami")


def test_sources_are_only_those_of_the_country_when_both_are_asked():
    wanted = Wanted(country=("JP",), source=("kita", "bay"))
    assert wanted.narrowed(SOURCES).source_ids == ("kita",)


def test_nothing_gets_through_when_no_source_is_of_the_country():
    narrowed = Wanted(country=("FR",)).narrowed(SOURCES)
    assert narrowed.source_ids
    assert not set(narrowed.source_ids) & set(SOURCES)


def test_page_of_the_list_keeps_its_filter():
    wanted = Wanted(topic=(TopicLabel.TRADE,), until=date(2024, 4, 2))
    assert wanted.at(50) == "/?topic=trade&until=2024-04-02&after=50"
    assert Wanted().at() == "/"
