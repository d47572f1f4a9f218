"""Whole tables as plain rows, in bulk: for those who analyse rather than run.

Rows come as tuples under named columns, without the core types in between: a frame of a million
rows is built from columns, and a million objects on the way would only be thrown away.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Select, func, select

from alliance_nlp.store import schema

_A = schema.articles.c
_M = schema.mentions.c
_R = schema.candidates.c

PlainTable = Literal[
    "decisions",
    "fetches",
    "ledger",
    "problems",
    "relevance",
    "runs",
    "stories",
    "story_articles",
    "topics",
    "visits",
]


class Rows(NamedTuple):
    """Column names, and the rows in the order of the table's key unless stated otherwise."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def article_rows(
    tx: Connection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    with_text: bool = True,
) -> Rows:
    """Return all articles, superseded versions too, in order of ``dated_at``, then id.

    Parameters
    ----------
    since, until
        First and last ``dated_at``: publication, or fetch where the page tells no date.
    with_text
        Whether to read the texts, by far the largest column.
    """
    wanted = [column for column in _A if with_text or column.name != "text"]
    query = select(*wanted).order_by(_A.dated_at, _A.id)
    if since is not None:
        query = query.where(_A.dated_at >= since)
    if until is not None:
        query = query.where(_A.dated_at <= until)
    return _rows(tx, query)


def mention_rows(tx: Connection) -> Rows:
    """Return all mentions with their ``surface``, ``text[start:end]``."""
    # Both databases count code points here, as offsets do.
    surface = func.substr(_A.text, _M.start + 1, _M.end - _M.start).label("surface")
    query = (
        select(_M.article_id, _M.start, _M.end, surface, _M.label, _M.entity_id, _M.how)
        .join(schema.articles, _A.id == _M.article_id)
        .order_by(_M.article_id, _M.start, _M.end)
    )
    return _rows(tx, query)


def candidate_rows(tx: Connection, *, all_runs: bool = False) -> Rows:
    """Return the newest ranking, or that of every run, best first within a run.

    ``reasons`` are lists of (feature, value, contribution).
    """
    query = select(schema.candidates).order_by(_R.run_id, _R.rank)
    if not all_runs:
        query = query.where(_R.run_id == select(func.max(_R.run_id)).scalar_subquery())
    return _rows(tx, query)


def table_rows(tx: Connection, table: PlainTable) -> Rows:
    """Return a table as it stands."""
    found = schema.metadata.tables[table]
    return _rows(tx, select(found).order_by(*found.primary_key))


def _rows(tx: Connection, query: Select[Any]) -> Rows:
    result = tx.execute(query)
    return Rows(tuple(result.keys()), [tuple(row) for row in result])
