"""Alembic's environment: the connection comes from :mod:`alliance_nlp.store.database`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from alliance_nlp.store.schema import UtcTime, metadata
from alliance_nlp.store.search_tables import is_of_index


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    return "UtcTime()" if kind == "type" and isinstance(item, UtcTime) else False


def _is_compared(name: str | None, kind: str, _parents: Any) -> bool:
    return not (kind == "table" and is_of_index(name))


def _run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=_render,
        include_name=_is_compared,
        render_as_batch=True,  # SQLite alters tables by copying them
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
