from __future__ import annotations

import gzip

import pytest
from listing_pages import URL, listed, rss

from alliance_nlp.core.types import Lead
from alliance_nlp.sources import newest_first
from alliance_nlp.sources.sitemaps import MOST_URLS

NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def entry(number: int, more: str = "") -> str:
    return f"<url><loc>https://fleet.example/news/{number}</loc>{more}</url>"


def urlset(*entries: str) -> str:
    return f"<urlset {NEWS}>{''.join(entries)}</urlset>"


def numbers(leads: tuple[Lead, ...]) -> list[int]:
    return [int(lead.url.rpartition("/")[2]) for lead in leads]


def test_lastmod_becomes_the_date_of_change_as_written() -> None:
    (lead,) = listed("sitemap", urlset(entry(1, "<lastmod> 2026-11-21 </lastmod>"))).leads
    assert (lead.updated, lead.published) == ("2026-11-21", "")


@pytest.mark.parametrize(("name", "outlet"), [("Wire Post", "Wire Post"), ("FLEET news", "")])
def test_publication_is_the_outlet_when_it_is_another(name: str, outlet: str) -> None:
    news = (
        f"<news:news><news:publication><news:name>{name}</news:name></news:publication>"
        "<news:title>Talks &amp; tariffs</news:title></news:news>"
    )
    (lead,) = listed("sitemap", urlset(entry(1, news))).leads
    assert (lead.outlet, lead.title) == (outlet, "Talks & tariffs")


def test_titles_and_addresses_of_pictures_are_not_the_articles() -> None:
    picture = (
        '<i:image xmlns:i="urn:i"><i:loc>https://fleet.example/p.png</i:loc><i:title>P</i:title>'
        "<i:publication_date>2020</i:publication_date></i:image>"
    )
    body = f"<urlset><url>{picture}<loc>https://fleet.example/news/1</loc></url></urlset>"
    (lead,) = listed("sitemap", body).leads
    assert (lead.url, lead.title, lead.published) == ("https://fleet.example/news/1", "", "")


@pytest.mark.parametrize(
    "loc", ["?a=1&b=2", "?a=1&amp;b=2", "<![CDATA[?a=1&b=2]]>", "?a=1&#38;b=2"]
)
def test_ampersand_in_an_address_is_read_when_written_as(loc: str) -> None:
    loc = loc.replace("?", "https://fleet.example/?")
    (lead,) = listed("sitemap", f"<urlset><url><loc>{loc}</loc></url></urlset>").leads
    assert lead.url == "https://fleet.example/?a=1&b=2"


def test_text_sitemap_gives_its_lines_and_counts_the_others() -> None:
    body = "https://fleet.example/news/1\r\n\r\nnews/9\r\n  https://fleet.example/news/2"
    listing = listed("sitemap", body, "text/plain")
    assert numbers(listing.leads) == [1, 2]
    assert (listing.n_dropped, "1 of 3 entries" in listing.warnings[0]) == (1, True)


@pytest.mark.parametrize("packed", [False, True])
def test_feed_given_as_a_sitemap_is_read_and_said(packed: bool) -> None:
    body = rss("<title>x</title><link>https://fleet.example/news/1</link>").encode()
    listing = listed("sitemap", gzip.compress(body) if packed else body)
    assert numbers(listing.leads) == [1]
    assert "set kind to feed" in listing.warnings[0]


def test_children_of_an_index_come_newest_first_and_never_the_index_itself() -> None:
    dates = {"a": "2024-01-01", "b": "", "c": "2026-11-21T09:00:00+09:00", "d": "2026-11-20"}
    children = "".join(
        f"<sitemap><loc>https://fleet.example/{name}.xml</loc>"
        + (f"<lastmod>{date}</lastmod>" if date else "")
        + "</sitemap>"
        for name, date in dates.items()
    )
    own = f"<sitemap><loc>{URL}</loc></sitemap>"
    listing = listed("sitemap", f"<sitemapindex>{own}{children}</sitemapindex>")
    assert [url[-5] for url in listing.more] == ["c", "d", "a", "b"]


def test_cut_off_sitemap_says_so() -> None:
    listing = listed("sitemap", urlset(entry(1), entry(2))[:-30])
    assert numbers(listing.leads) == [1]
    assert "cut off" in listing.warnings[0]


def test_sound_sitemap_gives_no_warning() -> None:
    listing = listed("sitemap", "<?xml version='1.0'?>\n" + urlset(entry(1)) + "\n")
    assert (listing.warnings, listing.n_dropped) == ((), 0)


def test_over_long_sitemap_keeps_the_newest_in_its_order() -> None:
    n_old = 300
    old = [entry(n, "<lastmod>2019-01-01</lastmod>") for n in range(n_old)]
    new = [entry(n, "<lastmod>2026-01-01</lastmod>") for n in range(n_old, n_old + MOST_URLS)]
    listing = listed("sitemap", urlset(*old[:150], *new, *old[150:]))
    assert numbers(listing.leads) == list(range(n_old, n_old + MOST_URLS))
    assert listing.n_dropped == n_old
    assert f"{n_old} older or later" in listing.warnings[0]


def test_gzip_sitemap_that_unpacks_to_too_much_says_so() -> None:
    body = urlset(entry(1)) + " " * (50 * 1024 * 1024)
    listing = listed("sitemap", gzip.compress(body.encode(), 1))
    assert "unpacked it is longer" in listing.warnings[0]


DATED = urlset(
    entry(1, "<lastmod>2026-11-19</lastmod>"),
    entry(2),
    entry(3, "<lastmod>2026-11-21T23:00:00+09:00</lastmod>"),
    entry(4, "<lastmod>no date</lastmod>"),
    entry(5, "<lastmod>2026-11-21T13:00:00Z</lastmod>"),
)


def test_leads_can_be_had_newest_first_with_the_undated_last() -> None:
    assert numbers(newest_first(listed("sitemap", DATED).leads)) == [3, 5, 1, 2, 4]
