"""Pages to measure on anywhere: labelled texts joined to articles, in pages as heavy as real ones.

A news page is mostly not its article: menus, teasers, scripts, comments. The parts here are drawn
by a seeded generator, so the same number always gives the same page.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from random import Random

from alliance_nlp.core.types import Page, Role
from alliance_nlp.learn import LabeledItem, read_items
from alliance_nlp.workspace import packaged_labeled

_N_JOINED = (3, 10)  # items of 60-250 words an article: 400 to 1,400 words, as news pages have
_N_MENU, _N_TEASERS, _N_COMMENTS = 150, 40, 25
_SCRIPT_CHARS = 100_000
_CRAWLED = "2024-06-01"
_START = datetime(2024, 4, 1, 6, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class BenchPage:
    """A page, and the labelled items that its article is made of."""

    page: Page
    items: tuple[LabeledItem, ...]


def bench_pages(n: int, *, seed: int = 0) -> Iterator[BenchPage]:
    """Yield ``n`` pages, each with an article of several items of one language."""
    draw = Random(seed)
    by_language: dict[str, list[LabeledItem]] = {}
    for item in read_items([packaged_labeled()]):
        by_language.setdefault(item.language, []).append(item)
    for number in range(n):
        items = by_language["ja" if number % 8 == 7 else "en"]
        chosen = tuple(draw.sample(items, draw.randint(*_N_JOINED)))
        yield BenchPage(page=_page(number, chosen, draw, items), items=chosen)


def folder_pages(folder: Path) -> Iterator[Page]:
    """Yield the pages of a folder that ``bench_extract.py`` reads: ``pages.jsonl`` names them."""
    for line in (folder / "pages.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        yield Page(
            source_id="bench",
            role=Role.ARTICLE,
            asked_url=row["url"],
            url=row["url"],
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=gzip.decompress((folder / row["file"]).read_bytes()),
            fetched_at=datetime.fromisoformat(row.get("crawled") or "2024-06-01").replace(
                tzinfo=UTC
            ),
        )


def _page(
    number: int, chosen: tuple[LabeledItem, ...], draw: Random, items: list[LabeledItem]
) -> Page:
    url = f"https://outlet-{number % 20}.example/news/{number}"
    published = _START + timedelta(hours=number)
    body = _HTML.format(
        language=chosen[0].language,
        title=escape(chosen[0].title),
        linked=_linked(chosen[0], url, published),
        script=_script(draw),
        menu=_links(draw.choices(items, k=_N_MENU)),
        published=published.isoformat(),
        text="\n".join(_paragraph(line) for item in chosen for line in item.text.split("\n")),
        teasers="\n".join(_teaser(item) for item in draw.choices(items, k=_N_TEASERS)),
        comments="\n".join(_comment(item) for item in draw.choices(items, k=_N_COMMENTS)),
    )
    return Page(
        source_id=f"outlet-{number % 20}",
        role=Role.ARTICLE,
        asked_url=url,
        url=url,
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=body.encode(),
        fetched_at=published + timedelta(hours=3),
    )


def _linked(item: LabeledItem, url: str, published: datetime) -> str:
    return json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": item.title,
            "url": url,
            "datePublished": published.isoformat(),
            "author": [{"@type": "Person", "name": "Staff Reporter"}],
        }
    )


def _script(draw: Random) -> str:
    slots = (
        f'window.slots["{draw.getrandbits(64):x}"]={{size:[300,{draw.randint(50, 600)}],lazy:1}};'
        for _ in range(_SCRIPT_CHARS // 60)
    )
    return "".join(slots)


def _links(items: list[LabeledItem]) -> str:
    return "\n".join(
        f'<li><a href="/s/{item.id}">{escape(item.title[:24])}</a></li>' for item in items
    )


def _paragraph(line: str) -> str:
    return f"<p>{escape(line)}</p>"


def _teaser(item: LabeledItem) -> str:
    return (
        f'<div class="teaser"><a href="/a/{item.id}"><img src="/i/{item.id}.jpg" alt="">'
        f"<h3>{escape(item.title)}</h3></a><span>{escape(item.text[:90])}</span></div>"
    )


def _comment(item: LabeledItem) -> str:
    return f'<li class="comment"><b>reader</b><p>{escape(item.text[:200])}</p></li>'


_HTML = """<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta property="og:type" content="article"><meta property="og:title" content="{title}">
<script type="application/ld+json">{linked}</script><script>{script}</script></head>
<body><header><nav class="menu"><ul>{menu}</ul></nav></header>
<main><article><h1>{title}</h1><p class="byline">By Staff Reporter
<time datetime="{published}"></time></p>
<div class="article-body">{text}</div></article>
<aside class="related">{teasers}</aside>
<section class="comments"><ul>{comments}</ul></section></main>
<footer><ul>{menu}</ul><p>All rights reserved.</p></footer></body></html>"""
