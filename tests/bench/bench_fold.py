"""Measure folding at size: a year of articles in weekly runs, and one night against what is open.

    python -m pytest -q -s -o python_files="bench_*.py" tests/bench/bench_fold.py

Each event has names of its own and eight sentences drawn from the labelled items, one event in ten
Japanese ones; each report tells five of them and two of its own. So the vocabulary is the field's,
and stories stay apart as they do in news. Quality is measured by ``bench_fold_quality.py``.

``ALLIANCE_BENCH_ARTICLES`` sets how many articles the year has, 100,000 unless stated;
``ALLIANCE_BENCH_WEEKS`` how many of its weekly runs are made, all 53 unless
stated.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from rich.console import Console

from alliance_nlp.config import FoldSettings
from alliance_nlp.core.types import Article
from alliance_nlp.digest import sentence_spans
from alliance_nlp.learn import read_items
from alliance_nlp.pipeline.folding import fold_together

pytestmark = pytest.mark.bench

N_ARTICLES = int(os.environ.get("ALLIANCE_BENCH_ARTICLES", "100000"))
N_WEEKS = int(os.environ.get("ALLIANCE_BENCH_WEEKS", "53"))
N_NIGHT = 2_000
DAYS = 365
WINDOW_DAYS = 19  # as the nightly folds: a fortnight and five days of quiet
MOST_YEAR_S, MOST_NIGHT_S, MOST_BYTES = 30 * 60, 60, 2 * 2**30
START = datetime(2024, 1, 1, tzinfo=UTC)
LABELED = Path(__file__).parents[2] / "data" / "labeled"
_SYLLABLES = ("ka mo ri ta shi no ha sa ber lin ton dor mar ves kel ran bro gan tel wick").split()
_Timed = tuple[Article, datetime]


def _sentences() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {"en": [], "ja": []}
    for item in read_items([LABELED]):
        found["ja" if item.language == "ja" else "en"] += [
            item.text[start:end] for start, end in sentence_spans(item.text)
        ]
    return found


def _name(generator: np.random.Generator) -> str:
    return "".join(generator.choice(_SYLLABLES, size=3)).capitalize()


def _report(
    generator: np.random.Generator, event: int, sentences: Mapping[str, Sequence[str]]
) -> tuple[str, str]:
    """Return a report on an event and its language."""
    own = np.random.default_rng(event)
    language = "ja" if event % 10 == 0 else "en"
    pool = sentences[language]
    names, told = [_name(own) for _ in range(6)], own.integers(len(pool), size=8)
    shared = generator.choice(told, size=5, replace=False)
    lines = [pool[i] for i in (*shared, *generator.integers(len(pool), size=2))]
    lead = " and ".join(generator.choice(names, size=4, replace=False))
    return f"{lead} met. " + "\n".join((" ".join(lines[:3]), " ".join(lines[3:]))), language


def _year(n: int) -> list[_Timed]:
    generator, sentences = np.random.default_rng(7), _sentences()
    articles: list[_Timed] = []
    while len(articles) < n:
        event, day = len(articles), generator.uniform(0, DAYS)
        for _ in range(1 + generator.poisson(1.5)):
            at = START + timedelta(days=float(day + generator.exponential(0.7)))
            text, language = _report(generator, event, sentences)
            name = f"{event}-{len(articles):06d}"
            articles.append((_article(name, text, language), at))
    return sorted(articles[:n], key=lambda pair: pair[1])


def _article(name: str, text: str, language: str) -> Article:
    return Article(id=name, source_id="", url=name, title="", text=text, language=language)


def _fold(articles: Sequence[_Timed], known: dict[str, str]) -> float:
    start = process_time()
    held = {article.id: known[article.id] for article, _ in articles if article.id in known}
    folded = fold_together(articles, FoldSettings(), known=held, told=held)
    known.update((i, story.id) for story in folded.stories for i in story.article_ids)
    return process_time() - start


def test_a_year_folds_in_weekly_runs_and_a_night_joins_it() -> None:
    year = _year(N_ARTICLES)
    known: dict[str, str] = {}
    seconds, largest, n_runs = 0.0, 0, 0
    for week in range(21, min(DAYS + 8, 21 + 7 * N_WEEKS), 7):
        until, since = (START + timedelta(days=days) for days in (week, week - WINDOW_DAYS))
        window = [(article, at) for article, at in year if since <= at < until]
        seconds, n_runs = seconds + _fold(window, known), n_runs + 1
        largest = max(largest, len(window))
    tonight = [
        (_article(f"tonight-{article.id}", article.text, article.language), until)
        for article, _ in window[-N_NIGHT:]
    ]
    night = _fold([*window, *tonight], known)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    n_events = len({article_id.split("-")[-2] for article_id in known})
    Console().print(
        f"\n{n_runs} weekly runs of up to {largest} articles ({len(year)} a year): "
        f"{seconds:.0f} s, {seconds / n_runs * 53:.0f} s a year; {n_events} events in "
        f"{len(set(known.values()))} stories; a night of {len(tonight)} against {len(window)} "
        f"open: {night:.1f} s; peak {peak / 2**20:.0f} MiB"
    )
    assert seconds / n_runs * 53 < MOST_YEAR_S * N_ARTICLES / 100_000
    assert night < MOST_NIGHT_S
    assert peak < MOST_BYTES
