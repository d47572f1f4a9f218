"""Measure the extractor against trafilatura on a folder of pages with their truth.

The folder holds ``pages.jsonl``; each line names a gzipped page (``file``) with its ``url``, when
it was ``crawled``, and its true ``title``, ``authors``, ``published`` and ``text``. Such sets are
not part of the project. Run it as

    python tests/bench/bench_extract.py --folder PATH [--only SUBSTRING] [--worst 20]

F1 is that of the public article-extraction benchmarks: a text is its bag of four-token shingles
(tokens are runs of word characters, lower case), precision and recall compare the bags of one page,
and the F1 of the pages are averaged. ``--characters`` takes each kana and kanji as a token of its
own, since Japanese has no spaces. A refused page counts as an empty text.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from trafilatura import bare_extraction

from alliance_nlp.core.types import Article, Page, Role
from alliance_nlp.extract import Extraction, extract_page

WORDS = re.compile(r"\w+")
CHARACTERS = re.compile("[\u3040-\u30ff\u3400-\u9fff]|[^\\W\u3040-\u30ff\u3400-\u9fff]+")
SHINGLE = 4
Row = Mapping[str, Any]


def shingles(text: str, tokens: re.Pattern[str]) -> Counter[tuple[str, ...]]:
    found = tokens.findall(text.lower())
    starts = range(max(1, len(found) - SHINGLE + 1)) if found else ()
    return Counter(tuple(found[i : i + SHINGLE]) for i in starts)


def f1(truth: str, text: str, tokens: re.Pattern[str]) -> float:
    expected, got = shingles(truth, tokens), shingles(text, tokens)
    common = sum((expected & got).values())
    return 2 * common / (sum(expected.values()) + sum(got.values())) if common else 0.0


def same_title(one: str, other: str) -> bool:
    """Compare titles but for width, spacing and the shape of quotation marks."""
    folded = (unicodedata.normalize("NFKC", title or "") for title in (one, other))
    a, b = (re.sub(r"\s+", " ", re.sub("[‘’]", "'", re.sub("[“”]", '"', t))) for t in folded)
    return a.strip() == b.strip()


def ours(row: Row, body: bytes) -> Article | None:
    crawled = row.get("crawled")
    page = Page(
        source_id="bench",
        role=Role.ARTICLE,
        asked_url=row["url"],
        url=row["url"],
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=body,
        fetched_at=datetime.fromisoformat(crawled).replace(tzinfo=UTC)
        if crawled
        else datetime.now(UTC),
    )
    found = extract_page(page)
    return found.article if isinstance(found, Extraction) else None


def measured(
    extractors: Mapping[str, Callable[[Row, bytes], Any]], rows: Sequence[Row], folder: Path
) -> dict[str, tuple[float, list[tuple[Row, Any]]]]:
    """Run the extractors in turn on each page, so that a busy machine is as busy for all."""
    seconds = dict.fromkeys(extractors, 0.0)
    results: dict[str, list[tuple[Row, Any]]] = {name: [] for name in extractors}
    for row in rows:
        body = gzip.decompress((folder / row["file"]).read_bytes())
        for name, extract in extractors.items():
            start = time.process_time()
            results[name].append((row, extract(row, body)))
            seconds[name] += time.process_time() - start
    return {name: (seconds[name], results[name]) for name in extractors}


def theirs(row: Row, body: bytes) -> Any:
    return bare_extraction(body, with_metadata=True)


def line(name: str, results: Sequence[tuple[Row, Any]], tokens: re.Pattern[str]) -> list[str]:
    scores = [f1(row["text"], (r.text or "") if r else "", tokens) for row, r in results]
    is_ours = name == "ours"
    day = [(str(row["published"])[:10], _day(r, is_ours)) for row, r in results if row["published"]]
    names = [(row["authors"], _authors(r, is_ours)) for row, r in results if row["authors"]]
    titles = [same_title(row["title"], r.title if r else "") for row, r in results]
    return [
        f"{sum(scores) / len(scores):.4f}",
        f"{sum(titles) / len(titles):.3f}",
        f"{sum(a == b for a, b in day) / max(1, len(day)):.3f}",
        f"{sum(sorted(a) == sorted(b) for a, b in names) / max(1, len(names)):.3f}",
    ]


def _day(result: Any, is_ours: bool) -> str:
    if result is None:
        return ""
    published = result.published if is_ours else result.date
    return str(published.on if is_ours and published else published or "")[:10]


def _authors(result: Any, is_ours: bool) -> Sequence[str]:
    if result is None:
        return ()
    return list(result.authors) if is_ours else (result.author or "").split("; ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--folder", type=Path, required=True, help="holds pages.jsonl")
    parser.add_argument("--only", default="", help="take files whose name holds this")
    parser.add_argument("--characters", action="store_true", help="a kana or kanji is a token")
    parser.add_argument("--worst", type=int, default=0, help="list this many pages of lowest F1")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    tokens = CHARACTERS if options.characters else WORDS
    with (options.folder / "pages.jsonl").open(encoding="utf-8") as stream:
        rows = [row for row in map(json.loads, stream) if options.only in row["file"]]
    extractors = {"trafilatura, default": theirs, "ours": ours}
    measured(extractors, rows[::40], options.folder)  # models and caches are loaded once
    runs = measured(extractors, rows, options.folder)
    console = Console()
    table = Table("extractor", "F1", "title", "day", "authors", "CPU s", "share")
    whole = runs["trafilatura, default"][0]
    for name, (seconds, results) in runs.items():
        table.add_row(
            name, *line(name, results, tokens), f"{seconds:.1f}", f"{seconds / whole:.2f}"
        )
    console.print(f"{len(rows)} pages")
    console.print(table)
    scored = [
        (f1(row["text"], a.text if a else "", tokens), row["file"]) for row, a in runs["ours"][1]
    ]
    for score, file in sorted(scored)[: options.worst]:
        console.print(f"{score:.3f} {file}")


if __name__ == "__main__":
    main()
