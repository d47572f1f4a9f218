from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from listing_pages import item, listed, page, refused, rss, source

from alliance_nlp.core.types import Lead
from alliance_nlp.sources import Listing, read_listing
from alliance_nlp.sources.diet import lean

ATOM = "http://www.w3.org/2005/Atom"


def lead(body: bytes | str, content_type: str = "application/xml") -> Lead:
    (only,) = listed("feed", body, content_type).leads
    return only


def atom(entry: str, feed: str = "", attributes: str = "") -> str:
    return f'<feed xmlns="{ATOM}" {attributes}><title>F</title>{feed}<entry>{entry}</entry></feed>'


def test_atom_gives_both_dates_as_written() -> None:
    entry = (
        '<link href="https://fleet.example/1"/><title>x</title>'
        "<published>2026-11-20T00:00:00Z</published><updated>2026-11-21T00:00:00Z</updated>"
    )
    found = lead(atom(entry))
    assert (found.published, found.updated) == ("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")


def test_atom_0_3_is_read() -> None:
    body = (
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>F</title><entry>'
        '<link rel="alternate" type="text/html" href="https://fleet.example/1"/>'
        '<title mode="escaped">Fleets &amp;amp; ports</title>'
        "<issued>2004-04-14T00:00:00Z</issued><modified>2004-04-15T00:00:00Z</modified>"
        "</entry></feed>"
    )
    found = lead(body)
    assert (found.title, found.published, found.updated) == (
        "Fleets & ports",
        "2004-04-14T00:00:00Z",
        "2004-04-15T00:00:00Z",
    )


def test_rss_0_90_is_read() -> None:
    body = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>F</title></channel>'
        f"<item>{item()}</item></rdf:RDF>"
    )
    assert lead(body).url == "https://fleet.example/news/1"


def test_publication_date_is_not_given_out_as_a_date_of_change() -> None:
    assert lead(rss(item(more="<pubDate>21 Nov 2026</pubDate>"))).updated == ""


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (["self", "related", "alternate"], "alternate"),
        (["alternate", "self", "enclosure"], "alternate"),
        (["enclosure", "self", "related"], "related"),
        (["self"], "self"),
    ],
)
def test_atom_link_is_the_alternate_when_there_are_others(links: list[str], expected: str) -> None:
    entry = "".join(f'<link rel="{rel}" href="https://fleet.example/{rel}"/>' for rel in links)
    assert lead(atom(f"<title>x</title>{entry}")).url == f"https://fleet.example/{expected}"


def test_relative_link_is_resolved_when_xml_base_is_given() -> None:
    body = atom(
        '<title>x</title><link href="news/1"/>', attributes='xml:base="https://b.example/en/"'
    )
    assert lead(body).url == "https://b.example/en/news/1"


def test_relative_link_is_resolved_against_the_feed_when_no_base_is_given() -> None:
    assert lead(rss("<title>x</title><link>../news/1</link>")).url == "https://fleet.example/news/1"


def test_original_link_counts_when_a_feed_service_rewrote_it() -> None:
    original = "<feedburner:origLink>https://fleet.example/real</feedburner:origLink>"
    spaces = 'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    assert lead(rss(item(more=original), attributes=spaces)).url == "https://fleet.example/real"


def test_entry_of_an_enclosure_alone_is_dropped_and_counted() -> None:
    sound = '<title>Audio</title><enclosure url="https://fleet.example/a.mp3" type="audio/mpeg"/>'
    listing = listed("feed", rss(sound, item()))
    assert (len(listing.leads), listing.n_dropped) == (1, 1)
    assert "1 of 2 entries lead to no web page" in listing.warnings[0]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ('<source url="https://wire.example/rss">Wire Post</source>', "Wire Post"),
        ("<dc:source>Wire Post</dc:source>", "Wire Post"),
        ("<dc:publisher>Wire Post</dc:publisher>", "Wire Post"),
        ('<source url="https://fleet.example/rss">Fleet News</source>', ""),
        ("<dc:publisher>all news</dc:publisher>", ""),
        ("<dc:publisher>desk@fleet.example</dc:publisher>", ""),
        ("", ""),
    ],
)
def test_outlet_is_what_the_feed_names_when_it_is_another(named: str, expected: str) -> None:
    assert lead(rss(item(more=named))).outlet == expected


def test_atom_source_names_the_outlet() -> None:
    entry = '<title>x</title><link href="/1"/><source><title>Wire Post</title></source>'
    assert lead(atom(entry)).outlet == "Wire Post"


def test_outlet_at_a_titles_end_is_taken_off_when_the_feed_names_it() -> None:
    found = lead(rss(item("Base talks - first round - Wire Post", "<source>Wire Post</source>")))
    assert (found.title, found.outlet) == ("Base talks - first round", "Wire Post")


def test_title_keeps_its_end_when_no_outlet_is_named() -> None:
    found = lead(rss(item("Base talks - Wire Post")))
    assert (found.title, found.outlet) == ("Base talks - Wire Post", "")


def test_aggregators_link_is_kept_as_it_is() -> None:
    link = "https://news.google.com/rss/articles/CBMiQ2?oc=5"
    found = lead(rss(f"<title>Base talks - Wire Post</title><link>{link}</link>"))
    assert (found.url, found.title, found.outlet) == (link, "Base talks", "Wire Post")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Fleets &amp;amp; ports", "Fleets & ports"),
        ("&lt;b&gt;Fleets&lt;/b&gt; meet", "Fleets meet"),
        ("&amp;lt;i&amp;gt;Fleets&amp;lt;/i&amp;gt; meet", "Fleets meet"),
        ("<![CDATA[Fleets &#8211; <em>ports</em>]]>", "Fleets – ports"),
        ("AT&amp;T and &amp;quot;ports&amp;quot;", 'AT&T and "ports"'),
        ("  Fleets\n  meet ", "Fleets meet"),
        ("艦隊が&amp;nbsp;入港", "艦隊が 入港"),
    ],
)
def test_title_is_plain_text_when_written_as(written: str, plain: str) -> None:
    assert lead(rss(item(written))).title == plain


def test_next_page_of_a_paged_feed_is_named() -> None:
    links = (
        '<link rel="self" href="https://fleet.example/feeds/all.xml"/>'
        '<link rel="next" href="?page=2"/><link rel="first" href="?page=1"/>'
    )
    listing = listed("feed", atom('<title>x</title><link href="/1"/>', feed=links))
    assert listing.more == ("https://fleet.example/feeds/all.xml?page=2",)


def test_next_page_that_is_the_feed_itself_is_not_named() -> None:
    link = '<link rel="next" href="https://fleet.example/feeds/all.xml"/>'
    assert listed("feed", atom('<title>x</title><link href="/1"/>', feed=link)).more == ()


def test_sound_feed_gives_no_warning() -> None:
    listing = listed("feed", rss(item()))
    assert (listing.warnings, listing.n_dropped) == ((), 0)


def test_broken_feed_says_so() -> None:
    assert "not well-formed" in listed("feed", rss(item())[:-20]).warnings[0]


def test_sitemap_where_a_feed_should_be_is_read_and_said() -> None:
    listing = listed("feed", "<urlset><url><loc>https://fleet.example/1</loc></url></urlset>")
    assert len(listing.leads) == 1
    assert "set kind to sitemap" in listing.warnings[0]


def test_feed_of_far_too_many_entries_is_read_to_the_limit() -> None:
    text, warnings = lean(rss(*[item(number=n) for n in range(3_005)]).encode())
    assert text.count("</item>") == 3_000
    assert "more than 3000 entries" in warnings[0]


def test_long_articles_inside_a_feed_do_not_hide_its_entries() -> None:
    text = f"<description><![CDATA[{'<p>words</p>' * 9_000}]]></description>"
    listing = listed("feed", rss(*[item(more=text, number=n) for n in range(20)]))
    assert (len(listing.leads), listing.warnings) == (20, ())


TITLE = "日米艦隊の演習が始まる"


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-16", "utf-16", "text/xml"),
        ("utf-16-le", "utf-16", "text/xml"),
        ("utf-16-be", "", "application/rss+xml; charset=utf-8"),
        ("utf-32", "", "text/xml"),
        ("utf-8-sig", "utf-8", "text/xml"),
        ("cp932", "Shift_JIS", "text/xml"),
        ("euc_jp", "EUC-JP", "text/xml"),
        ("iso2022_jp", "ISO-2022-JP", "text/xml"),
        ("cp932", "", 'text/xml; charset="Shift_JIS"'),
        ("euc_jp", "", "text/xml; charset=euc-jp"),
        ("cp932", "utf-8", "text/xml; charset=UTF-8"),
        ("euc_jp", "shift_jis", "text/xml"),
        ("utf-8", "shift_jis", "text/xml"),
        ("utf-8", "iso-8859-1", "text/xml; charset=ISO-8859-1"),
        ("cp932", "", "text/xml; charset=us-ascii"),
        ("euc_jp", "no-such-charset", "text/xml; charset=zip"),
    ],
)
@pytest.mark.parametrize("kind", ["feed", "sitemap", "index"])
def test_title_is_readable_when_the_charset_is(
    kind: str, encoding: str, declared: str, content_type: str
) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = {
        "feed": rss(item(TITLE)),
        "sitemap": '<urlset xmlns:n="urn:n"><url><loc>https://fleet.example/news/1</loc>'
        f"<n:news><n:title>{TITLE}</n:title></n:news></url></urlset>",
        "index": f'<html><a href="/news/1">{TITLE}</a></html>',
    }[kind]
    (found,) = listed(kind, (declaration + body).encode(encoding), content_type).leads
    assert found.title == TITLE


def test_feed_cut_off_inside_a_character_keeps_its_charset() -> None:
    body = rss(item(TITLE), item(TITLE * 50, number=2)).encode()
    assert listed("feed", body[: body.rindex(b"</title>") - 2]).leads[0].title == TITLE


def test_one_foreign_byte_does_not_spoil_a_feed() -> None:
    body = rss(item(TITLE), item(TITLE, number=2)).encode()
    assert lead_titles(body.replace(b"</channel>", b"<x>\xff</x></channel>")) == [TITLE, TITLE]


def lead_titles(body: bytes) -> list[str]:
    return [found.title for found in listed("feed", body).leads]


PIECES = st.sampled_from(
    "<rss>|<item>|</item>|<title>|<link>|<![CDATA[|]]>|&#xD800;|&e;|<!--|<!DOCTYPE x [|]>|<?xml|?>|"
    '<!ENTITY e "x">|<feed>|<entry>|xml:base="//["|https://a.example/1|\x00|\udcff|<updated>|'
    '20 Nov|{|"items":|[|<source>|<urlset>|<url>|<loc>'.split("|")
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=30), st.sampled_from(["feed", "sitemap"]))
def test_no_odd_feed_breaks_the_reader(pieces: list[str], kind: str) -> None:
    body = "".join(pieces).encode("utf-8", "surrogatepass")
    read_listing(source(kind), page(b"<rss version='2.0'><channel>" + body))
    read_listing(source(kind), page(body))


@pytest.mark.parametrize("cut", range(0, 400, 13))
def test_feed_cut_off_anywhere_is_read_or_refused(cut: int) -> None:
    whole = rss(item(more="<dc:date>2026-11-21</dc:date>"), item(number=2), item(number=3)).encode()
    found = read_listing(source("feed"), page(whole[:cut]))
    n_whole = whole[:cut].count(b"</item>")
    assert not isinstance(found, Listing) or len(found.leads) >= n_whole


def test_feed_never_reads_a_file_that_its_text_names(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_text(rss(item("treaty-draft")))
    assert "treaty-draft" not in repr(refused("feed", str(secret)))
