"""Query plans: what a database would read whole to answer what it was asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import event

from alliance_nlp.store import Connection, Database

# What grows with every night.
GROWING = (
    "articles",
    "article_search",
    "candidates",
    "fetches",
    "leads",
    "mentions",
    "problems",
    "relevance",
    "search_rows",
    "steps",
    "stories",
    "story_articles",
    "told_before",
    "topics",
    "validators",
    "versions",
)
# Of a few rows of its table.
_PARTIAL = "ix_steps_failed"
_SCAN = re.compile(r"SCAN (?P<name>\w+)(?P<how>.*)")
_ALIAS = re.compile(r"\b(?:FROM|JOIN) (?P<table>\w+) AS (?P<alias>\w+)", re.IGNORECASE)
_Asked = tuple[str, Any]


def full_scans(
    database: Database, look: Callable[[Connection], object], *, is_large: bool = False
) -> list[str]:
    """Return which growing tables the queries of a look read whole, each with its query.

    A store that is not large PostgreSQL would read whole whatever indices there are; it is asked
    what it would do if that were dear.
    """
    asked: list[_Asked] = []

    def note(_c: Any, _cursor: Any, statement: str, given: Any, _x: Any, many: bool) -> None:
        asked.append((statement, given[0] if many else given))

    engine = database._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        with database.read() as tx:
            look(tx)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    scans = _sqlite_scans if database.kind == "sqlite" else _postgres_scans
    with database.read() as tx:
        if database.kind == "postgresql" and not is_large:
            tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return list(scans(tx, dict(asked)))


def _sqlite_scans(tx: Connection, asked: Mapping[str, Any]) -> Iterator[str]:
    raw: Any = tx.connection.driver_connection
    for statement, given in asked.items():
        if not statement.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
            continue
        plan = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", given)]
        # Along an index until there are enough is no reading of all.
        is_cut = "LIMIT" in statement and not any("TEMP B-TREE" in step for step in plan)
        aliases = {found["alias"]: found["table"] for found in _ALIAS.finditer(statement)}
        for step in plan:
            scan = _SCAN.match(step)
            if scan is None or _PARTIAL in step or (is_cut and "USING" in scan["how"]):
                continue
            table = aliases.get(scan["name"], scan["name"])
            by_words = table == "article_search" and re.search(r"INDEX \d+:.*[M=<>]", step)
            if table in GROWING and not by_words:
                yield f"{step}: {statement}"


def _postgres_scans(tx: Connection, asked: Mapping[str, Any]) -> Iterator[str]:
    raw: Any = tx.connection.driver_connection
    cursor = raw.cursor()
    for statement, given in asked.items():
        if statement == "SET LOCAL enable_seqscan = off":
            cursor.execute(statement)
        if not statement.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
            continue
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", given)
        told = cursor.fetchone()[0]
        plan = json.loads(told) if isinstance(told, str) else told
        for step in _steps(plan[0]["Plan"], is_cut=False):
            yield f"{step}: {statement}"
    raw.rollback()


def _steps(node: Mapping[str, Any], *, is_cut: bool) -> Iterator[str]:
    kind, table = node["Node Type"], node.get("Relation Name", "")
    is_whole = node.get("Index Name") != _PARTIAL and (
        kind == "Seq Scan"
        or (kind in ("Index Scan", "Index Only Scan") and "Index Cond" not in node and not is_cut)
    )
    if table in GROWING and is_whole:
        yield f"{kind} on {table}"
    # A limit reaches down until something needs all that is below it.
    below = kind == "Limit" or (is_cut and kind not in ("Sort", "Hash", "Aggregate", "Materialize"))
    for child in node.get("Plans", ()):
        yield from _steps(child, is_cut=below)
