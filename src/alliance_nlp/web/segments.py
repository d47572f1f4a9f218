"""An article's text cut at its mentions, so a template can mark them without touching HTML."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from alliance_nlp.core.types import Label, Mention

KINDS = {
    Label.OFFICIAL: "official",
    Label.EXERCISE: "exercise",
    Label.SHIP: "ship",
    Label.MINERAL: "mineral",
    Label.BASE: "base",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text; ``mention`` is ``None`` between mentions."""

    text: str
    mention: Mention | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Who or what mentions stand for: ``name`` is the fullest surface seen."""

    name: str
    kind: str
    entity_id: str
    n_mentions: int


def paragraphs(text: str, mentions: Sequence[Mention]) -> tuple[tuple[Segment, ...], ...]:
    """Return the text's paragraphs as segments; their surfaces, joined, are the paragraph.

    Of overlapping mentions the one that starts first is kept, then the longest. A mention that
    crosses a paragraph's end is marked up to that end; one outside the text is left out.
    """
    waiting = deque(sorted(mentions, key=lambda m: (m.start, -m.end)))
    found: list[tuple[Segment, ...]] = []
    start = 0
    for line in text.split("\n"):
        found.append(_segments(text, waiting, at=start, end=start + len(line)))
        start += len(line) + 1
    return tuple(found)


def _segments(text: str, waiting: deque[Mention], *, at: int, end: int) -> tuple[Segment, ...]:
    segments = []
    while waiting and waiting[0].start < end:
        mention = waiting.popleft()
        stop = min(mention.end, end)
        if mention.start < at or stop <= mention.start:
            continue
        if mention.start > at:
            segments.append(Segment(text[at : mention.start]))
        segments.append(Segment(text[mention.start : stop], mention))
        at = stop
    if at < end:
        segments.append(Segment(text[at:end]))
    return tuple(segments)


def entities(pairs: Sequence[tuple[str, Mention]]) -> tuple[Entity, ...]:
    """Return the entities behind (surface, mention) pairs, most mentioned first.

    Mentions without an entity id count as one entity when label and surface agree.
    """
    groups: dict[tuple[Label, str], list[tuple[str, Mention]]] = {}
    for surface, mention in pairs:
        key = (mention.label, mention.entity_id or f"surface:{surface.casefold()}")
        groups.setdefault(key, []).append((surface, mention))
    found = [
        Entity(
            name=max((surface for surface, _ in group), key=len),
            kind=KINDS[label],
            entity_id=group[0][1].entity_id,
            n_mentions=len(group),
        )
        for (label, _), group in groups.items()
    ]
    return tuple(sorted(found, key=lambda e: (-e.n_mentions, e.kind, e.name)))
