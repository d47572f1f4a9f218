"""Aggregator pages: the main story apart from those glued beneath it."""

from __future__ import annotations

import pytest
from extract_pages import PARAGRAPHS, TITLE, html, page, paragraphs

from alliance_nlp.extract import Extraction, extract_page
from alliance_nlp.extract.related import announces_others, is_stamp

OTHERS = (
    ("Lighthouse keepers start a school", "Cape Gazette", "an hour ago"),
    ("Rope makers look for apprentices", "Harbour Weekly", "2 hours ago"),
    ("Old tram returns to the waterfront", "Cape Gazette", "3 days ago"),
)
OTHER_TEXT = (
    "The town council voted on Monday to pay for it until the end of next year, and the first "
    "visitors are expected before the summer holidays begin."
)


def text_page(heading: str = "Related Articles") -> str:
    cards = "\n\n".join(
        f"{title}\n{title}\n\n{outlet}\n\ntime{ago}\n\n  • {outlet}\n\n{title}\n\n{OTHER_TEXT}"
        for title, outlet, ago in OTHERS
    )
    main = "\n".join(PARAGRAPHS)
    return (
        f"logo\n{TITLE}\n\n{TITLE}\n\nNorthern Times7 days ago\n\n{main}\n\nGrey background\n\n"
        f"Try our clever features\n\nComments\n\nNo comments yet...\n\n{heading}\n\n{cards}\n\n"
        "DOWNLOAD THE APP\n\nGet Started Now: Download the App\n"
    )


def html_page(heading: str = "Related Articles", *, card: str = "div") -> str:
    cards = "".join(
        f'<{card}><a href="/s/{n}"><h3>{title}</h3></a><span>{outlet}</span><span>{ago}</span>'
        f"<p>{OTHER_TEXT}</p></{card}>"
        for n, (title, outlet, ago) in enumerate(OTHERS)
    )
    stamp = "<div><span>Northern Times</span> <span>7 days ago</span></div>"
    return html(
        body=f"{stamp}{paragraphs()}",
        after=f'<section class="c-1"><h2>{heading}</h2>{cards}</section>',
    )


def extracted(body: str, content_type: str = "text/html") -> Extraction:
    found = extract_page(page(body, content_type=content_type, url="https://gather.example/a/1"))
    assert isinstance(found, Extraction), found
    return found


@pytest.mark.parametrize(
    "heading", ["Related Articles", "More stories", "関連記事", "Elsewhere today"]
)
def test_text_page_gives_the_main_story_alone(heading: str) -> None:
    found = extracted(text_page(heading), "text/plain")
    assert found.article.title == TITLE
    assert found.article.text == "\n".join(PARAGRAPHS)
    assert found.article.outlet == "Northern Times"


def test_text_page_gives_the_related_stories_as_leads() -> None:
    found = extracted(text_page(), "text/plain")
    assert [lead.title for lead in found.leads] == [title for title, _, _ in OTHERS]


@pytest.mark.parametrize("card", ["div", "article"])
@pytest.mark.parametrize("heading", ["Related Articles", "You may also like", "関連記事"])
def test_html_page_gives_the_main_story_alone(heading: str, card: str) -> None:
    found = extracted(html_page(heading, card=card))
    assert found.article.title == TITLE
    assert found.article.text == "\n".join(PARAGRAPHS)


def test_html_page_gives_the_related_stories_as_leads_with_links() -> None:
    found = extracted(html_page())
    assert [(lead.title, lead.url) for lead in found.leads] == [
        (title, f"https://gather.example/s/{n}") for n, (title, _, _) in enumerate(OTHERS)
    ]


def test_html_page_names_the_original_outlet() -> None:
    assert extracted(html_page()).article.outlet == "Northern Times"


def test_box_in_the_middle_goes_and_the_text_goes_on() -> None:
    item = '<li><a href="/b">The year in the strait so far</a></li>'
    box = f"<div><h3>Related</h3><ul>{item}</ul></div>"
    body = paragraphs(PARAGRAPHS[:2]) + box + paragraphs(PARAGRAPHS[2:])
    found = extracted(html(body=body))
    assert found.article.text == "\n".join(PARAGRAPHS)
    assert [lead.title for lead in found.leads] == ["The year in the strait so far"]


def test_article_stays_whole_when_its_first_heading_reads_like_one_of_other_stories() -> None:
    box = "<h3>Related</h3><ul><li><a href='/b'>An older story</a></li></ul>"
    assert extracted(html(body=f"<div>{box}{paragraphs()}</div>")).article.text == "\n".join(
        PARAGRAPHS
    )


def test_times_in_a_live_report_are_not_cards() -> None:
    lines = [line for text in PARAGRAPHS for line in ("Updated 2 hours ago", text)]
    text = extracted(html(body=paragraphs(tuple(lines)))).article.text
    assert all(paragraph in text for paragraph in PARAGRAPHS)


@pytest.mark.parametrize(
    "line", ["Related Articles", "MORE STORIES", "You may also like:", "【関連記事】", "Read next"]
)
def test_heading_is_known(line: str) -> None:
    assert announces_others(line)


@pytest.mark.parametrize("line", ["Related to the plan", "The ministers agreed", "Mostly calm", ""])
def test_heading_is_not_seen_in_other_lines(line: str) -> None:
    assert not announces_others(line)


@pytest.mark.parametrize("line", ["Cape Gazette7 days ago", "timean hour ago", "港湾新聞 3時間前"])
def test_stamp_is_known(line: str) -> None:
    assert is_stamp(line)
