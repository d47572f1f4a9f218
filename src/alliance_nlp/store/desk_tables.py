"""The desk's tables: decisions and edits, accounts, audit, and the issues with their versions.

All but ``issues``, ``presences`` and ``sessions`` hold primary records, and of these decisions,
story edits, the audit, issue versions and frozen issues are append-only by triggers.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from alliance_nlp.store.columns import UtcTime, metadata

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("subject", Text, nullable=False, index=True),
    Column("verdict", Text, nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("decided_at", UtcTime, nullable=False),
    Column("note", Text, nullable=False),
    Column("seen_hash", Text, nullable=False),
    Column("topics", JSON(none_as_null=True)),  # those of a retopic
    Column("proposal", JSON(none_as_null=True)),  # what was shown with it, where that is known
    Column("undoes", Integer),  # the decision that it takes back
    Index("ix_decisions_decided_at_id", "decided_at", "id"),
    Index("ix_decisions_reviewer_decided_at_id", "reviewer", "decided_at", "id"),
)

story_edits = Table(
    "story_edits",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("moved", JSON, nullable=False),  # article id -> story id after
    Column("before", JSON, nullable=False),  # article id -> story id before
    Column("undoes", Integer),  # the edit that it takes back
    Column("reviewer", Text, nullable=False),
    Column("edited_at", UtcTime, nullable=False),
    Column("note", Text, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("right", Text, nullable=False),  # reader, analyst, editor, admin
    Column("password_hash", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("disabled_at", UtcTime),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),  # never the token itself
    Column("account", ForeignKey("accounts.name"), nullable=False, index=True),
    Column("opened_at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
)

# Without a reference to accounts: a single-user desk has none.
presences = Table(
    "presences",
    metadata,
    Column("account", Text, primary_key=True),
    Column("place", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

saved_views = Table(
    "saved_views",
    metadata,
    Column("account", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("query", Text, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("ix_audit_at_id", "at", "id"),
    Index("ix_audit_who_at_id", "who", "at", "id"),
)

# The newest version of each.
issues = Table(
    "issues",
    metadata,
    Column("id", Text, primary_key=True),
    Column("volume", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("published_on", Date),
    Column("since_on", Date),
    Column("until_on", Date),
    Column("state", Text, nullable=False),  # draft, in-review, signed-off, published
    Column("items", JSON, nullable=False),
    Column("footer", Text, nullable=False),
    UniqueConstraint("volume", "number"),
)

issue_versions = Table(
    "issue_versions",
    metadata,
    Column("issue_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("volume", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("published_on", Date),
    Column("since_on", Date),
    Column("until_on", Date),
    Column("state", Text, nullable=False),
    Column("items", JSON, nullable=False),
    Column("footer", Text, nullable=False),
    Column("editor", Text, nullable=False),
    Column("saved_at", UtcTime, nullable=False),
    Column("why", Text, nullable=False),
    Column("overrides", JSON, nullable=False),
)

# What a published issue rested on: its candidates, models and archive references.
frozen_issues = Table(
    "frozen_issues",
    metadata,
    Column("issue_id", Text, primary_key=True),
    Column("record", JSON, nullable=False),
)
