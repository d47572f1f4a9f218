"""The tables, as SQLAlchemy Core metadata; :mod:`alliance_nlp.store.migrations` builds them.

Text columns hold clean text only (:func:`alliance_nlp.core.text.clean`): PostgreSQL refuses NUL.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from alliance_nlp.store.columns import UtcTime, metadata
from alliance_nlp.store.desk_tables import (
    accounts,
    audit,
    decisions,
    frozen_issues,
    issue_versions,
    issues,
    presences,
    saved_views,
    sessions,
    story_edits,
)
from alliance_nlp.store.search_tables import (
    candidate_articles,
    candidate_facets,
    candidate_traits,
    search_rows,
)

__all__ = [
    "UtcTime",
    "accounts",
    "archive_files",
    "articles",
    "audit",
    "candidate_articles",
    "candidate_facets",
    "candidate_traits",
    "candidates",
    "decisions",
    "fetches",
    "frozen_issues",
    "issue_versions",
    "issues",
    "leads",
    "ledger",
    "mentions",
    "metadata",
    "presences",
    "problems",
    "relevance",
    "runs",
    "saved_views",
    "search_rows",
    "sessions",
    "steps",
    "stories",
    "story_articles",
    "story_edits",
    "told_before",
    "topics",
    "validators",
    "versions",
    "visits",
]

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("command", Text, nullable=False),
    Column("as_of", UtcTime, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("state", Text, nullable=False),  # running, done, done-with-failures, interrupted
    Column("ranked_at", UtcTime),  # the end of the window that it ranked, if it did
)

ledger = Table(
    "ledger",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("n_in", Integer, nullable=False),
    Column("n_out", Integer, nullable=False),
    Column("n_rejected", Integer, nullable=False),
    Column("n_failed", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("n_bytes", BigInteger, nullable=False, server_default=text("0")),
    Column("reasons", JSON, nullable=False),
)

visits = Table(
    "visits",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("source_id", Text, primary_key=True, index=True),
    Column("at", UtcTime, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("n_listed", Integer, nullable=False),
    Column("n_new", Integer, nullable=False),
    Column("n_failed", Integer, nullable=False),
    Column("n_bytes", BigInteger, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("newest_at", UtcTime),
    Column("moved_to", Text, nullable=False),
    Column("detail", Text, nullable=False),
)

problems = Table(
    "problems",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run_id", ForeignKey("runs.id"), nullable=False, index=True),
    Column("stage", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("failed", Boolean, nullable=False),
)

archive_files = Table(
    "archive_files",
    metadata,
    Column("file", Text, primary_key=True),
    Column("committed_bytes", BigInteger, nullable=False),
)

leads = Table(
    "leads",
    metadata,
    Column("key", Text, primary_key=True),  # canonical URL, or a hash where there is none
    Column("source_id", Text, nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("published", Text, nullable=False),
    Column("updated", Text, nullable=False, server_default=text("''")),
    Column("outlet", Text, nullable=False, server_default=text("''")),
    Column("seen_at", UtcTime, nullable=False),
    Column("asked_at", UtcTime),
    Column("state", Text, nullable=False),  # pending, fetched, refused, noted
    Column("n_tries", Integer, nullable=False),
    Index("ix_leads_state_seen_at", "state", "seen_at"),
)

fetches = Table(
    "fetches",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run_id", ForeignKey("runs.id"), nullable=False, index=True),
    Column("source_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("asked_url", Text, nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("lead_key", Text, index=True),
    Column("status", Integer, nullable=False),
    Column("fetched_at", UtcTime, nullable=False),
    Column("payload_sha256", Text, nullable=False, index=True),
    Column("n_bytes", BigInteger, nullable=False, server_default=text("0")),
    Column("repeats_id", Integer),  # the fetch whose payload it repeats
    Column("file", Text, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    UniqueConstraint("file", "offset"),
)

validators = Table(
    "validators",
    metadata,
    Column("url", Text, primary_key=True),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
)

steps = Table(
    "steps",
    metadata,
    Column("subject_id", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("version", Text, nullable=False),  # "" while it waits
    Column("outcome", Text, nullable=False),  # waiting, out, rejected, failed
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("detail", Text, nullable=False, server_default=text("''")),
    Index("ix_steps_step_version", "step", "version"),
    Index(
        "ix_steps_failed",
        "step",
        "subject_id",
        sqlite_where=text("outcome = 'failed'"),
        postgresql_where=text("outcome = 'failed'"),
    ),
)

articles = Table(
    "articles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("url", Text, nullable=False, index=True),
    Column("link", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("published_at", UtcTime),
    Column("published_precision", Text),
    Column("published_found", Text),
    Column("published_where", Text),
    Column("published_on", Date),  # in the publisher's own zone
    Column("language", Text, nullable=False),
    Column("outlet", Text, nullable=False),
    Column("flags", JSON, nullable=False),
    Column("fetch_id", ForeignKey("fetches.id"), nullable=False, index=True),
    Column("fetched_at", UtcTime, nullable=False),
    Column("dated_at", UtcTime, nullable=False, index=True),  # published, else fetched
    Column("is_current", Boolean, nullable=False),
    Column("superseded_by", Text),
    Column("withdrawn_at", UtcTime),
    Column("withdrawn_why", Text),
)

# Every change of an article's text, in order: an edit that is undone shows as three rows.
versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("url", Text, nullable=False, index=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("fetch_id", ForeignKey("fetches.id"), nullable=False),
    Column("seen_at", UtcTime, nullable=False),
)

mentions = Table(
    "mentions",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("label", Text, nullable=False),
    Column("entity_id", Text, nullable=False, index=True),
    Column("how", Text, nullable=False),
)

topics = Table(
    "topics",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("label", Text, primary_key=True),
    Column("score", Float, nullable=False),
    Column("holds", Boolean, nullable=False),
    Column("model_id", Text, nullable=False),
)

relevance = Table(
    "relevance",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("score", Float, nullable=False),
    Column("relevant", Boolean, nullable=False),
    Column("model_id", Text, nullable=False),
)

stories = Table(
    "stories",
    metadata,
    Column("id", Text, primary_key=True),
    Column("representative_id", ForeignKey("articles.id"), nullable=False),
    Column("first_at", UtcTime),
    Column("last_at", UtcTime, index=True),
    Column("novelty", Text, nullable=False),
)

story_articles = Table(
    "story_articles",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("story_id", ForeignKey("stories.id"), primary_key=True, index=True),
    Column("position", Integer, nullable=False),
    Column("further", Boolean, nullable=False, server_default=false()),  # at home in another
)

candidates = Table(
    "candidates",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("story_id", ForeignKey("stories.id"), primary_key=True, index=True),
    Column("rank", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("logit", Float, nullable=False),
    Column("reasons", JSON, nullable=False),
    Index("ix_candidates_run_id_rank", "run_id", "rank", "story_id"),
)

# What a story that is not new hangs on.
told_before = Table(
    "told_before",
    metadata,
    Column("story_id", ForeignKey("stories.id"), primary_key=True),
    Column("issue_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("earlier_story_id", Text, nullable=False),
    Column("told_on", Date),
    Column("affinity", Float, nullable=False),
    Column("new", JSON, nullable=False),  # [article id, start, end] of each new sentence
)
