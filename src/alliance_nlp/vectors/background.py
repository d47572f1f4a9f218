"""How many of the labelled items hold a term: what is rare in general, not just tonight.

In a handful of articles every word is rare. Counted together with a background corpus, the words
that any report of the field uses weigh little from the first night on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_TABLE = "background.tsv"
# Terms in fewer texts say little of the language, and there are ten times as many of them.
_LEAST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """Document frequencies of a corpus.

    Attributes
    ----------
    n_texts
        Texts in the corpus.
    counts
        By part of the vectors, such as ``"words"``: how many texts hold a term.
    """

    n_texts: int
    counts: Mapping[str, Mapping[str, int]]


def count_background(
    texts: Iterable[str], parts: Mapping[str, Callable[[str], Iterable[str]]]
) -> Background:
    """Count in how many texts each part's terms stand; terms in fewer than three are left out.

    Parameters
    ----------
    texts
        The corpus.
    parts
        What reads a text's terms, by part.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in parts}
    n_texts = 0
    for text in texts:
        n_texts += 1
        for name, read in parts.items():
            counts[name].update(set(read(text)))
    kept = {
        name: {term: n for term, n in sorted(found.items()) if n >= _LEAST}
        for name, found in counts.items()
    }
    return Background(n_texts=n_texts, counts=kept)


def write_background(background: Background) -> str:
    """Return the table of a background: its size, then part, term and count, tab-separated."""
    lines = [
        f"{name}\t{term}\t{n}"
        for name, found in background.counts.items()
        for term, n in found.items()
    ]
    return "\n".join([f"texts\t\t{background.n_texts}", *lines]) + "\n"


@cache
def read_background() -> Background:
    """Return the packaged background, counted in the labelled items."""
    text = (files("alliance_nlp.vectors") / _TABLE).read_text(encoding="utf-8")
    counts: dict[str, dict[str, int]] = {}
    n_texts = 0
    for line in text.splitlines():
        name, term, n = line.split("\t")
        if name == "texts":
            n_texts = int(n)
        else:
            counts.setdefault(name, {})[term] = int(n)
    return Background(n_texts=n_texts, counts=counts)
