"""Whatever the bytes, an outcome and no exception."""

from __future__ import annotations

import time

import pytest
from extract_pages import JAPANESE, PARAGRAPHS, html, page, paragraphs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance_nlp.core.text import normal_text, one_line
from alliance_nlp.core.types import Reason, Rejected
from alliance_nlp.extract import Extraction, extract_page

TYPES = st.sampled_from(
    ["text/html", "text/html; charset=shift_jis", "text/plain", "application/json", "", "image/png"]
)
FRAGMENTS = st.lists(
    st.sampled_from(
        [
            *"<p> </p> <div> </div> <h1> </h1> <article> <script> </script>".split(),
            *"<table><tr> </a> <li> <ul>".split(),
            *('<script type="application/ld+json">', '{"@type":"NewsArticle","author":', '">'),
            *('<meta name="date" content="', "<time datetime='2026-11-21'>", "<a href='/x'>"),
            *("<h3>Related Articles</h3>", "2 hours ago", "関連記事", "令和8年11月21日"),
            *("\x00", "\ud800", "<![CDATA[", "<!--", "&#0;", "&nbsp;", "\n", " "),
            "<ruby>漢<rt>かん</rt></ruby>",
            *PARAGRAPHS,
        ]
    ),
    max_size=40,
)


def check(found: Extraction | Rejected) -> None:
    if isinstance(found, Rejected):
        assert found.detail
        return
    article = found.article
    assert article.text
    assert article.text == normal_text(article.text)
    assert article.title == one_line(article.title)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=st.binary(max_size=2_000), content_type=TYPES)
def test_any_bytes_have_an_outcome(body: bytes, content_type: str) -> None:
    check(extract_page(page(body, content_type=content_type)))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(parts=FRAGMENTS, content_type=TYPES)
def test_any_markup_has_an_outcome(parts: list[str], content_type: str) -> None:
    body = "".join(parts).encode("utf-8", "surrogatepass")
    check(extract_page(page(body, content_type=content_type)))


BODIES = {
    "one word": b"<html><body><p>" + b"a" * 1_000_000,
    "one word, text": b"a" * 1_000_000,
    "spaces": b"<html><body><p>" + b" " * 1_000_000,
    "deep": b"<html><body>" + b"<div>" * 50_000 + paragraphs().encode(),
    "deep inline": b"<html><body>" + b"<b>" * 20_000 + paragraphs().encode(),
    "brackets": b"<" * 200_000,
    "many separators": html(head="<title>" + "a | b - " * 20_000 + "</title>").encode(),
    "many headings": html(after="<h3>Related Articles</h3>" * 2_000).encode(),
    "long date": html(head='<meta name="date" content="' + "1" * 200_000 + '">').encode(),
    "deep json-ld": html(head='<script type="application/ld+json">' + "[" * 50_000).encode(),
    "NUL": html().replace("strait", "str\x00ait").encode(),
    "broken utf-8": html().encode().replace(b"strait", b"\xff\xfe\x80") + bytes(range(128, 256)),
    "cut": html().encode()[:700],
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_hostile_page_has_an_outcome_in_time(name: str) -> None:
    content_type = "text/plain" if name.endswith("text") else "text/html"
    start = time.process_time()
    check(extract_page(page(BODIES[name], content_type=content_type)))
    assert time.process_time() - start < 20  # seconds; a page of this size took minutes at first


def test_nul_is_not_in_the_text() -> None:
    found = extract_page(page(BODIES["NUL"]))
    assert isinstance(found, Extraction)
    assert "\x00" not in found.article.text


def test_tag_with_countless_attributes_is_refused_before_it_is_parsed() -> None:
    body = "<p " + " ".join(f'a{n}="1"' for n in range(300_000)) + ">text</p>"
    found = extract_page(page(f"<html><body>{body}</body></html>"))
    assert isinstance(found, Rejected)
    assert found.reason is Reason.TOO_LARGE


def test_tag_with_a_long_attribute_is_read() -> None:
    picture = f'<img src="data:image/png;base64,{"iVBOR/w0KGgo=" * 20_000}">'
    assert isinstance(extract_page(page(html(before=picture))), Extraction)


def test_script_full_of_blanks_and_angles_is_read() -> None:
    data = (
        "<script>var t = {" + "a < b ? c = d : e, " + "some words = more " * 20_000 + "}</script>"
    )
    assert isinstance(extract_page(page(html(before=data))), Extraction)


def test_one_line_of_megabytes_ends_in_time() -> None:
    start = time.process_time()
    extract_page(page(html(body=f"<p>{JAPANESE[0] * 12_000}</p>")))
    assert time.process_time() - start < 10
