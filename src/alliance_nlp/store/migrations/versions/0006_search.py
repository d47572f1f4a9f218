"""full-text search, and what lists of candidates are filtered by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from alliance_nlp.store.candidate_traits import write_traits
from alliance_nlp.store.search_index import create_index, drop_index, fill_index

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one revision forward."""
    op.create_table(
        "search_rows",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_search_rows_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_rows")),
        sa.UniqueConstraint("article_id", name=op.f("uq_search_rows_article_id")),
    )
    op.create_table(
        "candidate_traits",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_candidate_traits_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("kind", "value", "story_id", name=op.f("pk_candidate_traits")),
    )
    op.create_index(op.f("ix_candidate_traits_story_id"), "candidate_traits", ["story_id"])
    op.create_table(
        "candidate_facets",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("n_stories", sa.Integer(), nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_candidate_facets")),
    )
    op.create_index("ix_candidate_facets_kind_n_stories", "candidate_facets", ["kind", "n_stories"])
    op.create_table(
        "candidate_articles",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"],
            ["search_rows.number"],
            name=op.f("fk_candidate_articles_number_search_rows"),
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_candidate_articles_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("number", "story_id", name=op.f("pk_candidate_articles")),
    )
    op.create_index(op.f("ix_candidate_articles_story_id"), "candidate_articles", ["story_id"])
    op.create_index("ix_candidates_run_id_rank", "candidates", ["run_id", "rank", "story_id"])
    create_index(op.get_bind())
    fill_index(op.get_bind())
    write_traits(op.get_bind())


def downgrade() -> None:
    """Go one revision back."""
    drop_index(op.get_bind())
    op.drop_index("ix_candidates_run_id_rank", "candidates")
    op.drop_index(op.f("ix_candidate_articles_story_id"), "candidate_articles")
    op.drop_table("candidate_articles")
    op.drop_index("ix_candidate_facets_kind_n_stories", "candidate_facets")
    op.drop_table("candidate_facets")
    op.drop_index(op.f("ix_candidate_traits_story_id"), "candidate_traits")
    op.drop_table("candidate_traits")
    op.drop_table("search_rows")
