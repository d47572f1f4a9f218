"""How entities stand in an article: where they are named, and how high the officials are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from alliance_nlp.core.types import Article, Label, Mention
from alliance_nlp.tag import KnowledgeBase, Official, offices_on

# A mention's weight by where it stands.
IN_TITLE, IN_LEAD, IN_TEXT = 3.0, 2.0, 1.0
_OTHER = 0.2
_RANKS: Mapping[float, str] = MappingProxyType(
    {
        1.0: "head-of-state head-of-government",
        0.8: (
            "deputy-head foreign-minister defense-minister trade-minister energy-minister "
            "finance-minister economic-security-minister industry-minister cabinet-minister "
            "chief-cabinet-secretary national-security-adviser"
        ),
        0.6: (
            "ambassador special-envoy combatant-commander fleet-commander force-commander "
            "service-chief chief-of-defense deputy-minister"
        ),
        0.4: "senator representative diet-member governor party-leader central-banker",
    }
)
OFFICE_RANKS: Mapping[str, float] = MappingProxyType(
    {kind: rank for rank, kinds in _RANKS.items() for kind in kinds.split()}
)
"""Rank of an office by its kind, 0 to 1; kinds that are not here have 0.2."""


def weighed_mentions(article: Article, mentions: Sequence[Mention]) -> dict[Label, float]:
    """Return the sum of an article's mentions by label, weighed by where they stand.

    The lead is the first paragraph. What the title names counts as much for the first mention of
    it in the text, since titles are not tagged.
    """
    lead_ends = len(article.text.partition("\n")[0])
    named: set[tuple[Label, str]] = set()
    sums: dict[Label, float] = {}
    for mention in sorted(mentions, key=lambda m: (m.start, m.end, m.label.value)):
        surface = article.text[mention.start : mention.end]
        weight = IN_LEAD if mention.start < lead_ends else IN_TEXT
        key = (mention.label, mention.entity_id or surface)
        if key not in named and surface and surface in article.title:
            named.add(key)
            weight = IN_TITLE
        sums[mention.label] = sums.get(mention.label, 0.0) + weight
    return sums


def officials_rank(kb: KnowledgeBase, mentions: Sequence[Mention], on: date | None) -> float:
    """Return the highest rank of an office that a mentioned official holds on a day, 0 to 1.

    One who holds none on it, or is not in the knowledge base, counts as another official.
    """
    people = {m.entity_id for m in mentions if m.label is Label.OFFICIAL}
    return max((_rank(kb, entity_id, on) for entity_id in people), default=0.0)


def _rank(kb: KnowledgeBase, entity_id: str, on: date | None) -> float:
    record = kb.records.get(entity_id)
    if not isinstance(record, Official) or on is None:
        return _OTHER
    return max(
        (OFFICE_RANKS.get(office.kind, _OTHER) for office in offices_on(record, on)),
        default=_OTHER,
    )
