"""The golden texts: valid offsets, and a floor under the tagger's exact-span F1."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from alliance_nlp.core.text import normal_text
from alliance_nlp.core.types import Label
from alliance_nlp.tag import Tagger, TagInput

GOLDEN = Path(__file__).parents[2] / "golden" / "entities.jsonl"
ROWS = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_golden_row_is_valid(row: dict) -> None:
    assert set(row) == {"id", "text", "published_on", "entities"}
    assert row["text"] == normal_text(row["text"])
    date.fromisoformat(row["published_on"])
    end_before = 0
    for start, end, label in row["entities"]:
        surface = row["text"][start:end]
        assert start >= end_before and surface == surface.strip() != ""
        assert label in set(Label)
        end_before = end


def test_golden_ids_are_unique() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)


def test_exact_f1_on_golden_texts_stays_above_the_floor(tagger: Tagger) -> None:
    counts: Counter[str] = Counter()
    inputs = [
        TagInput(
            article_id=row["id"],
            text=row["text"],
            published_on=date.fromisoformat(row["published_on"]),
        )
        for row in ROWS
    ]
    for row, mentions in zip(ROWS, tagger.tag(inputs), strict=True):
        gold = {tuple(entity) for entity in row["entities"]}
        found = {(m.start, m.end, m.label.value) for m in mentions}
        for kind, spans in (("tp", gold & found), ("fp", found - gold), ("fn", gold - found)):
            counts.update(f"{label} {kind}" for _, _, label in spans)
    for label in Label:
        right = 2 * counts[f"{label} tp"]
        wrong = counts[f"{label} fp"] + counts[f"{label} fn"]
        assert right / (right + wrong) >= 0.93, f"{label}: {counts}"
