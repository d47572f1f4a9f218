"""the analyst's desk: accounts, audit, issue versions, and what a decision was made on."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from alliance_nlp.store.columns import UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_APPEND_ONLY = {
    "audit": "the audit is append-only",
    "issue_versions": "issue versions are append-only",
    "frozen_issues": "frozen issues are append-only",
}
# INSERT OR REPLACE deletes a row without a look at SQLite's DELETE triggers.
_KEYS = {
    "decisions": ("id",),
    "story_edits": ("id",),
    "audit": ("id",),
    "issue_versions": ("issue_id", "version"),
    "frozen_issues": ("issue_id",),
}
# PostgreSQL empties a table without a look at its rows' triggers.
_GUARDED_BEFORE = {
    "decisions": "decisions_are_append_only",
    "story_edits": "story_edits_are_append_only",
}


def upgrade() -> None:
    """Go one revision forward."""
    # Not in batch mode: that copies the table, and its triggers would be lost.
    op.add_column("decisions", sa.Column("topics", sa.JSON(), nullable=True))
    op.add_column("decisions", sa.Column("proposal", sa.JSON(), nullable=True))
    op.add_column("decisions", sa.Column("undoes", sa.Integer(), nullable=True))
    _create_people()
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    _create_versions()
    _keep_present_issues()
    _forbid_edits()


def _create_people() -> None:
    op.create_table(
        "accounts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("disabled_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_accounts")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.name"], name=op.f("fk_sessions_account_accounts")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_account"), "sessions", ["account"])
    op.create_table(
        "presences",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_presences")),
    )
    op.create_table(
        "saved_views",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account", "name", name=op.f("pk_saved_views")),
    )


def _create_versions() -> None:
    op.create_table(
        "issue_versions",
        sa.Column("issue_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("volume", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("footer", sa.Text(), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("overrides", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("issue_id", "version", name=op.f("pk_issue_versions")),
    )
    op.create_table(
        "frozen_issues",
        sa.Column("issue_id", sa.Text(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_frozen_issues")),
    )


def _keep_present_issues() -> None:
    """Make a first version of every issue that is there already."""
    shared = ("volume", "number", "title", "published_on", "since_on", "until_on", "state")
    columns = ", ".join((*shared, "items", "footer"))
    insert = sa.text(
        f"INSERT INTO issue_versions (issue_id, version, {columns}, editor, saved_at, why, "  # noqa: S608 - our own names
        f"overrides) SELECT id, 1, {columns}, '', :at, 'as it stood before versions were kept', "
        "'[]' FROM issues"
    ).bindparams(sa.bindparam("at", datetime.now(UTC).replace(microsecond=0), type_=UtcTime()))
    op.get_bind().execute(insert)


def _forbid_edits() -> None:
    # Append-only is held by the database, not by good manners.
    if op.get_bind().dialect.name == "sqlite":
        for table, message in _APPEND_ONLY.items():
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
                )
        for table, keys in _KEYS.items():
            same = " AND ".join(f"{key} = NEW.{key}" for key in keys)
            there = f"SELECT 1 FROM {table} WHERE {same}"  # noqa: S608 - our own names
            op.execute(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({there}) "
                f"BEGIN SELECT RAISE(ABORT, '{table.replace('_', ' ')} are append-only'); END"
            )
        return
    for table, message in _APPEND_ONLY.items():
        op.execute(
            f"CREATE FUNCTION {table}_are_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_edit BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_are_append_only()"
        )
    guarded = _GUARDED_BEFORE | {table: f"{table}_are_append_only" for table in _APPEND_ONLY}
    for table, function in guarded.items():
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )


def downgrade() -> None:
    """Go one revision back."""
    if op.get_bind().dialect.name == "sqlite":
        for table in _GUARDED_BEFORE:  # those of the other tables go with them
            op.execute(f"DROP TRIGGER {table}_no_replace")
    else:
        for table in _GUARDED_BEFORE:
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        for table in _APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_are_append_only CASCADE")
    for table in (
        "frozen_issues",
        "issue_versions",
        "audit",
        "saved_views",
        "presences",
        "sessions",
        "accounts",
    ):
        op.drop_table(table)
    for column in ("undoes", "proposal", "topics"):
        op.drop_column("decisions", column)
