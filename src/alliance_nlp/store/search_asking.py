"""A search's terms in the language of each database's index."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Connection, text

from alliance_nlp.store.search_words import Term

_STEM = re.compile(r"'([a-z0-9]+)'")
_STEMS = text(
    "SELECT w.word, CAST(to_tsquery('article_words', '''' || w.word || '''') AS TEXT) AS stem "
    "FROM unnest(CAST(:words AS TEXT[])) AS w (word)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the index is asked.

    Attributes
    ----------
    words
        In SQLite the whole query; in PostgreSQL words that are still to be stemmed.
    exact
        In PostgreSQL what stands in the index as it is: pairs of words, ``""`` for none.
    order
        In PostgreSQL the phrases whose order the rows that are found must be looked at for,
        ``""`` where the index tells all.
    """

    words: str
    exact: str = ""
    order: str = ""


def ask(tx: Connection, terms: Sequence[Term]) -> Asked:
    """Return terms as the database's index is asked for them."""
    if tx.dialect.name == "sqlite":
        return Asked(words=_fts5(terms))
    stems = _stems(tx, [word for term in terms if len(term.words) > 1 for word in term.words])
    words, exact, order = [], [], []
    for term in terms:
        never = "!" if term.is_excluded else ""
        if len(term.words) == 1:
            words.append(f"{never}{_phrase(term, then=' & ')}")
            continue
        pairs = _pairs(term, stems)
        if len(pairs) == 1 and len(term.words) == 2:
            exact.append(f"{never}{pairs[0]}")
            continue
        order.append(f"{never}({_phrase(term, then=' <-> ')})")
        if not term.is_excluded:  # an excluded phrase's words may stand apart
            words.append(_phrase(term, then=" & "))
            exact += pairs
    return Asked(words=" & ".join(words), exact=" & ".join(exact), order=" & ".join(order))


def _fts5(terms: Sequence[Term]) -> str:
    def phrase(term: Term) -> str:
        return _phrase(term, then=" + ", quote='"', more=" *")

    found = " AND ".join(phrase(term) for term in terms if not term.is_excluded)
    return " NOT ".join([f"({found})", *(phrase(term) for term in terms if term.is_excluded)])


def _phrase(term: Term, *, then: str, quote: str = "'", more: str = ":*") -> str:
    # Words are letters and digits alone, so nothing in them can end the quotes.
    words = then.join(f"{quote}{word}{quote}" for word in term.words)
    return f"{words}{more if term.is_prefix else ''}"


def _stems(tx: Connection, words: Sequence[str]) -> dict[str, str]:
    """Return the stems of those words of which PostgreSQL makes just one that has pairs."""
    if not words:
        return {}
    rows = tx.execute(_STEMS, {"words": sorted(set(words))})
    found = {row.word: _STEM.fullmatch(row.stem) for row in rows}
    return {word: match[1] for word, match in found.items() if match}


def _pairs(term: Term, stems: Mapping[str, str]) -> list[str]:
    words = term.words[:-1] if term.is_prefix else term.words
    return [
        f"'{stems[first]} {stems[second]}'"
        for first, second in pairwise(words)
        if first in stems and second in stems
    ]
