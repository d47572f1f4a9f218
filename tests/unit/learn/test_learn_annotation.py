from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from labeled_items import item

from alliance_nlp.learn import (
    Defaults,
    ExportFormat,
    ImportFormat,
    LabeledItem,
    RefusedRow,
    export_tasks,
    read_foreign,
    tasks_of_items,
)

DAY = Defaults(published_on=date(2024, 4, 14))


def _read(
    path: Path, text: str, form: ImportFormat, defaults: Defaults = DAY
) -> list[LabeledItem | RefusedRow]:
    path.write_text(text, encoding="utf-8")
    found = read_foreign(path, form, defaults=defaults)
    return [one if isinstance(one, RefusedRow) else one[1] for one in found]


def _told(found: Iterable[LabeledItem | RefusedRow]) -> list[Any]:
    return [
        (one.line, one.reason.value) if isinstance(one, RefusedRow) else (one.topics, one.relevant)
        for one in found
    ]


def _choice(control: str, *choices: str) -> dict[str, Any]:
    return {"from_name": control, "type": "choices", "value": {"choices": list(choices)}}


def _task(text: str, *annotations: dict[str, Any]) -> dict[str, Any]:
    return {"id": 1, "data": {"text": text, "title": "T"}, "annotations": list(annotations)}


def _by(name: str, *results: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"completed_by": {"email": name}, "result": list(results), **more}


TRADE = _by("ana", _choice("topics", "Trade", "Base politics"), _choice("relevance", "relevant"))
NOT = _by("bo", _choice("relevance", "not relevant"))


def _studio(path: Path, *tasks: Any, lines: bool = False) -> list[Any]:
    text = "\n".join(map(json.dumps, tasks)) if lines else json.dumps(tasks)
    return _told(_read(path, text, ImportFormat.LABEL_STUDIO))


@pytest.mark.parametrize("lines", [True, False])
def test_tasks_of_an_export_become_items(tmp_path: Path, lines: bool) -> None:
    told = _studio(tmp_path / "a.json", _task("One.", TRADE), _task("Two.", NOT), lines=lines)
    assert told == [(("trade", "base-politics"), True), ((), False)]


def test_annotator_of_a_task_is_kept(tmp_path: Path) -> None:
    text = json.dumps([_task("One.", TRADE)])
    [made] = _read(tmp_path / "a.json", text, ImportFormat.LABEL_STUDIO)
    assert isinstance(made, LabeledItem)
    assert (made.annotator, made.title) == ("ana", "T")


def test_cancelled_annotation_does_not_count(tmp_path: Path) -> None:
    cancelled = {**NOT, "was_cancelled": True}
    told = _studio(
        tmp_path / "a.json", _task("One.", TRADE, cancelled), _task("Two.", cancelled), _task("3.")
    )
    assert told == [(("trade", "base-politics"), True), (2, "not-answered"), (3, "not-answered")]


def test_annotators_who_differ_are_refused_until_it_is_settled(tmp_path: Path) -> None:
    settled = {**NOT, "ground_truth": True}
    told = _studio(tmp_path / "a.json", _task("One.", TRADE, NOT), _task("Two.", TRADE, settled))
    assert told == [(1, "disagreement"), ((), False)]


def test_primary_choice_comes_first(tmp_path: Path) -> None:
    both = _by(
        "ana", _choice("topics", "trade", "energy"), _choice("primary", "energy"), *NOT["result"]
    )
    assert _studio(tmp_path / "a.json", _task("One.", both)) == [(("energy", "trade"), False)]


def test_yes_counts_where_the_control_asks_for_relevance(tmp_path: Path) -> None:
    yes = _by("ana", _choice("relevant?", "Yes"), _choice("topics", "none"))
    odd = _by("ana", _choice("mood", "Yes"), _choice("topics", "none"))
    told = _studio(tmp_path / "a.json", _task("One.", yes), _task("Two.", odd))
    assert told == [((), True), (2, "unknown-topic")]


def test_short_export_is_read(tmp_path: Path) -> None:
    tasks = [
        {"text": "One.", "topics": {"choices": ["trade", "energy"]}, "relevance": "relevant"},
        {"text": "Two.", "topics": "defense", "relevance": "not relevant", "annotator": 3},
        {"text": "Three.", "relevance": "not relevant"},
        {"text": "Four."},
    ]
    told = _studio(tmp_path / "a.json", *tasks)
    assert told == [
        (("trade", "energy"), True),
        (("defense",), False),
        ((), False),
        (4, "not-answered"),
    ]


@pytest.mark.parametrize("broken", [3, None, [], {"data": {}}, {"data": {"text": 4}}, {}])
def test_broken_task_is_refused_and_the_others_are_read(tmp_path: Path, broken: Any) -> None:
    told = _studio(tmp_path / "a.json", broken, _task("One.", TRADE))
    assert told[1] == (("trade", "base-politics"), True)
    assert told[0][0] == 1


def _prodigy(path: Path, *lines: dict[str, Any]) -> list[Any]:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    return _told(_read(path, text, ImportFormat.PRODIGY))


def _options(*names: str) -> list[dict[str, str]]:
    return [{"id": name, "text": name.title()} for name in names]


def test_choice_lines_give_topics_and_relevance(tmp_path: Path) -> None:
    options = _options("trade", "energy", "relevant")
    told = _prodigy(
        tmp_path / "a.jsonl",
        {"text": "One.", "options": options, "accept": ["energy", "relevant"], "answer": "accept"},
        {"text": "Two.", "options": options, "accept": [], "answer": "accept"},
        {"text": "Three.", "options": options, "accept": [], "answer": "ignore"},
        {"text": "Four.", "options": options, "accept": ["trade"], "answer": "reject"},
    )
    assert sorted(told, key=str) == sorted(
        [(("energy",), True), ((), False), (3, "not-answered"), (4, "not-answered")], key=str
    )


def test_binary_lines_on_one_text_are_taken_together(tmp_path: Path) -> None:
    told = _prodigy(
        tmp_path / "a.jsonl",
        {"text": "One.", "label": "TRADE", "answer": "accept"},
        {"text": "One.", "label": "ENERGY", "answer": "reject"},
        {"text": "One.", "label": "RELEVANT", "answer": "reject"},
    )
    assert told == [(("trade",), False)]


def test_title_and_day_of_the_meta_are_read(tmp_path: Path) -> None:
    line = {
        "text": "One.",
        "meta": {"title": "Head", "date": "2020-02-03"},
        "options": _options("relevant"),
        "accept": ["relevant"],
        "answer": "accept",
    }
    [made] = _read(tmp_path / "a.jsonl", json.dumps(line), ImportFormat.PRODIGY)
    assert isinstance(made, LabeledItem)
    assert (made.title, made.published_on) == ("Head", date(2020, 2, 3))


ITEMS = [
    item("a", topics=("energy", "trade"), note="seen twice"),
    item("b", topics=(), relevant=False, title="=SUM(A1)", text="先週、合意した。\nSecond — line."),
    item("c", topics=("base-politics",), relevant=False, language="ja"),
]


@pytest.mark.parametrize("form", list(ExportFormat))
def test_exported_labels_are_imported_as_they_were(tmp_path: Path, form: ExportFormat) -> None:
    text = export_tasks(tasks_of_items(ITEMS), form)
    found = _read(tmp_path / "a", text, ImportFormat(form.value), Defaults())
    kept = [
        (i.title, i.text, i.topics, i.relevant, i.published_on, i.language, i.story)
        for i in found
        if isinstance(i, LabeledItem)
    ]
    assert kept == [
        (i.title, i.text, i.topics, i.relevant, i.published_on, i.language, i.story) for i in ITEMS
    ]


def test_cell_that_a_spreadsheet_would_run_is_guarded() -> None:
    text = export_tasks(tasks_of_items(ITEMS), ExportFormat.CSV)
    assert "'=SUM(A1)" in text
    assert "\n=SUM" not in text
    assert ",=SUM" not in text
