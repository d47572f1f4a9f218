"""A first guess at an index page's ``link_pattern``: which shape of address is its articles'."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from math import sqrt
from urllib.parse import parse_qsl, urlsplit

from alliance_nlp.core.text import one_line
from alliance_nlp.core.types import Page
from alliance_nlp.core.urls import host
from alliance_nlp.sources.index import html_tree, links

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# How a part of a path reads, the most telling first: name, what it looks like, its pattern, and
# how much it speaks for an article.
_PARTS = (
    ("year", r"(?:19|20)\d\d", "(?:19|20)[0-9]{2}", 2.0),
    ("day", r"(?:19|20)\d\d-?[01]\d-?[0-3]\d", "(?:19|20)[0-9]{2}-?[0-9]{2}-?[0-9]{2}", 4.0),
    ("month", r"(?:19|20)\d\d-?[01]\d", "(?:19|20)[0-9]{2}-?[0-9]{2}", 2.5),
    ("two", r"[0-3]?\d", "[0-9]{1,2}", 0.5),
    ("number", r"\d{3,}", "[0-9]{3,}", 3.0),
    (
        "name of month",
        r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}",
        "[a-z]{3,9}",
        1.0,
    ),
    (
        "headline",
        r"[^/]*[^\W\d_]+(?:[-_][\w%]+){3,}(?:\.\w{3,5})?",
        r"[^/?#-]*(?:-[^/?#-]+){2,}",
        3.0,
    ),
    ("code", r"(?=[^/]*\d{2})[\w.~%+=-]*\d[\w.~%+=-]*(?:\.\w{3,5})?", r"[^/?#]*[0-9][^/?#]*", 2.0),
)
_READ = tuple(
    (name, re.compile(look, re.IGNORECASE), pattern, weight)
    for name, look, pattern, weight in _PARTS
)
_PATTERN = {name: pattern for name, _, pattern, _ in _PARTS}
_WEIGHT = {name: weight for name, _, _, weight in _PARTS}
_HEADLINE_UNDERSCORED = r"[^/?#_-]*(?:[_-][^/?#_-]+){2,}"
# Query parameters whose numbers say which article, not which page of a list.
_PAGING = re.compile(
    r"page|paged|p?no|start|offset|lang|sort|year|month|cat(?:egory)?$", re.IGNORECASE
)
_LISTS = "tags?|category|categories|authors?|page|search"
_LIST_PATH = re.compile(rf"/(?:{_LISTS})/", re.IGNORECASE)
# Stray addresses of an article's shape do not make a fixed word a variable one.
_MOSTLY = 0.8
_WIDE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")
_LEAST_LINKS = 3
_TITLE_WORDS = 3


@dataclass(frozen=True, slots=True)
class _Link:
    """An address taken to pieces: its shape, and the words and lengths that fill it."""

    parts: tuple[str, ...]
    shape: tuple[str, ...]
    query: tuple[str, ...]
    ending: str
    title: str


def suggest_pattern(page: Page) -> str:
    """Return the most probable ``link_pattern`` of an index page, ``""`` when nothing stands out.

    Links on the page's own host are grouped by the shape of their path (years, days, numbers,
    headlines, fixed words); the group counts whose addresses and titles look most like articles',
    times the square root of its size. An operator should read the result before it is used.
    """
    tree = html_tree(page, page.body) if page.body.strip() else None
    if tree is None:
        return ""
    titles: dict[str, str] = {}
    for url, anchor in links(page, tree):
        if host(url) == host(page.url) and not _LIST_PATH.search(urlsplit(url).path):
            titles[url] = max(titles.get(url, ""), one_line(anchor.text_content()), key=len)
    groups: dict[tuple[object, ...], list[_Link]] = defaultdict(list)
    for url, title in titles.items():
        link = _taken_apart(url, title)
        groups[(link.shape, link.query)].append(link)
    scores = {key: _score(group) for key, group in groups.items() if len(group) >= _LEAST_LINKS}
    best = max(scores, key=lambda key: scores[key], default=None)
    return _written(groups[best]) if best is not None and scores[best] > 0 else ""


def _taken_apart(url: str, title: str) -> _Link:
    split = urlsplit(url)
    parts = tuple(part for part in split.path.split("/") if part)
    ending = parts[-1].rpartition(".")[2] if parts and "." in parts[-1] else ""
    stems = (*parts[:-1], parts[-1].removesuffix(f".{ending}")) if ending else parts
    query = tuple(
        sorted(
            key
            for key, value in parse_qsl(split.query)
            if re.search(r"\d", value) and not _PAGING.match(key)
        )
    )
    shape = tuple(_kind(stem) for stem in stems)
    return _Link(parts=stems, shape=shape, query=query, ending=ending, title=title)


def _kind(part: str) -> str:
    return next((name for name, look, _, _ in _READ if look.fullmatch(part)), "word")


def _score(group: list[_Link]) -> float:
    shape, query = group[0].shape, group[0].query
    words = sum(_n_words(link.title) for link in group) / len(group)
    telling = sum(_WEIGHT.get(kind, 0.0) for kind in shape) + 3.0 * bool(query)
    # The last part tells: /2024/ and /2024/04/ are archives, /2024/04/14/base-talks an article.
    if not query and (not shape or shape[-1] in ("year", "month", "two")):
        telling /= 4
    if shape and shape[-1] == "word" and not query:
        # A bare word may be an article or a section; only its title tells.
        telling = telling / 2 or (0.5 if len(shape) > 1 and words >= _TITLE_WORDS else 0.0)
    return telling * min(words, 8.0) * sqrt(len(group))


def _n_words(title: str) -> float:
    """Return a title's length in words; about two and a half characters of Japanese make one."""
    n_wide = len(_WIDE.findall(title))
    return n_wide / 2.5 if n_wide > 4 else float(len(title.split()))


def _written(group: list[_Link]) -> str:
    first = group[0]
    pieces = [_piece(group, number) for number in range(len(first.shape))]
    # From the host on: a host's name may look like a headline too.
    path = "//[^/]+/" + "/".join(pieces)
    endings = Counter(link.ending for link in group)
    if set(endings) != {""}:
        known = "|".join(re.escape(ending) for ending in sorted(endings) if ending)
        known = rf"\.(?:{known})" if "|" in known else rf"\.{known}"
        path += known if "" not in endings else f"(?:{known})?"
    if first.query:
        return path + rf"/?\?(?:[^#]*&)?{re.escape(first.query[0])}=[^&#]*[0-9]"
    return path + "/?(?:[?#]|$)"


def _piece(group: list[_Link], number: int) -> str:
    kind = group[0].shape[number]
    values = Counter(link.parts[number] for link in group)
    if kind == "word":
        value, n = values.most_common(1)[0]
        if n >= _MOSTLY * len(group):
            return re.escape(value).replace(r"\-", "-")  # as people write it
        return "[^/?#]+" if number else f"(?!(?:{_LISTS})/)[^/?#]+"
    if kind == "headline" and any("-" not in value for value in values):
        return _HEADLINE_UNDERSCORED
    return _PATTERN[kind]
