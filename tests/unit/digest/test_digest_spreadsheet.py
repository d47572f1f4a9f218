from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from alliance_nlp.digest import Column, render_csv, render_xlsx, safe_cell

COLUMNS = (Column(name="rank", width=6), Column(name="title", width=60), Column(name="last_on"))
ROWS = ((1, "Crews return to the piers", date(2031, 2, 4)), (-2.5, "桟橋の修理費", None))
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u200b=1", "＝1", "\n=1", "|x"]


def _sheet(rows: tuple[tuple[Any, ...], ...]) -> Any:
    return load_workbook(io.BytesIO(render_xlsx(COLUMNS, rows))).active


def _read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("text", FORMULAS)
def test_formula_gets_an_apostrophe(text: str) -> None:
    found = safe_cell(text)
    assert isinstance(found, str)
    assert found.startswith("'")


@pytest.mark.parametrize("text", ["Piers = jobs", "2-1", "a@b", "日本", ""])
def test_text_that_is_no_formula_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


@pytest.mark.parametrize("number", [-1, 2.5, date(2031, 2, 4), None])
def test_numbers_and_days_stay_what_they_are(number: Any) -> None:
    assert safe_cell(number) is number


def test_csv_has_a_head_and_the_rows() -> None:
    assert _read(render_csv(COLUMNS, ROWS)) == [
        ["rank", "title", "last_on"],
        ["1", "Crews return to the piers", "2031-02-04"],
        ["-2.5", "桟橋の修理費", ""],
    ]


def test_workbook_keeps_numbers_and_days() -> None:
    cells = [[cell.value for cell in row] for row in _sheet(ROWS).rows]
    assert cells[1][:2] == [1, "Crews return to the piers"]
    assert cells[1][2].date() == date(2031, 2, 4)
    assert cells[2] == [-2.5, "桟橋の修理費", None]


def test_workbook_freezes_its_head_and_sets_widths() -> None:
    sheet = _sheet(ROWS)
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["B"].width == pytest.approx(60, abs=1)


@pytest.mark.parametrize("text", [*FORMULAS, "{=1}", "https://a.example/=1", "0123"])
def test_workbook_holds_no_formula_and_no_link(text: str) -> None:
    sheet = _sheet(((1, text, None),))
    cell = sheet["B2"]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert not cell.value.startswith(("=", "+", "-", "@"))


def test_workbook_takes_a_word_of_a_megabyte() -> None:
    value = _sheet(((1, "w" * 1_000_000, None),))["B2"].value
    assert 10_000 < len(value) <= 32_767


def test_workbook_is_the_same_bytes_for_the_same_rows() -> None:
    assert render_xlsx(COLUMNS, ROWS) == render_xlsx(COLUMNS, ROWS)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_no_text_is_a_formula_in_either_form(text: str) -> None:
    value = _read(render_csv(COLUMNS, ((1, text, None),)))[1][1]
    assert not value.startswith(("=", "+", "-", "@", "\t", "\r"))
    cell = _sheet(((1, text, None),))["B2"]
    assert cell.data_type in ("s", "n")  # an empty text is an empty cell
    assert (cell.value or "") == value
