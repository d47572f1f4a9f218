"""what follow-ups and repeats hang on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one revision forward."""
    op.create_table(
        "told_before",
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("issue_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("earlier_story_id", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("affinity", sa.Float(), nullable=False),
        sa.Column("new", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_told_before_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_told_before")),
    )


def downgrade() -> None:
    """Go one revision back."""
    op.drop_table("told_before")
