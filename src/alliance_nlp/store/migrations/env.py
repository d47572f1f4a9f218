"""Alembic's environment: the connection comes from :mod:`alliance_nlp.store.database`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from alliance_nlp.store.schema import UtcTime, metadata


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    return "UtcTime()" if kind == "type" and isinstance(item, UtcTime) else False


def _run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=_render,
        render_as_batch=True,  # SQLite alters tables by copying them
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
