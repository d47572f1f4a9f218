"""Live blogs: entries in the page's order, each under a line with its time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from alliance_nlp.core.text import one_line
from alliance_nlp.extract.jsonld import text_of, types_of
from alliance_nlp.extract.markup import Markup
from alliance_nlp.extract.prose import is_prose, n_words
from alliance_nlp.extract.tree import lines_of

_TITLE = re.compile(
    r"\blive (?:updates?|blog|coverage|feed|report|news)\b|\blive\s*[:–—|-]|\bas it happened\b"
    r"|\blatest updates?\b|[:–—|-]\s*live$|^live\b.{3,}|\bliveblog\b"
    r"|ライブ(?:更新|ブログ|速報|中継)|(?:速報|実況)(?:ライブ|中継)|【(?:ライブ|LIVE|随時更新|タイムライン)】|随時更新"
    r"|タイムライン",
    re.IGNORECASE,
)
_PATH = re.compile(
    r"/(?:live|liveblog|live-blog|live-news|live-updates?|live-reporting)(?:/|$)"
    r"|[-/]live(?:-updates?|-blog)?(?:-[\w-]+)?(?:/|\.html?|$)|-as-it-happened"
)
_CLOCK = re.compile(
    r"(?:[01]?\d|2[0-3])[:.]\d{2}(?!\d)\s*(?:[ap]\.?\s?m\.?)?|\b\d{1,2}\s*[ap]\.?m\b|"
    r"\d{1,2}時(?:\d{1,2}分)?",
    re.IGNORECASE,
)
# A line that is a time, perhaps with its day and zone, and nothing else.
_TIME_LINE = re.compile(
    r"\W*(?:(?:updated|posted|published|更新|投稿)\W*(?:at|on)?\s*)?[\w ,./年月日()（）-]{0,28}?"
    rf"(?:{_CLOCK.pattern})[\s,]*(?:\(?[A-Z]{{2,4}}\)?)?[\w ,./年月日]{{0,24}}\W*",
    re.IGNORECASE,
)
_AGO = re.compile(r"\b(?:\d+|an?) (?:sec|min|hour|day)\w* ago\b|\d+\s*(?:秒|分|時間|日)前", re.I)
_TAG = re.compile(r"(?:\s+[A-Z]{3,}){2,}\s*$")  # such as KEY EVENT
_EMBEDDED = re.compile(r"twitter-tweet|instagram-media|tiktok-embed|bluesky-embed|fb-post")
_MARKS = ("time", "span", "div", "p", "h2", "h3", "h4", "h5", "strong", "b", "small", "dt")
_UNITS = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "blockquote", "pre")
_FEWEST = 3
_CLIMB = 7  # levels
_LONGEST_MARK = 48
_MOST_MARKS = 2_000
# Entries with less of a page's paragraphs than this are comments or teasers beneath an article.
_LEAST_SHARE = 0.6


def says_live(markup: Markup, *, title: str, url: str) -> bool:
    """Tell whether markup, title or address call a page a live blog."""
    return (
        "LiveBlogPosting" in types_of(markup.article)
        or any("LiveBlogPosting" in types_of(node) for node in markup.nodes)
        or bool(_TITLE.search(title))
        or bool(_PATH.search(urlsplit(url).path.lower()))
    )


def live_lines(tree: Any, markup: Markup, *, is_labelled: bool) -> list[str]:
    """Return the entries of a live blog, a line with the time before each; none on other pages.

    Parameters
    ----------
    is_labelled
        Whether the page calls itself live; without that only many entries make one of it.
    """
    if not is_labelled and len(markup.times) < 2 * _FEWEST:
        return []
    found = _shown(tree, is_labelled=is_labelled)
    # The data may go back for days; what the page shows is what its reader sees.
    return found or _stated(markup)


def _stated(markup: Markup) -> list[str]:
    """Return the entries that JSON-LD lists."""
    for node in (markup.article, *markup.nodes):
        updates = node.get("liveBlogUpdate")
        entries = [u for u in updates if isinstance(u, dict)] if isinstance(updates, list) else []
        if len(entries) >= 2:
            return [line for entry in entries for line in _of_update(entry)]
    return []


def _of_update(entry: Mapping[str, Any]) -> Iterator[str]:
    body = re.sub(r"<[^>]{0,200}>", "\n", text_of(entry.get("articleBody")))
    lines = [one_line(line) for line in body.split("\n") if line.strip()]
    headline = one_line(text_of(entry.get("headline")))
    if headline and lines and headline in lines[0]:
        headline = ""
    head = f"{_shown_time(text_of(entry.get('datePublished')))} {headline}".strip()
    if lines or headline:
        yield from (line for line in (head, *lines) if line)


def _shown_time(stamp: str) -> str:
    found = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)", stamp)
    return f"{found[1]} {found[2]}" if found else ""


def _shown(tree: Any, *, is_labelled: bool) -> list[str]:
    marks = list(_marks(tree, is_labelled=is_labelled))
    if len(marks) < _FEWEST:
        return []
    times = dict(marks)
    children: dict[Any, set[Any]] = {}
    depth: Counter[Any] = Counter()
    for mark in times:
        node = mark
        for _ in range(_CLIMB):
            parent = node.getparent()
            if parent is None:
                break
            children.setdefault(parent, set()).add(node)
            depth[parent] = sum(1 for _ in parent.iterancestors())
            node = parent
    holder = max(children, key=lambda parent: (len(children[parent]), depth[parent]))
    if len(children[holder]) < _FEWEST:
        return []
    lines = _entries(holder, children[holder], times)
    n_prose = sum(n_words(line) for line in lines if is_prose(line, least=6))
    total = sum(n_words(text) for p in tree.iter("p") if is_prose(text := p.text_content()))
    return lines if n_prose >= max(20, _LEAST_SHARE * total) else []


def _marks(tree: Any, *, is_labelled: bool) -> Iterator[tuple[Any, str]]:
    """Yield elements that hold the time of an entry and nothing else, with the time to show."""
    taken: set[Any] = set()
    for element in tree.iter(*(_MARKS if is_labelled else ("time",))):
        if len(taken) >= _MOST_MARKS:
            return
        if len(element) > 3 or element.getparent() in taken:
            continue
        text = _bare_time(" ".join(islice(element.itertext(), 12)))
        is_time = len(text) <= _LONGEST_MARK and bool(_TIME_LINE.fullmatch(text))
        if not is_time and element.tag == "time" and is_labelled:
            text = _shown_time(element.get("datetime") or "")
            is_time = bool(text)
        inner = element.find(".//time") if is_time else None
        if inner is not None:
            text = _bare_time(" ".join(inner.itertext())) or text
        if is_time:
            taken.add(element)
            yield element, text


def _bare_time(text: str) -> str:
    """Return the text of a mark without what was said of it by the clock of its reader."""
    text = _AGO.sub(" ", text[: 3 * _LONGEST_MARK])
    return one_line(_TAG.sub("", text))


def _entries(holder: Any, entries: set[Any], times: Mapping[Any, str]) -> list[str]:
    lines: list[str] = []
    is_begun = False
    for child in holder:
        if not isinstance(child.tag, str):
            continue
        if child in times:
            lines.append(times[child])
            is_begun = True
        elif child in entries:
            lines.extend(_entry(child, times))
            is_begun = True
        elif is_begun and child.tag in (*_UNITS, "div", "section", "dd", "ul", "ol"):
            lines.extend(lines_of(child))
    return lines


def _entry(entry: Any, times: Mapping[Any, str]) -> list[str]:
    stamp = next((times[e] for e in entry.iter() if e in times), "")
    texts: list[str] = []
    for unit in entry.iter(*_UNITS):
        if unit in times or any(p.tag in _UNITS for p in unit.iterancestors() if p is not entry):
            continue
        if _EMBEDDED.search(unit.get("class") or ""):
            continue
        texts.extend(line for line in lines_of(unit) if line != stamp)
    if not texts:
        texts = [line for line in lines_of(entry) if line != stamp]
    if texts and not is_prose(texts[0], least=12) and stamp not in texts[0]:
        return [f"{stamp} {texts[0]}".strip(), *texts[1:]]
    return [stamp, *texts] if stamp not in " ".join(texts[:1]) else texts
