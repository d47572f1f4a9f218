"""Pages to measure on anywhere: labelled texts joined to articles, in pages as heavy as real ones.

A news page is mostly not its article: menus, teasers, scripts, comments (``markup.py``). All is
drawn by a seeded generator, so the same number always gives the same page.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from urllib.parse import quote

from tests.bench.markup import Story, wrap

from alliance_nlp.core.types import Page, Role
from alliance_nlp.learn import LabeledItem, read_items
from alliance_nlp.workspace import packaged_labeled

# A quarter of the articles of real news sets have less than 700 words, a quarter more than 2,200.
_MIDDLE_WORDS, _SPREAD = 1_150, 0.8
_LEAST_WORDS, _MOST_WORDS = 200, 6_000
_CHARS_A_WORD = {"en": 6, "ja": 2.5}
_N_HEADS = 40
_RELEVANT = 0.25  # of the articles begin with an item that bears on the alliance
INDEX = "pages.jsonl"
_MARKUP = (".html", ".htm", ".html.gz", ".htm.gz")
_CRAWLED = "2024-06-01"
_START = datetime(2024, 4, 1, 6, tzinfo=UTC)
_AUTHORS = ("Staff Reporter", "Ellen Marwick", "Tobias Hale", "Rika Onoda", "News Desk")


@dataclass(frozen=True, slots=True)
class BenchPage:
    """A page, and the labelled items that its article is made of."""

    page: Page
    items: tuple[LabeledItem, ...]


def bench_pages(n: int, *, seed: int = 0) -> Iterator[BenchPage]:
    """Yield ``n`` pages, each with an article of several items of one language."""
    pools: dict[tuple[str, bool], list[LabeledItem]] = {}
    for item in read_items([packaged_labeled()]):
        pools.setdefault((item.language, item.relevant), []).append(item)
    for number in range(n):
        draw = Random(f"{seed} {number}")
        language = "ja" if number % 8 == 7 else "en"
        first = draw.choice(pools[language, draw.random() < _RELEVANT])
        others = pools[language, False]
        yield _bench_page(number, _joined(first, others, draw), others, draw=draw)


def folder_pages(folder: Path) -> Iterator[Page]:
    """Yield the pages of a folder, in the order of ``pages.jsonl`` in it or beside it.

    ``bench_extract.py`` describes that file. Without one, each file of markup is a page of its own
    address.

    Raises
    ------
    FileNotFoundError
        If there is no page.
    """
    indexes = [path for path in (folder / INDEX, folder.parent / INDEX) if path.exists()]
    pages = _listed(indexes[0], folder) if indexes else _loose(folder)
    if not pages:
        raise FileNotFoundError(f"{folder} holds no page: neither {INDEX} nor *.html or *.html.gz")
    for path, url, crawled in pages:
        body = path.read_bytes()
        yield Page(
            source_id="bench",
            role=Role.ARTICLE,
            asked_url=url,
            url=url,
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=gzip.decompress(body) if path.suffix == ".gz" else body,
            fetched_at=datetime.fromisoformat(crawled or _CRAWLED).replace(tzinfo=UTC),
        )


def _listed(index: Path, folder: Path) -> list[tuple[Path, str, str]]:
    rows = map(json.loads, index.read_text("utf-8").splitlines())
    found = [(index.parent / row["file"], row["url"], row.get("crawled") or "") for row in rows]
    return [page for page in found if folder.resolve() in page[0].resolve().parents]


def _loose(folder: Path) -> list[tuple[Path, str, str]]:
    files = (path for end in _MARKUP for path in folder.rglob(f"*{end}"))
    return [(path, f"https://pages.example/{quote(path.name)}", "") for path in sorted(files)]


def _joined(
    first: LabeledItem, others: Sequence[LabeledItem], draw: Random
) -> tuple[LabeledItem, ...]:
    """Return items that together are as long as an article."""
    words = min(max(_MIDDLE_WORDS * draw.lognormvariate(0, _SPREAD), _LEAST_WORDS), _MOST_WORDS)
    left = words * _CHARS_A_WORD[first.language] - len(first.text)
    chosen = [first]
    for item in draw.sample(others, len(others)):
        if left < len(item.text) / 2:
            break
        chosen.append(item)
        left -= len(item.text)
    return tuple(chosen)


def _bench_page(
    number: int, chosen: tuple[LabeledItem, ...], others: Sequence[LabeledItem], *, draw: Random
) -> BenchPage:
    outlet = f"outlet-{number % 20}"
    url = f"https://{outlet}.example/news/{number}"
    published = _START + timedelta(hours=number)
    story = Story(
        url=url,
        language=chosen[0].language,
        title=chosen[0].title,
        author=draw.choice(_AUTHORS),
        published=published.isoformat(),
        paragraphs=tuple(line for item in chosen for line in item.text.split("\n")),
        heads=tuple((item.title, item.text[:110]) for item in draw.sample(others, _N_HEADS)),
    )
    page = Page(
        source_id=outlet,
        role=Role.ARTICLE,
        asked_url=url,
        url=url,
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=wrap(story, draw).encode(),
        fetched_at=published + timedelta(hours=3),
    )
    return BenchPage(page=page, items=chosen)
