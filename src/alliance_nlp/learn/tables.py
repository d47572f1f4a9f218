"""CSV files with a header: their columns, and their rows with the lines they begin on."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from alliance_nlp.core.errors import InputError

# What a spreadsheet would run as a formula; an apostrophe before it makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# The module's own limit of 131,072 characters a cell is less than some articles have.
_CELL = 10_000_000


def read_table(
    path: Path, *, delimiter: str = ""
) -> tuple[tuple[str, ...], list[tuple[int, dict[str, str]]]]:
    """Return (columns, (line, cells by column) of each row); rows that are blank are passed.

    A short row has ``""`` in what it lacks, and what a long one has too much is dropped.

    Raises
    ------
    InputError
        If the file cannot be read, is not UTF-8, is no CSV or has no header.
    """
    if delimiter and len(delimiter) != 1:
        raise InputError(f"the delimiter {delimiter!r} must be one character")
    between = delimiter or ("\t" if path.suffix.casefold() == ".tsv" else ",")
    before = csv.field_size_limit(_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(_rows(csv.reader(stream, delimiter=between)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"{path} cannot be read as CSV in UTF-8: {error}; mend the file"
        ) from error
    finally:
        csv.field_size_limit(before)
    if not rows:
        raise InputError(f"{path} is empty; its first line must name the columns")
    columns = tuple(rows[0][1])
    return columns, [
        (line, {name: cells[i] if i < len(cells) else "" for i, name in enumerate(columns)})
        for line, cells in rows[1:]
    ]


def _rows(reader: Any) -> Iterator[tuple[int, list[str]]]:
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def find_column(
    columns: Sequence[str], role: str, *, named: Mapping[str, str], usual: Sequence[str]
) -> str | None:
    """Return the column for a role: the one named for it, else the first usual one that is there.

    Names are compared without regard to case and outer blanks.

    Raises
    ------
    InputError
        If the column named for the role is not there.
    """
    by_name = {column.strip().casefold(): column for column in reversed(columns)}
    for name in (named[role],) if role in named else usual:
        if name.strip().casefold() in by_name:
            return by_name[name.strip().casefold()]
    if role in named:
        raise InputError(
            f"there is no column {named[role]!r} for the {role}; there are: {', '.join(columns)}"
        )
    return None


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def unguarded(cell: str) -> str:
    """Return a cell as it was before it was guarded."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
