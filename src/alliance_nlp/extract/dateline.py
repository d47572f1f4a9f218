"""The date that a reader sees beside the headline, apart from that of the last update."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from alliance_nlp.extract.markup import Markup
from alliance_nlp.extract.prose import n_words

_PUBLISHED = re.compile(
    r"\b(?:published|posted|created|issued|first aired)\b"
    r"|公開日?|掲載日?|配信日?|投稿日?|発表日?|作成日?|登録日",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"\b(?:updated?|modified|revised|reviewed|(?:last )?edited)\b"
    r"|(?:最終)?更新(?:日時?)?|改訂|修正",
    re.IGNORECASE,
)
_SILENT = frozenset(("script", "style", "noscript", "template", "select", "option", "figcaption"))
_N_AFTER, _N_BEFORE, _LONGEST = 60, 24, 120
# Below the first paragraph the dates are those of the story.
_PARAGRAPH = 30  # words
# What a dateline says besides its date: a byline, a place, a section.
_MOST_WORDS, _MOST_WORDS_LABELLED = 12, 25
_LONGEST_LABEL = 20
_PICTURE = re.compile(r"\b(?:photo|photograph|picture|image|caption|courtesy)\b|写真|撮影", re.I)
_LONGEST_BARE = 30
_HAS_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|[令平]\w+年")
_YEARS = ("19", "20", "年")  # each year holds one of these
_HAS_DIGIT = re.compile(r"\d|[〇一二三四五六七八九十]日")


def near_headline(tree: Any, markup: Markup) -> Iterator[str]:
    """Yield the short texts that follow the headline, then those before it, nearest first."""
    headline = _headline(tree, markup)
    if headline is None:
        return
    label = ""
    for element in islice(_after(headline), _N_AFTER):
        for text in (_text(element), _flat(element.tail or "")):
            if len(text) > _PARAGRAPH and n_words(text) > _PARAGRAPH:
                return (yield from _earlier(headline))
            if _is_possible(text):
                yield f"{label} {text}".strip()
            if text:  # "Last updated" is often an element of its own
                label = text if len(text) < _LONGEST_LABEL and is_update(text) else ""
    yield from _earlier(headline)


def bare_dates(tree: Any) -> Iterator[str]:
    """Yield the texts of a page that are hardly more than a date with its year."""
    for element in tree.iter():
        text = element.text
        # Most elements are passed over by their text, which costs less than a look at their tags.
        if not text or not 7 < len(text) < _LONGEST or not any(y in text for y in _YEARS):
            continue
        if element.tag in _SILENT or not isinstance(element.tag, str):
            continue
        text = _flat(text)
        if 7 < len(text) <= _LONGEST_BARE and _HAS_YEAR.search(text):
            yield text


def shown_date(text: str, read: Callable[[str], object | None]) -> str:
    """Return the part of a dateline that tells the publication; ``""`` when it tells none.

    Parameters
    ----------
    text
        A short text, such as ``"Updated 5 May 2026, first published 3 May 2026"``.
    read
        What reads a date; ``None`` where there is none.
    """
    published = _PUBLISHED.search(text)
    if published and read(_UPDATED.split(text[published.end() :])[0]):
        return _UPDATED.split(text[published.end() :])[0].strip()
    before_update = _UPDATED.split(text)[0]
    return before_update.strip() if read(before_update) else ""


def is_update(text: str) -> bool:
    """Tell whether a short text speaks of an update only."""
    return bool(_UPDATED.search(text)) and not _PUBLISHED.search(text)


def _earlier(headline: Any) -> Iterator[str]:
    for element in islice(_before(headline), _N_BEFORE):
        text = _text(element)
        if _is_possible(text):
            yield text


def _headline(tree: Any, markup: Markup) -> Any | None:
    """Return the ``h1`` that a title of the page repeats, else the first, else a lesser one."""
    titles = (markup.title, markup.meta("og:title"), str(markup.article.get("headline") or ""))
    first = None
    for tag in ("h1", "h2", "h3"):
        for element in islice(tree.iter(tag), 12):
            text = _flat(element.text_content()[:500])
            if text and any(text in title for title in titles):
                return element
            first = element if first is None and tag == "h1" else first
        if first is not None:
            break
    return first


def _after(node: Any) -> Iterator[Any]:
    """Yield the elements that follow one in the document, whatever holds it."""
    while node is not None:
        for sibling in node.itersiblings():
            yield from (e for e in sibling.iter() if e.tag not in _SILENT)
        node = node.getparent()


def _before(node: Any) -> Iterator[Any]:
    while node is not None:
        for sibling in node.itersiblings(preceding=True):
            for element in reversed(list(islice(sibling.iter(), 200))):
                if element.tag not in _SILENT:
                    yield element
        node = node.getparent()


def _text(element: Any) -> str:
    """Return an element's text, or what a ``time`` element says to machines."""
    if not isinstance(element.tag, str):
        return ""
    if element.tag == "time":
        whole = _flat(element.text_content()[:_LONGEST])
        stated = (element.get("datetime") or element.get("content") or "").strip()
        kind = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
        is_later = is_update(whole) or "update" in kind or "modif" in kind
        return f"updated {whole}" if is_later else (stated or whole)
    return _flat(element.text or "")


def _flat(text: str) -> str:
    # Dates need no normal text, and this runs on every text around every headline.
    return " ".join(text.split())


def _is_labelled(text: str) -> bool:
    return bool(_PUBLISHED.search(text) or _UPDATED.search(text))


def _is_possible(text: str) -> bool:
    return (
        5 < len(text) <= _LONGEST
        and bool(_HAS_DIGIT.search(text))
        and n_words(text) <= (_MOST_WORDS_LABELLED if _is_labelled(text) else _MOST_WORDS)
        and not _PICTURE.search(text)
    )
