"""Measure folding at size: a year of articles in weekly runs, and one night against what is open.

    python -m pytest -q -s -o python_files="bench_*.py" tests/bench/bench_fold.py

Texts are drawn from a Zipf vocabulary: each event has words of its own, each report its own share
of them. That says nothing of quality on news (docs/folding.md has that), but the work is the same.
``ALLIANCE_BENCH_ARTICLES`` sets how many articles the year has, 100,000 unless stated.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import process_time

import numpy as np
import pytest
from rich.console import Console

from alliance_nlp.fold import FoldItem, fold_articles
from alliance_nlp.vectors import event_vectors

pytestmark = pytest.mark.bench

N_ARTICLES = int(os.environ.get("ALLIANCE_BENCH_ARTICLES", "100000"))
N_NIGHT = 2_000
DAYS = 365
WINDOW_DAYS = 19  # as the nightly folds: a fortnight and five days of quiet
MOST_YEAR_S, MOST_NIGHT_S, MOST_BYTES = 30 * 60, 60, 2 * 2**30
START = datetime(2024, 1, 1, tzinfo=UTC)
_VOCABULARY, _EVENT_WORDS, _WORDS = 30_000, 60, 220


def _article(generator: np.random.Generator, event: int) -> str:
    own = np.random.default_rng(event).integers(_VOCABULARY, size=_EVENT_WORDS)
    common = np.minimum(generator.zipf(1.3, size=_WORDS), _VOCABULARY) - 1
    told = generator.choice(own, size=_WORDS // 4)
    words = [f"word{number}" for number in (*common, *told)]
    names = [f"Name{number}" for number in own[:8]]
    return " ".join((*names, *words))


def _year(n: int) -> list[tuple[FoldItem, str]]:
    generator = np.random.default_rng(7)
    articles = []
    while len(articles) < n:
        event, day = len(articles), generator.uniform(0, DAYS)
        for _ in range(1 + generator.poisson(1.5)):
            at = START + timedelta(days=float(day + generator.exponential(0.7)))
            item = FoldItem(id=f"article-{len(articles):06d}", at=at, language="en")
            articles.append((item, _article(generator, event)))
    return sorted(articles[:n], key=lambda pair: pair[0].at or START)


def _fold(articles: Sequence[tuple[FoldItem, str]], known: dict[str, str]) -> float:
    start = process_time()
    stories = fold_articles(
        [item for item, _ in articles],
        event_vectors([text for _, text in articles]),
        distance=0.82,
        days=5.0,
        known={item.id: known[item.id] for item, _ in articles if item.id in known},
    )
    known.update((i, story.id) for story in stories for i in story.article_ids)
    return process_time() - start


def test_a_year_folds_in_weekly_runs_and_a_night_joins_it() -> None:
    year = _year(N_ARTICLES)
    known: dict[str, str] = {}
    seconds, largest = 0.0, 0
    for week in range(7, DAYS + 8, 7):
        until, since = (START + timedelta(days=days) for days in (week, week - WINDOW_DAYS))
        window = [(item, text) for item, text in year if item.at and since <= item.at < until]
        seconds += _fold(window, known)
        largest = max(largest, len(window))
    last = [
        (item, text) for item, text in year if item.at and item.at >= until - timedelta(days=19)
    ]
    tonight = [
        (FoldItem(id=f"tonight-{item.id}", at=until, language="en"), text)
        for item, text in year[-N_NIGHT:]
    ]
    night = _fold([*last, *tonight], known)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    Console().print(
        f"\n{len(year)} articles of a year in weekly runs of up to {largest}: {seconds:.0f} s, "
        f"{len(set(known.values()))} stories; a night of {len(tonight)} against {len(last)} open: "
        f"{night:.1f} s; peak {peak / 2**20:.0f} MiB"
    )
    assert seconds < MOST_YEAR_S * N_ARTICLES / 100_000
    assert night < MOST_NIGHT_S
    assert peak < MOST_BYTES
