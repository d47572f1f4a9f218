"""What novelty reads, and what it reads it with.

The readers of texts are handed in, as :class:`Reading`: they live in other rooms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What novelty reads texts with.

    Attributes
    ----------
    events, bridge
        Unit-length rows of texts, in one language and across two.
    names, terms, shared
        The names in a text, the terms of a sentence in one language, and across two.
    spans
        Start and end of each sentence of a text.
    is_japanese
        Whether a text is Japanese; all others are taken for one language.
    """

    events: Callable[[Sequence[str]], Any]
    bridge: Callable[[Sequence[str]], Any]
    names: Callable[[str], Iterable[str]]
    terms: Callable[[str], Iterable[str]]
    shared: Callable[[str], Iterable[str]]
    spans: Callable[[str], Sequence[tuple[int, int]]]
    is_japanese: Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What was told, by an article or an item, and on which day."""

    title: str
    text: str
    on: date | None

    @property
    def joined(self) -> str:
        """The text with its title, which counts twice."""
        return f"{self.title}\n{self.title}\n{self.text}"
