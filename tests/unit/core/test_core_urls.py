from __future__ import annotations

import pytest

from alliance_nlp.core.urls import absolute, canonical, host, is_web_url, url_key

ARTICLE = "https://fleet.example/news/2024/04/14/treaty"
VARIANTS = [
    "http://fleet.example/news/2024/04/14/treaty",
    "https://FLEET.example/news/2024/04/14/treaty",
    "https://www.fleet.example/news/2024/04/14/treaty",
    "https://amp.fleet.example/news/2024/04/14/treaty",
    "https://fleet.example:443/news/2024/04/14/treaty",
    "https://fleet.example./news/2024/04/14/treaty",
    "https://fleet.example/news/2024/04/14/treaty/",
    "https://fleet.example/news/2024/04/14/treaty/amp",
    "https://fleet.example/news/2024/04/14/treaty/amp/",
    "https://fleet.example/news/2024/04/14/treaty/index.html",
    "https://fleet.example/news//2024/04/14/treaty",
    "https://fleet.example/news/2024/04/14/tre%61ty",
    "https://fleet.example/news/2024/04/14/treaty#comments",
    "https://fleet.example/news/2024/04/14/treaty?utm_source=feed&utm_medium=rss",
    "https://fleet.example/news/2024/04/14/treaty?fbclid=abc&ref=home",
    "https://fleet.example/news/2024/04/14/treaty?output=amp",
]


@pytest.mark.parametrize("url", VARIANTS)
def test_canonical_is_the_same_for_variants_of_one_article(url: str) -> None:
    assert canonical(url) == ARTICLE


def test_canonical_sorts_parameters_and_keeps_those_that_choose_the_article() -> None:
    assert canonical("https://a.example/read?page=2&id=7") == "https://a.example/read?id=7&page=2"
    assert canonical("https://a.example/read?id=7") != canonical("https://a.example/read?id=8")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x", "https://b.example/x"),
        ("https://a.example/x", "https://a.example/X"),
        ("https://a.example/x", "https://a.example:8080/x"),
        ("https://a.example/stamp", "https://a.example/st"),
        ("https://news.a.example/x", "https://a.example/x"),
        ("https://a.example/x?q=", "https://a.example/x"),
    ],
)
def test_canonical_differs_when_the_article_may_differ(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/story/index.html/",
        "https://a.example/story/amp/index.html",
        "https://a.example/story.amp/",
        "https://www.www.a.example/",
        "https://amp.www.a.example/",
        "http://[2001:db8::1]:8080/x",
        "https://www./x",
        "https://a.example/%25%32%35/%E2%82%AC/%ff",
    ],
)
def test_canonical_is_idempotent_on_awkward_urls(url: str) -> None:
    once = canonical(url)
    assert canonical(once) == once


def test_canonical_keeps_the_brackets_of_an_ipv6_address() -> None:
    assert canonical("http://[2001:DB8::1]/x") == "https://[2001:db8::1]/x"


def test_canonical_reads_japanese_paths_escaped_or_not() -> None:
    assert canonical("https://a.example/記事") == canonical("https://a.example/%E8%A8%98%E4%BA%8B")


NO_WEB_URLS = [
    "",
    "news/1",
    "//a.example/x",
    "mailto:desk@a.example",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://",
    "https:///x",
    "https://./x",
    "https://a.example:0/x",
    "https://a.example:99999/x",
    "https://[::1/x",
    "https://a.example/\ud800",
]


@pytest.mark.parametrize("url", NO_WEB_URLS)
def test_is_web_url_says_no_to_what_leads_nowhere(url: str) -> None:
    assert not is_web_url(url)


@pytest.mark.parametrize("url", NO_WEB_URLS)
def test_canonical_refuses_what_is_no_web_url(url: str) -> None:
    with pytest.raises(ValueError, match="no absolute web URL"):
        canonical(url)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/b", "https://a.example/b"),
        (" c ", "https://a.example/n/c"),
        ("//o.example/d#part", "https://o.example/d"),
        ("#top", "https://a.example/n/x"),
        ("javascript:void(0)", ""),
        ("mailto:desk@a.example", ""),
        ("http://[", ""),
    ],
)
def test_absolute_resolves_links_and_drops_those_off_the_web(link: str, expected: str) -> None:
    assert absolute("https://a.example/n/x", link) == expected


def test_host_drops_www_case_port_and_final_dot() -> None:
    assert host("https://WWW.Fleet.Example.:8443/x") == "fleet.example"


def test_host_is_empty_when_there_is_none() -> None:
    assert host("news/1") == host("http://[") == ""


def test_url_key_leaves_local_pages_alone() -> None:
    assert url_key("file:///inbox/a%20b.html") == "file:///inbox/a%20b.html"
    assert url_key("http://a.example/x/") == "https://a.example/x"
