from __future__ import annotations

import pytest
from listing_pages import listed, page, source

from alliance_nlp.core.types import Lead
from alliance_nlp.sources import Listing, read_listing


def leads(body: str) -> tuple[Lead, ...]:
    return listed("index", f"<html><body>{body}</body></html>", "text/html").leads


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ('<a href="/news/1">Talks begin</a><a href="/news/1">Read more »</a>', "Talks begin"),
        ('<a href="/news/1">Read more about it</a>', "Read more about it"),
        ('<a href="/news/1" aria-label="Talks begin">Continue reading</a>', "Talks begin"),
        ('<a href="/news/1" title="Talks begin"></a>', "Talks begin"),
        ('<a href="/news/1" aria-label="Read more about talks">More…</a>', "talks"),
        ('<a href="/news/1"><img src="p.png" alt="Talks begin"></a>', "Talks begin"),
        ('<a href="/news/1">続きを読む</a><a href="/news/1">協議が始まる</a>', "協議が始まる"),
        (
            '<h3><a href="/news/1">Talks begin</a></h3>'
            '<p><a href="/news/1">Officials of both sides sat down in the morning</a></p>',
            "Talks begin",
        ),
        (
            '<a href="/news/1"><time>21 Nov</time><h2>Talks begin</h2><p>Officials</p></a>',
            "Talks begin",
        ),
        ('<a href="/news/1"><div>Talks</div><div>begin</div></a>', "Talks begin"),
        ('<a href="/news/1">T<b>alk</b>s be<wbr>gin<script>x()</script></a>', "Talks begin"),
        ('<a href="/news/1">Details</a>', ""),
    ],
)
def test_title_is_what_names_the_article_when_links_are(body: str, title: str) -> None:
    (lead,) = leads(body)
    assert lead.title == title.replace("be gin", "begin")


CARD = (
    '<li><time datetime="2026-11-{0}">{0} Nov</time><h3><a href="/news/{0}">Title {0}</a></h3></li>'
)


def test_each_card_gives_its_own_date() -> None:
    found = leads(f"<ul>{CARD.format(20)}{CARD.format(21)}</ul>")
    assert [lead.published for lead in found] == ["2026-11-20", "2026-11-21"]


def test_date_behind_the_link_counts_as_well() -> None:
    body = (
        '<div><p><a href="/news/1">x</a></p><span><time datetime="2026-11-21"></time></span></div>'
    )
    assert leads(body + CARD.format(20))[0].published == "2026-11-21"


def test_date_that_several_links_share_is_none_of_theirs() -> None:
    stamp = '<time datetime="2026-11-21"></time>'
    body = f'<div>{stamp}<a href="/news/1">x</a><a href="/news/2">y</a></div>'
    assert {lead.published for lead in leads(body)} == {""}


def test_date_without_an_attribute_is_not_taken() -> None:
    assert leads('<li><time>today</time><a href="/news/1">x</a></li>')[0].published == ""


@pytest.mark.parametrize(
    "home", ["https://WWW.Fleet.example", "http://fleet.example", "//fleet.example"]
)
def test_link_on_the_own_host_counts_however_it_is_spelt(home: str) -> None:
    assert len(leads(f'<a href="{home}/news/1">x</a>')) == 1


def warnings(body: str) -> str:
    return " ".join(listed("index", body, "text/html").warnings)


def test_pattern_that_matches_nothing_is_said_with_three_links() -> None:
    said = warnings("".join(f'<a href="/story/{n}">x</a>' for n in range(9)))
    assert "link_pattern '/news/' matches none of the page's 9 links" in said
    assert [f"/story/{n}" in said for n in range(4)] == [True, True, True, False]


def test_page_whose_links_all_lead_elsewhere_is_said_with_some() -> None:
    said = warnings('<a href="https://other.example/news/1">x</a>')
    assert "0 links on its own host (1 in all), such as https://other.example/news/1" in said


def test_page_without_links_is_said() -> None:
    assert "no links" in warnings("<p>Loading</p>")


def test_page_with_matching_links_gives_no_warning() -> None:
    assert warnings('<a href="/news/1">x</a><a href="/about">y</a>') == ""


def test_index_that_is_a_picture_gives_no_leads() -> None:
    found = read_listing(
        source("index"), page(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "image/png")
    )
    assert not isinstance(found, Listing) or not found.leads
