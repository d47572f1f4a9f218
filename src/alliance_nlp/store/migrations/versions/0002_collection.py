"""visits, versions, withdrawals, repeated payloads, quarantine reasons."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from alliance_nlp.store.schema import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_EMPTY = sa.text("''")
_NONE = sa.text("0")


def _added() -> dict[str, list[sa.Column[Any]]]:
    return {
        "runs": [sa.Column("ranked_at", UtcTime(), nullable=True)],
        "ledger": [sa.Column("n_bytes", sa.BigInteger(), nullable=False, server_default=_NONE)],
        "leads": [
            sa.Column("updated", sa.Text(), nullable=False, server_default=_EMPTY),
            sa.Column("outlet", sa.Text(), nullable=False, server_default=_EMPTY),
            sa.Column("asked_at", UtcTime(), nullable=True),
        ],
        "fetches": [
            sa.Column("n_bytes", sa.BigInteger(), nullable=False, server_default=_NONE),
            sa.Column("repeats_id", sa.Integer(), nullable=True),
        ],
        "steps": [
            sa.Column("reason", sa.Text(), nullable=False, server_default=_EMPTY),
            sa.Column("detail", sa.Text(), nullable=False, server_default=_EMPTY),
        ],
        "articles": [
            sa.Column("published_on", sa.Date(), nullable=True),
            sa.Column("withdrawn_at", UtcTime(), nullable=True),
            sa.Column("withdrawn_why", sa.Text(), nullable=True),
        ],
    }


def upgrade() -> None:
    """Go one revision forward."""
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    _make_visits()
    _make_versions()
    _fill()


def _make_visits() -> None:
    op.create_table(
        "visits",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("n_listed", sa.Integer(), nullable=False),
        sa.Column("n_new", sa.Integer(), nullable=False),
        sa.Column("n_failed", sa.Integer(), nullable=False),
        sa.Column("n_bytes", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("newest_at", UtcTime(), nullable=True),
        sa.Column("moved_to", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_visits_run_id_runs")),
        sa.PrimaryKeyConstraint("run_id", "source_id", name=op.f("pk_visits")),
    )
    op.create_index(op.f("ix_visits_source_id"), "visits", ["source_id"])


def _make_versions() -> None:
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("fetch_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_versions_article_id_articles")
        ),
        sa.ForeignKeyConstraint(
            ["fetch_id"], ["fetches.id"], name=op.f("fk_versions_fetch_id_fetches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
    )
    op.create_index(op.f("ix_versions_url"), "versions", ["url"])


def _fill() -> None:
    op.execute(
        "INSERT INTO versions (url, article_id, fetch_id, seen_at) "
        "SELECT url, id, fetch_id, fetched_at FROM articles ORDER BY fetched_at, fetch_id, id"
    )
    # Until now the publisher's own day stood in front of the original string.
    day = "substr(published_found, 1, 10)"
    day = day if op.get_bind().dialect.name == "sqlite" else f"CAST({day} AS DATE)"
    pattern = "published_found LIKE '____-__-__%'"
    if op.get_bind().dialect.name != "sqlite":
        pattern = r"published_found ~ '^\d{4}-\d{2}-\d{2}'"
    op.execute(f"UPDATE articles SET published_on = {day} WHERE {pattern}")  # noqa: S608


def downgrade() -> None:
    """Go one revision back."""
    op.drop_index(op.f("ix_versions_url"), "versions")
    op.drop_table("versions")
    op.drop_index(op.f("ix_visits_source_id"), "visits")
    op.drop_table("visits")
    for table, columns in _added().items():
        for column in columns:
            op.drop_column(table, column.name)
