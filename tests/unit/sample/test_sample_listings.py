from __future__ import annotations

import re
import tomllib
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from protego import Protego

from alliance_nlp.core.types import Source, SourceKind
from alliance_nlp.core.urls import canonical
from alliance_nlp.sample import sources_toml

SOURCES = {
    entry["id"]: Source(
        **{**entry, "kind": SourceKind(entry["kind"]), "expected": tuple(entry["expected"])}
    )
    for entry in tomllib.loads(sources_toml())["sources"]
}
BROKEN = {"harbor-bulletin", "strait-observer"}
SOUND = sorted(set(SOURCES) - BROKEN)
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.found.append(dict(attrs)["href"])


def _links(source: Source, body: bytes) -> list[str]:
    if source.kind is SourceKind.INDEX:
        parser = _Links()
        parser.feed(body.decode())
        found = [urljoin(source.url, link) for link in parser.found]
        return [url for url in found if re.fullmatch(source.link_pattern, url)]
    root = ElementTree.fromstring(body)
    if source.kind is SourceKind.SITEMAP:
        return [loc.text or "" for loc in root.iter(f"{SITEMAP}loc")]
    if root.tag == "rss":
        return [link.text or "" for link in root.findall("channel/item/link")]
    return [link.attrib["href"] for link in root.findall(f"{ATOM}entry/{ATOM}link")]


@pytest.fixture(scope="module")
def listed(fetch) -> dict[str, list[str]]:
    return {name: _links(SOURCES[name], fetch(SOURCES[name].url)[2]) for name in SOUND}


def test_source_ids_are_unique_and_hosts_are_fictional():
    assert len(SOURCES) == sources_toml().count("[[sources]]")
    hosts = {urlsplit(source.url).hostname or "" for source in SOURCES.values()}
    assert all(host.endswith(".example") for host in hosts)


def test_every_network_kind_is_shown():
    kinds = {source.kind for source in SOURCES.values()}
    assert kinds == {SourceKind.FEED, SourceKind.SITEMAP, SourceKind.INDEX}


@pytest.mark.parametrize("name", SOUND)
def test_listing_holds_as_many_links_as_expected(listed, name):
    least, most = SOURCES[name].expected
    assert least <= len(listed[name]) <= most


@pytest.mark.parametrize("name", SOUND)
def test_listed_pages_answer_200(listed, fetch, name):
    assert [url for url in listed[name] if fetch(url)[0] != 200] == []


def test_listed_pages_are_those_of_truth(listed, truth):
    addresses = {canonical(url) for urls in listed.values() for url in urls}
    assert addresses == {canonical(row["page"]) for row in truth}


def test_feed_and_sitemap_of_one_outlet_name_the_same_pages(listed):
    by_feed, by_sitemap = listed["pacific-courier"], listed["pacific-courier-sitemap"]
    assert all("utm_source" in url for url in by_feed)
    assert not any("?" in url for url in by_sitemap)
    assert [canonical(url) for url in by_feed] == [canonical(url) for url in by_sitemap]


def test_index_leads_elsewhere_too(fetch):
    source = SOURCES["ryukyu-ledger"]
    parser = _Links()
    parser.feed(fetch(source.url)[2].decode())
    assert len(parser.found) > len(_links(source, fetch(source.url)[2]))


def test_rss_dates_carry_an_offset_or_a_zone_name(fetch):
    dates = {}
    for name in ("pacific-courier", "marunouchi-times"):
        root = ElementTree.fromstring(fetch(SOURCES[name].url)[2])
        dates[name] = [date.text or "" for date in root.iter("pubDate")]
    assert all(parsedate_to_datetime(date).utcoffset() for date in dates["pacific-courier"])
    assert all(date.endswith(" JST") for date in dates["marunouchi-times"])


def test_news_sitemap_carries_title_and_date_for_each_url(fetch):
    root = ElementTree.fromstring(fetch(SOURCES["keelson-defense"].url)[2])
    for url in root:
        news = url.find(f"{NEWS}news")
        assert news is not None
        assert news.findtext(f"{NEWS}title")
        assert news.findtext(f"{NEWS}publication_date", "").startswith("2024-04-")


def test_broken_feed_is_html_served_as_200(fetch):
    status, headers, body = fetch(SOURCES["harbor-bulletin"].url)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(body)


def test_unreachable_source_is_502(fetch):
    assert fetch(SOURCES["strait-observer"].url)[0] == 502


def test_robots_txt_refuses_private_pages(fetch):
    status, headers, body = fetch("http://keelson-defense.example/robots.txt")
    assert (status, headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert body.startswith(b"User-agent: *\nDisallow: /private/\n")


def test_only_the_press_pool_has_no_robots_txt(fetch):
    hosts = {urlsplit(source.url).netloc for source in SOURCES.values()}
    without = {host for host in hosts if fetch(f"http://{host}/robots.txt")[0] == 404}
    assert without == {"press-pool.example"}


def test_no_listed_page_but_the_private_one_is_refused_by_a_robots_txt(listed, fetch):
    refused = []
    for name, urls in listed.items():
        home = urlsplit(SOURCES[name].url).netloc
        status, _, body = fetch(f"http://{home}/robots.txt")
        rules = Protego.parse(body.decode() if status == 200 else "")
        refused += [url for url in urls if not rules.can_fetch(url, "alliance-nlp")]
    assert [urlsplit(url).path.split("/")[1] for url in refused] == ["private"]
