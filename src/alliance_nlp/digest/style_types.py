"""What a rule of the house style is, what it finds, and how an editor counts words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["headline", "bullet", "sentence"]
KINDS: frozenset[Kind] = frozenset({"headline", "bullet", "sentence"})
# Where a check found something, and what should stand there; None where only an editor can tell.
Place = tuple[int, int, str | None]

_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff々〆]")
_HAS_WORD = re.compile(r"[^\W_]|[$%€£¥]")


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleRule:
    r"""A rule of the house style.

    Attributes
    ----------
    reason
        What an editor is told.
    find
        Where the rule is broken; either this or ``check``.
    replace
        What should stand there, with ``\1`` for the first group; ``None`` where only an editor
        can tell.
    check
        A function from a text to the places where the rule is broken.
    kinds
        Where the rule holds.
    holds_in_quotes
        Whether it holds inside quotation marks, where words are another's.
    """

    id: str
    reason: str
    find: re.Pattern[str] | None = None
    replace: str | None = None
    check: Callable[[str], Iterable[Place]] | None = None
    kinds: frozenset[Kind] = KINDS
    holds_in_quotes: bool = False

    def places(self, text: str) -> list[Place]:
        """Return where a text breaks the rule; a match of nothing is none."""
        found = list(self.check(text)) if self.check else []
        for match in self.find.finditer(text) if self.find else ():
            instead = None if self.replace is None else match.expand(self.replace)
            if match.end() > match.start() and instead != match.group():
                found.append((match.start(), match.end(), instead))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A place that breaks a rule: ``found`` is ``text[start:end]``.

    ``suggestion`` is what a one-key fix puts there, or ``None`` where there is no such fix.
    """

    rule_id: str
    start: int
    end: int
    found: str
    suggestion: str | None
    reason: str


def word_count(text: str) -> int:
    """Count words as an editor would: a dash alone is none, and two Japanese characters are one."""
    n_japanese = len(_JAPANESE.findall(text))
    rest = _JAPANESE.sub(" ", text)
    n_words = sum(1 for word in rest.split() if _HAS_WORD.search(word))
    return n_words + (n_japanese + 1) // 2
