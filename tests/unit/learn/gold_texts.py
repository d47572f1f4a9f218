"""Gold texts for the tests, written with their marks: ``[S JS Kongo|kongo]``, ``[O Quill]``."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from alliance_nlp.core.types import Label, Mention
from alliance_nlp.learn import GoldMention, GoldText

LABELS = {label.value[0]: label for label in Label}
MARK = re.compile(r"\[([OESMB]) ([^\]|]+)(?:\|([^\]]+))?\]")


def unmarked(marked: str) -> tuple[str, list[tuple[int, int, Label, str]]]:
    """Return the text without marks, and the spans."""
    text, spans, at = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[at : match.start()]
        end = len(text) + len(match[2])
        spans.append((len(text), end, LABELS[match[1]], match[3] or ""))
        text, at = text + match[2], match.end()
    return text + marked[at:], spans


def gold(marked: str, **changes: Any) -> GoldText:
    text, spans = unmarked(marked)
    mentions = tuple(
        GoldMention(start=start, end=end, label=label, entity_id=entity_id or None)
        for start, end, label, entity_id in spans
    )
    fields = {"id": "a", "language": "en", "genre": "wire", "story": "a", "split": "dev", **changes}
    return GoldText(text=text, published_on=date(2024, 4, 14), mentions=mentions, **fields)


def found(marked: str) -> tuple[Mention, ...]:
    _, spans = unmarked(marked)
    return tuple(
        Mention(article_id="a", start=start, end=end, label=label, entity_id=entity_id, how="test")
        for start, end, label, entity_id in spans
    )
