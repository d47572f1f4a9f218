"""The catalogue that ships with the package: whole, valid, and what an operator needs."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from importlib import resources
from typing import Any
from zoneinfo import available_timezones

import pytest

from alliance_nlp.core.types import Sector, Source, SourceKind, TopicLabel
from alliance_nlp.core.urls import canonical, host, is_web_url
from alliance_nlp.sources import catalogue_entries, catalogue_entry, read_sources

# ISO 3166-1 alpha-2, as far as outlets on the alliance and its region come from there.
COUNTRIES = set(
    "AU BE BR CA CH CL CN DE DK EE ES FI FR GB GU HK HR ID IE IN IT JP KR LT LV MM MX MY NL NO NZ "
    "PH PL PT RU SE SG TH TW UA US VN".split()
)
# Those who publish for many countries at once.
NO_COUNTRY = {Sector.INTERNATIONAL, Sector.STATISTICS}


@pytest.fixture(scope="module")
def entries() -> tuple[Mapping[str, Any], ...]:
    return catalogue_entries()


@pytest.fixture(scope="module")
def sources(entries: tuple[Mapping[str, Any], ...]) -> tuple[Source, ...]:
    return read_sources(entries)


def some(sources: tuple[Source, ...], **wanted: Any) -> list[Source]:
    return [s for s in sources if all(getattr(s, name) == value for name, value in wanted.items())]


def test_catalogue_holds_at_least_120_sources(sources: tuple[Source, ...]) -> None:
    assert len(sources) >= 120


def test_every_table_of_the_package_is_read(entries: tuple[Mapping[str, Any], ...]) -> None:
    folder = resources.files("alliance_nlp.sources.catalogue")
    tables = [path for path in folder.iterdir() if path.name.endswith(".toml")]
    ids = [
        entry["id"]
        for path in tables
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["sources"]
    ]
    assert len(tables) >= 8
    assert sorted(ids) == sorted(entry["id"] for entry in entries)
    assert [i for i, n in Counter(ids).items() if n > 1] == []


def test_an_entry_is_found_by_its_id_and_nothing_by_another() -> None:
    one = catalogue_entries()[-1]
    assert catalogue_entry(one["id"]) == one
    assert catalogue_entry("no-such-source") == {}


def test_every_address_stands_once(sources: tuple[Source, ...]) -> None:
    keys = Counter((canonical(source.url), source.kind) for source in sources)
    assert [key for key, n in keys.items() if n > 1] == []


def test_every_address_is_secure_or_has_a_reason(sources: tuple[Source, ...]) -> None:
    plain = [source.id for source in sources if source.url.startswith("http://")]
    assert len(plain) <= len(sources) // 20, plain


def test_none_is_a_place_on_somebodys_disk(sources: tuple[Source, ...]) -> None:
    kinds = {source.kind for source in sources}
    assert kinds <= {SourceKind.FEED, SourceKind.SITEMAP, SourceKind.INDEX}


def test_every_home_is_a_web_address(sources: tuple[Source, ...]) -> None:
    assert [source.id for source in sources if not is_web_url(source.home)] == []


def test_patterns_are_for_indexes_alone(sources: tuple[Source, ...]) -> None:
    odd = [s.id for s in sources if bool(s.link_pattern) != (s.kind is SourceKind.INDEX)]
    assert odd == []


def test_no_pattern_matches_its_own_index_or_home(sources: tuple[Source, ...]) -> None:
    matching = [
        source.id
        for source in some(sources, kind=SourceKind.INDEX)
        for url in (source.url, source.home)
        if re.search(source.link_pattern, url)
    ]
    assert matching == []


def test_no_pattern_matches_everything(sources: tuple[Source, ...]) -> None:
    loose = [
        source.id
        for source in some(sources, kind=SourceKind.INDEX)
        if re.search(source.link_pattern, f"https://{host(source.url)}/about")
        or re.search(source.link_pattern, f"https://{host(source.url)}/")
    ]
    assert loose == []


def test_every_zone_is_one_of_iana(sources: tuple[Source, ...]) -> None:
    zones = available_timezones()
    assert [source.id for source in sources if source.zone not in zones] == []


def test_every_zone_is_that_of_its_country_where_there_is_but_one(
    sources: tuple[Source, ...],
) -> None:
    only = {"KR": "Asia/Seoul", "TW": "Asia/Taipei", "SG": "Asia/Singapore", "PH": "Asia/Manila"}
    odd = [
        source.id
        for source in sources
        if source.country in only and source.zone not in (only[source.country], "UTC")
    ]
    assert odd == []


def test_every_country_is_a_code_of_iso(sources: tuple[Source, ...]) -> None:
    odd = [
        (source.id, source.country)
        for source in sources
        if source.country not in COUNTRIES
        and not (source.country == "" and source.sector in NO_COUNTRY)
    ]
    assert odd == []


def test_every_language_is_a_code_of_iso(sources: tuple[Source, ...]) -> None:
    assert {source.language for source in sources} <= {"en", "ja", "ko", "zh", ""}


def test_every_weight_says_something(sources: tuple[Source, ...]) -> None:
    assert [s.id for s in sources if not 0.1 <= s.weight <= 1.0] == []


def test_every_expectation_is_one_that_can_be_missed(sources: tuple[Source, ...]) -> None:
    odd = [(s.id, s.expected) for s in sources if not 1 <= s.expected[1] <= 500]
    assert odd == []
    assert [s.id for s in sources if s.expected[0] > s.expected[1] / 2] == []


def test_every_entry_says_who_speaks_and_what_may_be_done_with_it(
    entries: tuple[Mapping[str, Any], ...], sources: tuple[Source, ...]
) -> None:
    assert [source.id for source in sources if source.sector is Sector.OTHER] == []
    assert [entry["id"] for entry in entries if "paywall" not in entry.get("rights", {})] == []


@pytest.mark.parametrize(
    ("wanted", "least"),
    [
        ({"country": "US", "sector": Sector.GOVERNMENT}, 15),
        ({"country": "US", "sector": Sector.MILITARY}, 10),
        ({"country": "US", "sector": Sector.PARLIAMENT}, 2),
        ({"country": "US", "sector": Sector.PRESS}, 5),
        ({"country": "JP", "sector": Sector.GOVERNMENT, "language": "en"}, 5),
        ({"country": "JP", "sector": Sector.GOVERNMENT, "language": "ja"}, 5),
        ({"country": "JP", "sector": Sector.MILITARY}, 3),
        ({"country": "JP", "sector": Sector.LOCAL_GOVERNMENT}, 5),
        ({"country": "JP", "sector": Sector.PRESS, "language": "en"}, 3),
        ({"country": "JP", "sector": Sector.PRESS, "language": "ja"}, 8),
        ({"sector": Sector.THINK_TANK}, 10),
        ({"sector": Sector.STATISTICS}, 5),
        ({"sector": Sector.TRADE_PRESS}, 10),
        ({"sector": Sector.EMBASSY}, 1),
    ],
)
def test_every_group_is_there(
    sources: tuple[Source, ...], wanted: dict[str, Any], least: int
) -> None:
    assert len(some(sources, **wanted)) >= least


@pytest.mark.parametrize("topic", list(TopicLabel))
def test_every_topic_has_its_sources(sources: tuple[Source, ...], topic: TopicLabel) -> None:
    assert len([source for source in sources if topic in source.topics]) >= 15


@pytest.mark.parametrize(
    "site",
    [
        "usfj.mil",
        "war.gov",
        "navy.mil",
        "state.gov",
        "ustr.gov",
        "whitehouse.gov",
        "gao.gov",
        "mofa.go.jp",
        "mod.go.jp",
        "meti.go.jp",
        "jogmec.go.jp",
        "ryukyushimpo.jp",
        "okinawatimes.co.jp",
        "csis.org",
    ],
)
def test_those_whom_the_alliance_is_about_are_there(sources: tuple[Source, ...], site: str) -> None:
    named = {name for s in sources for name in (host(s.url), host(s.home))}
    assert any(name == site or name.endswith(f".{site}") for name in named)
