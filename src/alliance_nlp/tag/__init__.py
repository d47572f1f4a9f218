"""Tag: officials, exercises, ships, minerals and bases in texts, linked to a knowledge base.

Entity labels are those of :class:`alliance_nlp.core.types.Label`; spans are exact code points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliance_nlp.core.lazily import lazily

if TYPE_CHECKING:
    from alliance_nlp.tag.inputs import TagInput, tagger_version
    from alliance_nlp.tag.kb import KnowledgeBase, load_knowledge_base
    from alliance_nlp.tag.tagger import Tagger, build_pipeline

__all__ = [
    "KnowledgeBase",
    "TagInput",
    "Tagger",
    "build_pipeline",
    "load_knowledge_base",
    "tagger_version",
]

# A run's own process needs the version alone; spaCy is for those that tag.
__getattr__ = lazily(
    __name__,
    {
        "KnowledgeBase": "kb",
        "TagInput": "inputs",
        "Tagger": "tagger",
        "build_pipeline": "tagger",
        "load_knowledge_base": "kb",
        "tagger_version": "inputs",
    },
)
