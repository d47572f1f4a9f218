"""A trie over words: the longest entries of a vocabulary in a text, in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

V = TypeVar("V")
VALUE = ""  # words are never empty, so the empty key is free for the value


class Trie(Generic[V]):
    """Phrases, each a sequence of words, with lists of values.

    Attributes
    ----------
    root
        Words to nodes; a node's values stand under :data:`VALUE`.

    Parameters
    ----------
    shouting
        Whether a word in capitals (``MILIUS``) also stands for the capitalised one (``Milius``).
    """

    __slots__ = ("_shouting", "root")

    def __init__(self, *, shouting: bool = False) -> None:
        self.root: dict[str, Any] = {}
        self._shouting = shouting

    def add(self, phrase: Sequence[str], value: V) -> None:
        """Add a value to a phrase; a value already there is not doubled."""
        node = self.root
        for word in phrase:
            node = node.setdefault(word, {})
        values = node.setdefault(VALUE, [])
        if value not in values:
            values.append(value)

    def at(self, words: Sequence[str], start: int) -> tuple[int, list[V]] | None:
        """Return the end and the values of the longest phrase that begins at ``start``."""
        node = self.root
        best = None
        for index in range(start, len(words)):
            child = self._step(node, words[index])
            if child is None:
                break
            node = child
            if VALUE in node:
                best = (index + 1, node[VALUE])
        return best

    def get(self, phrase: Sequence[str]) -> list[V]:
        """Return the values of exactly this phrase."""
        found = self.at(phrase, 0)
        return found[1] if found and found[0] == len(phrase) else []

    def _step(self, node: dict[str, Any], word: str) -> dict[str, Any] | None:
        child: dict[str, Any] | None = node.get(word)
        if child is None and self._shouting and len(word) > 3 and word.isupper():
            child = node.get(word.capitalize())
        return child

    def first_words(self) -> set[str]:
        """Return the words with which phrases begin."""
        return set(self.root)

    def find(
        self, words: Sequence[str], places: Iterable[int] | None = None
    ) -> Iterator[tuple[int, int, list[V]]]:
        """Yield (start, end, values) of the longest phrases, left to right, not overlapping.

        Parameters
        ----------
        places
            Where phrases may begin, ascending; everywhere when ``None``.
        """
        # Nearly every word fails here, so nothing else is done for it.
        if places is None:
            places = [i for i, word in enumerate(words) if word in self.root]
        elif self._shouting:
            places = [i for i in places if words[i] in self.root or words[i].isupper()]
        else:
            places = [i for i in places if words[i] in self.root]
        free = 0
        for start in places:
            if start >= free and (found := self.at(words, start)) is not None:
                free = found[0]
                yield start, found[0], found[1]
