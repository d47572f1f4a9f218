"""What analysts made of stories by hand (append-only)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, insert, select, text

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import EditKind, StoryEdit
from alliance_nlp.store import schema
from alliance_nlp.store.database import new_id

_E = schema.story_edits.c
_A = schema.articles.c


def append_story_edit(tx: Connection, edit: StoryEdit) -> StoryEdit:
    """Append an edit and return it with its number; earlier ones stay."""
    row = insert(schema.story_edits).values(
        kind=edit.kind.value,
        moved=dict(edit.moved),
        before=dict(edit.before),
        undoes=edit.undoes,
        reviewer=clean(edit.reviewer),
        edited_at=edit.edited_at,
        note=clean(edit.note),
    )
    return replace(edit, id=new_id(tx.execute(row)))


def read_story_edits(tx: Connection, *, last: int | None = None) -> list[StoryEdit]:
    """Return the edits up to number ``last``, all of them unless stated, oldest first."""
    query = select(schema.story_edits).order_by(_E.id)
    if last is not None:
        query = query.where(_E.id <= last)
    return [
        StoryEdit(
            id=row.id,
            kind=EditKind(row.kind),
            moved=tuple(row.moved.items()),
            before=tuple(row.before.items()),
            undoes=row.undoes,
            reviewer=row.reviewer,
            edited_at=row.edited_at,
            note=row.note,
        )
        for row in tx.execute(query)
    ]


def newest_story_edit(tx: Connection) -> int:
    """Return the number of the newest edit, 0 before the first."""
    return int(tx.execute(select(func.max(_E.id))).scalar() or 0)


def hold_story_edits(tx: Connection) -> None:
    """Let no one else append an edit until this transaction ends.

    SQLite has one writer at a time anyway.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(text("LOCK TABLE story_edits IN EXCLUSIVE MODE"))


def article_urls(tx: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return the canonical URL of articles by id; it is that of all their versions."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), 500):
        query = select(_A.id, _A.url).where(_A.id.in_(ids[start : start + 500]))
        found |= {row.id: row.url for row in tx.execute(query)}
    return found
