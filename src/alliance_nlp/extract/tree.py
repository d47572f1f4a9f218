"""The one tree of a page: parsed once, read for metadata, then made ready for the main text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from lxml.etree import (
    ElementDefaultClassLookup,
    ParserError,
    XMLSyntaxError,
    XPath,
    strip_elements,
)
from lxml.html import HtmlComment, HtmlElement, HTMLParser, fromstring
from trafilatura.utils import is_dubious_html, repair_faulty_html

_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.I)
_BLOCKS = frozenset(
    "address article aside blockquote dd details div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul br".split()
)
_SILENT = frozenset("script style noscript template svg head title button select option".split())
# A sixth of a page's elements, each looked at by every search of the extractor.
_WITHOUT_TEXT = (
    "style", "svg", "iframe", "template", "meta", "link", "base", "img", "picture", "input",
)  # fmt: skip
_EMPTY = ("div", "span", "i")
_STYLED = XPath("(//@style|//@hidden)/..")
_CONTROLS = bytes((*range(9), 11, 12, *range(14, 32)))  # no XML, and no HTML parser, takes them
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_BEGINS_NONE = b"\xef\xbf"
# Repairs concern the declaration that a page begins with and its first 4,096 characters.
_HEAD_CHARACTERS = 8_192
# Beyond this many elements a page is no article, and extraction grows worse than linearly:
# 5 MB of short paragraphs took 41 s.
MOST_ELEMENTS = 30_000
MOST_CHARACTERS = 5_000_000
MOST_ATTRIBUTES = 5_000
# Attributes one after the other, read in one go: data in scripts hold angles and blanks, too.
_SWOLLEN_TAG = re.compile(
    r"<[A-Za-z][\w:-]*+(?:\s++[\w:@-]++(?:\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'<>]++))?+)"
    f"{{{MOST_ATTRIBUTES}}}"
)


def parse(text: str) -> Any | None:
    """Parse HTML with trafilatura's own repairs; ``None`` when there is nothing to parse.

    The text is cut at :data:`MOST_CHARACTERS`.
    """
    text = text[:MOST_CHARACTERS]
    if not text.strip():
        return None
    tree = _loaded(text)
    if tree is None and "<" in text:
        tree = _loaded(f"<html><body><div>{text}</div><div></div></body></html>")
    return tree


def has_swollen_tag(text: str) -> bool:
    """Tell whether a tag has so many attributes that the parser would take minutes for it alone.

    It compares each with all before it.
    """
    start, least = 0, 2 * MOST_ATTRIBUTES
    while len(text) - start > least:
        # Where an angle stands within reach, all pieces up to the last such one are short.
        angle = text.rfind(">", start, start + least + 1)
        if angle < 0:
            angle = text.find(">", start + least)
            angle = len(text) if angle < 0 else angle
            if _SWOLLEN_TAG.search(text, start, angle):
                return True
        start = angle + 1
    return False


def _loaded(text: str) -> Any | None:
    """Do what the library's ``load_html`` does with a text, with a parser of our own."""
    beginning = text[:50].lower()
    try:
        tree = fromstring(repaired(text, beginning), parser=_parser())
    except (ParserError, XMLSyntaxError):
        return None
    return None if is_dubious_html(beginning) and len(tree) < 2 else tree


def repaired(text: str, beginning: str) -> bytes:
    """Return a text with the library's repairs in UTF-8: one that declares another is refused.

    The library looks at each character for those that no parser takes; bytes are cheaper.
    """
    head, rest = text[:_HEAD_CHARACTERS], text[_HEAD_CHARACTERS:]
    is_cut = bool(rest) and "\n" not in head
    head = repair_faulty_html(head, beginning)
    if is_cut and "doctype" in beginning:
        # The library ends the first line, which goes on here.
        head, rest = head[:-1], rest if "\n" in rest else f"{rest}\n"
    data = f"{head}{rest}".encode("utf-8", "replace").translate(None, _CONTROLS)
    if not text.isascii() and _BEGINS_NONE in data:
        for character in _NO_CHARACTERS:
            data = data.replace(character, b"")
    return data


@cache
def _parser() -> HTMLParser:
    parser = HTMLParser(
        collect_ids=False,
        default_doctype=False,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
    )
    # The parser's own lookup of an element's class is Python, run for each of the thousands that
    # each copy of a tree makes anew; this one is not, and took a tenth off the whole extraction.
    parser.set_element_class_lookup(
        ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment)
    )
    return parser


def is_huge(tree: Any) -> bool:
    """Tell whether the tree has more elements than an extractor should be given."""
    return bool(tree.xpath("count(//*)") > MOST_ELEMENTS)


def prepare(tree: Any) -> None:
    """Take out what no reader sees or should read twice: hidden elements and ruby glosses."""
    # The extractor copies the tree several times; what it would drop anyway goes first.
    strip_elements(tree, *_WITHOUT_TEXT, "rt", "rp", "rtc", with_tail=False)
    whole = tree.getroottree()
    empty = [e for e in whole.iter(*_EMPTY) if len(e) == 0 and e.text is None]
    for element in empty:
        element.drop_tree()
    for script in list(tree.iter("script")):
        if "json" not in (script.get("type") or "") and script.getparent() is not None:
            script.drop_tree()
    _unwrap(tree)
    total = 0
    for element in _STYLED(tree):
        if element.getparent() is None:
            continue
        style = element.get("style")
        if not (element.get("hidden") is not None or (style and _HIDING.search(style))):
            continue
        total = total or len(tree.text_content())
        # A page that hides most of itself shows it later, by script.
        if len(element.text_content()) < total / 2 and element.tag not in ("body", "html"):
            element.drop_tree()


def _unwrap(tree: Any) -> None:
    """Make plain containers of page furniture that holds most of the page.

    Unclosed elements swallow what follows, and extractors drop headers, asides and forms whole.
    """
    total = len(tree.text_content())
    for element in list(tree.iter("header", "aside", "nav", "footer", "form")):
        if len(element.text_content()) > 0.6 * total:
            element.tag = "div"


def lines_of(element: Any) -> list[str]:
    """Return the visible text of an element, one line a block, in order."""
    return list(iter_lines(element))


def iter_lines(element: Any) -> Iterator[str]:
    """Yield what :func:`lines_of` returns, for those who do not look at all of it."""
    line: list[str] = []
    for part in _parts(element):
        if part[0] == "\n":
            text = " ".join("".join(line).split())
            if text:
                yield text
            line = []
        line.append(part)
    text = " ".join("".join(line).split())
    if text:
        yield text


def _parts(root: Any) -> Iterator[str]:
    """Yield pieces of text, a line end only at their beginning.

    It walks without recursion, since pages nest deeper than the interpreter does.
    """
    # A string on the stack is what stands behind an element that has been read.
    stack: list[Any] = [root]
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            yield element
            continue
        tag, tail = element.tag, element.tail if element is not root else ""
        behind = tail.replace("\n", " ") if tail else ""
        is_block = tag in _BLOCKS
        if is_block:
            behind = f"\n{behind}"
        if isinstance(tag, str) and tag not in _SILENT:
            text = element.text
            text = text.replace("\n", " ") if text else ""
            if is_block or text:
                yield f"\n{text}" if is_block else text
            if len(element):
                if behind:
                    stack.append(behind)
                stack.extend(reversed(element))
                continue
        if behind:
            yield behind


def link_share(element: Any) -> float:
    """Return the share, 0 to 1, of an element's characters that stand in links."""
    if next(element.iter("a"), None) is None:
        return 0.0
    total = len(element.text_content().strip())
    if not total:
        return 0.0
    return sum(len(a.text_content().strip()) for a in element.iter("a")) / total
