"""The library's searches, answered otherwise: the same elements in the same order."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.etree import XPath
from lxml.html import Element, HtmlElement, fromstring, tostring
from trafilatura import bare_extraction
from trafilatura import xpaths as library
from trafilatura.settings import BASIC_CLEAN_XPATH, Extractor

from alliance_nlp.extract.extractor import extracted, extraction, page_text
from alliance_nlp.extract.searches import quicker

_RE = {"re": "http://exslt.org/regular-expressions"}
_SEARCHES = (
    *library.OVERALL_DISCARD_XPATH,
    *library.DISCARD_IMAGE_ELEMENTS,
    *library.TEASER_DISCARD_XPATH,
    *library.RAW_TREE_PRUNE_XPATH,
    *library.REMOVE_COMMENTS_AND_LISTS_XPATH,
    *library.REMOVE_COMMENTS_XPATH,
    BASIC_CLEAN_XPATH,
)
_WORDS = (
    "share social newsletter cookie tags sidebar author jp-x footer Footer nav menu related ad- "
    "ad-top byline embed meta timestamp hidden hide x-reply- akismet caption Teaser comments "
    "Comment commentary comol disqus_thread infinite-scroll mvp-post-add-box post entry story "
    "article-body postContent fulltext FullText main-content Main-content page-content content "
    "elementor-share-buttons cookie-banner plain big red"
).split()
_TAGS = (
    "div section p span article main ul ol li aside details footer list item h1 a em table".split()
)
_names = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(" ".join)
_attributes = st.lists(
    st.sampled_from(("class", "id", "role", "style", "data-component", "aria-hidden", "itemprop")),
    unique=True,
    max_size=3,
).flatmap(
    lambda names: st.tuples(
        *(
            st.tuples(st.just(n), st.one_of(_names, st.sampled_from(("navigation", "true"))))
            for n in names
        )
    )
)
_nodes: Any = st.recursive(
    st.tuples(st.sampled_from(_TAGS), _attributes, st.just(())),
    lambda inner: st.tuples(
        st.sampled_from(_TAGS), _attributes, st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=12,
)


def _grown(node: Any) -> HtmlElement:
    tag, attributes, children = node
    element = Element(tag)
    for name, value in attributes:
        element.set(name, value)
    element.text = "words"
    element.extend(_grown(child) for child in children)
    return element


def _page(node: Any) -> HtmlElement:
    body = Element("body")
    body.append(_grown(node))
    return body


@settings(max_examples=40, deadline=None)
@given(_nodes)
def test_a_search_finds_what_the_library_finds_in_any_tree(node: Any) -> None:
    tree = _page(node)
    for search in _SEARCHES:
        assert list(quicker(search)(tree)) == list(search(tree)), search.path


@settings(max_examples=40, deadline=None)
@given(_nodes)
def test_a_search_for_one_finds_the_librarys_first_in_any_tree(node: Any) -> None:
    tree = _page(node)
    for search in library.BODY_XPATH:
        found = next(iter(quicker(search, is_first_enough=True)(tree)), None)
        assert found is next(iter(search(tree)), None), search.path


def test_a_search_takes_of_two_attributes_the_one_the_source_has_first() -> None:
    search = XPath(".//div[re:test(@id|@class, 'cookie')]", namespaces=_RE)
    tree = fromstring(
        '<main><div id="one" class="cookie">a</div><div class="cookie" id="two">b</div></main>'
    )
    assert [e.text for e in quicker(search)(tree)] == ["b"]
    assert list(search(tree)) == list(quicker(search)(tree))


@pytest.mark.parametrize(
    "path",
    [
        ".//div[re:test(@class, 'x')]/p",
        ".//div[re:test(@class, 'x') and @id]",
        ".//div[not(re:test(@class, 'x'))]",
        ".//div[re:test(@class, '^')]",
        ".//div[re:test(@class, 'x')][2]",
        ".//*[re:test(@class, 'x')][position() = 1]",
        "(.//div[re:test(@class, 'x')])[2]",
        ".//div[re:test(., 'x')]",
    ],
)
def test_a_search_of_another_form_stays_the_librarys(path: str) -> None:
    search = XPath(path, namespaces=_RE)
    assert quicker(search) is search


@pytest.mark.parametrize("search", _SEARCHES)
def test_the_librarys_costly_searches_are_read(search: XPath) -> None:
    assert quicker(search) is not search


def test_extraction_is_quicker_where_the_library_is_as_expected() -> None:
    assert extraction() is not bare_extraction


def test_a_search_without_costly_tests_stays_the_librarys() -> None:
    search = XPath(".//article")
    assert quicker(search) is search


def test_a_long_value_is_tested_as_others_are() -> None:
    search = XPath(".//div[re:test(@class, 'share')]", namespaces=_RE)
    tree = fromstring(
        f'<main><div class="{"x" * 2_000} share">a</div><div class="x">b</div></main>'
    )
    assert [e.text for e in quicker(search)(tree)] == ["a"]


_PROSE = "The minister said on Monday that the two sides would meet again before the summer ends."
_PAGES = {
    "a plain article": "<article><h1>Talks</h1>" + f"<p>{_PROSE}</p>" * 9 + "</article>",
    "furniture by its classes": '<div class="page-content"><div class="share-bar">Share</div>'
    + "".join(f"<p>{n}. {_PROSE}</p>" for n in range(12))
    + '<div id="sidebar-1"><a href="/x">Other news of the day</a></div>'
    '<ul class="comment-list"><li>First!</li></ul></div>',
    "little text": f'<div><div class="teaser">{_PROSE}</div><p>{_PROSE}</p></div>',
    "lists of links": "<main><div>"
    + "".join(f'<div><a href="/{n}">Story number {n}</a></div>' for n in range(20))
    + f"</div><p>{_PROSE}</p><table><tr><td>{_PROSE}</td></tr></table></main>",
    "text in plain containers": "".join(f"<div>{n} {_PROSE}<br>{_PROSE}</div>" for n in range(8)),
    "no text": "<div></div>",
}


@pytest.mark.parametrize("name", _PAGES)
def test_extraction_gives_the_librarys_text(name: str) -> None:
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    options = Extractor(output_format="python", fast=True, comments=False)
    page = f"<html><body><nav>Menu</nav>{_PAGES[name]}<footer>Us</footer></body></html>"
    theirs = bare_extraction(fromstring(page), options=options)
    assert extracted(fromstring(page), options) == (getattr(theirs, "text", None) or "")


@settings(max_examples=40, deadline=None)
@given(_nodes)
def test_a_pages_text_is_what_the_library_takes_for_it(node: Any) -> None:
    baseline = import_module("trafilatura.baseline")
    tree = fromstring(f"<html>{tostring(_page(node), encoding='unicode')}</html>")
    before = tostring(tree)
    aside, blocks = quicker(BASIC_CLEAN_XPATH), frozenset(baseline._BLOCK_ELEMS)
    assert page_text(aside, blocks, tree) == baseline.html2txt(tree)
    assert tostring(tree) == before


def test_a_pages_text_has_its_blocks_apart_and_what_stands_aside_left_out() -> None:
    tree = fromstring(
        "<html><body>One<p>two <b>th</b>ree</p>four<div>five<br>six</div><aside>no</aside> seven"
        '<div class="x footer">no</div><p class="cookie-consent-bar">no</p> eight</body></html>'
    )
    aside = quicker(BASIC_CLEAN_XPATH)
    blocks = frozenset(import_module("trafilatura.baseline")._BLOCK_ELEMS)
    assert page_text(aside, blocks, tree) == "One two three four five six seven eight"


def test_extraction_leaves_the_library_as_it_is() -> None:
    modules = [import_module(f"trafilatura.{n}") for n in ("core", "main_extractor", "baseline")]
    before = [dict(vars(module)) for module in modules]
    extracted(fromstring("<html><body><p>One.</p></body></html>"), Extractor(fast=True))
    assert [dict(vars(module)) for module in modules] == before
