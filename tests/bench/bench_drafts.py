"""Measure drafts on the stories of the back-test: length, repetition, undated days, dangling words.

Repetition is measured twice: by shared words, and by the cosine of the sentences' character grams,
which no rule of the drafting knows. From 0.25 on a reader sees the same fact told again.

    python -m pytest -q -s -o python_files="bench_*.py" tests/bench/bench_drafts.py

With ``ALLIANCE_BENCH_SHOW=40`` the first 40 drafts are printed as well, to be read; with
``ALLIANCE_BENCH_FROM=40`` those from the fortieth on.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from alliance_nlp.core.text import normal_text
from alliance_nlp.core.types import Article, Dated, IssueItem, Mention
from alliance_nlp.digest import DraftStory, draft_item

pytestmark = pytest.mark.bench

ARTICLES = Path(__file__).parents[2] / "data" / "backtest" / "articles.jsonl"
SHOW = int(os.environ.get("ALLIANCE_BENCH_SHOW", "0"))
FROM = int(os.environ.get("ALLIANCE_BENCH_FROM", "0"))
_HOURS = {"JP": 9, "KR": 9, "US": -4, "AU": 10, "PH": 8, "TW": 8, "CN": 8, "GB": 1}
_PRONOUN = re.compile(r"^(?:He|She|It|They|We|I|This|That|These|Those|His|Her|Its|Their)\b")
_UNDATED = re.compile(
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?!s)|\b(?:yesterday|today|tomorrow|(?:last|next|"
    r"this) (?:week|month|year))\b|昨日|同日|今月|来月|先月|昨年|来年"
)
_WORD = re.compile(r"\w{4,}")


def _article(row: Mapping[str, str]) -> Article:
    at = datetime.fromisoformat(row["published_at"])
    local = (at + timedelta(hours=_HOURS.get(row["country"], 0))).date()
    return Article(
        id=row["id"],
        source_id=row["source"],
        url=f"https://{row['source']}.example/{row['id']}",
        title=row["title"],
        text=normal_text(row["text"]),
        published=Dated(
            at=at, precision="time", found=row["published_at"], where="", local_on=local
        ),
        language=row["language"],
        outlet=row["outlet"],
    )


def stories(
    mentions: Mapping[str, tuple[Mention, ...]] | None = None,
) -> Iterator[DraftStory]:
    """Yield the stories of the back-test, each with its articles in order of time."""
    groups: dict[str, list[Article]] = {}
    with ARTICLES.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            groups.setdefault(row["story"], []).append(_article(row))
    for story_id, articles in sorted(groups.items()):
        yield DraftStory(story_id=story_id, articles=tuple(articles), mentions=mentions or {})


def _n_words(item: IssueItem) -> int:
    text = item.bullet
    return len(text) // 2 if " " not in text else len(text.split())


def _repeats(item: IssueItem) -> bool:
    """Tell whether a sentence says half of what another says."""
    said = [set(_WORD.findall(sentence.text.lower())) for sentence in item.sentences]
    return any(
        len(one & other) > 0.5 * min(len(one), len(other))
        for n, one in enumerate(said)
        for other in said[:n]
        if one and other
    )


def _grams(text: str) -> Counter[str]:
    plain = re.sub(r"[^a-z0-9]+", " ", text.lower())
    return Counter(plain[at : at + 4] for at in range(len(plain) - 3))


def _likenesses(items: list[IssueItem]) -> list[float]:
    """Return the cosine of every two sentences of a bullet, grams weighed by their rarity."""
    grams = {s.text: _grams(s.text) for item in items for s in item.sentences}
    seen = Counter(gram for counts in grams.values() for gram in counts)
    vectors: dict[str, dict[str, float]] = {}
    for text, counts in grams.items():
        raw = {g: (1 + math.log(n)) * math.log(len(grams) / seen[g]) for g, n in counts.items()}
        norm = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        vectors[text] = {gram: weight / norm for gram, weight in raw.items()}
    return [
        sum(w * vectors[other.text].get(gram, 0.0) for gram, w in vectors[one.text].items())
        for item in items
        for n, one in enumerate(item.sentences)
        for other in item.sentences[:n]
    ]


def _share(flags: list[bool]) -> str:
    return f"{sum(flags)} of {len(flags)} ({sum(flags) / (len(flags) or 1):.1%})"


def test_drafts_of_the_backtest_keep_to_the_house() -> None:
    """Most bullets are long enough, hardly any repeats, none has an undated day."""
    all_stories = list(stories())
    drafts = [(story, draft_item(story)) for story in all_stories]
    items = [item for _, item in drafts if item is not None]
    english = [i for i in items if i.bullet.isascii() or " " in i.bullet]
    sentences = [sentence.text for item in english for sentence in item.sentences]
    rich = [
        item
        for story, item in drafts
        if item is not None and sum(len(a.text.split()) for a in story.articles) >= 200
    ]
    out = Console(width=100)
    out.print(f"stories without a draft: {_share([item is None for _, item in drafts])}")
    out.print(f"bullets of 67-142 words: {_share([67 <= _n_words(i) <= 142 for i in items])}")
    out.print(f"… of sources of 200+ words: {_share([67 <= _n_words(i) <= 142 for i in rich])}")
    out.print(
        f"headlines of 6-12 words: {_share([6 <= len(i.headline.split()) <= 12 for i in english])}"
    )
    out.print(f"bullets that repeat: {_share([_repeats(i) for i in items])}")
    alike = _likenesses(english)
    for least in (0.2, 0.25):
        out.print(f"pairs of sentences alike from {least}: {_share([a >= least for a in alike])}")
    out.print(f"undated days: {_share([bool(_UNDATED.search(text)) for text in sentences])}")
    out.print(f"pronoun first: {_share([bool(_PRONOUN.search(text)) for text in sentences])}")
    sources = [len(sentence.sources) > 1 for item in items for sentence in item.sentences]
    out.print(f"sentences of several sources: {_share(sources)}")
    for item in items[FROM : FROM + SHOW]:
        out.print(f"\n[bold]{item.headline}[/bold]\n{item.bullet}", markup=True, highlight=False)
    assert not any(_PRONOUN.search(text) for text in sentences)
    assert sum(likeness >= 0.25 for likeness in alike) <= 4
