from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from pypdf import PdfReader
from tests.unit.digest.issue_samples import (
    ARTICLES,
    BIDI,
    LONG_WORD,
    SCRIPT,
    article,
    issue,
    latin_words,
    one,
    squeezed,
)

from alliance_nlp.digest import render_pdf
from alliance_nlp.digest.pdf_fonts import GETA, SANS, SERIF, load_fonts, marked_up, stretches


def _open(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def _text(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def _annotations(reader: PdfReader) -> list[Any]:
    return [a.get_object() for page in reader.pages for a in page.get("/Annots", [])]


@pytest.fixture(scope="module")
def reader() -> PdfReader:
    return _open(render_pdf(issue(), ARTICLES))


def test_pdf_says_what_the_issue_says(reader: PdfReader) -> None:
    text = squeezed(_text(reader))
    assert squeezed("Ministers settle who pays for pier repairs") in text
    assert squeezed("Pilots of Kōchi ask for a calendar of drills.") in text


def test_pdf_shows_japanese(reader: PdfReader) -> None:
    assert "日米は桟橋の修理費を折半する。" in squeezed(_text(reader))


def test_pdf_links_to_the_sources(reader: PdfReader) -> None:
    addresses = [a["/A"]["/URI"] for a in _annotations(reader) if "/URI" in a.get("/A", {})]
    assert addresses == [f"https://www.gazette.example/{name}?page=1&lang=en" for name in "abc"]


def test_pdf_jumps_lead_to_places_in_it(reader: PdfReader) -> None:
    jumps = [a["/Dest"] for a in _annotations(reader) if "/Dest" in a]
    assert len(jumps) == 3 + 5  # headlines, and marks: one, two and one, one, one
    assert {jump[0].idnum for jump in jumps} == {reader.pages[0].indirect_reference.idnum}


def test_pdf_has_bookmarks(reader: PdfReader) -> None:
    titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert titles == ["Headlines", "Details", "Sources"]
    items = next(entry for entry in reader.outline if isinstance(entry, list))
    assert items[1].title == "Ōita asks for notice of drills"


def test_pdf_states_title_and_language(reader: PdfReader) -> None:
    assert reader.metadata is not None
    assert reader.metadata.title == "US-Japan Alliance Digest Vol 4.3"
    assert reader.trailer["/Root"]["/Lang"] == "en-US"


def test_pdf_numbers_its_pages() -> None:
    texts = [f"Sentence {n} of a long report on piers." for n in range(400)]
    pages = _open(render_pdf(one("Piers", " ".join(texts)), {})).pages
    assert len(pages) > 3
    assert "\n3\n" in f"\n{pages[2].extract_text()}\n"


def test_pdf_is_the_same_bytes_for_the_same_issue() -> None:
    assert render_pdf(issue(), ARTICLES) == render_pdf(issue(), ARTICLES)


def test_pdf_of_an_undated_issue_opens() -> None:
    undated = issue(published_on=None, since_on=None, until_on=None)
    assert len(_open(render_pdf(undated, {})).pages) == 1


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd"])
def test_pdf_links_lead_to_the_web_only(link: str) -> None:
    data = render_pdf(one("Piers", "Work begins."), {"a": article("a", url=link, link=link)})
    assert not [a for a in _annotations(_open(data)) if "/URI" in a.get("/A", {})]


@pytest.mark.parametrize("text", [SCRIPT, BIDI, "</para><font", "one\nline", LONG_WORD])
def test_pdf_survives_hostile_text(text: str) -> None:
    hostile = one(text, text, title=text, footer=text)
    reader = _open(render_pdf(hostile, {"a": article("a", title=text, outlet=text)}))
    assert squeezed(text.split("\x00")[0])[:4] in squeezed(_text(reader))


@pytest.mark.parametrize("text", ["Ōita", "Łódź", "“Pier” – €5…", "日本", "한국", "国务院", "Жук"])
def test_pdf_has_a_font_for(text: str) -> None:
    load_fonts()
    assert "".join(stretch for _, stretch in stretches(text, SERIF)) == text


@pytest.mark.parametrize(("text", "shown"), [("㍿", "株式会社"), ("😀!", f"{GETA}!"), ("𝐀", "A")])
def test_what_no_font_has_is_shown_by_what_it_stands_for(text: str, shown: str) -> None:
    load_fonts()
    assert "".join(stretch for _, stretch in stretches(text, SANS)) == shown


def test_markup_for_fonts_is_escaped() -> None:
    assert marked_up("a<b>&c", SERIF) == "a&lt;b&gt;&amp;c"


@settings(max_examples=8, deadline=None)
@given(latin_words)
def test_pdf_gives_latin_words_back(text: str) -> None:
    found = squeezed(_text(_open(render_pdf(one("Piers", text), {}))))
    assert squeezed(text) in found
