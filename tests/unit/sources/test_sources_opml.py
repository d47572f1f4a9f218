from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import Sector, Source, SourceKind, TopicLabel
from alliance_nlp.sources import read_opml, read_sources, write_opml


def opml(*outlines: str) -> bytes:
    return f'<opml version="2.0"><head/><body>{"".join(outlines)}</body></opml>'.encode()


def feed(title: str = "Fleet News", url: str = "https://fleet.example/rss", more: str = "") -> str:
    return f'<outline text="{title}" type="rss" xmlUrl="{url}" {more}/>'


def entry(*outlines: str) -> dict[str, Any]:
    (only,) = read_opml(opml(*outlines))
    return only


def test_feed_becomes_a_source_entry() -> None:
    more = 'title="Fleet &amp; Port News" htmlUrl="https://fleet.example/" language="en-US"'
    assert entry(feed(more=more)) == {
        "id": "fleet-port-news",
        "name": "Fleet & Port News",
        "kind": "feed",
        "url": "https://fleet.example/rss",
        "home": "https://fleet.example/",
        "language": "en",
    }


def test_entries_are_such_as_sources_are_made_of() -> None:
    entries = read_opml(opml(feed(), feed("琉球の新聞", "https://okinawa.example/rss")))
    assert [source.id for source in read_sources(entries)] == ["fleet-news", "okinawa-example"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [("", "fleet-example"), ("艦隊ニュース", "fleet-example"), ("艦隊ニュース A", "fleet-example")],
)
def test_id_is_from_the_host_when_the_title_has_no_latin_words(title: str, slug: str) -> None:
    assert entry(feed(title))["id"] == slug


def test_entry_without_a_title_is_named_by_its_host() -> None:
    assert entry(feed(""))["name"] == "fleet.example"


def test_ids_that_clash_are_numbered() -> None:
    entries = read_opml(opml(*[feed(url=f"https://fleet.example/{n}") for n in range(3)]))
    assert [one["id"] for one in entries] == ["fleet-news", "fleet-news-2", "fleet-news-3"]


def test_feed_that_stands_twice_is_read_once() -> None:
    assert len(read_opml(opml(feed(), f'<outline text="again">{feed("Other")}</outline>'))) == 1


def test_folders_that_are_topics_become_topics() -> None:
    body = f'<outline text="Base politics"><outline text="Asia">{feed()}</outline></outline>'
    assert entry(body)["topics"] == ["base-politics"]


def test_categories_that_are_topics_become_topics() -> None:
    assert entry(feed(more='category="/news/Trade,energy,sport"'))["topics"] == ["trade", "energy"]


def test_nested_feeds_keep_the_order_of_the_file() -> None:
    inner = f'<outline text="x">{feed("B", "https://b.example/")}</outline>'
    body = opml(feed("A", "https://a.example/"), inner, feed("C", "https://c.example/"))
    assert [one["name"] for one in read_opml(body)] == ["A", "B", "C"]


@pytest.mark.parametrize(
    "outline",
    [
        '<outline text="x" type="link" url="https://a.example/"/>',
        '<outline text="x" xmlUrl="file:///etc/hosts"/>',
        '<outline text="x" xmlUrl="javascript:alert(1)"/>',
        '<outline text="x"/>',
    ],
)
def test_outline_that_is_no_feed_is_left_out(outline: str) -> None:
    assert read_opml(opml(outline)) == []


def test_attributes_are_read_whatever_their_case() -> None:
    assert (
        entry('<outline TITLE="Fleet" xmlurl="https://a.example/"/>')["url"] == "https://a.example/"
    )


def test_opml_in_shift_jis_is_read() -> None:
    body = '<?xml version="1.0" encoding="Shift_JIS"?>' + opml(feed("艦隊ニュース")).decode()
    (only,) = read_opml(body.encode("cp932"))
    assert only["name"] == "艦隊ニュース"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no well-formed XML"),
        (b"hello", "no well-formed XML"),
        (opml(feed())[:-5], "no well-formed XML"),
        (b"<rss><channel/></rss>", "no OPML but rss"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + opml(feed("&a;")), "declares entities"),
        (b" " * (8 * 1024 * 1024 + 1), "longer than"),
    ],
)
def test_bad_file_is_refused_saying_why(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_opml(data)


def test_entity_declaration_is_refused_in_utf_16_too() -> None:
    data = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><opml/>'.encode("utf-16-le")
    with pytest.raises(InputError, match="declares entities"):
        read_opml(data)


def test_opml_without_a_body_holds_nothing() -> None:
    assert read_opml(b"<opml/>") == []


FEED = Source(
    id="own-id",
    name='Fleet "News" & <Ports>',
    kind=SourceKind.FEED,
    url="https://fleet.example/rss?a=1&b=2",
    home="https://fleet.example/",
    language="ja",
    country="JP",
    zone="Asia/Tokyo",
    sector=Sector.PRESS,
    topics=(TopicLabel.TRADE, TopicLabel.BASE_POLITICS),
)
INDEX = Source(
    id="index",
    name="Index",
    kind=SourceKind.INDEX,
    url="https://b.example/",
    link_pattern=r"/news/[0-9]{4}/",
)
FOLDER = Source(id="inbox", name="Inbox", kind=SourceKind.FOLDER, url="inbox")


def test_sources_come_back_as_they_were_written() -> None:
    assert read_sources(read_opml(write_opml([FEED, INDEX]))) == (FEED, INDEX)


def test_folder_on_disk_is_not_written() -> None:
    assert read_opml(write_opml([FOLDER])) == []


def test_feed_is_of_type_rss_and_an_index_page_a_mere_link() -> None:
    root = etree.fromstring(write_opml([FEED, INDEX], title="Our desk"))
    one, other = root.iter("outline")
    assert (root.get("version"), root.findtext("head/title")) == ("2.0", "Our desk")
    assert (one.get("type"), one.get("xmlUrl")) == ("rss", FEED.url)
    assert (other.get("type"), other.get("url"), other.get("xmlUrl")) == ("link", INDEX.url, None)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_name_and_title_make_a_sound_file(name: str, title: str) -> None:
    source = Source(id="x", name=name or "x", kind=SourceKind.FEED, url="https://a.example/")
    (only,) = read_opml(write_opml([source], title=title))
    assert (only["id"], only["url"]) == ("x", "https://a.example/")
