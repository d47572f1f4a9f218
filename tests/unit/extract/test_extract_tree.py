"""The tree of a page: repairs before it is parsed, what is cut from it, and its lines."""

from __future__ import annotations

import pytest
from extract_pages import PARAGRAPHS, TITLE, html, page, paragraphs
from lxml.html import fromstring
from trafilatura.utils import repair_faulty_html

from alliance_nlp.extract import Extraction, extract_page, join
from alliance_nlp.extract.dateline import bare_dates
from alliance_nlp.extract.tree import (
    MOST_ATTRIBUTES,
    has_swollen_tag,
    iter_lines,
    lines_of,
    prepare,
    repaired,
)
from alliance_nlp.extract.walls import teasers_in

_LONG = f"<html><body>{'<p>Some words of a page.</p>' * 900}"


@pytest.mark.parametrize(
    "text",
    [
        f"{_LONG}\n<p>A\x00 b\x08ell\x1f \ufffe\uffff rang.</p>\n{_LONG}",
        f"{_LONG}<p>Naïve \x0b text in one line, \ufffe too.</p>",
        '<!DOCTYPE html SYSTEM "a/b"><html><p>One line</p>',
        f'<!DOCTYPE html SYSTEM "a/b"><html>{_LONG}',
        f'<!DOCTYPE html SYSTEM "a/b"><html lang="en"/>{_LONG}\n{_LONG}',
        f'<!DOCTYPE html SYSTEM "a/b">\n<html lang="en" />\n{_LONG}\n<html lang="en" />',
        f'<p>\n<html lang="en"/>\n{_LONG}\n{_LONG}\n',
    ],
    ids=[
        "controls",
        "other characters",
        "doctype alone",
        "one line",
        "first line",
        "doctype",
        "closed root",
    ],
)
def test_a_text_is_repaired_as_the_library_does_it(text: str) -> None:
    beginning = text[:50].lower()
    assert repaired(text, beginning) == repair_faulty_html(text, beginning).encode()


def test_a_tag_is_swollen_when_its_attributes_are_too_many() -> None:
    many = " ".join(f"a{n}=''" for n in range(MOST_ATTRIBUTES + 10))
    assert has_swollen_tag(f"{_LONG}<div {many}>text</div>{_LONG}")
    assert has_swollen_tag(f"<div {many}")


def test_a_tag_is_not_swollen_when_its_text_is_long_or_its_attributes_are_apart() -> None:
    few = " ".join(f"a{n}=''" for n in range(MOST_ATTRIBUTES // 2 + 10))
    assert not has_swollen_tag(f"<p>{'words ' * 9_000}</p><div {few}><div {few}>{'y' * 30_000}")
    assert not has_swollen_tag("")


def test_preparing_takes_out_empty_and_hidden_elements_with_their_tails_kept() -> None:
    tree = fromstring(
        "<html><body><div>one<span></span> two<i> </i></div><p hidden>three</p>"
        '<p style="display:none">four</p><script>five()</script><p style="color:red">six</p>'
        '<script type="application/ld+json">{}</script></body></html>'
    )
    prepare(tree)
    assert lines_of(tree) == ["one two", "six"]
    assert [e.tag for e in tree.iter("span", "i", "script")] == ["i", "script"]


def test_lines_stop_where_nobody_looks_further() -> None:
    tree = fromstring(
        "<div>a <b>b</b> c<p>d<br>e</p> f <ul><li>g</li><li> </li><li>h <i>i</i></li></ul>j</div>"
    )
    lines = iter_lines(tree)
    assert [next(lines), next(lines)] == ["a b c", "d"]
    assert list(lines) == lines_of(tree)[2:] == ["e", "f", "g", "h i", "j"]


def test_teasers_are_headings_in_links_and_with_links() -> None:
    tree = fromstring(
        '<main><h2><a href="/a">A</a></h2><a href="/b"><h3>B</h3></a><h3>C</h3>'
        '<h4><a name="d">D</a></h4><h5><a href="/e">E</a></h5></main>'
    )
    assert teasers_in(tree) == 2


def test_bare_dates_are_short_texts_with_a_year() -> None:
    tree = fromstring(
        "<div><p>3 May 2026</p><p>Room 2026 of the hotel is not a date, as anyone can see</p>"
        "<p>12:2026:5</p><script>1 May 2026</script><span>令和8年5月3日</span><p>May 2026</p></div>"
    )
    assert list(bare_dates(tree)) == ["3 May 2026", "12:2026:5", "令和8年5月3日", "May 2026"]


def test_an_article_of_one_page_keeps_what_was_said_of_it() -> None:
    found = extract_page(page(html(body=paragraphs(PARAGRAPHS[:1]))))
    assert isinstance(found, Extraction)
    assert found.article.title == TITLE
    assert join(found) == found
    assert "stub" in join(found).article.flags
