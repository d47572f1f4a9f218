"""What can be made again from the archive, and forgetting it."""

from __future__ import annotations

from sqlalchemy import Connection, delete

from alliance_nlp.store import schema
from alliance_nlp.store.search_index import forget_index

# In the order in which rows refer to one another; decisions, story edits, issues with their
# versions, accounts and what is theirs, the audit, runs and visits stay.
_DERIVED = (
    schema.candidate_facets,
    schema.candidate_traits,
    schema.candidate_articles,
    schema.candidates,
    schema.told_before,
    schema.story_articles,
    schema.stories,
    schema.relevance,
    schema.topics,
    schema.mentions,
    schema.versions,
    schema.articles,
    schema.steps,
    schema.validators,
    schema.leads,
    schema.fetches,
    schema.archive_files,
)


def forget_derived(tx: Connection) -> None:
    """Delete all that the archive gives again."""
    forget_index(tx)
    for table in _DERIVED:
        tx.execute(delete(table))
    tx.execute(delete(schema.problems).where(schema.problems.c.stage != "collect"))
