from __future__ import annotations

import gzip

import pytest
from listing_pages import AT, HOME, item, page, rss

from alliance_nlp.core.types import Reason, Rejected, SourceKind
from alliance_nlp.sources import Found, Judgement, discover, identify, sitemaps_in

FEED, SITEMAP = SourceKind.FEED, SourceKind.SITEMAP


def found_on(body: str) -> dict[str, Found]:
    found = discover(page(f"<html><head>{body}</head></html>", "text/html", url=HOME))
    return {one.url: one for one in found}


@pytest.mark.parametrize(
    "kind",
    ["application/rss+xml", "application/atom+xml", "application/feed+json", "Text/XML; charset=x"],
)
def test_declared_feed_is_sure(kind: str) -> None:
    one = found_on(f'<link rel="Alternate" type="{kind}" title="All" href="/x/all">')[
        "https://fleet.example/x/all"
    ]
    assert (one.kind, one.title, one.is_sure) == (FEED, "All", True)


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" type="application/json" href="/wp-json/pages/1">',
        '<link rel="alternate" hreflang="ja" href="/ja/">',
        '<link rel="alternate" type="text/html" href="/print">',
        '<link rel="alternate" type="application/rss+xml" href="mailto:a@b.example">',
        '<link rel="stylesheet" type="text/css" href="/feed.css">',
        '<a href="/feedback">Feedback</a>',
        '<a href="https://feedly.com/i/subscription/feed/https://fleet.example/x">Feedly</a>',
        '<a href="/images/rss.png">RSS</a>',
        '<a href="/prosser">Prosser</a>',
    ],
)
def test_what_is_no_feed_is_not_found(link: str) -> None:
    assert found_on(link).keys() == found_on("").keys()


def test_declared_sitemap_is_found() -> None:
    one = found_on('<link rel="sitemap" href="/map.xml">')["https://fleet.example/map.xml"]
    assert (one.kind, one.is_sure) == (SITEMAP, True)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ('<a href="/news/rss">Subscribe</a>', "https://fleet.example/news/rss"),
        (
            '<a href="/Feed.ashx?type=rss&id=1">x</a>',
            "https://fleet.example/Feed.ashx?type=rss&id=1",
        ),
        ('<a href="/export/all">RSS feed</a>', "https://fleet.example/export/all"),
        ('<a href="/news.rdf">新着</a>', "https://fleet.example/news.rdf"),
        (
            '<a href="https://feeds.example/fleet/atom.xml">x</a>',
            "https://feeds.example/fleet/atom.xml",
        ),
    ],
)
def test_link_that_looks_like_a_feed_is_worth_a_try(link: str, url: str) -> None:
    one = found_on(link)[url]
    assert (one.kind, one.is_sure) == (FEED, False)


def test_linked_sitemap_is_found() -> None:
    assert (
        found_on('<a href="/sitemaps/sitemap-news.xml">x</a>')[
            "https://fleet.example/sitemaps/sitemap-news.xml"
        ].kind
        is SITEMAP
    )


@pytest.mark.parametrize("body", ["<html></html>", "", "\x00"])
def test_well_known_places_are_named_whatever_the_page(body: str) -> None:
    found = {one.url: one for one in discover(page(body, "text/html", url=HOME))}
    names = "feed rss rss.xml feed.xml atom.xml index.xml sitemap.xml news-sitemap.xml"
    assert {HOME + name for name in [*names.split(), "sitemap_index.xml"]} <= found.keys()
    assert not any(one.is_sure for one in found.values())
    assert found[HOME + "sitemap.xml"].kind is SITEMAP


def test_surest_comes_first_and_each_address_once() -> None:
    body = (
        '<a href="/feed/">RSS</a>'
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed" title="Comments">'
        '<link rel="alternate" type="application/rss+xml" href="/feed/" title="All">'
    )
    found = list(found_on(body).values())
    assert (found[0].url, found[0].is_sure) == ("https://fleet.example/feed/", True)
    assert [one.url.rstrip("/") for one in found].count("https://fleet.example/feed") == 1
    assert [one.is_sure for one in found].count(True) == 1


def test_declared_feed_is_relative_to_the_base() -> None:
    body = '<base href="/en/"><link rel="alternate" type="application/rss+xml" href="all.rss">'
    assert "https://fleet.example/en/all.rss" in found_on(body)


def test_sitemap_lines_of_robots_are_read_in_order() -> None:
    body = (
        b"\xef\xbb\xbfSitemap: https://a.example/1.xml\r\nUser-agent: *\rDisallow: /\n"
        b" SITEMAP :https://a.example/2.xml # newest\nsitemap: /relative.xml\n"
        b"#sitemap: https://a.example/3.xml\nSitemap: https://a.example/1.xml\nSitemap:\n\xff"
    )
    assert sitemaps_in(body) == ("https://a.example/1.xml", "https://a.example/2.xml")


def judged(body: bytes | str, kind: SourceKind = FEED, status: int = 200) -> Judgement | Rejected:
    found = Found(url=HOME + "x", kind=kind, title="All", why="a guess")
    return identify(page(body, url=HOME + "moved", status=status), found, zone="Asia/Tokyo")


ENTRY = '<entry><title>x</title><link href="/1"/></entry>'
ATOM = f'<feed xmlns="http://www.w3.org/2005/Atom">{ENTRY}</feed>'
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns="http://purl.org/rss/1.0/"></rdf:RDF>'
)
MAP = "<!-- made by hand --><urlset><url><loc>https://fleet.example/1</loc></url></urlset>"
INDEX = "<sitemapindex><sitemap><loc>https://fleet.example/1</loc></sitemap></sitemapindex>"


@pytest.mark.parametrize(
    ("body", "kind", "form", "n_entries", "n_more"),
    [
        (rss(item()), FEED, "rss", 1, 0),
        (RDF, FEED, "rss-1.0", 0, 0),
        (ATOM, FEED, "atom", 1, 0),
        ('{"version":"https://jsonfeed.org/version/1","items":[]}', FEED, "json-feed", 0, 0),
        (MAP, SITEMAP, "sitemap", 1, 0),
        (INDEX, SITEMAP, "sitemap-index", 0, 1),
        ("https://fleet.example/1\nhttps://fleet.example/2", SITEMAP, "text-sitemap", 2, 0),
    ],
)
@pytest.mark.parametrize("said", [FEED, SITEMAP])
@pytest.mark.parametrize("packed", [False, True])
def test_candidate_is_judged_by_what_it_is(
    body: str,
    kind: SourceKind,
    form: str,
    n_entries: int,
    n_more: int,
    said: SourceKind,
    packed: bool,
) -> None:
    raw = body.encode("utf-8")
    found = judged(gzip.compress(raw) if packed else raw, said)
    assert isinstance(found, Judgement), found
    assert (found.kind, found.form) == (kind, form)
    assert (found.n_entries, found.n_more) == (n_entries, n_more)
    assert (found.url, found.title) == (HOME + "moved", "All")


def test_judgement_tells_the_newest_article() -> None:
    found = judged(rss(item(more="<pubDate>2026年11月21日</pubDate>")))
    assert isinstance(found, Judgement)
    assert found.newest_at is not None
    assert found.newest_at.isoformat() == "2026-11-20T15:00:00+00:00"
    assert found.newest_at < AT


@pytest.mark.parametrize("body", ["<html><p>Not found</p></html>", "", '{"a": 1}', "hello"])
@pytest.mark.parametrize("said", [FEED, SITEMAP])
def test_candidate_that_is_no_listing_is_refused(body: str, said: SourceKind) -> None:
    found = judged(body, said)
    assert isinstance(found, Rejected)
    assert found.reason is Reason.BAD_LISTING


def test_candidate_that_is_not_there_is_refused_by_its_status() -> None:
    found = judged(rss(item()), status=404)
    assert isinstance(found, Rejected)
    assert (found.reason, found.detail) == (Reason.HTTP_STATUS, "it answered with status 404")
