"""Aggregators in many layouts: the main story, its original outlet, the others as leads."""

from __future__ import annotations

import pytest
from extract_pages import JAPANESE, PARAGRAPHS, TITLE, described, html, json_ld, page, paragraphs

from alliance_nlp.extract import Extraction, extract_page

URL = "https://gather.example/read/77"
SITE = '<meta property="og:site_name" content="Gather">'
OTHERS = (
    ("Lighthouse keepers start a school", "Cape Gazette", "an hour ago"),
    ("Rope makers look for apprentices", "Harbour Weekly", "2 hours ago"),
    ("Old tram returns to the waterfront", "Island Times", "3 days ago"),
)


def extracted(body: str, url: str = URL) -> Extraction:
    found = extract_page(page(body, url=url))
    assert isinstance(found, Extraction), found
    return found


def under_title(line: str) -> str:
    return html(head=SITE, body=f"{line}{paragraphs()}")


def at_the_end(line: str) -> str:
    return html(head=SITE, body=paragraphs((*PARAGRAPHS, line)))


def at_the_beginning(line: str) -> str:
    return html(head=SITE, body=paragraphs((line, *PARAGRAPHS)))


def in_data(**fields: object) -> str:
    return html(head=SITE + described("NewsArticle", **fields))


LAYOUTS = [
    (under_title('<div class="source">Northern Times</div>'), "Northern Times"),
    (under_title('<p class="article-provider"><span>Northern Times</span></p>'), "Northern Times"),
    (under_title('<span class="publisher-name">北方新聞</span>'), "北方新聞"),
    (under_title("<p>Source: Northern Times</p>"), "Northern Times"),
    (under_title("<p>via NHK World</p>"), "NHK World"),
    (under_title("<p>Provided by Northern Times | 21 November 2026</p>"), "Northern Times"),
    (under_title("<div>11/21(土) 15:03配信 北方新聞</div>"), "北方新聞"),
    (under_title("<p>配信：北方新聞</p>"), "北方新聞"),
    (under_title("<p>提供元：北方テレビ</p>"), "北方テレビ"),
    (at_the_end("(Translated from Central News Agency)"), "Central News Agency"),
    (at_the_end("Source: Kyodo"), "Kyodo"),
    (at_the_end("(Source: Northern Times)"), "Northern Times"),
    (at_the_end("This article was originally published by Northern Times."), "Northern Times"),
    (at_the_end("Read the original article on Northern Times"), "Northern Times"),
    (at_the_end("Republished with permission from Northern Times."), "Northern Times"),
    (at_the_end("「出典：北方新聞」"), "北方新聞"),
    (at_the_end("（北方新聞より転載）"), "北方新聞"),
    (at_the_end("引用元：北方新聞"), "北方新聞"),
    (at_the_end("元記事：北方新聞"), "北方新聞"),
    (at_the_end("（共同）"), "共同"),
    (at_the_end("© 2026 Kyodo"), "Kyodo"),
    (html(head=SITE, body=paragraphs(("【共同】" + JAPANESE[0], *JAPANESE[1:]))), "共同"),
    (html(head=SITE, body=paragraphs(("【ワシントン時事】" + JAPANESE[0], *JAPANESE[1:]))), "時事"),
    (
        html(head=SITE, body=paragraphs(("NORTHPORT (AP) — " + PARAGRAPHS[0], *PARAGRAPHS[1:]))),
        "AP",
    ),
    (
        html(
            head=SITE,
            body=paragraphs(("NORTHPORT, Nov 20 (Reuters) - " + PARAGRAPHS[0], *PARAGRAPHS[1:])),
        ),
        "Reuters",
    ),
    (
        html(head=SITE + '<meta name="original-source" content="https://northern.example/a">'),
        "northern.example",
    ),
    (
        html(head=SITE + '<meta name="syndication-source" content="https://northern.example/a">'),
        "northern.example",
    ),
    (html(head=SITE + '<meta name="source" content="Northern Times">'), "Northern Times"),
    (
        html(
            head='<link rel="canonical" href="https://northern.example/a"><meta '
            'property="og:site_name" content="Northern Times">'
        ),
        "Northern Times",
    ),
    (
        html(head=SITE + '<link rel="canonical" href="https://northern.example/a">'),
        "northern.example",
    ),
    (
        in_data(isBasedOn={"@type": "NewsArticle", "url": "https://northern.example/a"}),
        "northern.example",
    ),
    (
        in_data(isBasedOn={"@type": "NewsArticle", "publisher": {"name": "Northern Times"}}),
        "Northern Times",
    ),
    (in_data(provider={"@type": "Organization", "name": "Northern Times"}), "Northern Times"),
    (
        in_data(
            publisher={
                "@type": "Organization",
                "name": "Northern Times",
                "url": "https://northern.example",
            }
        ),
        "Northern Times",
    ),
    (in_data(author={"@type": "Organization", "name": "Kyodo News"}), "Kyodo News"),
]


@pytest.mark.parametrize(("body", "outlet"), LAYOUTS)
def test_original_outlet_is_found_wherever_it_stands(body: str, outlet: str) -> None:
    assert extracted(body).article.outlet == outlet


OWN = [
    html(head=SITE),
    under_title('<div class="source">Gather</div>'),
    at_the_end("© 2026 Gather. All rights reserved."),
    at_the_end("The source of the fire is still unknown, the harbour office said."),
    at_the_end("The letter came via the northern port, which was closed at the time."),
    under_title(
        "<figure><img src=a.jpg><figcaption><span class='source'>Ada "
        "Quill</span></figcaption></figure>"
    ),
    under_title('<span class="image-source">Ada Quill / Northern Photo</span>'),
    html(head=SITE + '<link rel="canonical" href="https://www.gather.example/read/77">'),
    in_data(publisher={"@type": "Organization", "name": "Gather"}),
    html(head=SITE, body=paragraphs(("The AP store on the pier closed.", *PARAGRAPHS))),
]


@pytest.mark.parametrize("body", OWN)
def test_no_other_outlet_is_named_when_the_story_is_the_site_s_own(body: str) -> None:
    assert extracted(body).article.outlet == ""


def cards(form: str) -> str:
    return "".join(
        form.format(title=title, outlet=outlet, ago=ago, n=n)
        for n, (title, outlet, ago) in enumerate(OTHERS)
    )


TEASER = "<p>The council voted on Monday to pay for it until the end of next year, it was said.</p>"
CARDS = {
    "title, outlet, time": "<div><a "
    "href='/s/{n}'><h3>{title}</h3></a><div>{outlet}</div><div>{ago}</div></div>",
    "outlet and time above": "<div><div>{outlet} · {ago}</div><h3><a "
    "href='/s/{n}'>{title}</a></h3></div>",
    "outlet and time on a line": "<article><h4><a "
    "href='/s/{n}'>{title}</a></h4><small>{outlet} - "
    "{ago}</small></article>",
    "with a teaser": "<div><h3><a href='/s/{n}'>{title}</a></h3><span>{outlet}</span> "
    "<span>{ago}</span>" + TEASER + "</div>",
    "with a class": "<li><a href='/s/{n}'>{title}</a> <span class='source'>{outlet}</span></li>",
}
UNLINKED = {
    "title, outlet, time": "<div><h3>{title}</h3><div>{outlet}</div><div>{ago}</div></div>",
    "outlet and time above": "<div><div>{outlet} · {ago}</div><h3>{title}</h3></div>",
}


@pytest.mark.parametrize("heading", ["Related Articles", "More stories", "関連記事", "Read next"])
@pytest.mark.parametrize("form", CARDS)
def test_related_stories_are_leads_with_their_outlets(form: str, heading: str) -> None:
    after = f"<section><h2>{heading}</h2>{cards(CARDS[form])}</section>"
    found = extracted(html(head=SITE, after=after))
    assert found.article.text == "\n".join(PARAGRAPHS)
    assert [(lead.title, lead.outlet, lead.url) for lead in found.leads] == [
        (title, outlet, f"https://gather.example/s/{n}")
        for n, (title, outlet, _) in enumerate(OTHERS)
    ]


@pytest.mark.parametrize("form", UNLINKED)
def test_related_stories_without_links_are_leads_all_the_same(form: str) -> None:
    after = f"<section><h2>Related Articles</h2>{cards(UNLINKED[form])}</section>"
    found = extracted(html(head=SITE, after=after))
    assert found.article.text == "\n".join(PARAGRAPHS)
    assert [(lead.title, lead.outlet, lead.url) for lead in found.leads] == [
        (title, outlet, "") for title, outlet, _ in OTHERS
    ]


def test_lead_names_no_outlet_when_the_card_holds_a_section_of_the_site() -> None:
    nav = "<nav><a href='/w'>World</a><a href='/t'>Trade</a></nav>"
    card = "<div><a href='/s/{n}'><h3>{title}</h3></a><div>World</div><div>{ago}</div></div>"
    after = f"<section><h2>More stories</h2>{cards(card)}</section>"
    found = extracted(html(head=SITE, before=nav, after=after))
    assert {lead.outlet for lead in found.leads} == {""}


def test_title_of_the_page_is_no_lead() -> None:
    data = json_ld('{"@type":"WebSite","name":"Gather"}')
    after = f"<section><h3>Related</h3><ul><li><a href='/x'>{TITLE}</a></li></ul></section>"
    assert extracted(html(head=SITE + data, after=after)).leads == ()
