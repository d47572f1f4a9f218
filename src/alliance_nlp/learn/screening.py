"""Screened collections: tables with title, abstract and the decision of whoever screened them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alliance_nlp.classify import input_text
from alliance_nlp.core.errors import InputError
from alliance_nlp.learn.refusals import RefusedRow, RowReason
from alliance_nlp.learn.tables import find_column, read_table
from alliance_nlp.learn.wording import yes_or_no

# Names that reference managers and published screening data give these columns.
_USUAL = {
    "title": ("title", "primary_title", "article_title"),
    "text": ("abstract", "text", "abstract_note", "body"),
    "label": ("label", "label_included", "included", "included_label", "relevant", "decision"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """Texts and whether each is relevant, in one order, shape (n_documents,) both."""

    texts: tuple[str, ...]
    relevant: tuple[bool, ...]
    refused: tuple[RefusedRow, ...] = ()


def read_screening(
    path: Path, *, columns: Mapping[str, str] | None = None, delimiter: str = ""
) -> Screening:
    """Return the collection of a CSV file with a header.

    Parameters
    ----------
    path
        The file, UTF-8.
    columns
        Names of the columns for ``title``, ``text`` and ``label``; usual names are looked for in
        place of those that are not given. A label says yes or no: 1/0, yes/no, true/false,
        relevant/irrelevant, included/excluded.
    delimiter
        Between cells; without it a tab for ``.tsv`` and a comma else.

    Raises
    ------
    InputError
        If the file cannot be read, a role is unknown, or a column is not there.
    """
    named = dict(columns or {})
    if unknown := sorted(set(named) - set(_USUAL)):
        raise InputError(f"there is no {unknown[0]!r} to name a column for; {', '.join(_USUAL)}")
    header, rows = read_table(path, delimiter=delimiter)
    title, text, label = (
        find_column(header, role, named=named, usual=usual) for role, usual in _USUAL.items()
    )
    if label is None or (title is None and text is None):
        raise InputError(
            f"{path} has the columns {', '.join(header)}, none of them known as "
            f"{'the label' if label is None else 'title or text'}; "
            "name them with --column title=NAME, text=NAME or label=NAME"
        )
    texts, relevant, refused = [], [], []
    for line, row in rows:
        heading, body = (row[name] if name else "" for name in (title, text))
        decided = yes_or_no(row[label])
        if not (heading.strip() or body.strip()):
            refused.append(RefusedRow(line=line, reason=RowReason.EMPTY_TEXT))
        elif decided is None:
            detail = f"{row[label]!r} is neither yes nor no"
            refused.append(RefusedRow(line=line, reason=RowReason.NO_RELEVANCE, detail=detail))
        else:
            texts.append(input_text(heading, body))
            relevant.append(decided)
    return Screening(texts=tuple(texts), relevant=tuple(relevant), refused=tuple(refused))
