"""indices for a store of millions, what waits as rows, and pairs of words in PostgreSQL's search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from alliance_nlp.store.search_index import refill_index

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ADDED = (
    ("ix_leads_state_seen_at", "leads", ["state", "seen_at"]),
    ("ix_fetches_run_id", "fetches", ["run_id"]),
    ("ix_fetches_asked_url", "fetches", ["asked_url"]),
    ("ix_steps_step_version", "steps", ["step", "version"]),
    ("ix_candidates_story_id", "candidates", ["story_id"]),
    ("ix_decisions_decided_at_id", "decisions", ["decided_at", "id"]),
    ("ix_decisions_reviewer_decided_at_id", "decisions", ["reviewer", "decided_at", "id"]),
    ("ix_audit_at_id", "audit", ["at", "id"]),
    ("ix_audit_who_at_id", "audit", ["who", "at", "id"]),
)
_TAKEN = (
    ("ix_leads_state", "leads", ["state"]),
    ("ix_fetches_role_id", "fetches", ["role", "id"]),
)
_FAILED = sa.text("outcome = 'failed'")

# What no step has settled yet had no row; a page that repeats its address's last one needs none.
_WAITING_ARTICLES = (
    "INSERT INTO steps (subject_id, step, version, outcome) "
    "SELECT a.id, w.step, '', 'waiting' FROM articles AS a "
    "CROSS JOIN (SELECT 'tag' AS step UNION ALL SELECT 'classify') AS w "
    "WHERE NOT EXISTS (SELECT 1 FROM steps AS s WHERE s.subject_id = a.id AND s.step = w.step)"
)
_WAITING_FETCHES = (
    "INSERT INTO steps (subject_id, step, version, outcome) "
    "SELECT 'fetch:' || CAST(f.id AS TEXT), 'extract', '', 'waiting' FROM fetches AS f "
    "LEFT JOIN fetches AS o ON o.id = f.repeats_id "
    "WHERE f.role = 'article' AND f.status BETWEEN 200 AND 299 "
    "AND (f.repeats_id IS NULL OR f.asked_url <> o.asked_url) "
    "AND NOT EXISTS (SELECT 1 FROM steps AS s "
    "WHERE s.subject_id = 'fetch:' || CAST(f.id AS TEXT) AND s.step = 'extract')"
)


def upgrade() -> None:
    """Go one revision forward."""
    for name, table, columns in _ADDED:
        op.create_index(name, table, columns)
    for name, table, _ in _TAKEN:
        op.drop_index(name, table)
    op.create_index(
        "ix_steps_failed",
        "steps",
        ["step", "subject_id"],
        sqlite_where=_FAILED,
        postgresql_where=_FAILED,
    )
    op.execute(_WAITING_ARTICLES)
    op.execute(_WAITING_FETCHES)
    if op.get_bind().dialect.name == "postgresql":
        refill_index(op.get_bind())


def downgrade() -> None:
    """Go one revision back."""
    op.execute("DELETE FROM steps WHERE outcome = 'waiting'")
    op.drop_index("ix_steps_failed", "steps")
    for name, table, columns in _TAKEN:
        op.create_index(name, table, columns)
    for name, table, _ in _ADDED:
        op.drop_index(name, table)
