"""How well folding does on the back-test's articles, at once and day by day, as B-cubed scores.

Names of stories are the gold. The nightly folds day by day: a story that stands is not folded anew.
A file of lines with ``text`` and ``event`` is measured too when ``ALLIANCE_BENCH_EVENTS`` names it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from alliance_nlp.config import FoldSettings
from alliance_nlp.core.types import Article
from alliance_nlp.pipeline.folding import fold_together

POOL = Path(__file__).parents[2] / "data" / "backtest" / "articles.jsonl"
WINDOW = timedelta(days=19)
LEAST_F1 = {"at once": 0.87, "day by day": 0.84}
_Timed = tuple[Article, datetime | None]


def b_cubed(found: Mapping[str, str], gold: Mapping[str, str]) -> tuple[float, float, float]:
    """Return F1, precision and recall (Bagga and Baldwin 1998)."""
    both = Counter((found[i], gold[i]) for i in gold)
    ours, theirs = Counter(found[i] for i in gold), Counter(gold.values())
    precision = sum(n * n / ours[one] for (one, _), n in both.items()) / len(gold)
    recall = sum(n * n / theirs[other] for (_, other), n in both.items()) / len(gold)
    return 2 * precision * recall / (precision + recall), precision, recall


def _article(row: Mapping[str, Any]) -> _Timed:
    at = datetime.fromisoformat(row["published_at"]) if row.get("published_at") else None
    article = Article(
        id=row["id"],
        source_id="",
        url=row["id"],
        title=row.get("title", ""),
        text=row["text"],
        language=row.get("language", ""),
    )
    return article, at


def _at_once(articles: Sequence[_Timed]) -> dict[str, str]:
    folded = fold_together(articles, FoldSettings())
    return {i: story.id for story in folded.stories for i in story.article_ids}


def _daily(articles: Sequence[_Timed]) -> dict[str, str]:
    known: dict[str, str] = {}
    for day in sorted({at.date() for _, at in articles if at}):
        window = [
            (article, at)
            for article, at in articles
            if at and at.date() <= day and day - at.date() <= WINDOW
        ]
        held = {a.id: known[a.id] for a, _ in window if a.id in known}
        folded = fold_together(window, FoldSettings(), known=held, told=held)
        known |= {i: story.id for story in folded.stories for i in story.article_ids}
    return known


def test_stories_of_the_backtest_are_found_at_once_and_day_by_day() -> None:
    rows = [json.loads(line) for line in POOL.read_text(encoding="utf-8").splitlines()]
    articles, gold = [_article(row) for row in rows], {row["id"]: row["story"] for row in rows}
    for way, found in (("at once", _at_once(articles)), ("day by day", _daily(articles))):
        f1, precision, recall = b_cubed(found, gold)
        Console().print(f"{way}: B-cubed F1 {f1:.3f} (P {precision:.3f}, R {recall:.3f})")
        assert f1 >= LEAST_F1[way]


def test_events_of_another_set() -> None:
    if not (file := os.environ.get("ALLIANCE_BENCH_EVENTS")):
        return
    rows = [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]
    found = _at_once([_article(row) for row in rows])
    f1, precision, recall = b_cubed(found, {row["id"]: row["event"] for row in rows})
    Console().print(f"{file}: B-cubed F1 {f1:.3f} (P {precision:.3f}, R {recall:.3f})")
