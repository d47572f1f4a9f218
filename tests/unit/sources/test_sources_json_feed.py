from __future__ import annotations

import json
from typing import Any

import pytest
from listing_pages import listed, refused

VERSION = "https://jsonfeed.org/version/1.1"


def feed(*items: Any, **more: Any) -> str:
    return json.dumps({"version": VERSION, "title": "F", "items": items, **more})


def test_items_give_address_title_and_both_dates() -> None:
    item = {
        "id": "1",
        "url": "/news/1",
        "title": "Talks &amp; tariffs",
        "date_published": "2026-11-20T09:00:00+09:00",
        "date_modified": "2026-11-21T09:00:00+09:00",
    }
    (lead,) = listed("feed", feed(item), "application/feed+json").leads
    assert (lead.url, lead.title) == ("https://fleet.example/news/1", "Talks & tariffs")
    assert (lead.published, lead.updated) == (item["date_published"], item["date_modified"])


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ({"id": "https://fleet.example/1"}, "https://fleet.example/1"),
        ({"id": "1", "external_url": "https://wire.example/1"}, "https://wire.example/1"),
        ({"url": "https://a.example/", "external_url": "https://b.example/"}, "https://a.example/"),
    ],
)
def test_address_is_the_first_that_is_given(item: dict[str, str], url: str) -> None:
    assert listed("feed", feed(item)).leads[0].url == url


@pytest.mark.parametrize("item", [7, None, [], {}, {"id": 5}, {"id": "x"}, {"url": "mailto:a@b"}])
def test_item_that_leads_nowhere_is_dropped_and_counted(item: Any) -> None:
    listing = listed("feed", feed(item, {"url": "/1"}))
    assert (len(listing.leads), listing.n_dropped) == (1, 1)
    assert "1 of 2 items" in listing.warnings[0]


def test_next_page_is_named_unless_it_is_the_feed_itself() -> None:
    assert listed("feed", feed(next_url="?p=2")).more == (
        "https://fleet.example/feeds/all.xml?p=2",
    )
    assert listed("feed", feed(next_url="all.xml")).more == ()


@pytest.mark.parametrize(("version", "n"), [(VERSION, 0), (VERSION[:-2], 0), ("2", 1), (None, 1)])
def test_version_that_is_unknown_gives_a_warning(version: str | None, n: int) -> None:
    assert len(listed("feed", feed(version=version)).warnings) == n


@pytest.mark.parametrize(
    "body",
    ['{"items": {}}', '{"title": "x"}', "[1]", '{"items": [', "[" * 9_999, '{"items":[1e', "{"],
)
def test_json_that_is_no_feed_is_refused(body: str) -> None:
    assert "JSON" in refused("feed", body, "application/json").detail


def test_json_feed_in_utf_16_is_read() -> None:
    body = feed({"url": "/1", "title": "演習"}).encode("utf-16")
    assert listed("feed", body).leads[0].title == "演習"
