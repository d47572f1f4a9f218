"""Pages in the markup style of American publishers and offices; every word is made up."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest
from extract_pages import PARAGRAPHS, TITLE, json_ld, page, paragraphs

from alliance_nlp.core.types import Article
from alliance_nlp.extract import Extraction, extract_page


class Sample(NamedTuple):
    """A page's head and body, and what is right for it."""

    name: str
    head: str
    body: str
    authors: tuple[str, ...] = ("Ada Quill",)
    day: date = date(2026, 11, 20)


P = paragraphs()
HALVES = (paragraphs(PARAGRAPHS[:3]), paragraphs(PARAGRAPHS[3:]))
NEWS = (
    '{{"@context":"https://schema.org","@type":"{kind}","headline":"{title}","datePublished":"{at}"'
    ',"dateModified":"2026-11-21T01:00:00.000Z","author":{author}}}'
)


def ld(*, kind: str = "NewsArticle", at: str = "2026-11-20T13:05:00.000Z", author: str = "") -> str:
    author = author or '[{"@type":"Person","name":"Ada Quill","url":"https://h.example/by/ada"}]'
    return json_ld(NEWS.format(kind=kind, title=TITLE, at=at, author=author))


SAMPLES = [
    Sample(
        "broadsheet with a newsletter box and a related list inside the story",
        f"<title>{TITLE} - The Harbour Times</title>"
        f'<meta property="og:title" content="{TITLE} (Published 2026)">' + ld(),
        f'<header><p class="kicker">World | Straits</p><h1 data-testid="headline">{TITLE}</h1>'
        '<p id="article-summary">A dispute of most of a year ends with joint crews.</p></header>'
        '<div class="byline"><p>By <a href="/by/ada">Ada Quill</a></p><p>Ada Quill reported from '
        'the northern port.</p></div><time datetime="2026-11-20T08:05:00-05:00">Nov. 20, 2026'
        f'</time><section name="articleBody">{HALVES[0]}'
        '<div class="newsletter-box"><p>Sign up for The Morning Tide newsletter. Get it sent to '
        'your inbox.</p></div><aside><h2>Related Content</h2><ul><li><a href="/a">Yards in the '
        'south ask for cranes</a></li><li><a href="/b">Who pays for the patrols</a></li></ul>'
        f"</aside>{HALVES[1]}</section><p>A version of this article appears in print on Nov. 21, "
        "2026, Section A, Page 9 of the New Harbour edition.</p>",
    ),
    Sample(
        "wire with a dateline and a photo credit",
        f"<title>{TITLE} | Harbour Wire</title>" + ld(),
        f'<h1 class="Page-headline">{TITLE}</h1><div class="Page-authors">By <a>ADA QUILL</a></div>'
        '<div class="Page-dateModified"><span>Updated 8:00 PM EST, November 20, 2026</span></div>'
        '<figure><img src="a.jpg"><figcaption>Two cutters lie at the pier, Thursday, Nov. 5, 2026.'
        f" (Harbour Wire Photo/Ben Mast)</figcaption></figure><div class=RichTextStoryBody>{P}"
        "<p>___</p></div>",
    ),
    Sample(
        "JSON-LD in a graph with the author by reference",
        f"<title>{TITLE} - POLITIDE</title>"
        + json_ld(
            '{"@graph":[{"@type":"WebPage","@id":"https://harbour-post.example/#w",'
            '"datePublished":"2026-11-20T05:00:00-05:00"},{"@type":"Person","@id":"#ada",'
            '"name":"Ada Quill"},{"@type":["Article","ReportageNewsArticle"],"headline":"'
            + TITLE
            + '","datePublished":"2026-11-20T05:00:00-05:00","author":[{"@id":"#ada"}]}]}'
        ),
        f"<h1>{TITLE}</h1><p class='byline'>By Ada Quill</p>{P}",
    ),
    Sample(
        "military site with a print line, a photo strip and a location",
        f"<title>{TITLE} &gt; Harbour Fleet &gt; News Stories</title>"
        '<meta property="og:site_name" content="Harbour Fleet">'
        f'<meta property="og:title" content="{TITLE}">'
        '<meta property="article:published_time" content="11/20/2026 9:40:00 AM">',
        f'<div class="adetail"><div class="category">NEWS | Nov. 20, 2026</div><h1>{TITLE}</h1>'
        "<p class='info'>By Petty Officer 2nd Class Ada Quill, Harbour Fleet Public Affairs</p>"
        "<div class='tools'><a href='#'>PRINT</a> | <a href='#'>E-MAIL</a></div>"
        "<div class='media'><div class='caption'>261119-N-AB123-1001 NORTHERN PORT (Nov. 19, 2026)"
        " Sailors handle lines on a pier. (U.S. Navy photo by Mass Communication Specialist 3rd "
        "Class Cy Reef)</div><div>Photo By: Seaman Cy Reef</div><div>VIRIN: 261119-N-AB123-1001"
        f"</div></div><div class='body'>{P}</div><div><a href='/f'>Download Details</a></div>"
        "</div>",
    ),
    Sample(
        "department release",
        f"<title>{TITLE} - Harbour Department of State</title>"
        '<meta property="og:site_name" content="Harbour Department of State">'
        f'<meta property="og:title" content="{TITLE}">'
        '<meta property="article:published_time" content="2026-11-20T22:11:54+00:00">',
        f'<p class="article-meta__eyebrow">Media Note</p><h1>{TITLE}</h1><p>Office of the '
        'Spokesperson</p><p class="article-meta__publish-date">November 20, 2026</p>'
        f'<div class="entry-content">{P}</div><h3>Tags</h3><a href="/t/1">Bureau of Straits</a>',
        authors=(),
    ),
    Sample(
        "trade paper whose page was stamped anew",
        f"<title>{TITLE} | Hull News</title>"
        + ld(at="2026-11-21T01:00:00.000Z", author='"Ada Quill"'),
        f"<h1>{TITLE}</h1><p>By Ada Quill</p><p class=date>November 18, 2026 4:05 PM</p>{P}",
        day=date(2026, 11, 18),
    ),
    Sample(
        "kicker within the h1 and a share bar",
        f"<title>EXCLUSIVE: {TITLE} | Harbour Post</title><meta property='og:site_name' "
        f"content='Harbour Post'><meta property='og:title' content='{TITLE}'>",
        f"<h1><span class='label'>Exclusive</span> <span>{TITLE}</span></h1>"
        "<p class='author'>By ADA QUILL | STARS AND ANCHORS • November 20, 2026</p>"
        f"<ul class='share'><li>Share</li><li>Tweet</li><li>Email</li></ul>{P}"
        "<p>quill.ada@harbour-post.example<br>Twitter: @adaquill</p>",
    ),
]


def read(sample: Sample) -> Article:
    found = extract_page(
        page(
            f'<!doctype html><html lang="en-US"><head>{sample.head}</head><body><nav><a href="/">'
            f"Home</a></nav><main><article>{sample.body}</article></main></body></html>"
        )
    )
    assert isinstance(found, Extraction), found
    return found.article


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_title_is_the_bare_headline_on_an_american_page(sample: Sample) -> None:
    assert read(sample).title == TITLE


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_day_is_that_of_publication_on_an_american_page(sample: Sample) -> None:
    published = read(sample).published
    assert published is not None
    assert published.on == sample.day


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_authors_are_names_only_on_an_american_page(sample: Sample) -> None:
    assert tuple(name.title() for name in read(sample).authors) == sample.authors


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_text_is_the_story_only_on_an_american_page(sample: Sample) -> None:
    lines = read(sample).text.split("\n")
    known = {*PARAGRAPHS, "A dispute of most of a year ends with joint crews."}
    assert [line for line in lines if line not in known] == []
    assert [line for line in PARAGRAPHS if line not in lines] == []
