from __future__ import annotations

import re
from typing import Any

import pytest

from alliance_nlp.core.errors import ConfigError
from alliance_nlp.core.types import Paywall, Rights, Sector, SourceKind, TopicLabel
from alliance_nlp.sources import read_sources

FEED = {"id": "navy-news", "name": "Navy", "kind": "feed", "url": "https://navy.example/rss"}
INDEX = {**FEED, "kind": "index", "link_pattern": "/news/"}


def test_entry_becomes_a_source_with_defaults() -> None:
    (source,) = read_sources([FEED])
    assert (source.id, source.kind, source.url) == ("navy-news", SourceKind.FEED, FEED["url"])
    assert (source.weight, source.expected, source.zone) == (0.5, (0, 10_000), "UTC")


def test_entry_may_set_everything() -> None:
    own: dict[str, Any] = {
        "language": "ja",
        "country": "JP",
        "weight": 1,
        "rights": {"quote_words": 50, "paywall": "metered", "ai_opt_out": True, "note": "ask"},
        "expected": [3, 40],
        "zone": "Asia/Tokyo",
        "home": "https://navy.example/",
        "sector": "military",
        "topics": ["defense", "base-politics"],
    }
    (source,) = read_sources([INDEX | own])
    assert {name: getattr(source, name) for name in own} == own | {
        "expected": (3, 40),
        "rights": Rights(quote_words=50, paywall=Paywall.METERED, ai_opt_out=True, note="ask"),
        "sector": Sector.MILITARY,
        "topics": (TopicLabel.DEFENSE, TopicLabel.BASE_POLITICS),
    }


def test_rights_may_be_a_sentence() -> None:
    (source,) = read_sources([FEED | {"rights": "quote with a link"}])
    assert source.rights == Rights(note="quote with a link")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rights": {"quotes": 5}}, "unknown key 'rights.quotes'; known are quote_words"),
        ({"rights": {"quote_words": "many"}}, "rights.quote_words must be a whole number"),
        ({"rights": {"quote_words": True}}, "rights.quote_words must be a whole number"),
        ({"rights": {"paywall": "thick"}}, "rights.paywall 'thick' is none of none, metered"),
        ({"rights": {"ai_opt_out": "no"}}, "rights.ai_opt_out must be true or false"),
        ({"rights": 7}, "rights must be text or a table"),
        ({"sector": "navy"}, "sector 'navy' is none of government"),
        ({"topics": "trade"}, "topics must be a list"),
        ({"topics": ["sport"]}, "topic 'sport' is none of trade"),
        ({"home": 7}, "home must be text in quotes"),
    ],
)
def test_wrong_description_is_named(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(said)):
        read_sources([FEED | wrong])


def test_id_of_the_catalogue_is_enough() -> None:
    (source,) = read_sources([{"id": "usfj-news"}])
    assert (source.name, source.sector) == ("U.S. Forces Japan", Sector.MILITARY)


def test_entry_overrules_the_catalogue() -> None:
    (source,) = read_sources([{"id": "usfj-news", "weight": 0.1, "name": "USFJ"}])
    assert (source.name, source.weight, source.country) == ("USFJ", 0.1, "US")


def test_entries_keep_their_order() -> None:
    entries = [FEED | {"id": name} for name in ("c", "a", "b")]
    assert [source.id for source in read_sources(entries)] == ["c", "a", "b"]


@pytest.mark.parametrize("kind", ["folder", "warc"])
def test_local_source_takes_a_path(kind: str) -> None:
    (source,) = read_sources([FEED | {"kind": kind, "url": "inbox"}])
    assert source.url == "inbox"


BAD = {
    "misspelt key": (FEED | {"wieght": 1}, "unknown key 'wieght'; did you mean weight?"),
    "strange key": (FEED | {"zzz": 1}, "unknown key 'zzz'; known are id, name, kind, url"),
    "no url": ({k: v for k, v in FEED.items() if k != "url"}, "url must be given"),
    "empty name": (FEED | {"name": ""}, "name must be given"),
    "id with a space": (FEED | {"id": "navy news"}, "id must be lower-case words joined by"),
    "id with a line break": (FEED | {"id": "navy\n"}, "id must be lower-case words joined by"),
    "id as a number": (FEED | {"id": 7}, "id must be text in quotes, not 7"),
    "kind": (FEED | {"kind": "rss"}, "kind 'rss' is none of feed, sitemap, index, folder, warc"),
    "weight": (FEED | {"weight": 2}, "weight must be a number from 0 to 1, not 2"),
    "weight as text": (FEED | {"weight": "1"}, "weight must be a number from 0 to 1, not '1'"),
    "weight as a word": (FEED | {"weight": True}, "weight must be a number from 0 to 1, not True"),
    "weight that is none": (FEED | {"weight": float("nan")}, "weight must be a number from 0 to 1"),
    "expected reversed": (FEED | {"expected": [9, 1]}, r"expected must be [least, most] articles"),
    "expected as one": (FEED | {"expected": 9}, "expected must be [least, most] articles a run"),
    "expected as text": (FEED | {"expected": ["1", "2"]}, "expected must be [least, most]"),
    "url": (FEED | {"url": "navy.example/rss"}, "is no web address; write https://host/path"),
    "url as a list": (FEED | {"url": ["https://a.example"]}, "url must be text in quotes"),
    "no pattern": (FEED | {"kind": "index"}, "an index needs link_pattern"),
    "pattern": (INDEX | {"link_pattern": "("}, "link_pattern is no regular expression: missing )"),
    "zone": (FEED | {"zone": "Tokyo"}, "zone 'Tokyo' is no IANA zone; write one like Asia/Tokyo"),
    "zone folder": (FEED | {"zone": "Asia"}, "zone 'Asia' is no IANA zone"),
    "zone outside": (FEED | {"zone": "../../etc/passwd"}, "is no IANA zone"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_entry_is_refused_naming_source_and_remedy(name: str) -> None:
    entry, message = BAD[name]
    with pytest.raises(ConfigError) as caught:
        read_sources([FEED | {"id": "other"}, entry])
    assert message in str(caught.value)
    assert f"source {entry['id']!r}" in str(caught.value)


def test_entry_without_id_is_named_by_its_number() -> None:
    with pytest.raises(ConfigError, match="source 'number 2': id must be given"):
        read_sources([FEED, {"name": "x", "kind": "feed", "url": "https://a.example/"}])


def test_two_entries_with_one_id_are_refused() -> None:
    with pytest.raises(ConfigError, match="two sources have the id 'navy-news'; rename one"):
        read_sources([FEED, FEED])
