"""Alembic's scripts: one file a revision, run by opening the database."""
