from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from tests.unit.digest.issue_samples import (
    ARTICLES,
    BIDI,
    LONG_WORD,
    SCRIPT,
    any_words,
    article,
    issue,
    one,
)

from alliance_nlp.digest import render_docx


def _open(data: bytes) -> Any:
    return Document(io.BytesIO(data))


def _texts(document: Any, style: str) -> list[str]:
    return [p.text for p in document.paragraphs if p.style.name == style]


@pytest.fixture(scope="module")
def document() -> Any:
    return _open(render_docx(issue(), ARTICLES))


def test_docx_has_words_own_styles(document: Any) -> None:
    assert _texts(document, "Title") == ["US-Japan Alliance Digest"]
    assert _texts(document, "Subtitle")[0].startswith("Vol 4.3 · February 9, 2031")
    assert _texts(document, "Heading 1") == ["Headlines", "Details", "Sources"]
    assert len(_texts(document, "List Bullet")) == 6
    assert len(_texts(document, "List Number")) == 3


def test_docx_bullets_hold_headlines_then_details(document: Any) -> None:
    bullets = _texts(document, "List Bullet")
    assert bullets[1] == "Ōita asks for notice of drills"
    assert bullets[3].startswith("Work on two piers at Sasebo begins in March. Each side pays")


def test_docx_links_are_real_relationships(document: Any) -> None:
    links = [r.target_ref for r in document.part.rels.values() if r.reltype.endswith("hyperlink")]
    assert links == [f"https://www.gazette.example/{name}?page=1&lang=en" for name in "abc"]
    assert all(r.is_external for r in document.part.rels.values() if "http" in r.target_ref[:4])


def test_docx_jumps_lead_to_bookmarks(document: Any) -> None:
    body = document.element.body
    names = {e.get(qn("w:name")) for e in body.iter(qn("w:bookmarkStart"))}
    anchors = {e.get(qn("w:anchor")) for e in body.iter(qn("w:hyperlink"))} - {None}
    assert anchors
    assert anchors <= names


def test_docx_states_title_language_and_day(document: Any) -> None:
    properties = document.core_properties
    assert properties.title == "US-Japan Alliance Digest Vol 4.3"
    assert (properties.language, properties.created.isoformat()[:10]) == ("en-US", "2031-02-09")
    (language,) = document.styles.element.iter(qn("w:lang"))
    assert (language.get(qn("w:val")), language.get(qn("w:eastAsia"))) == ("en-US", "ja-JP")


def test_docx_names_a_japanese_font_for_japanese(document: Any) -> None:
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "Yu Mincho"


def test_docx_counts_its_pages(document: Any) -> None:
    footer = document.sections[0].footer
    assert [e.text for e in footer._element.iter(qn("w:instrText"))] == ["PAGE"]


def test_docx_marks_a_run_of_sentences_once(document: Any) -> None:
    assert "March. Each side pays half of 1.2 billion yen.1 Pilots" in document.paragraphs[7].text


def test_docx_is_the_same_bytes_for_the_same_issue() -> None:
    assert render_docx(issue(), ARTICLES) == render_docx(issue(), ARTICLES)


def test_docx_without_sources_has_no_list_of_them() -> None:
    assert _texts(_open(render_docx(issue(), {})), "Heading 1") == ["Headlines", "Details"]


def test_docx_of_an_undated_issue_opens() -> None:
    undated = issue(published_on=None, since_on=None, until_on=None)
    assert _texts(_open(render_docx(undated, ARTICLES)), "Subtitle") == ["Vol 4.3"]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "\\\\host\\share"])
def test_docx_links_lead_to_the_web_only(link: str) -> None:
    opened = _open(
        render_docx(one("Piers", "Work begins."), {"a": article("a", url=link, link=link)})
    )
    assert not [r for r in opened.part.rels.values() if r.reltype.endswith("hyperlink")]


@pytest.mark.parametrize("text", [SCRIPT, BIDI, "one\r\nline\x0b\x0c", LONG_WORD])
def test_docx_survives_hostile_text(text: str) -> None:
    data = render_docx(one("Piers", text, title=text[:999]), {"a": article("a", title=text[:999])})
    assert len(_texts(_open(data), "List Bullet")) == 2
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


@settings(max_examples=8, deadline=None)
@given(any_words, any_words)
def test_docx_gives_the_words_back(headline: str, text: str) -> None:
    bullets = _texts(_open(render_docx(one(headline, text), {})), "List Bullet")
    assert bullets == [headline, text]


def test_docx_sets_the_line_under_the_title_without_spread_letters(document: Any) -> None:
    spacing = document.styles["Subtitle"].element.rPr.find(qn("w:spacing"))
    assert spacing.get(qn("w:val")) == "0"


def test_docx_keeps_a_source_on_one_page(document: Any) -> None:
    assert document.styles["List Number"].paragraph_format.keep_together is True
