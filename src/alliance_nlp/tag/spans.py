"""Candidates and how they settle: sorted, not overlapping, the most specific wins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alliance_nlp.core.types import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A possible mention: ``text[start:end]`` in code points.

    Attributes
    ----------
    ids
        Entities of the knowledge base that it may be, best first or not yet judged.
    how
        The rule or table that found it.
    weight
        Among equally long candidates the heavier wins.
    """

    start: int
    end: int
    label: Label
    how: str
    ids: tuple[str, ...] = ()
    weight: int = 0


def settle(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return candidates that do not overlap, by start.

    Longer ones win; then the heavier, then the earlier; the result does not depend on the order
    in which they come.
    """
    ordered = sorted(
        candidates,
        key=lambda c: (c.start - c.end, -c.weight, c.start, c.label, c.how, c.ids),
    )
    chosen: list[Candidate] = []
    taken: set[int] = set()
    for candidate in ordered:
        span = range(candidate.start, candidate.end)
        if candidate.end > candidate.start and taken.isdisjoint(span):
            taken.update(span)
            chosen.append(candidate)
    return sorted(chosen, key=lambda c: c.start)
