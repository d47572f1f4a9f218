"""Saved text and JSON records."""

from __future__ import annotations

import json
from datetime import date

import pytest
from extract_pages import PARAGRAPHS, TITLE, html, page

from alliance_nlp.core.types import Article, Reason, Rejected
from alliance_nlp.extract import Extraction, extract_page
from alliance_nlp.extract.plain import derived_title

TEXT = "\n\n".join(PARAGRAPHS)


def from_text(text: str) -> Article:
    url = "file:///inbox/note.txt"
    found = extract_page(page(text, content_type="text/plain; charset=utf-8", url=url))
    assert isinstance(found, Extraction), found
    return found.article


def from_record(**record: object) -> Article:
    url = "file:///inbox/records.jsonl/1"
    found = extract_page(page(json.dumps(record), content_type="application/json", url=url))
    assert isinstance(found, Extraction), found
    return found.article


def test_first_line_is_the_title_when_it_reads_like_one() -> None:
    article = from_text(f"{TITLE}\n\n{TEXT}")
    assert article.title == TITLE
    assert article.text == "\n".join(PARAGRAPHS)


def test_first_sentence_is_the_title_when_the_text_begins_at_once() -> None:
    article = from_text(TEXT)
    assert PARAGRAPHS[0].startswith(article.title.rstrip("…"))
    assert len(article.title) <= 110
    assert article.text == "\n".join(PARAGRAPHS)


def test_place_and_agency_are_no_part_of_a_derived_title() -> None:
    text = "NORTHPORT, Nov 20 (Cape Wire) - Crews began to train together on Friday. " + TEXT
    assert from_text(text).title == "Crews began to train together on Friday."


def test_initials_do_not_end_a_derived_title() -> None:
    text = "Captain Ada J. Quill took command of the joint office on Friday. " + TEXT
    assert from_text(text).title.startswith("Captain Ada J. Quill took command")


def test_dateline_under_the_title_is_the_date() -> None:
    article = from_text(f"{TITLE}\n\nNovember 20, 2026\n\n{TEXT}")
    assert article.published is not None
    assert article.published.on == date(2026, 11, 20)
    assert article.text == "\n".join(PARAGRAPHS)


def test_html_sent_as_text_is_read_as_html() -> None:
    assert from_text(html()).text == "\n".join(PARAGRAPHS)


def test_record_gives_its_fields() -> None:
    article = from_record(
        id="n1",
        title=TITLE,
        text=TEXT,
        published_on="2026-11-20",
        authors=["Ada Quill"],
        url="https://cape.example/a?utm_source=x",
        language="en",
    )
    assert (article.title, article.authors) == (TITLE, ("Ada Quill",))
    assert article.url == "https://cape.example/a"
    assert article.published is not None
    assert article.published.on == date(2026, 11, 20)


def test_record_without_a_title_derives_one() -> None:
    article = from_record(id="n1", text=TEXT, office="Quill", published="2026-11-20")
    assert PARAGRAPHS[0].startswith(article.title.rstrip("…"))
    assert article.authors == ("Quill",)


@pytest.mark.parametrize("body", ["[1, 2]", "no json", "[" * 100_000])
def test_record_that_is_no_object_is_refused(body: str) -> None:
    found = extract_page(page(body, content_type="application/json"))
    assert isinstance(found, Rejected)
    assert found.reason is Reason.NOT_HTML


@pytest.mark.parametrize("record", [{}, {"text": ""}, {"text": None}, {"text": ["x"]}])
def test_record_without_text_is_refused(record: dict[str, object]) -> None:
    found = extract_page(page(json.dumps(record), content_type="application/json"))
    assert isinstance(found, Rejected)
    assert found.reason is Reason.NO_MAIN_TEXT


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "SENS. GREY, VOSS SEEK TO REOPEN THE MARKET\nSens. Grey and Voss asked for talks.",
            "SENS. GREY, VOSS SEEK TO REOPEN THE MARKET",
        ),
        (
            "SENS. The word stands alone here. Another sentence follows it.",
            "SENS. The word stands alone here.",
        ),
        ("Rep. Ada Grey spoke. She sat down.", "Rep. Ada Grey spoke."),
    ],
)
def test_a_derived_title_is_the_first_line_or_sentence(text: str, title: str) -> None:
    assert derived_title(text) == title


def test_record_is_opinion_when_its_section_says_so() -> None:
    assert "opinion" in from_record(title=TITLE, section="Editorial", text=TEXT).flags


def test_record_is_sponsored_when_its_title_says_so() -> None:
    assert "sponsored" in from_record(title=f"[Sponsored] {TITLE}", text=TEXT).flags


def test_saved_text_is_opinion_when_its_title_says_so() -> None:
    assert "opinion" in from_text(f"Opinion: {TITLE}\n\n{TEXT}").flags


def test_record_has_no_label_when_it_reports_on_opinions() -> None:
    found = from_record(title="Opinions differ on patrol plan", section="World", text=TEXT)
    assert not {"opinion", "analysis", "sponsored"} & set(found.flags)
