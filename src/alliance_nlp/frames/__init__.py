"""A workspace as pandas frames, each column with its stated type, empty tables too.

Every function takes a :class:`~alliance_nlp.workspace.Workspace`, a path to one, or nothing for
the one at or above the working folder, and reads SQLite and PostgreSQL alike. It raises
:class:`~alliance_nlp.core.errors.WorkspaceError` where there is no workspace,
:class:`~alliance_nlp.core.errors.ConfigError` where its settings are wrong, and
:class:`~alliance_nlp.core.errors.StoreError` where its database cannot be read.
"""

from alliance_nlp.frames.results import (
    articles,
    candidates,
    decisions,
    members,
    mentions,
    reasons,
    relevance,
    stories,
    topics,
)
from alliance_nlp.frames.runs import fetches, ledger, problems, runs, visits

__all__ = [
    "articles",
    "candidates",
    "decisions",
    "fetches",
    "ledger",
    "members",
    "mentions",
    "problems",
    "reasons",
    "relevance",
    "runs",
    "stories",
    "topics",
    "visits",
]
