"""What came of each run's visit to each source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from sqlalchemy import Connection, select

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import Outcome, Visit
from alliance_nlp.store import schema
from alliance_nlp.store.database import upsert

_V = schema.visits.c
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_NAMES = [field.name for field in fields(Visit)]
# A quarter of nightly runs: enough for a source's rhythm, little to read.
KEPT_RUNS = 90


def save_visits(tx: Connection, visits: Iterable[Visit]) -> None:
    """Save visits; one of the same run and source is overwritten."""
    rows = [{name: getattr(visit, name) for name in _NAMES} for visit in visits]
    for row in rows:
        row["outcome"] = row["outcome"].value
        row["moved_to"], row["detail"] = clean(row["moved_to"]), clean(row["detail"])
    upsert(tx, schema.visits, rows)


def read_visits(tx: Connection, *, run_id: int | None = None) -> list[Visit]:
    """Return the visits of one run by source, or those of the newest 90 runs, oldest first."""
    query = select(*(_V[name] for name in _NAMES)).order_by(_V.run_id, _V.source_id)
    if run_id is not None:
        query = query.where(_V.run_id == run_id)
    else:
        runs = select(_V.run_id).distinct().order_by(_V.run_id.desc()).limit(KEPT_RUNS)
        query = query.where(_V.run_id.in_(runs.scalar_subquery()))
    place = _NAMES.index("outcome")
    # Thousands a page: rows are unpacked and not asked by name.
    return [
        Visit(
            **dict(
                zip(_NAMES, (*row[:place], _OUTCOMES[row[place]], *row[place + 1 :]), strict=True)
            )
        )
        for row in map(tuple, tx.execute(query))
    ]
