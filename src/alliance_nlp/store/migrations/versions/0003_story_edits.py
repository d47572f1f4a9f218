"""what analysts make of stories by hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from alliance_nlp.store.schema import UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one revision forward."""
    op.create_table(
        "story_edits",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("edited_at", UtcTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_edits")),
    )
    _forbid_edits()


def _forbid_edits() -> None:
    # Like decisions, these are primary records: append-only is held by the database.
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER story_edits_no_{change.lower()} BEFORE {change} ON story_edits "
                "BEGIN SELECT RAISE(ABORT, 'story edits are append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION story_edits_are_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'story edits are append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER story_edits_no_edit BEFORE UPDATE OR DELETE ON story_edits "
        "FOR EACH ROW EXECUTE FUNCTION story_edits_are_append_only()"
    )


def downgrade() -> None:
    """Go one revision back."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION story_edits_are_append_only CASCADE")
    op.drop_table("story_edits")
