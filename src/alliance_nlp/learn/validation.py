"""Checks of labelled data: schema, near-duplicates, leaks between splits, and balance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import InputError
from alliance_nlp.core.ids import is_slug
from alliance_nlp.core.text import clean, words
from alliance_nlp.learn.corpus import LabeledItem, parse_item
from alliance_nlp.learn.lines import parse_object
from alliance_nlp.learn.splits import Splits
from alliance_nlp.vectors import event_vectors

# Shared word triples from which two texts are one: among the packaged items no two share a ninth,
# and a text that was edited in a few places keeps more than half.
DUPLICATE_FROM = 0.5
# Cosine of content words from which two stories are taken for one event under two names: by their
# titles and leads, all ten such pairs among 1,540 items written apart told one event.
SAME_EVENT_FROM = 0.4
_BLOCK = 500
_MIN_CHARS = 20


class ProblemKind(StrEnum):
    """What is wrong."""

    SCHEMA = "schema"
    TAKEN_ID = "taken-id"
    CONTENT = "content"
    NEAR_DUPLICATE = "near-duplicate"
    SAME_EVENT = "same-event"
    LEAK = "leak"
    SPLIT = "split"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something to mend: its kind, the items or lines it is about, and what it is."""

    kind: ProblemKind
    subjects: tuple[str, ...]
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found.

    Attributes
    ----------
    n_items, n_stories
        Items that could be read, and their stories.
    problems
        What to mend; none means that the data are in order.
    balance
        Counts by table: ``topic``, ``primary``, ``relevant``, ``genre``, ``language``, ``year``,
        ``annotator``, ``split`` and ``note``, each ``{value: {"items", "relevant"}}``.
    """

    n_items: int
    n_stories: int
    problems: tuple[Problem, ...]
    balance: Mapping[str, Mapping[str, Mapping[str, int]]]

    def as_dict(self) -> dict[str, Any]:
        """Return the same as plain values for JSON."""
        return asdict(self)


def check_items(folders: Sequence[Path], splits: Splits, *, today: date | None = None) -> Checked:
    """Check the items of all ``*.jsonl`` files in these folders; nothing is raised for bad lines.

    Parameters
    ----------
    folders
        Folders of labelled items.
    splits
        The stories that are kept for the test.
    today
        Items dated later than this are in error; the present day unless told.

    Raises
    ------
    InputError
        If a file cannot be read at all.
    """
    items: dict[str, LabeledItem] = {}
    problems: list[Problem] = []
    for item, where in _read(folders, problems):
        if item.id in items:
            detail = f"{where}: the id is taken; give it another"
            problems.append(_problem(ProblemKind.TAKEN_ID, item.id, detail=detail))
        else:
            items[item.id] = item
    read = [items[key] for key in sorted(items)]
    for item in read:
        problems.extend(_of_content(item, today=today or now().date()))
    problems.extend(_of_pairs(read, splits))
    problems.extend(_of_splits(read, splits))
    return Checked(
        n_items=len(read),
        n_stories=len({item.story for item in read}),
        problems=tuple(problems),
        balance=balance(read, splits),
    )


def _problem(kind: ProblemKind, *subjects: str, detail: str) -> Problem:
    return Problem(kind=kind, subjects=subjects, detail=detail)


def _read(folders: Sequence[Path], problems: list[Problem]) -> Iterator[tuple[LabeledItem, str]]:
    for folder in folders:
        for path in sorted(folder.glob("*.jsonl")):
            try:
                lines = path.read_bytes().split(b"\n")
            except OSError as error:
                raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
            for number, line in enumerate(lines, start=1):
                where = f"{path.name}, line {number}"
                try:
                    if line.strip():
                        yield parse_item(parse_object(line, where), where), where
                except InputError as error:
                    problems.append(_problem(ProblemKind.SCHEMA, where, detail=str(error)))


def _of_content(item: LabeledItem, *, today: date) -> Iterator[Problem]:
    wrong = {
        "its text is shorter than any report": len(item.text.strip()) < _MIN_CHARS,
        "its title is empty": not item.title.strip(),
        "its title is its whole text": item.title.strip() == item.text.strip(),
        "its text holds characters that no store takes": clean(item.text) != item.text,
        "a topic stands in it twice": len(set(item.topics)) < len(item.topics),
        "its story is no slug such as naha-port-2023": not is_slug(item.story),
        "its language is no code such as en": not (
            item.language.isascii() and item.language.islower() and 2 <= len(item.language) <= 3
        ),
        "its genre is empty": not item.genre.strip(),
        "its annotator is not named": not item.annotator.strip(),
        f"it is dated {item.published_on}, which is to come": item.published_on > today,
    }
    for detail, is_wrong in wrong.items():
        if is_wrong:
            yield _problem(ProblemKind.CONTENT, item.id, detail=f"{detail}; mend it")


def _of_pairs(items: Sequence[LabeledItem], splits: Splits) -> Iterator[Problem]:
    for one, other, cosine in alike_pairs(items, least=SAME_EVENT_FROM):
        both, stories = (one.id, other.id), {one.story, other.story}
        shared = likeness(one, other)
        if shared >= DUPLICATE_FROM:
            detail = f"they share {shared:.0%} of their word triples; remove or rewrite one"
            yield _problem(ProblemKind.NEAR_DUPLICATE, *both, detail=detail)
        if len(stories) == 1 or frozenset(stories) in splits.apart:
            continue
        sides = splits.side_of(one.story), splits.side_of(other.story)
        detail = (
            f"{one.story} ({sides[0]}) and {other.story} ({sides[1]}) tell much the same (cosine "
            f"{cosine:.2f}); give them one name, or list the pair under 'apart' in splits.json"
        )
        kind = ProblemKind.SAME_EVENT if sides[0] == sides[1] else ProblemKind.LEAK
        yield _problem(kind, *both, detail=detail)


def alike_pairs(
    items: Sequence[LabeledItem], *, least: float
) -> Iterator[tuple[LabeledItem, LabeledItem, float]]:
    """Yield pairs of items with the cosine of their content words, from ``least`` on."""
    if not items:
        return
    X = event_vectors([f"{item.title}\n{item.text}" for item in items])
    for start in range(0, len(items), _BLOCK):
        block = (X[start : start + _BLOCK] @ X.T).tocoo()
        near = (block.data >= least) & (block.row + start < block.col)
        pairs = zip(block.row[near] + start, block.col[near], block.data[near], strict=True)
        for one, other, cosine in sorted((int(i), int(j), float(c)) for i, j, c in pairs):
            yield items[one], items[other], cosine


def likeness(one: LabeledItem, other: LabeledItem) -> float:
    """Return the Jaccard index of two texts' triples of words, or of characters in Japanese."""
    first, second = _triples(one), _triples(other)
    union = first | second
    return len(first & second) / len(union) if union else 1.0


def _triples(item: LabeledItem) -> set[tuple[str, ...]]:
    parts = list("".join(item.text.split())) if item.language == "ja" else words(item.text)
    size = min(3, len(parts)) or 1
    return {tuple(parts[i : i + size]) for i in range(len(parts) - size + 1)}


def _of_splits(items: Sequence[LabeledItem], splits: Splits) -> Iterator[Problem]:
    there = {item.story for item in items}
    for story in sorted(splits.test - there):
        detail = "the test names this story, but no item tells it; take it off or restore its items"
        yield _problem(ProblemKind.SPLIT, story, detail=detail)
    if not splits.test:
        return
    for value, name in ((True, "relevant"), (False, "not relevant")):
        if not any(splits.is_test(i.story) and i.relevant is value for i in items):
            detail = f"the test has no item that is {name}; add stories to it"
            yield _problem(ProblemKind.SPLIT, name, detail=detail)


def balance(items: Sequence[LabeledItem], splits: Splits) -> dict[str, dict[str, dict[str, int]]]:
    """Return how many items, and how many relevant ones, have each value of each kind."""
    values: dict[str, list[list[str]]] = {
        "topic": [list(item.topics) or ["none"] for item in items],
        "primary": [[item.topics[0] if item.topics else "none"] for item in items],
        "relevant": [["yes" if item.relevant else "no"] for item in items],
        "genre": [[item.genre] for item in items],
        "language": [[item.language] for item in items],
        "year": [[str(item.published_on.year)] for item in items],
        "annotator": [[item.annotator] for item in items],
        "split": [[splits.side_of(item.story)] for item in items],
        "note": [["given" if item.note.strip() else "empty"] for item in items],
    }
    relevant = np.asarray([item.relevant for item in items], dtype=bool)
    tables: dict[str, dict[str, dict[str, int]]] = {}
    for kind, rows in values.items():
        counts = Counter(value for row in rows for value in row)
        bearing = Counter(
            v for row, bears in zip(rows, relevant, strict=True) if bears for v in row
        )
        tables[kind] = {
            value: {"items": counts[value], "relevant": bearing[value]} for value in sorted(counts)
        }
    return tables
