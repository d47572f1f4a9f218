"""One text's gold mentions against those found: what each of them came to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from alliance_nlp.core.types import Label, Mention
from alliance_nlp.learn.gold import GoldMention, GoldText

CONTEXT = 40


class Kind(StrEnum):
    """What became of a gold mention, of one found, or of the two together."""

    RIGHT = "right"
    LINK = "link"
    BOUNDARY = "boundary"
    LABEL = "label"
    MISSED = "missed"
    SPURIOUS = "spurious"


EXACT = frozenset({Kind.RIGHT, Kind.LINK})
OVERLAPPING = EXACT | {Kind.BOUNDARY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A gold mention and the mention found for it; one of them is absent where nothing matches.

    ``right`` and ``link`` are the same span under the same label, with the same entity or another;
    ``boundary`` is the same label over some of the same characters, ``label`` another label there.
    """

    kind: Kind
    gold: GoldMention | None = None
    found: Mention | None = None


def outcomes(text: GoldText, found: Iterable[Mention]) -> list[Outcome]:
    """Return what each mention came to; every one, gold or found, stands in exactly one outcome.

    Exact pairs are taken first, then overlapping pairs of one label, then overlapping pairs of
    whatever label, from left to right. The order of ``found`` does not matter.
    """
    gold = list(text.mentions)
    rest = sorted(found, key=lambda m: (m.start, m.end, m.label, m.entity_id))
    told = list(_take_exact(gold, rest))
    for label in Label:
        same_gold = [mention for mention in gold if mention.label is label]
        same_found = [mention for mention in rest if mention.label is label]
        told += _take_pairs(Kind.BOUNDARY, (same_gold, same_found), rest=(gold, rest))
    told += _take_pairs(Kind.LABEL, (list(gold), list(rest)), rest=(gold, rest))
    told += [Outcome(kind=Kind.MISSED, gold=mention) for mention in gold]
    told += [Outcome(kind=Kind.SPURIOUS, found=mention) for mention in rest]
    return sorted(told, key=_place)


def _place(outcome: Outcome) -> tuple[int, int, str]:
    mention = outcome.gold or outcome.found
    assert mention is not None
    return mention.start, mention.end, outcome.kind


def _take_exact(gold: list[GoldMention], rest: list[Mention]) -> Iterator[Outcome]:
    by_span = {(mention.start, mention.end, mention.label): mention for mention in reversed(rest)}
    for mention in list(gold):
        same = by_span.get((mention.start, mention.end, mention.label))
        if same is not None:
            gold.remove(mention)
            rest.remove(same)
            is_right = same.entity_id == (mention.entity_id or "")
            yield Outcome(kind=Kind.RIGHT if is_right else Kind.LINK, gold=mention, found=same)


def _take_pairs(
    kind: Kind,
    of: tuple[Sequence[GoldMention], Sequence[Mention]],
    *,
    rest: tuple[list[GoldMention], list[Mention]],
) -> Iterator[Outcome]:
    """Pair what overlaps, one to one; for mentions that do not overlap each other none is lost."""
    gold, found = of
    g = f = 0
    while g < len(gold) and f < len(found):
        one, other = gold[g], found[f]
        if one.start < other.end and other.start < one.end:
            rest[0].remove(one)
            rest[1].remove(other)
            yield Outcome(kind=kind, gold=one, found=other)
            g, f = g + 1, f + 1
        elif one.end <= other.end:
            g += 1
        else:
            f += 1


def error_row(text: GoldText, outcome: Outcome) -> dict[str, str]:
    """Return an error with what stands around it, on one line and the mention in ⟦ ⟧."""
    gold, found = outcome.gold, outcome.found
    mentions = [mention for mention in (gold, found) if mention is not None]
    start, end = min(m.start for m in mentions), max(m.end for m in mentions)
    before, after = text.text[max(0, start - CONTEXT) : start], text.text[end : end + CONTEXT]
    context = f"{before}⟦{text.text[start:end]}⟧{after}"
    return {
        "id": text.id,
        "kind": outcome.kind.value,
        "label": gold.label.value if gold else "",
        "surface": text.text[gold.start : gold.end] if gold else "",
        "entity_id": gold.entity_id or "" if gold else "",
        "found": text.text[found.start : found.end] if found else "",
        "found_label": found.label.value if found else "",
        "found_id": found.entity_id if found else "",
        "how": found.how if found else "",
        "context": context.replace("\n", " "),
    }


ERROR_COLUMNS = (
    "id", "kind", "label", "surface", "entity_id", "found", "found_label", "found_id", "how",
    "context",
)  # fmt: skip
