"""What was done at the desk, by whom (append-only)."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import AuditEntry
from alliance_nlp.store import schema

_A = schema.audit.c


def append_audit(tx: Connection, entry: AuditEntry) -> None:
    """Append an entry; it is never changed."""
    tx.execute(
        insert(schema.audit).values(
            at=entry.at,
            who=clean(entry.who),
            action=clean(entry.action),
            subject=clean(entry.subject),
            detail=clean(entry.detail),
        )
    )


def read_audit(tx: Connection, *, before: int | None, n: int) -> list[tuple[int, AuditEntry]]:
    """Return up to ``n`` entries with their numbers, newest first.

    Parameters
    ----------
    before
        Only entries with a smaller number; the last one of a page leads to the next page.
    """
    query = select(schema.audit).order_by(_A.id.desc()).limit(n)
    if before is not None:
        query = query.where(_A.id < before)
    return [
        (
            row.id,
            AuditEntry(
                at=row.at, who=row.who, action=row.action, subject=row.subject, detail=row.detail
            ),
        )
        for row in tx.execute(query)
    ]
