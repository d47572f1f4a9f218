"""Labelled items out of what an institution has: digest issues, CSV, annotation tools' exports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from alliance_nlp.core.errors import DigestError, InputError
from alliance_nlp.core.ids import slug
from alliance_nlp.digest import parse_issue
from alliance_nlp.learn import annotation, corpus
from alliance_nlp.learn.corpus import LabeledItem
from alliance_nlp.learn.deciding import DECISIONS_FILE, without_known
from alliance_nlp.learn.lines import read_objects
from alliance_nlp.learn.refusals import RefusedRow, RowReason
from alliance_nlp.learn.rows import Defaults, Row, item_of, text_key
from alliance_nlp.learn.tables import find_column, read_table, unguarded
from alliance_nlp.learn.wording import split_topics
from alliance_nlp.learn.writing import write_items

# The usual names of a CSV file's columns, by what they hold.
CSV_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "text": ("text", "body", "abstract"),
    "date": ("date", "published_on"),
    "topics": ("topics", "topic"),
    "relevant": ("relevant", "relevance"),
    "language": ("language", "lang"),
    "genre": ("genre",),
    "story": ("story",),
    "annotator": ("annotator",),
    "note": ("note",),
}


class ImportFormat(StrEnum):
    """Formats that labelled items are read from."""

    DIGEST = "digest"
    CSV = "csv"
    JSONL = "jsonl"
    LABEL_STUDIO = "label-studio"
    PRODIGY = "prodigy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of a file's rows: each is in exactly one of the three.

    Attributes
    ----------
    items
        New items.
    known
        Ids of items that were there before with the same words and labels.
    refused
        Rows that gave no item.
    """

    items: tuple[LabeledItem, ...]
    known: tuple[str, ...]
    refused: tuple[RefusedRow, ...]


def read_foreign(
    path: Path,
    form: ImportFormat,
    *,
    defaults: Defaults,
    columns: Mapping[str, str] | None = None,
    labels: Path | None = None,
) -> Iterator[tuple[int, LabeledItem] | RefusedRow]:
    """Yield (line, labelled item) of each row of a foreign file, or why there is none.

    Parameters
    ----------
    path
        The file.
    form
        Its format.
    defaults
        What holds for rows that do not say it themselves.
    columns
        Names of a CSV file's columns by role, see :data:`CSV_COLUMNS`.
    labels
        A CSV file with a row for each bullet of a digest in order, for its ``topics`` and
        ``relevant``.

    Raises
    ------
    InputError
        If the file cannot be read in this format.
    DigestError
        If no issue can be told from its text.
    """
    rows: Iterable[Row | RefusedRow]
    if form is ImportFormat.CSV:
        rows = _csv_rows(path, columns or {})
    elif form is ImportFormat.DIGEST:
        rows = _digest_rows(path, labels)
    else:
        rows = _READERS[form](path)
    for row in rows:
        item = item_of(row, defaults) if isinstance(row, Row) else row
        yield (row.line, item) if isinstance(item, LabeledItem) else item


def _csv_rows(path: Path, named: Mapping[str, str]) -> Iterator[Row]:
    if unknown := sorted(set(named) - set(CSV_COLUMNS)):
        roles = ", ".join(CSV_COLUMNS)
        raise InputError(f"there is no {unknown[0]!r} to name a column for; there are: {roles}")
    header, rows = read_table(path)
    found = {
        role: find_column(header, role, named=named, usual=usual)
        for role, usual in CSV_COLUMNS.items()
    }
    if found["text"] is None:
        raise InputError(
            f"{path} has the columns {', '.join(header)}, none of them known as the text; "
            "name it with --column text=NAME"
        )
    for line, cells in rows:
        given = {
            role: unguarded(cells[column]) for role, column in found.items() if column is not None
        }
        topics = given.pop("topics", None)
        relevant = given.pop("relevant", None)
        yield Row(
            line=line,
            topics=None if topics is None else split_topics(topics),
            relevant=relevant,
            **given,
        )


def _digest_rows(path: Path, labels: Path | None) -> Iterator[Row]:
    try:
        issue = parse_issue(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as UTF-8 text: {error}; mend the file") from error
    except DigestError as error:
        raise DigestError(f"{path}: {error}") from error
    told = _bullet_labels(labels) if labels else [{}] * len(issue.items)
    if len(told) != len(issue.items):
        raise InputError(
            f"{labels} has {len(told)} rows but {path} has {len(issue.items)} bullets; "
            "give each bullet one row, in order"
        )
    for number, (item, cells) in enumerate(zip(issue.items, told, strict=True), start=1):
        topics = cells.get("topics")
        yield Row(
            line=number,
            title=item.headline,
            text=item.bullet,
            date=issue.published_on.isoformat() if issue.published_on else "",
            topics=None if topics is None else split_topics(topics),
            relevant=cells.get("relevant"),
            genre="digest-bullet",
            story=cells.get("story") or f"{issue.id} item {number}",
            note=f"{issue.id}, item {number}",
        )


def _bullet_labels(path: Path) -> list[Mapping[str, str]]:
    header, rows = read_table(path)
    roles = ("topics", "relevant", "story")
    found = {role: find_column(header, role, named={}, usual=CSV_COLUMNS[role]) for role in roles}
    if found["topics"] is None:
        raise InputError(f"{path} has no column 'topics'; it has {', '.join(header)}")
    return [
        {role: cells[column] for role, column in found.items() if column is not None}
        for _, cells in rows
    ]


def _jsonl_rows(path: Path) -> Iterator[Row | RefusedRow]:
    for number, data in annotation.read_records(path):
        if not isinstance(data, dict):
            yield RefusedRow(line=number, reason=RowReason.UNREADABLE, detail="no JSON object")
            continue
        topics = data.get("topics")
        texts = {
            role: annotation.text_of(data, names)
            for role, names in CSV_COLUMNS.items()
            if role not in ("topics", "relevant")
        }
        yield Row(
            line=number,
            topics=[str(topic) for topic in topics] if isinstance(topics, list) else None,
            relevant=data.get("relevant"),
            **texts,
        )


_READERS: Mapping[ImportFormat, Callable[[Path], Iterator[Row | RefusedRow]]] = {
    ImportFormat.JSONL: _jsonl_rows,
    ImportFormat.LABEL_STUDIO: annotation.read_label_studio,
    ImportFormat.PRODIGY: annotation.read_prodigy,
}


def sort_out(
    found: Iterable[tuple[int, LabeledItem] | RefusedRow], known: Iterable[LabeledItem]
) -> Imported:
    """Return what is new among the rows, what was known, and what was refused.

    An item is known by its words. One that is known with other labels is refused: whose label
    holds is for a person to settle, in the file that has it.
    """
    there = {text_key(item.title, item.text): item for item in known}
    items: list[LabeledItem] = []
    same: list[str] = []
    refused: list[RefusedRow] = []
    for one in found:
        if isinstance(one, RefusedRow):
            refused.append(one)
            continue
        line, item = one
        before = there.setdefault(text_key(item.title, item.text), item)
        if before is item:
            items.append(item)
        elif (set(before.topics), before.relevant) == (set(item.topics), item.relevant):
            same.append(before.id)
        else:
            detail = f"{before.id} has the same words and other labels; settle it there"
            refused.append(RefusedRow(line=line, reason=RowReason.OTHER_LABELS, detail=detail))
    return Imported(items=tuple(items), known=tuple(same), refused=tuple(refused))


def keep_items(folder: Path, name: str, items: Sequence[LabeledItem]) -> Path:
    """Add items to ``imported-NAME.jsonl`` of a folder, which is whole at every moment.

    Labels that came from decisions on the same words give way to them.

    Raises
    ------
    InputError
        If a file cannot be read or written.
    """
    path = folder / f"imported-{slug(name)}.jsonl"
    made = folder / DECISIONS_FILE
    if items and made.exists():
        # First, so that no id stands in two files if this ends halfway.
        write_items(made, without_known(read_item_file(made), items))
    if items:
        write_items(path, items, after=_text_of(path))
    return path


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as UTF-8: {error}; mend the file") from error


def read_item_file(path: Path) -> list[LabeledItem]:
    """Return the labelled items of one file, in its order.

    Raises
    ------
    InputError
        If the file cannot be read or a line breaks the schema.
    """
    return [corpus.parse_item(data, where) for data, where in read_objects(path)]


def items_but_decided(folders: Sequence[Path]) -> tuple[LabeledItem, ...]:
    """Return the items of these folders but for those that came from decisions."""
    decided = {
        item.id
        for folder in folders
        if (folder / DECISIONS_FILE).exists()
        for item in read_item_file(folder / DECISIONS_FILE)
    }
    return tuple(item for item in corpus.read_items(folders) if item.id not in decided)
