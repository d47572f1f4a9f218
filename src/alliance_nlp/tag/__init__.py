"""Tag: officials, exercises, ships, minerals and bases in texts, linked to a knowledge base.

Entity labels are those of :class:`alliance_nlp.core.types.Label`; spans are exact code points.
"""

from __future__ import annotations

from alliance_nlp.tag.kb import KnowledgeBase, load_knowledge_base
from alliance_nlp.tag.tagger import Tagger, TagInput, build_pipeline, tagger_version

__all__ = [
    "KnowledgeBase",
    "TagInput",
    "Tagger",
    "build_pipeline",
    "load_knowledge_base",
    "tagger_version",
]
