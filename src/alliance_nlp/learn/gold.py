"""Gold texts: texts with marked entities, checked line by line, and what leaks between splits.

A file is JSON Lines with ``id``, ``text``, ``language``, ``published_on``, ``genre``, ``story``
and ``mentions``, each of these with ``start`` and ``end`` (code points), ``label`` and
``entity_id`` (of the knowledge base, or null). The folder a file lies in names its split.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.text import normal_text
from alliance_nlp.core.types import Label
from alliance_nlp.learn.lines import read_objects
from alliance_nlp.tag import KnowledgeBase, TagInput

DEV = "dev"
TEST = "test"
_TEXT_FIELDS = ("id", "text", "language", "published_on", "genre", "story")
_FIELDS = {*_TEXT_FIELDS, "mentions"}
_MENTION_FIELDS = {"start", "end", "label", "entity_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldMention:
    """A marked entity: ``text[start:end]``; ``entity_id`` is ``None`` where none is known."""

    start: int
    end: int
    label: Label
    entity_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldText:
    """A text with its entities, sorted by start and not overlapping.

    ``split`` is the name of the folder its file lies in, such as ``dev`` or ``test``; texts of one
    ``story`` tell of one event and share names.
    """

    id: str
    text: str
    language: str
    published_on: date
    genre: str
    story: str
    split: str
    mentions: tuple[GoldMention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaks:
    """What dev and the knowledge base tell of test.

    Attributes
    ----------
    stories
        Stories with texts in both splits, sorted.
    n_names
        Distinct names of test: surfaces by label, without regard to case.
    n_unseen
        Those of them that neither dev nor the knowledge base holds.
    """

    stories: tuple[str, ...]
    n_names: int
    n_unseen: int

    @property
    def unseen_share(self) -> float:
        """Share of unseen names, 0 to 1; 0 where test has no names."""
        return self.n_unseen / self.n_names if self.n_names else 0.0


def read_gold(paths: Iterable[Path], kb: KnowledgeBase | None = None) -> tuple[GoldText, ...]:
    """Return the texts of these files, and of all ``*.jsonl`` at any depth of these folders.

    Parameters
    ----------
    kb
        Where given, each ``entity_id`` must be in it, under the mention's label.

    Returns
    -------
    tuple of GoldText
        Sorted by id.

    Raises
    ------
    InputError
        Naming file, line and field, if a line breaks the schema; or if a path does not exist or
        holds no texts.
    """
    texts: dict[str, GoldText] = {}
    for path in sorted({file.resolve(): file for one in paths for file in _files(one)}.values()):
        for data, where in read_objects(path):
            text = _text(data, where, split=path.resolve().parent.name)
            if text.id in texts:
                raise InputError(f"{where}: id: {text.id!r} is taken; give the text another")
            if kb is not None:
                _check_links(text, kb, where=where)
            texts[text.id] = text
    return tuple(texts[key] for key in sorted(texts))


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise InputError(f"{path} does not exist; name a file of gold texts or a folder of them")
    files = sorted(path.rglob("*.jsonl"))
    if not files:
        raise InputError(f"{path} holds no *.jsonl file; name a folder with gold texts")
    return files


def _text(data: dict[str, Any], where: str, *, split: str) -> GoldText:
    _check_keys(data, _FIELDS, where=where)
    for name in _TEXT_FIELDS:
        if not isinstance(data[name], str) or not data[name].strip():
            raise InputError(f"{where}: {name}: must be text and not empty, not {data[name]!r}")
    try:
        published_on = date.fromisoformat(data["published_on"])
    except ValueError as error:
        raise InputError(f"{where}: published_on: must look like 2024-04-14") from error
    text = data["text"]
    if text != normal_text(text):
        raise InputError(
            f"{where}: text: is not normal text, so offsets would not be the tagger's; "
            "clean it with alliance_nlp.core.text.normal_text and mark it anew"
        )
    if not isinstance(data["mentions"], list):
        raise InputError(f"{where}: mentions: must be a list, not {data['mentions']!r}")
    mentions = tuple(_mentions(data["mentions"], text, where=where))
    named = {name: data[name] for name in ("id", "text", "language", "genre", "story")}
    return GoldText(**named, published_on=published_on, split=split, mentions=mentions)


def _check_keys(data: Any, keys: set[str], *, where: str) -> None:
    if not isinstance(data, dict):
        raise InputError(f"{where}: must be an object, not {data!r}")
    if data.keys() != keys:
        unknown, missing = sorted(data.keys() - keys), sorted(keys - data.keys())
        raise InputError(f"{where}: unknown fields {unknown}, missing fields {missing}")


def _mentions(rows: list[Any], text: str, *, where: str) -> list[GoldMention]:
    placed = [
        (_mention(row, text, where=f"{where}: mentions[{n}]"), n) for n, row in enumerate(rows)
    ]
    placed.sort(key=lambda pair: pair[0].start)
    for (before, _), (mention, n) in pairwise(placed):
        if mention.start < before.end:
            raise InputError(
                f"{where}: mentions[{n}].start: {text[mention.start : mention.end]!r} overlaps "
                f"{text[before.start : before.end]!r}; keep one of them"
            )
    return [mention for mention, _ in placed]


def _mention(row: Any, text: str, *, where: str) -> GoldMention:
    _check_keys(row, _MENTION_FIELDS, where=where)
    start, end, label, entity_id = (row[key] for key in ("start", "end", "label", "entity_id"))
    for name in ("start", "end"):
        # JSON's true is an int to Python.
        if type(row[name]) is not int or not 0 <= row[name] <= len(text):
            raise InputError(
                f"{where}.{name}: {row[name]!r} is no offset in a text of {len(text)} characters"
            )
    surface = text[start:end]
    if not surface or surface != surface.strip():
        raise InputError(
            f"{where}.end: the surface {surface!r} of {start} to {end} is empty or has outer "
            "blanks; mark the name alone"
        )
    if label not in list(Label):  # of whatever type JSON gave
        raise InputError(f"{where}.label: {label!r} is none of {', '.join(Label)}")
    if entity_id is not None and not (isinstance(entity_id, str) and entity_id):
        raise InputError(f"{where}.entity_id: {entity_id!r} must be an id or null")
    return GoldMention(start=start, end=end, label=Label(label), entity_id=entity_id)


def _check_links(text: GoldText, kb: KnowledgeBase, *, where: str) -> None:
    for mention in text.mentions:
        if mention.entity_id is None:
            continue
        at = f"{where}: entity_id of {text.text[mention.start : mention.end]!r}"
        if mention.entity_id not in kb.records:
            raise InputError(
                f"{at}: the knowledge base has no {mention.entity_id!r}; mend the id or put null"
            )
        label = kb.label(mention.entity_id)
        if label is not mention.label:
            raise InputError(
                f"{at}: {mention.entity_id!r} is of label {label}, not {mention.label}; "
                "mend the id or the label"
            )


def tag_inputs(texts: Iterable[GoldText]) -> Iterator[TagInput]:
    """Yield what a tagger is told of each text."""
    for text in texts:
        yield TagInput(
            article_id=text.id,
            text=text.text,
            language=text.language,
            published_on=text.published_on,
        )


def leaks(texts: Sequence[GoldText], kb: KnowledgeBase) -> Leaks:
    """Return the stories that dev and test share, and how many names of test are unseen."""
    dev = [text for text in texts if text.split == DEV]
    test = [text for text in texts if text.split == TEST]
    both = {text.story for text in dev} & {text.story for text in test}
    named = {name for text in test for name, _ in _names(text)}
    linked = {name for text in test for name, mention in _names(text) if mention.entity_id}
    seen = {name for text in dev for name, _ in _names(text)} | linked | _known_names(kb)
    return Leaks(stories=tuple(sorted(both)), n_names=len(named), n_unseen=len(named - seen))


def _names(text: GoldText) -> Iterator[tuple[tuple[Label, str], GoldMention]]:
    for mention in text.mentions:
        yield (mention.label, text.text[mention.start : mention.end].casefold()), mention


def _known_names(kb: KnowledgeBase) -> set[tuple[Label, str]]:
    return {
        (kb.label(record.id), name.casefold())
        for record in kb.records.values()
        for name in (record.name, *record.aliases, *record.ja, kb.name(record.id))
    }
