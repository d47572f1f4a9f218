"""From a row of foreign data to a labelled item, by the same rules for every format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from alliance_nlp.core.ids import short_hash, slug
from alliance_nlp.core.text import normal_text, one_line
from alliance_nlp.learn.corpus import LabeledItem
from alliance_nlp.learn.refusals import RefusedRow, RowReason
from alliance_nlp.learn.wording import language_of, topics_of, yes_or_no


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a foreign file says of one text; ``None`` and ``""`` where it says nothing.

    ``topics`` are the words of the file, ``relevant`` is its word for yes or no.
    """

    line: int
    text: str
    title: str = ""
    date: str = ""
    topics: Sequence[str] | None = None
    relevant: object = None
    language: str = ""
    genre: str = ""
    story: str = ""
    annotator: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What holds for rows that do not say it themselves; ``None`` leaves such a row refused.

    Attributes
    ----------
    topics, relevant, published_on
        The labels and the day.
    language
        ``""`` tells Japanese from English by its letters.
    genre, annotator
        As in the datasheet.
    date_format
        How dates are written, as for :meth:`datetime.datetime.strptime`; ISO 8601 without it.
    """

    topics: tuple[str, ...] | None = None
    relevant: bool | None = None
    published_on: date | None = None
    language: str = ""
    genre: str = "imported"
    annotator: str = "imported"
    date_format: str = ""


def text_key(title: str, text: str) -> str:
    """Return what tells whether two items have the same words: 16 hexadecimal digits."""
    return short_hash("labeled", one_line(title), normal_text(text))


def item_of(row: Row, defaults: Defaults) -> LabeledItem | RefusedRow:
    """Return the labelled item of a row, or why there is none."""
    title, text = one_line(row.title), normal_text(row.text)
    if not text:
        return RefusedRow(line=row.line, reason=RowReason.EMPTY_TEXT)
    topics = _topics(row, defaults)
    if isinstance(topics, RefusedRow):
        return topics
    relevant = _relevant(row, defaults)
    if isinstance(relevant, RefusedRow):
        return relevant
    published_on = _published_on(row, defaults)
    if isinstance(published_on, RefusedRow):
        return published_on
    key = text_key(title, text)
    return LabeledItem(
        id=f"own-{key}",
        title=title,
        text=text,
        published_on=published_on,
        language=row.language.strip().casefold() or defaults.language or language_of(text),
        genre=one_line(row.genre) or defaults.genre,
        topics=topics,
        relevant=relevant,
        story=slug(row.story) if row.story.strip() else f"own-{key}",
        annotator=one_line(row.annotator) or defaults.annotator,
        note=one_line(row.note),
    )


def _topics(row: Row, defaults: Defaults) -> tuple[str, ...] | RefusedRow:
    if row.topics is None:
        if defaults.topics is not None:
            return defaults.topics
        detail = "the row names no topics, nor does --topics"
        return RefusedRow(line=row.line, reason=RowReason.NO_TOPICS, detail=detail)
    topics, unknown = topics_of(row.topics)
    if unknown:
        detail = f"{unknown!r} is no topic of ours"
        return RefusedRow(line=row.line, reason=RowReason.UNKNOWN_TOPIC, detail=detail)
    return topics


def _relevant(row: Row, defaults: Defaults) -> bool | RefusedRow:
    said = row.relevant if row.relevant not in (None, "") else defaults.relevant
    relevant = yes_or_no(said) if said is not None else None
    if relevant is None:
        detail = f"{said!r} is neither yes nor no" if said is not None else ""
        return RefusedRow(line=row.line, reason=RowReason.NO_RELEVANCE, detail=detail)
    return relevant


def _published_on(row: Row, defaults: Defaults) -> date | RefusedRow:
    said = row.date.strip()
    if not said:
        if defaults.published_on is not None:
            return defaults.published_on
        detail = "the row has no date; give one with --date"
        return RefusedRow(line=row.line, reason=RowReason.NO_DATE, detail=detail)
    try:
        if defaults.date_format:
            return datetime.strptime(said, defaults.date_format).date()  # noqa: DTZ007 - a day
        return datetime.fromisoformat(said).date()
    except ValueError:
        detail = f"{said!r} is no date like 2024-04-14; tell its form with --date-format"
        return RefusedRow(line=row.line, reason=RowReason.NO_DATE, detail=detail)
