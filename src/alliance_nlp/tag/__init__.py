"""Tag: officials, exercises, ships, minerals and bases in texts, linked to a knowledge base.

Entity labels are those of :class:`alliance_nlp.core.types.Label`; spans are exact code points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliance_nlp.core.lazily import lazily

if TYPE_CHECKING:
    from alliance_nlp.tag.components import build_pipeline
    from alliance_nlp.tag.general import GeneralTagger, general_tagger
    from alliance_nlp.tag.inputs import TagInput, tagger_version
    from alliance_nlp.tag.kb import KnowledgeBase, load_knowledge_base, rows_of
    from alliance_nlp.tag.kb_adding import add_row, add_rows, known_row, row_id
    from alliance_nlp.tag.kb_checking import Problem, check_knowledge_base
    from alliance_nlp.tag.kb_finding import find_records, near_names, offices_on
    from alliance_nlp.tag.records import Base, Exercise, Mineral, Office, Official, Record, Ship
    from alliance_nlp.tag.schema import TABLES, parse_role, parse_value
    from alliance_nlp.tag.tagger import Tagger

__all__ = [
    "TABLES",
    "Base",
    "Exercise",
    "GeneralTagger",
    "KnowledgeBase",
    "Mineral",
    "Office",
    "Official",
    "Problem",
    "Record",
    "Ship",
    "TagInput",
    "Tagger",
    "add_row",
    "add_rows",
    "build_pipeline",
    "check_knowledge_base",
    "find_records",
    "general_tagger",
    "known_row",
    "load_knowledge_base",
    "near_names",
    "offices_on",
    "parse_role",
    "parse_value",
    "row_id",
    "rows_of",
    "tagger_version",
]

# A run's own process needs the version alone; spaCy is for those that tag.
__getattr__ = lazily(
    __name__,
    {
        "TABLES": "schema",
        "Base": "records",
        "Exercise": "records",
        "GeneralTagger": "general",
        "KnowledgeBase": "kb",
        "Mineral": "records",
        "Office": "records",
        "Official": "records",
        "Problem": "kb_checking",
        "Record": "records",
        "Ship": "records",
        "TagInput": "inputs",
        "Tagger": "tagger",
        "add_row": "kb_adding",
        "add_rows": "kb_adding",
        "build_pipeline": "components",
        "check_knowledge_base": "kb_checking",
        "find_records": "kb_finding",
        "general_tagger": "general",
        "known_row": "kb_adding",
        "load_knowledge_base": "kb",
        "near_names": "kb_finding",
        "offices_on": "kb_finding",
        "parse_role": "schema",
        "parse_value": "schema",
        "row_id": "kb_adding",
        "rows_of": "kb",
        "tagger_version": "inputs",
    },
)
