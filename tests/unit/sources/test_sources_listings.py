from __future__ import annotations

import gzip
import time

import pytest

from alliance_nlp.core.clock import now
from alliance_nlp.core.types import Page, Reason, Rejected, Role, Source, SourceKind, Stage
from alliance_nlp.sources import Listing, read_listing

AT = "https://fleet.example/feeds/all.xml"


def page(body: bytes | str, content_type: str = "application/xml") -> Page:
    return Page(
        source_id="fleet-news",
        role=Role.LISTING,
        asked_url=AT,
        url=AT,
        status=200,
        headers=(("Content-Type", content_type),),
        body=body.encode() if isinstance(body, str) else body,
        fetched_at=now(),
    )


def read(kind: str, body: bytes | str, content_type: str = "application/xml") -> Listing | Rejected:
    source = Source(
        id="fleet-news", name="Fleet", kind=SourceKind(kind), url=AT, link_pattern="/news/"
    )
    return read_listing(source, page(body, content_type))


def listed(kind: str, body: bytes | str, content_type: str = "application/xml") -> Listing:
    listing = read(kind, body, content_type)
    assert isinstance(listing, Listing), listing
    return listing


def urls(kind: str, body: bytes | str) -> list[str]:
    return [lead.url for lead in listed(kind, body).leads]


def rss(*items: str, version: str = "2.0") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<rss version="{version}"><channel><title>Fleet</title>{inside}</channel></rss>'
    )


ITEM = "<title>Ministers meet</title><link>https://fleet.example/news/1</link>"
DATED = f"{ITEM}<pubDate>Sun, 14 Apr 2024 09:00:00 JST</pubDate>"


def test_rss_2_gives_url_title_and_the_date_as_written() -> None:
    (lead,) = listed("feed", rss(DATED)).leads
    assert (lead.source_id, lead.url) == ("fleet-news", "https://fleet.example/news/1")
    assert lead.title == "Ministers meet"
    assert lead.published == "Sun, 14 Apr 2024 09:00:00 JST"


@pytest.mark.parametrize("version", ["0.91", "0.92"])
def test_rss_0_9_is_read(version: str) -> None:
    assert urls("feed", rss(ITEM, version=version)) == ["https://fleet.example/news/1"]


def test_rss_1_is_read() -> None:
    body = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{AT}"><title>Fleet</title></channel>'
        '<item rdf:about="https://fleet.example/news/1">'
        f"{ITEM}<dc:date>2024-04-14T09:00:00+09:00</dc:date></item></rdf:RDF>"
    )
    (lead,) = listed("feed", body).leads
    assert (lead.url, lead.published) == (
        "https://fleet.example/news/1",
        "2024-04-14T09:00:00+09:00",
    )


def test_atom_takes_the_alternate_link_and_plain_title() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Fleet</title><entry>'
        '<link rel="self" href="https://fleet.example/api/1"/>'
        '<link rel="alternate" href="/news/1"/>'
        '<title type="html">&lt;b&gt;Ministers&lt;/b&gt; &amp;amp; fleets meet</title>'
        "<updated>2024-04-14T00:00:00Z</updated></entry></feed>"
    )
    (lead,) = listed("feed", body).leads
    assert lead.url == "https://fleet.example/news/1"
    assert lead.title == "Ministers & fleets meet"
    assert lead.published == "2024-04-14T00:00:00Z"


def test_feed_keeps_the_order_of_its_entries() -> None:
    items = [f"<title>{n}</title><link>https://fleet.example/news/{n}</link>" for n in (3, 1, 2)]
    assert [url[-1] for url in urls("feed", rss(*items))] == ["3", "1", "2"]


def test_feed_entry_that_leads_to_no_web_page_is_left_out() -> None:
    bad = "<title>Write us</title><link>mailto:desk@fleet.example</link>"
    assert urls("feed", rss(bad, ITEM, "<title>none</title>")) == ["https://fleet.example/news/1"]


def test_feed_guid_serves_as_the_address_when_it_is_one() -> None:
    assert urls("feed", rss("<title>x</title><guid>https://fleet.example/news/7</guid>")) == [
        "https://fleet.example/news/7"
    ]


@pytest.mark.parametrize(
    "guid",
    ['<guid isPermaLink="false">7734-ab</guid>', '<guid isPermaLink="false">tag:x,2024:1</guid>'],
)
def test_feed_guid_that_is_no_address_is_not_made_one(guid: str) -> None:
    assert urls("feed", rss(f"<title>x</title>{guid}", ITEM)) == ["https://fleet.example/news/1"]


def test_feed_in_shift_jis_gives_readable_titles() -> None:
    body = rss("<title>日米艦隊</title><link>https://fleet.example/news/1</link>")
    packed = body.replace("utf-8", "shift_jis").encode("shift_jis")
    assert listed("feed", packed).leads[0].title == "日米艦隊"


@pytest.mark.parametrize(
    "broken",
    [
        rss(ITEM)[:-20],
        rss(ITEM).replace("<title>Fleet</title>", "<title>Ships & planes</title>"),
        rss(ITEM).replace("<channel>", "<channel><b>"),
        "\n\n" + rss(ITEM),
        rss(ITEM).replace("utf-8", "no-such-charset"),
        rss(ITEM).replace("<title>Fleet", "<title>\x01\x00Fleet"),
        rss("<title>&#xD800; &#0; &#99999999;</title>", ITEM),
        rss("<title>&lt;?xml version='1.0' encoding='x'?&gt;</title>", ITEM),
    ],
    ids="cut ampersand tag blank charset controls surrogate declaration".split(),
)
def test_broken_feed_still_gives_the_entries_it_holds(broken: str) -> None:
    assert "https://fleet.example/news/1" in urls("feed", broken)


def test_title_with_hostile_characters_comes_clean() -> None:
    item = "<title>Fleet &#xD800;\u202enews\u200b</title><link>https://fleet.example/news/1</link>"
    (lead,) = listed("feed", rss(item)).leads
    lead.title.encode()
    assert "\u202e" not in lead.title


def test_feed_without_entries_is_a_listing_of_nothing() -> None:
    assert listed("feed", rss()).leads == ()


def refused(kind: str, body: bytes | str) -> Rejected:
    rejected = read(kind, body)
    assert isinstance(rejected, Rejected)
    assert (rejected.stage, rejected.reason, rejected.failed) == (
        Stage.COLLECT,
        Reason.BAD_LISTING,
        True,
    )
    assert rejected.subject_id == AT
    assert "'fleet-news'" in rejected.detail
    assert "mend url or kind" in rejected.detail
    return rejected


def test_feed_that_is_an_html_page_is_refused_as_one() -> None:
    body = "<!doctype html><html><body><p>We have moved</p></body></html>"
    assert "an HTML page, not a feed" in refused("feed", body).detail


@pytest.mark.parametrize("kind", ["feed", "sitemap", "index"])
@pytest.mark.parametrize("body", [b"", b" \n\t"])
def test_empty_listing_is_refused(kind: str, body: bytes) -> None:
    assert "it is empty" in refused(kind, body).detail


@pytest.mark.parametrize("body", ["hello", "\x00\x01\x02", '{"json": true}'])
@pytest.mark.parametrize("kind", ["feed", "sitemap"])
def test_listing_that_is_neither_is_refused(kind: str, body: str) -> None:
    refused(kind, body)


SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
URLSET = (
    f"<urlset {SITEMAP}><url><loc> https://fleet.example/news/1 </loc>"
    "<lastmod>2024-04-14</lastmod></url><url><loc>mailto:x@fleet.example</loc></url>"
    "<url><loc>https://fleet.example/news/2?a=1&amp;b=2</loc></url></urlset>"
)
IN_URLSET = ["https://fleet.example/news/1", "https://fleet.example/news/2?a=1&b=2"]


def test_sitemap_gives_its_urls_in_order() -> None:
    assert urls("sitemap", URLSET) == IN_URLSET


@pytest.mark.parametrize("kind", ["sitemap", "feed"])
def test_listing_that_is_a_gzip_file_is_unpacked(kind: str) -> None:
    body = URLSET if kind == "sitemap" else rss(ITEM)
    assert urls(kind, gzip.compress(body.encode()))[0] == "https://fleet.example/news/1"


def test_gzip_file_that_is_cut_off_is_refused() -> None:
    assert "cut off or damaged" in refused("sitemap", gzip.compress(URLSET.encode())[:-12]).detail


def test_sitemap_index_gives_further_listings_and_no_leads() -> None:
    body = (
        f"<sitemapindex {SITEMAP}><sitemap><loc>https://fleet.example/a.xml.gz</loc></sitemap>"
        "<sitemap><loc>/b.xml</loc></sitemap></sitemapindex>"
    )
    listing = listed("sitemap", body)
    assert listing.leads == ()
    assert listing.more == ("https://fleet.example/a.xml.gz", "https://fleet.example/b.xml")


def test_news_sitemap_gives_titles_and_dates_as_written() -> None:
    body = (
        f'<urlset {SITEMAP} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url>'
        "<loc>https://fleet.example/news/1</loc>"
        "<image:image><image:title>A picture</image:title></image:image>"
        "<news:news><news:publication_date>2024-04-14T09:00:00+09:00</news:publication_date>"
        "<news:title>Ministers\n meet</news:title></news:news></url></urlset>"
    )
    (lead,) = listed("sitemap", body).leads
    assert (lead.title, lead.published) == ("Ministers meet", "2024-04-14T09:00:00+09:00")


@pytest.mark.parametrize(
    "body",
    [
        URLSET.replace(f" {SITEMAP}", ""),
        "\n" + '<?xml version="1.0"?>' + URLSET,
        "\ufeff" + URLSET,
        URLSET[: -len("</urlset>")],
    ],
    ids="no-namespace blank bom cut".split(),
)
def test_broken_sitemap_still_gives_what_it_holds(body: str) -> None:
    assert urls("sitemap", body) == IN_URLSET


def test_sitemap_is_read_up_to_the_limit_of_the_protocol() -> None:
    entry = "<url><loc>https://fleet.example/news/{}</loc></url>"
    body = f"<urlset>{''.join(entry.format(n) for n in range(50_100))}</urlset>"
    listing = listed("sitemap", body)
    assert (len(listing.leads), listing.n_dropped) == (50_000, 100)
    assert listing.leads[-1].url.endswith("/49999")  # without dates the first are kept


def test_html_page_is_no_sitemap() -> None:
    assert "no sitemap (html)" in refused("sitemap", "<html><p>Not found</p></html>").detail


def test_index_takes_links_that_match_and_stay_on_the_host() -> None:
    body = (
        '<html><a href="/news/1#comments">Ministers <b>meet</b></a>'
        '<a href="/about">About</a><a href="https://other.example/news/2">Other</a>'
        '<a href="https://www.fleet.example/news/3">Three</a>'
        '<a href="javascript:go(\'/news/4\')">Four</a><a name="/news/5">Five</a>'
        '<a href="http://[/news/6">Six</a></html>'
    )
    leads = listed("index", body, "text/html").leads
    assert [(lead.url, lead.title) for lead in leads] == [
        ("https://fleet.example/news/1", "Ministers meet"),
        ("https://www.fleet.example/news/3", "Three"),
    ]


def test_index_gives_each_address_once_with_its_longest_title() -> None:
    body = '<a href="/news/1"><img></a><a href="/news/1">Ministers meet</a><a href="/news/1">M</a>'
    (lead,) = listed("index", body, "text/html").leads
    assert lead.title == "Ministers meet"


def test_index_resolves_links_against_the_base_it_names() -> None:
    body = '<head><base href="https://fleet.example/en/"></head><a href="news/1">One</a>'
    assert urls("index", body) == ["https://fleet.example/en/news/1"]


@pytest.mark.parametrize(
    ("charset", "content_type", "meta"),
    [
        ("utf-8", "text/html; charset=utf-8", ""),
        ("shift_jis", 'text/html; charset="Shift_JIS"', ""),
        ("shift_jis", "text/html", '<meta charset="shift_jis">'),
        ("utf-8", "text/html; charset=no-such-charset", '<meta charset="utf-8">'),
    ],
)
def test_index_titles_are_readable_whatever_the_charset(
    charset: str, content_type: str, meta: str
) -> None:
    body = f'<html><head>{meta}</head><a href="/news/1">日米艦隊</a>'.encode(charset)
    assert listed("index", body, content_type).leads[0].title == "日米艦隊"


def test_index_without_a_matching_link_is_a_listing_of_nothing() -> None:
    assert listed("index", "<html><p>Nothing today</p></html>").leads == ()


ENTITIES = "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10)
)  # ten billion characters when resolved
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [{ENTITIES}]>'
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{}">]>'
LISTINGS = {
    "feed": f"<rss version='2.0'><channel><title>&E;</title><item>{ITEM}</item>"
    "<item><title>&E;</title><link>https://fleet.example/news/2</link></item></channel></rss>",
    "sitemap": "<urlset><url><loc>https://fleet.example/news/1</loc></url>"
    "<url><loc>https://fleet.example/&E;</loc></url></urlset>",
    "index": '<html><a href="/news/1">One</a><a href="/news/&E;">&E;</a></html>',
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("kind", LISTINGS)
def test_entity_bomb_is_harmless_and_quick(kind: str, encoding: str) -> None:
    mark = "" if encoding == "utf-8" else "\ufeff"
    body = (mark + LAUGHS + LISTINGS[kind].replace("&E;", "&a9;")).encode(encoding)
    started = time.monotonic()
    listing = read(kind, body)
    assert time.monotonic() - started < 2
    if isinstance(listing, Listing):
        assert all(len(lead.title) + len(lead.url) < 1000 for lead in listing.leads)


@pytest.mark.parametrize("kind", LISTINGS)
def test_external_entity_is_never_read(kind: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("secret") / "secret.txt"
    secret.write_text("treaty-draft")
    listing = read(kind, EXTERNAL.format(secret) + LISTINGS[kind].replace("&E;", "&e;"))
    assert "treaty-draft" not in repr(listing)


def test_gzip_file_is_unpacked_up_to_the_limit_of_the_protocol() -> None:
    inside = "<url><loc>https://fleet.example/news/{}</loc></url>"
    blank = ("<x/>" + " " * 999_996) * 53  # in pieces: one of that length no XML parser takes
    body = f"<urlset>{inside.format(1)}{blank}{inside.format(2)}</urlset>"
    assert urls("sitemap", gzip.compress(body.encode(), 1)) == ["https://fleet.example/news/1"]
