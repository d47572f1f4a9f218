"""articles that belong to a story besides their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one revision forward."""
    with op.batch_alter_table("story_articles") as batch_op:
        batch_op.add_column(
            sa.Column("further", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    """Go one revision back."""
    with op.batch_alter_table("story_articles") as batch_op:
        batch_op.drop_column("further")
