"""Saved text and JSON records: the same article without markup."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alliance_nlp.core.text import normal_text, one_line, shorten
from alliance_nlp.extract.boilerplate import Known, trim
from alliance_nlp.extract.origin import credit_in
from alliance_nlp.extract.prose import ends_sentence, is_prose, n_words, sentence
from alliance_nlp.extract.related import Story, announces_others, is_stamp, part

# "WASHINGTON, D.C. (Reuters) - ", as agencies and offices begin.
_PLACE = re.compile(
    r"^\s*[A-Z][\w.’']*(?:,? [A-Z][\w.’']*){0,4}(?:,? \d{1,2})?\s*"
    r"(?:\([^)]{1,20}\))?\s+[-–—]+\s+(?=\S)"
)
_LONGEST_TITLE = 150
_LONGEST_DERIVED = 110
_HEAD_LINES = 10
_MOST_LINES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainStory:
    """What a text without markup tells of its article."""

    title: str
    lines: tuple[str, ...]
    head: tuple[str, ...]
    stories: tuple[Story, ...] = ()
    outlet: str = ""


def read_text(text: str) -> PlainStory:
    """Read saved text: headline, main text, stories glued beneath it, original outlet."""
    lines = normal_text(text).split("\n", _MOST_LINES)[:_MOST_LINES]
    parts = part(lines)
    main = list(parts.main)
    title, start = _title(main)
    head = main[:_HEAD_LINES]
    body = [line for line in main[start:] if not is_stamp(line)]
    if parts.is_aggregator:
        # What stands between headline and first sentence there is the page's, not the story's.
        first = next((i for i, line in enumerate(body[:_HEAD_LINES]) if is_prose(line)), 0)
        body = body[first:]
    body = list(trim(body, Known(titles=(title,))).lines)
    outlet = parts.stamp.outlet if parts.stamp else ""
    return PlainStory(
        title=title or derived_title("\n".join(body)),
        lines=tuple(body),
        head=tuple(head),
        stories=parts.stories,
        outlet=credit_in(body) or outlet or credit_in((), around=head),
    )


def read_record(body: str) -> Mapping[str, Any] | None:
    """Read one line of JSON Lines; ``None`` when it is no JSON object."""
    try:
        record = json.loads(body, strict=False)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def is_json(body: str) -> bool:
    """Tell whether a body is a JSON value."""
    try:
        json.loads(body, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def field(record: Mapping[str, Any], *names: str) -> str:
    """Return the first of these fields that holds a text or a number, as a string."""
    for name in names:
        value = record.get(name)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value):
            return str(value)
    return ""


def derived_title(text: str) -> str:
    """Return the first line if it reads as a headline, else the first sentence, shortened."""
    first, *others = [line for line in text.split("\n") if line.strip()] or [""]
    if others and is_headline(first, others[0]):
        return one_line(first)
    bare = _PLACE.sub("", first, count=1)
    return shorten(one_line(sentence(bare or first)), _LONGEST_DERIVED)


def is_headline(line: str, following: str = "") -> bool:
    """Tell whether a first line reads as a headline: short, no full stop, and text after it."""
    return (
        3 <= len(line) <= _LONGEST_TITLE
        and n_words(line) <= 30
        and not (
            ends_sentence(line)
            and not line.rstrip().endswith(("?", "？", "!", "！", "”", "'", "’", "」", ")", "）"))
        )
        and bool(following)
        and not announces_others(line)
    )


def _title(lines: list[str]) -> tuple[str, int]:
    """Return the headline and the line after it; ``("", 0)`` when the text begins at once."""
    for i in range(min(_HEAD_LINES, len(lines) - 1)):
        if lines[i] == lines[i + 1] and n_words(lines[i]) > 2 and not is_prose(lines[i], least=30):
            return one_line(lines[i]), i + 2
    following = lines[1] if len(lines) > 1 else ""
    if lines and is_headline(lines[0], following):
        return one_line(lines[0]), 1
    return "", 0
