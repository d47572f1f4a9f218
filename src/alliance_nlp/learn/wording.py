"""What labels are called elsewhere: yes and no, topics, and the language of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from alliance_nlp.classify import TOPICS

_YES = frozenset("1 1.0 yes y true t relevant include included accept accepted in".split())
_NO = frozenset("0 0.0 no n false f excluded exclude reject rejected out".split()) | {
    "not relevant", "not-relevant", "not_relevant", "irrelevant", "non-relevant", "nonrelevant",
}  # fmt: skip
_NO_TOPIC = frozenset({"", "none", "no topic", "no-topic", "-", "other", "n/a"})
_BETWEEN = re.compile(r"[,;|\n]")
_KANA = re.compile(r"[\u3040-\u30ff]")


def yes_or_no(value: object) -> bool | None:
    """Return what a cell or a choice says, ``None`` when it is neither."""
    if isinstance(value, bool):
        return value
    word = " ".join(str(value).split()).casefold()
    return True if word in _YES else False if word in _NO else None


def topic_of(word: str) -> str | None:
    """Return our name of a topic, ``""`` for a word that says that there is none, else ``None``."""
    plain = " ".join(word.split()).casefold()
    slug = re.sub(r"[\s_]+", "-", plain)
    if slug in TOPICS:
        return slug
    return "" if plain in _NO_TOPIC else None


def split_topics(cell: str) -> list[str]:
    """Return the words of a cell such as ``"trade; base politics"``."""
    return [word.strip() for word in _BETWEEN.split(cell.strip("[] ")) if word.strip()]


def topics_of(words: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """Return (topics without repetition, in order; the first word that names none, or ``""``)."""
    found: dict[str, None] = {}
    for word in words:
        topic = topic_of(word.strip("'\" "))
        if topic is None:
            return (), word
        if topic:
            found[topic] = None
    return tuple(found), ""


def language_of(text: str) -> str:
    """Return ``"ja"`` where at least one character in twenty is kana, else ``"en"``."""
    return "ja" if len(_KANA.findall(text)) * 20 >= max(1, len(text)) else "en"
