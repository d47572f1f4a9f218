"""The labelled items: JSON Lines, checked line by line, as values and as a pandas frame."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_nlp.classify import TARGETS, TOPICS, input_text
from alliance_nlp.core.errors import InputError
from alliance_nlp.core.ids import sha256_hex, short_hash
from alliance_nlp.learn.lines import read_objects


@dataclass(frozen=True, slots=True, kw_only=True)
class LabeledItem:
    """One labelled item; ``docs/datasheet.md`` tells what each field means."""

    id: str
    title: str
    text: str
    published_on: date
    language: str
    genre: str
    topics: tuple[str, ...]
    relevant: bool
    story: str
    annotator: str
    note: str = ""


_FIELDS = tuple(field.name for field in fields(LabeledItem))
_TEXT_FIELDS = ("id", "title", "text", "language", "genre", "story", "annotator", "note")


def read_items(folders: Sequence[Path]) -> tuple[LabeledItem, ...]:
    """Return the items of all ``*.jsonl`` files in these folders, sorted by id.

    Raises
    ------
    InputError
        If a line breaks the schema or two items share an id; the message names file and line.
    """
    items: dict[str, LabeledItem] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.jsonl")):
            for data, where in read_objects(path):
                item = parse_item(data, where)
                if item.id in items:
                    raise InputError(f"{where}: the id {item.id!r} is taken; give it another")
                items[item.id] = item
    return tuple(items[key] for key in sorted(items))


def parse_item(data: dict[str, Any], where: str) -> LabeledItem:
    """Return the item that an object of a line holds.

    Raises
    ------
    InputError
        If it breaks the schema; the message says where and how.
    """
    unknown = sorted(set(data) - set(_FIELDS))
    missing = [name for name in _FIELDS if name != "note" and name not in data]
    if unknown or missing:
        raise InputError(f"{where}: unknown fields {unknown}, missing fields {missing}")
    for name in _TEXT_FIELDS:
        if not isinstance(data.get(name, ""), str):
            raise InputError(f"{where}: {name} must be text, not {data[name]!r}")
    topics = data["topics"]
    if not isinstance(topics, list) or any(topic not in TOPICS for topic in topics):
        raise InputError(f"{where}: topics {topics!r} must be a list out of {', '.join(TOPICS)}")
    if not isinstance(data["relevant"], bool):
        raise InputError(f"{where}: relevant must be true or false, not {data['relevant']!r}")
    if not data["text"].strip():
        raise InputError(f"{where}: the text is empty")
    try:
        published_on = date.fromisoformat(data["published_on"])
    except (TypeError, ValueError) as error:
        raise InputError(f"{where}: published_on must look like 2024-04-14") from error
    return LabeledItem(**{**data, "topics": tuple(topics), "published_on": published_on})


def data_sha256(items: Sequence[LabeledItem]) -> str:
    """Return a hash of what the items say, independent of files and their order."""
    lines = [_line(item) for item in sorted(items, key=lambda item: item.id)]
    return sha256_hex("\n".join(lines).encode())


def item_hash(item: LabeledItem) -> str:
    """Return 16 hexadecimal digits that stand for all that an item says."""
    return short_hash(_line(item))


def _line(item: LabeledItem) -> str:
    return json.dumps(asdict(item), sort_keys=True, default=str, ensure_ascii=False)


def texts(items: Sequence[LabeledItem]) -> list[str]:
    """Return what a model reads of each item, shape (n_items,)."""
    return [input_text(item.title, item.text) for item in items]


def targets(items: Sequence[LabeledItem]) -> NDArray[np.int64]:
    """Return 0/1 targets, shape (n_items, n_targets): the topics, then relevance."""
    rows = [[*(topic in item.topics for topic in TOPICS), item.relevant] for item in items]
    return np.asarray(rows, dtype=np.int64).reshape(len(items), len(TARGETS))


def stories(items: Sequence[LabeledItem]) -> NDArray[Any]:
    """Return the story of each item, shape (n_items,); splits keep a story whole."""
    return np.asarray([item.story for item in items], dtype=object)


def frame(items: Sequence[LabeledItem]) -> pd.DataFrame:
    """Return the items as a frame, one row an item, with one boolean column a target."""
    table = pd.DataFrame([asdict(item) for item in items], columns=list(_FIELDS))
    table["published_on"] = pd.to_datetime(table["published_on"])
    for column, name in enumerate(TARGETS):
        table[f"is_{name.replace('-', '_')}"] = targets(items)[:, column].astype(bool)
    return table
