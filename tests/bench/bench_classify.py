"""Measure what classifying costs beside extracting the same articles.

    python -m pytest -q -s -o python_files="bench_*.py" tests/bench/bench_classify.py

Pages are generated; ``ALLIANCE_BENCH_PAGES=FOLDER`` takes real ones (see ``bench_extract.py``).
Times are of the processor. Both take turns on batches of pages, so that a busy machine is as busy
for both, and the ratio is the median over the rounds.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import process_time

import pytest
from rich.console import Console
from tests.bench.pages import bench_pages, folder_pages

from alliance_nlp.classify import classify
from alliance_nlp.core.types import Page
from alliance_nlp.extract import Extraction, extract_page
from alliance_nlp.learn import ensure_model
from alliance_nlp.workspace import packaged_labeled

pytestmark = pytest.mark.bench

N_PAGES = 120
N_ROUNDS = 5
MOST_RATIO = 0.05  # of real pages
# Every generated article is of the kind that we look for or close to it, where more concepts are
# found: 0.054 when this was set.
MOST_RATIO_GENERATED = 0.09


def _pages() -> tuple[list[Page], float]:
    folder = os.environ.get("ALLIANCE_BENCH_PAGES")
    if folder:
        return list(folder_pages(Path(folder))), MOST_RATIO
    return [made.page for made in bench_pages(N_PAGES)], MOST_RATIO_GENERATED


def _extracted(pages: Sequence[Page]) -> list[tuple[str, str, str]]:
    found = [extract_page(page) for page in pages]
    articles = [one.article for one in found if isinstance(one, Extraction)]
    return [(article.id, article.title, article.text) for article in articles]


def test_classifying_costs_little_beside_extracting(tmp_path: Path) -> None:
    pages, most = _pages()
    model, card = ensure_model(tmp_path, [packaged_labeled()])
    triples = _extracted(pages)
    assert len(triples) > len(pages) / 2
    classify(model, triples, model_id=card.id)  # both have been warm for a while in a night
    rounds = []
    for _ in range(N_ROUNDS):
        start = process_time()
        triples = _extracted(pages)
        between = process_time()
        classify(model, triples, model_id=card.id)
        rounds.append((between - start, process_time() - between))
    ratio = median(classified / extracted for extracted, classified in rounds)
    extracted_ms, classified_ms = (
        1000 * median(column) / len(pages) for column in zip(*rounds, strict=True)
    )
    characters = sum(len(text) for _, _, text in triples) / len(triples)
    Console().print(
        f"\n{len(pages)} pages, {len(triples)} articles of {characters:.0f} characters: extraction "
        f"{extracted_ms:.1f} ms a page, classifying {classified_ms:.2f} ms, ratio {ratio:.3f} "
        f"(at most {most})"
    )
    assert ratio <= most
