"""Tables for spreadsheets, CSV and XLSX, in which nothing from a page can be a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter

from alliance_nlp.core.text import one_line, shorten

Cell = str | int | float | date | None

# What a spreadsheet may run; East Asian settings take the wide signs for the narrow ones.
_FORMULA = tuple("=+-@|%\t\r\n＝＋－＠")
_LONGEST_CELL = 32_767  # Excel's limit, in UTF-16 units
_MADE_AT = datetime(2000, 1, 1)  # noqa: DTZ001 - the same table gives the same bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column's name and its width in characters."""

    name: str
    width: float = 12


def safe_cell(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula; numbers and dates stay what they are.

    A text that begins like a formula, maybe after spaces, gets an apostrophe before it.
    """
    if not isinstance(cell, str):
        return cell
    text = one_line(cell)
    is_risky = cell.lstrip(" \u3000\xa0").startswith(_FORMULA) or text.startswith(_FORMULA)
    return f"'{text}" if is_risky else text


def render_csv(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> str:
    """Return the table as CSV with CRLF line ends (RFC 4180)."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([column.name for column in columns])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return written.getvalue()


def render_xlsx(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, sheet: str = "Candidates"
) -> bytes:
    """Return the table as the bytes of an Excel workbook: head frozen, filter on, real dates."""
    written = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties({"title": sheet, "author": "alliance-nlp", "created": _MADE_AT})
        page = book.add_worksheet(sheet)
        head = book.add_format(
            {"bold": True, "font_color": "#FFFFFF", "bg_color": "#7D1C2B", "valign": "vcenter"}
        )
        text = book.add_format({"valign": "top", "text_wrap": True})
        number = book.add_format({"valign": "top"})
        day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"})
        for at, column in enumerate(columns):
            page.set_column(at, at, column.width)
            page.write_string(0, at, column.name, head)
        for line, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                _write(page, (line, at), cell, formats=(text, number, day))
        page.freeze_panes(1, 0)
        if columns:
            page.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    return written.getvalue()


def _write(
    page: xlsxwriter.worksheet.Worksheet,
    place: tuple[int, int],
    cell: Cell,
    *,
    formats: Sequence[object],
) -> None:
    text, number, day = formats
    if cell is None:
        page.write_blank(*place, None, number)
    elif isinstance(cell, str):
        page.write_string(*place, _fitting(str(safe_cell(cell))), text)
    elif isinstance(cell, date):
        page.write_datetime(*place, cell, day)
    else:
        page.write_number(*place, cell, number)


def _fitting(text: str) -> str:
    if len(text.encode("utf-16-le")) <= 2 * _LONGEST_CELL:
        return text
    return shorten(text, _LONGEST_CELL // 2)
