from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from alliance_nlp.core.errors import DigestError, InputError
from alliance_nlp.learn import (
    Defaults,
    ImportFormat,
    LabeledItem,
    RefusedRow,
    items_but_decided,
    keep_items,
    read_foreign,
    read_items,
    sort_out,
)
from alliance_nlp.learn.refusals import RowReason
from alliance_nlp.learn.writing import write_items

ALL = Defaults(topics=("trade",), relevant=True, published_on=date(2024, 4, 14))
NONE = Defaults()
CSV = """title,text,date,topics,relevant,language,story
Pier plan,The city wants a pier.,2024-01-02,base politics; defense,yes,en,Naha Pier
"Gas, at last","First cargo
came in.",2024-02-03T09:00:00Z,none,0,,
"""
DIGEST = """US-Japan Alliance Digest Vol 4.2

January 28, 2031

Headlines:

- Ministers settle who pays
- Radar link goes live

Details:

- Ministers of both countries settled how the cost of two piers is shared. Work begins soon.
- A link between radars of three countries went live. It passes warnings within seconds.
"""


def _read(
    path: Path, text: str, form: ImportFormat, *, defaults: Defaults = ALL, **how: Any
) -> list[LabeledItem | RefusedRow]:
    path.write_text(text, encoding="utf-8")
    found = read_foreign(path, form, defaults=defaults, **how)
    return [one if isinstance(one, RefusedRow) else one[1] for one in found]


def _reasons(found: list[LabeledItem | RefusedRow]) -> list[tuple[int, str]]:
    return [(one.line, one.reason.value) for one in found if isinstance(one, RefusedRow)]


def test_columns_of_a_table_become_fields(tmp_path: Path) -> None:
    pier, gas = _read(tmp_path / "a.csv", CSV, ImportFormat.CSV, defaults=NONE)
    assert isinstance(pier, LabeledItem)
    assert isinstance(gas, LabeledItem)
    assert (pier.title, pier.text) == ("Pier plan", "The city wants a pier.")
    assert pier.topics == ("base-politics", "defense")
    assert (pier.relevant, gas.relevant) == (True, False)
    assert (pier.story, pier.published_on) == ("naha-pier", date(2024, 1, 2))
    assert (gas.topics, gas.text, gas.language) == ((), "First cargo\ncame in.", "en")
    assert gas.published_on == date(2024, 2, 3)
    assert gas.story == gas.id


def test_columns_with_other_names_are_named(tmp_path: Path) -> None:
    text = "Kopf;Inhalt\n".replace(";", ",") + "Pier plan,The city wants a pier.\n"
    columns = {"title": "kopf", "text": "Inhalt"}
    [item] = _read(tmp_path / "a.csv", text, ImportFormat.CSV, columns=columns)
    assert isinstance(item, LabeledItem)
    assert (item.title, item.topics, item.relevant) == ("Pier plan", ("trade",), True)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (',"  ",2024-01-02,trade,yes,,', "empty-text"),
        ("A,b,,trade,yes,,", "no-date"),
        ("A,b,2 January,trade,yes,,", "no-date"),
        ("A,b,2024-01-02,sport,yes,,", "unknown-topic"),
        ("A,b,2024-01-02,trade,,,", "no-relevance"),
        ("A,b,2024-01-02,trade,perhaps,,", "no-relevance"),
    ],
)
def test_row_that_gives_no_item_is_refused_with_its_line(
    tmp_path: Path, row: str, reason: str
) -> None:
    found = _read(tmp_path / "a.csv", f"{CSV}{row}\n", ImportFormat.CSV, defaults=NONE)
    assert _reasons(found) == [(5, reason)]
    assert len(found) == 3


def test_table_without_topics_needs_them_told(tmp_path: Path) -> None:
    text = "text,date,relevant\nA pier is built.,2024-01-02,1\n"
    found = _read(tmp_path / "a.csv", text, ImportFormat.CSV, defaults=NONE)
    assert _reasons(found) == [(2, "no-topics")]


def test_dates_of_another_form_are_read_when_it_is_told(tmp_path: Path) -> None:
    text = "text,date\nA pier is built.,31/12/2023\n"
    defaults = Defaults(topics=(), relevant=False, date_format="%d/%m/%Y")
    [item] = _read(tmp_path / "a.csv", text, ImportFormat.CSV, defaults=defaults)
    assert isinstance(item, LabeledItem)
    assert item.published_on == date(2023, 12, 31)


def test_japanese_is_told_by_its_letters(tmp_path: Path) -> None:
    text = "text\n防衛省は新しい護衛艦を公開した。\nThe ministry showed a ship.\n"
    found = _read(tmp_path / "a.csv", text, ImportFormat.CSV)
    assert [one.language for one in found if isinstance(one, LabeledItem)] == ["ja", "en"]


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "is empty"), ("title,date\nA,b\n", "none of them known as the text")],
)
def test_table_without_what_it_needs_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _read(tmp_path / "a.csv", text, ImportFormat.CSV)


@pytest.mark.parametrize("columns", [{"text": "words"}, {"colour": "text"}])
def test_column_that_is_not_there_is_an_error(tmp_path: Path, columns: dict[str, str]) -> None:
    with pytest.raises(InputError, match=r"no (column 'words'|'colour' to name)"):
        _read(tmp_path / "a.csv", CSV, ImportFormat.CSV, columns=columns)


def test_very_long_cells_are_read(tmp_path: Path) -> None:
    [item] = _read(tmp_path / "a.csv", f"text\n{'word ' * 40_000}\n", ImportFormat.CSV)
    assert isinstance(item, LabeledItem)
    assert len(item.text) == 199_999


def test_each_bullet_of_an_issue_is_an_item(tmp_path: Path) -> None:
    first, second = _read(tmp_path / "a.md", DIGEST, ImportFormat.DIGEST)
    assert isinstance(first, LabeledItem)
    assert isinstance(second, LabeledItem)
    assert first.title == "Ministers settle who pays"
    assert first.text.endswith("Work begins soon.")
    assert (first.published_on, first.genre) == (date(2031, 1, 28), "digest-bullet")
    assert (first.topics, first.note) == (("trade",), "vol-4.2, item 1")
    assert first.story != second.story


def test_bullets_take_their_topics_from_a_table(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("topics,relevant\nbase-politics,yes\ndefense,no\n")
    defaults = Defaults(relevant=True)
    found = _read(tmp_path / "a.md", DIGEST, ImportFormat.DIGEST, defaults=defaults, labels=labels)
    told = [(one.topics, one.relevant) for one in found if isinstance(one, LabeledItem)]
    assert told == [(("base-politics",), True), (("defense",), False)]


def test_table_of_another_length_than_the_issue_is_an_error(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("topics\ntrade\n")
    with pytest.raises(InputError, match=r"has 1 rows but .* has 2 bullets"):
        _read(tmp_path / "a.md", DIGEST, ImportFormat.DIGEST, labels=labels)


def test_text_that_is_no_issue_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(DigestError, match=r"a\.md: no volume"):
        _read(tmp_path / "a.md", "words", ImportFormat.DIGEST)


def test_item_lines_are_read_as_they_are(tmp_path: Path) -> None:
    line = {"text": "A pier.", "published_on": "2024-01-02", "topics": ["trade"], "relevant": False}
    text = f"{json.dumps(line)}\nnot json\n"
    item, bad = _read(tmp_path / "a.jsonl", text, ImportFormat.JSONL, defaults=NONE)
    assert isinstance(item, LabeledItem)
    assert (item.topics, item.relevant) == (("trade",), False)
    assert isinstance(bad, RefusedRow)
    assert (bad.line, bad.reason) == (2, RowReason.UNREADABLE)


def _import(file: Path, folder: Path) -> tuple[int, int, list[str]]:
    done = sort_out(
        read_foreign(file, ImportFormat.CSV, defaults=NONE), items_but_decided([folder])
    )
    keep_items(folder, file.stem, done.items)
    return len(done.items), len(done.known), [row.reason.value for row in done.refused]


def test_importing_twice_adds_nothing(tmp_path: Path) -> None:
    folder, file = tmp_path / "labeled", tmp_path / "Our table.csv"
    folder.mkdir()
    file.write_text(CSV)
    assert _import(file, folder) == (2, 0, [])
    kept = (folder / "imported-our-table.jsonl").read_bytes()
    assert _import(file, folder) == (0, 2, [])
    assert (folder / "imported-our-table.jsonl").read_bytes() == kept
    assert len(read_items([folder])) == 2


def test_more_rows_are_added_behind(tmp_path: Path) -> None:
    folder, file = tmp_path / "labeled", tmp_path / "t.csv"
    folder.mkdir()
    file.write_text(CSV)
    _import(file, folder)
    file.write_text(CSV + "New,Another text.,2024-01-02,energy,no,en,\n")
    assert _import(file, folder) == (1, 2, [])
    assert len(read_items([folder])) == 3


def test_same_words_with_other_labels_are_refused(tmp_path: Path) -> None:
    folder, file = tmp_path / "labeled", tmp_path / "t.csv"
    folder.mkdir()
    file.write_text(CSV)
    _import(file, folder)
    file.write_text(CSV.replace(",yes,", ",no,"))
    assert _import(file, folder) == (0, 1, ["other-labels"])


def test_label_from_a_decision_gives_way_to_an_imported_one(tmp_path: Path) -> None:
    folder, file = tmp_path / "labeled", tmp_path / "t.csv"
    folder.mkdir()
    file.write_text(CSV)
    made = _read(tmp_path / "t2.csv", CSV.replace(",yes,", ",no,"), ImportFormat.CSV, defaults=NONE)
    write_items(folder / "from-decisions.jsonl", [m for m in made if isinstance(m, LabeledItem)])
    assert _import(file, folder) == (2, 0, [])
    assert [item.relevant for item in read_items([folder])].count(True) == 1
    assert (folder / "from-decisions.jsonl").read_bytes() == b""
