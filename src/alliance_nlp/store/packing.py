"""Long columns fetched as one value: ten thousand rows make ten thousand objects to collect again.

A list of a page's length is read as rows; what is only counted, cut and compared comes packed.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Connection, Select, TextualSelect, func, select


def read_packed(tx: Connection, query: Select[Any] | TextualSelect) -> list[list[Any]]:
    """Return the columns of a query, each as a list of numbers or texts.

    All columns are in one order, which is the query's own on both databases as they are today;
    who needs it checks it.
    """
    rows = query.subquery()
    gather = func.json_group_array if tx.dialect.name == "sqlite" else func.json_agg
    found = tx.execute(select(*(gather(column, type_=JSON) for column in rows.c))).one()
    return [column or [] for column in found]
