"""What a page's markup says of itself, read once from the shared tree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Any

from alliance_nlp.core.text import one_line
from alliance_nlp.extract.byline import bylines_in
from alliance_nlp.extract.jsonld import Node, article_node, read_nodes

_BYLINE = re.compile(r"(?:^|[-_ ])(?:byline|author|writer|reporter|contributor)s?(?:$|[-_ ])", re.I)
_BYLINE_NAME = re.compile(r"(?:^|[-_ ])(?:author|byline|writer)[-_]{1,2}name(?:$|[-_ ])", re.I)
_DATELINE = re.compile(
    r"(?:^|[-_ ])(?:date|datetime|dateline|pubdate|published|publish|timestamp|posted|entry-date"
    r"|article-?date|post-?date)(?:$|[-_ ]|line|time)",
    re.I,
)
_BYLINE_WORDS = ("byline", "author", "writer", "reporter", "contributor")
_DATE_WORDS = ("date", "publish", "timestamp", "posted")
_TAGS = ("a", "span", "div", "p", "time", "address", "li", "dd", "em", "b")
_PARAGRAPHS = frozenset(("p", "div", "span"))
_BY = ("By ", "BY ")
_LONGEST_LINE = 120
# A page may hold anything; what is longer than this is no statement but an attack or a mistake.
_LONGEST_STATEMENT = 1_000
_MOST = 12
# Shorter ones are section names, which titles repeat as well.
_SHORTEST_LESSER = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """The statements of one page; strings are single lines, in document order.

    Attributes
    ----------
    metas
        ``name``, ``property`` or ``itemprop`` of ``meta`` elements, lower case, to the contents.
    article
        The JSON-LD object of the article; empty when there is none.
    language, locale
        ISO 639-1 code, and the statement that it comes from, such as ``"en-GB"``.
    datelines
        Text of elements whose class says that they hold a date.
    times
        ``datetime`` of ``time`` elements outside of other articles' teasers.
    """

    metas: Mapping[str, tuple[str, ...]]
    nodes: tuple[Node, ...]
    article: Node
    canonical: str
    language: str
    locale: str
    title: str
    h1s: tuple[str, ...]
    bylines: tuple[str, ...]
    times: tuple[str, ...]
    datelines: tuple[str, ...]

    def meta(self, *names: str) -> str:
        """Return the first non-empty content of the first of these names; ``""`` if none."""
        for name in names:
            for content in self.metas.get(name, ()):
                if content:
                    return content
        return ""


NO_MARKUP = Markup(
    metas=MappingProxyType({}),
    nodes=(),
    article=MappingProxyType({}),
    canonical="",
    language="",
    locale="",
    title="",
    h1s=(),
    bylines=(),
    times=(),
    datelines=(),
)
"""What a text without markup states: nothing."""


def read_markup(tree: Any, *, url: str) -> Markup:
    """Read a tree's statements; the tree is left as it is."""
    metas = _metas(tree)
    title = next((_statement(e) for e in tree.iterfind(".//head//title")), "")
    og_title = next(iter(metas.get("og:title", ())), "")
    h1s = _headings(tree, titles=(title, og_title))
    blocks = [
        script.text or ""
        for script in tree.iter("script")
        if "ld+json" in (script.get("type") or "").lower()
    ]
    nodes = read_nodes(blocks)
    bylines, datelines = _lines(tree)
    locales = _locales(tree, metas)
    return Markup(
        metas=metas,
        nodes=nodes,
        article=article_node(nodes, title=" ".join((title, *h1s, og_title)), url=url),
        canonical=_canonical(tree),
        language=next((code for code in map(_language, locales) if code), ""),
        locale=next((value for value in locales if _language(value)), ""),
        title=title,
        h1s=h1s,
        bylines=bylines,
        times=_times(tree),
        datelines=datelines,
    )


def _headings(tree: Any, *, titles: Sequence[str]) -> tuple[str, ...]:
    """Return the ``h1``; without any, the lesser headings that a title of the page repeats."""
    h1s = tuple(text for e in islice(tree.iter("h1"), _MOST) if (text := _statement(e)))
    if h1s:
        return h1s
    lesser = (_statement(e) for e in islice(tree.iter("h2", "h3"), 3 * _MOST))
    return tuple(
        text
        for text in lesser
        if len(text) >= _SHORTEST_LESSER and any(text in title for title in titles)
    )


def _statement(element: Any) -> str:
    return one_line(element.text_content()[:_LONGEST_STATEMENT])


def _metas(tree: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = " ".join((meta.get("content") or "")[:_LONGEST_STATEMENT].split())
        if not content:
            continue
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = (meta.get(key) or "").strip().lower()
            if name:
                found.setdefault(name, []).append(content)
    return {name: tuple(contents) for name, contents in found.items()}


def _canonical(tree: Any) -> str:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return (link.get("href") or "").strip()
    return ""


def _locales(tree: Any, metas: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return what the page says of its language and region, such as ``"en-GB"``."""
    root = tree if tree.tag == "html" else tree.getroottree().getroot()
    stated = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    return (stated.strip(), *metas.get("content-language", ()), *metas.get("og:locale", ()))


def _language(locale: str) -> str:
    code = re.match(r"\s*([A-Za-z]{2})(?:$|[-_,\s])", locale)
    return code.group(1).lower() if code else ""


def _times(tree: Any) -> tuple[str, ...]:
    found: list[str] = []
    for element in tree.iter("time"):
        value = (element.get("datetime") or "").strip()
        is_update = "update" in f"{element.get('class')} {element.get('itemprop')}".lower()
        if value and not is_update and len(found) < _MOST:
            found.append(value)
    return tuple(found)


def _lines(tree: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return bylines and datelines: short texts whose markup says what they are, names first."""
    named: list[str] = []
    bylines: list[str] = []
    datelines: list[str] = []
    within: list[str] = []
    lists = {"name": named, "byline": bylines, "date": datelines}
    for element in tree.iter(*_TAGS):
        prop = element.get("itemprop")
        if element.tag == "time" or prop == "datePublished":
            role = "date"
        elif prop == "author" or element.get("rel") == "author":
            role = "name"
        else:
            kind = element.get("class")
            role = _role(kind) if kind else ""
        if role:
            _keep(lists[role], element)
        text = element.text
        if text and len(within) < _MOST and element.tag in _PARAGRAPHS:
            text = text.strip()
            # Nothing else is read, and the text of most is blank or plain English.
            if text.startswith(_BY) or not text.isascii():
                within.extend(bylines_in(text))
    return tuple(named + bylines + within)[:_MOST], tuple(datelines)[:_MOST]


@lru_cache(maxsize=4096)
def _role(kind: str) -> str:
    """Return what a class says of an element: ``"name"``, ``"byline"``, ``"date"`` or ``""``."""
    folded = kind.lower()
    if any(map(folded.__contains__, _BYLINE_WORDS)):
        if _BYLINE_NAME.search(kind):
            return "name"
        if _BYLINE.search(kind):
            return "byline"
    is_likely = any(map(folded.__contains__, _DATE_WORDS))
    return "date" if is_likely and _DATELINE.search(kind) else ""


def _keep(lines: list[str], element: Any) -> None:
    if len(lines) < _MOST:
        text = one_line(element.get("content") or " ".join(islice(element.itertext(), 30)))
        if 1 < len(text) <= _LONGEST_LINE:
            lines.append(text)
