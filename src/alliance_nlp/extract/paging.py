"""Articles over several pages: where the next page is, and how pages are joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from alliance_nlp.core.ids import article_id
from alliance_nlp.core.types import Lead
from alliance_nlp.core.urls import absolute, host
from alliance_nlp.extract.assemble import Extraction
from alliance_nlp.extract.language import is_mixed, language_shares

_NEXT = re.compile(
    r"\W*(?:next(?: page)?|continue(?: to (?:next )?page \d+)?|page \d+|older|"
    r"次(?:の?ページ)?(?:へ|"
    r"を読む)?|次へ|次ページ(?:へ|:.*)?|続きを読む|\d{1,2})\W*",
    re.IGNORECASE,
)
_NUMBER_KEYS = frozenset("page p pg pn pageno page_no pagenum page_number paged pagenumber".split())
_IN_PATH = re.compile(
    r"^(?P<stem>.*?)(?:/|[-_/]p(?:age)?[-_/]?|[-_.])(?P<n>\d{1,2})(?P<tail>/?|\.\w{3,5})$",
    re.IGNORECASE,
)
_MARKER = re.compile(
    r"\W*(?:page\s*)?(\d{1,2})\s*(?:of|/|／)\s*(\d{1,2})(?:\s*(?:pages?|ページ|頁))?\W*|"
    r"\W*(?:page|"
    r"ページ)\s*[:：]?\s*(\d{1,2})\W*"
    r"|\W*(\d{1,2})\s*(?:ページ|頁)目?(?:\s*[/／]\s*全?\d{1,2}\s*(?:ページ|頁))?\W*|"
    r"\W*全(\d{1,2})ページ\W*",
    re.IGNORECASE,
)
_OUTRIGHT = re.compile(r"[?&/_-](?:p|page|pg|paged|pn)[=/_-]?\d{1,2}(?:\D|$)", re.IGNORECASE)
_MOST_PAGES = 30


def next_address(tree: Any, url: str) -> str:
    """Return the address of an article's next page; ``""`` on the last one and on other pages.

    A link that calls itself next is believed only where its address is the page's own with the
    next number, since many sites call the next article so. Where addresses end in a number that
    may be no page's, each is the next of another: then a later page must link to the first.
    """
    number = page_number(url)
    wanted = str(number + 1)
    links = [(link, href) for link in tree.iter("link", "a") if (href := link.get("href"))]
    found = next(
        (
            address
            for link, href in links
            if wanted in href
            and _says_next(link)
            and (address := absolute(url, href))
            and _follows(url, address)
        ),
        "",
    )
    if not found or number == 1 or names_later_page(url):
        return found
    stem, first = _numbered(url)[0], (absolute(url, href) for _, href in links)
    return found if any(_numbered(a) == (stem, 1) and host(a) == host(url) for a in first) else ""


def _says_next(link: Any) -> bool:
    if "next" in (link.get("rel") or "").lower().split():
        return True
    if link.tag != "a":
        return False
    return bool(_NEXT.fullmatch(" ".join("".join(islice(link.itertext(), 20))[:60].split())))


def page_number(url: str) -> int:
    """Return which page of an article an address names; 1 when it names none."""
    return _numbered(url)[1]


def names_later_page(url: str) -> bool:
    """Tell whether an address says outright that it is a later page, as ``?page=2`` does."""
    return page_number(url) > 1 and bool(_OUTRIGHT.search(url))


def is_page_marker(line: str) -> bool:
    """Tell whether a line only says which page this is, such as ``"Page 2 of 3"``."""
    return len(line) <= 40 and bool(_MARKER.fullmatch(line))


def says_several(lines: Sequence[str]) -> bool:
    """Tell whether a line says that the article has several pages."""
    for line in lines:
        found = _MARKER.fullmatch(line) if len(line) <= 40 else None
        numbers = [int(n) for n in found.groups() if n] if found else []
        is_likely = bool(numbers) and 1 < max(numbers) <= _MOST_PAGES
        if is_likely and re.search(r"page|ページ|頁|of", line, re.IGNORECASE):
            return True
    return False


def join(first: Extraction, *rest: Extraction) -> Extraction:
    """Return one article out of its pages, in order.

    Paragraphs that a page repeats from those before it are left out. Address, title, date and
    authors are the first page's; the identifier is that of the whole text.
    """
    if not rest:
        return first
    lines = list(_once(extraction.article.text for extraction in (first, *rest)))
    text = "\n".join(lines)
    flags = dict.fromkeys(flag for e in (first, *rest) for flag in e.article.flags)
    flags.pop("stub", None)
    if rest:
        flags["multi-page"] = None
    shares = language_shares(text, hint=first.article.language)
    if not is_mixed(shares):
        flags.pop("mixed-language", None)
    leads = {(lead.url, lead.title): lead for e in (first, *rest) for lead in e.leads}
    article = replace(
        first.article,
        id=article_id(first.article.url, text),
        text=text,
        flags=tuple(flags),
        language=next(iter(shares), first.article.language),
    )
    return Extraction(
        article=article,
        leads=tuple(_others(leads.values(), first)),
        next_url=(rest or (first,))[-1].next_url,
    )


def _others(leads: Iterable[Lead], first: Extraction) -> Iterator[Lead]:
    yield from (lead for lead in leads if lead.url != first.next_url or not lead.url)


def _once(texts: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for text in texts:
        lines = text.split("\n")
        yield from (line for line in lines if line not in seen)
        seen.update(lines)


def _follows(url: str, address: str) -> bool:
    own, other = _numbered(url), _numbered(address)
    return host(url) == host(address) and other == (own[0], own[1] + 1)


def _numbered(url: str) -> tuple[str, int]:
    """Return an address without its page number, and the number, 1 without any."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query)
    numbers = [int(v) for k, v in pairs if k.lower() in _NUMBER_KEYS and re.fullmatch(r"\d\d?", v)]
    kept = "&".join(f"{k}={v}" for k, v in pairs if k.lower() not in _NUMBER_KEYS)
    path = parts.path
    found = None if numbers else _IN_PATH.match(path)
    if found and int(found["n"]) <= _MOST_PAGES:
        path = found["stem"] + found["tail"].rstrip("/")
        numbers = [int(found["n"])]
    return f"{path.rstrip('/')}?{kept}", next(iter(numbers), 1)
