"""The tables that lists and searches read: made from the others, and made again with them.

The full-text index itself, ``article_search``, is no table of this metadata: SQLite has it as an
FTS5 table with tables of its own beside it, PostgreSQL as a table of ``tsvector``. Its rows go by
``search_rows.number``.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from alliance_nlp.store.columns import metadata

INDEX_NAME = "article_search"

# Every article has a number here, whether it is searched (the current version) or not.
search_rows = Table(
    "search_rows",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False, unique=True),
)

# What the newest ranking's stories are of.
candidate_traits = Table(
    "candidate_traits",
    metadata,
    Column("kind", Text, primary_key=True),  # topic, novelty, source, entity, emptied
    Column("value", Text, primary_key=True),
    Column("story_id", ForeignKey("stories.id"), primary_key=True, index=True),
    Column("n", Integer, nullable=False),  # articles, or an entity's mentions
    Column("surface", Text, nullable=False),  # an entity's longest
)

# How many stories have each trait.
candidate_facets = Table(
    "candidate_facets",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("n_stories", Integer, nullable=False),
    Column("surface", Text, nullable=False),  # an entity's longest
    Index("ix_candidate_facets_kind_n_stories", "kind", "n_stories"),
)

# The articles of the newest ranking's stories, by number.
candidate_articles = Table(
    "candidate_articles",
    metadata,
    Column("number", ForeignKey("search_rows.number"), primary_key=True),
    Column("story_id", ForeignKey("stories.id"), primary_key=True, index=True),
)


def is_of_index(name: str | None) -> bool:
    """Tell whether a table belongs to the full-text index, and so is not of the metadata."""
    return name is not None and name.startswith(INDEX_NAME)
