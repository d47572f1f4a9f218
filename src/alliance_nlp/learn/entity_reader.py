"""Entities as features for the classifier's vectorizer."""

from __future__ import annotations

from typing import Any

from alliance_nlp.tag import Base, Official, Record, Ship, Tagger, TagInput, load_knowledge_base


class EntityReader:
    """Read a text's entities: their labels, and the countries of those that are known.

    For :class:`~alliance_nlp.vectors.ArticleVectorizer`'s ``reader``. A text is tagged for it,
    which costs more than all other features together. Pickles without the knowledge base, which is
    loaded again where it is used next.
    """

    def __init__(self) -> None:
        self._tagger: Tagger | None = None

    def __call__(self, text: str) -> list[str]:
        """Return ``OFFICIAL``, ``OFFICIAL:JP`` and the like, once for each mention."""
        if self._tagger is None:
            self._tagger = Tagger.load()
        records = load_knowledge_base().records
        [mentions] = self._tagger.tag([TagInput(article_id="", text=text)])
        features = [mention.label.value for mention in mentions]
        for mention in mentions:
            if country := _country(records.get(mention.entity_id)):
                features.append(f"{mention.label.value}:{country}")
        return features

    def __getstate__(self) -> dict[str, Any]:
        """Leave the tagger behind."""
        return {}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Start without a tagger."""
        self._tagger = None


def _country(record: Record | None) -> str:
    return record.country if isinstance(record, Official | Ship | Base) else ""
