from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from labeled_items import item

from alliance_nlp.learn import Checked, LabeledItem, Splits, check_items
from alliance_nlp.learn.writing import write_items

LONG = (
    "Officials of both governments signed an accord on radar parts in Yokosuka on Friday. The "
    "makers of the two countries will share drawings, and a joint office opens in spring. A "
    "spokesman for the ministry said that the first parts should be delivered within two years."
)
OTHER = (
    "Radar parts accord: both governments signed in Yokosuka on Friday, and a joint office for "
    "drawings opens in spring. The first radar parts come from the makers in two years."
)
APART = [
    item("m", text="Rice harvests rose in the north."),
    item("n", text="A tram line opened in a valley."),
]


def _check(folder: Path, *items: LabeledItem, splits: Splits | None = None) -> Checked:
    write_items(folder / "items.jsonl", [*items, *APART])
    return check_items([folder], splits or Splits(), today=date(2026, 1, 1))


def _kinds(checked: Checked) -> list[str]:
    return [problem.kind.value for problem in checked.problems]


def test_data_in_order_have_no_problem(tmp_path: Path) -> None:
    checked = _check(tmp_path, item("a"))
    assert checked.problems == ()
    assert (checked.n_items, checked.n_stories) == (3, 3)


def test_bad_lines_are_told_and_the_rest_is_checked(tmp_path: Path) -> None:
    lines = ["{", json.dumps({"id": "x"}), json.dumps(asdict(item("a")), default=str)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    checked = check_items([tmp_path], Splits())
    assert _kinds(checked) == ["schema", "schema"]
    assert [problem.subjects for problem in checked.problems] == [
        ("a.jsonl, line 1",),
        ("a.jsonl, line 2",),
    ]
    assert checked.n_items == 1


def test_id_that_is_taken_is_told(tmp_path: Path) -> None:
    (tmp_path / "z.jsonl").write_text(json.dumps(asdict(item("m")), default=str))
    assert _kinds(_check(tmp_path)) == ["taken-id"]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": " "},
        {"text": "Too short."},
        {"text": "It holds a control\x07 character, which no store takes."},
        {"topics": ("trade", "trade")},
        {"story": "No slug"},
        {"language": "English"},
        {"genre": ""},
        {"annotator": ""},
        {"published_on": date(2026, 1, 2)},
        {"title": "The whole text stands here", "text": "The whole text stands here"},
    ],
)
def test_content_that_cannot_be_meant_is_told(tmp_path: Path, changes: dict[str, Any]) -> None:
    checked = _check(tmp_path, item("a", **changes))
    assert _kinds(checked) == ["content"]
    assert checked.problems[0].subjects == ("a",)


def test_edited_copy_is_a_near_duplicate(tmp_path: Path) -> None:
    copy = item("b", text=LONG.replace("Friday", "Monday"), story="story-a")
    assert _kinds(_check(tmp_path, item("a", text=LONG), copy)) == ["near-duplicate"]


def test_japanese_copy_is_a_near_duplicate(tmp_path: Path) -> None:
    text = (
        "防衛省は十二日、新しい護衛艦を横須賀基地で公開したと発表した。地元の市長も式に出席した。"
    )
    one = item("a", text=text, language="ja", title="護衛艦を公開")
    other = replace(one, id="b", text=text.replace("十二日", "十三日"))
    assert _kinds(_check(tmp_path, one, other)) == ["near-duplicate"]


def test_one_event_under_two_names_is_told(tmp_path: Path) -> None:
    both = item("a", text=LONG), item("b", text=OTHER)
    assert _kinds(_check(tmp_path, *both)) == ["same-event"]


def test_one_event_on_both_sides_is_a_leak(tmp_path: Path) -> None:
    both = item("a", text=LONG), item("b", text=OTHER)
    splits = Splits(test=frozenset({"story-b", "story-m"}))
    leaks = [p for p in _check(tmp_path, *both, splits=splits).problems if p.kind == "leak"]
    assert [leak.subjects for leak in leaks] == [("a", "b")]


def test_pair_that_a_person_judged_apart_is_not_told(tmp_path: Path) -> None:
    both = item("a", text=LONG), item("b", text=OTHER)
    splits = Splits(apart=frozenset({frozenset({"story-a", "story-b"})}))
    assert _check(tmp_path, *both, splits=splits).problems == ()


def test_test_story_that_no_item_tells_is_told(tmp_path: Path) -> None:
    negative = item("a", relevant=False)
    splits = Splits(test=frozenset({"story-a", "story-m", "gone"}))
    checked = _check(tmp_path, negative, splits=splits)
    assert [(p.kind, p.subjects) for p in checked.problems] == [("split", ("gone",))]


def test_test_without_irrelevant_items_is_told(tmp_path: Path) -> None:
    checked = _check(tmp_path, splits=Splits(test=frozenset({"story-m"})))
    assert [(p.kind, p.subjects) for p in checked.problems] == [("split", ("not relevant",))]


def test_balance_counts_items_and_relevant_ones(tmp_path: Path) -> None:
    negative = item("a", topics=(), relevant=False, genre="blog", note="why")
    both = item("b", topics=("trade", "energy"), language="ja")
    balance = _check(tmp_path, negative, both).balance
    assert balance["topic"]["none"] == {"items": 1, "relevant": 0}
    assert balance["topic"]["energy"] == {"items": 1, "relevant": 1}
    assert balance["primary"] == {
        "defense": {"items": 2, "relevant": 2},
        "none": {"items": 1, "relevant": 0},
        "trade": {"items": 1, "relevant": 1},
    }
    assert balance["relevant"]["no"] == {"items": 1, "relevant": 0}
    assert balance["language"]["ja"]["items"] == 1
    assert balance["year"]["2024"]["items"] == 4
    assert balance["note"]["empty"]["items"] == 3
    assert balance["split"] == {"train": {"items": 4, "relevant": 3}}
