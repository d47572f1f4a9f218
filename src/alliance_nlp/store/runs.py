"""Runs, their ledgers and what went wrong in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import Reason, Rejected, Stage, StageCount
from alliance_nlp.store import schema
from alliance_nlp.store.candidate_traits import SOURCE, newest_ranking
from alliance_nlp.store.database import new_id, upsert
from alliance_nlp.store.packing import read_packed
from alliance_nlp.store.search_tables import candidate_traits


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the nightly or of a stage; ``state`` tells how it ended."""

    id: int
    command: str
    as_of: datetime
    started_at: datetime
    finished_at: datetime | None
    state: str
    ranked_at: datetime | None = None


def start_run(tx: Connection, *, command: str, as_of: datetime, at: datetime) -> int:
    """Record a run's start; runs that never finished are marked as interrupted."""
    tx.execute(
        update(schema.runs)
        .where(schema.runs.c.state == "running")
        .values(state="interrupted", finished_at=at)
    )
    row = insert(schema.runs).values(command=command, as_of=as_of, started_at=at, state="running")
    return new_id(tx.execute(row))


def start_archived_run(tx: Connection, run_id: int, *, command: str, at: datetime) -> None:
    """Record a run that the archive tells of, unless the database knows it still."""
    if tx.execute(select(schema.runs.c.id).where(schema.runs.c.id == run_id)).first() is None:
        values = {"id": run_id, "command": command, "as_of": at, "started_at": at}
        row = insert(schema.runs).values(**values, finished_at=at, state="archived")
        tx.execute(row)


def unfinished_runs(tx: Connection) -> set[int]:
    """Return the runs that were killed or broken off, whose archive files may have torn ends."""
    query = select(schema.runs.c.id).where(schema.runs.c.state.in_(("running", "interrupted")))
    return set(tx.execute(query).scalars())


def finish_run(tx: Connection, run_id: int, *, state: str, at: datetime) -> None:
    """Record a run's end."""
    tx.execute(
        update(schema.runs).where(schema.runs.c.id == run_id).values(state=state, finished_at=at)
    )


def mark_ranked(tx: Connection, run_id: int, *, until: datetime) -> None:
    """Record the end of the window that a run ranked."""
    tx.execute(update(schema.runs).where(schema.runs.c.id == run_id).values(ranked_at=until))


def save_ledger(tx: Connection, run_id: int, counts: Iterable[StageCount]) -> None:
    """Save the run's counts by stage."""
    upsert(
        tx,
        schema.ledger,
        [
            {
                "run_id": run_id,
                "stage": count.stage.value,
                "n_in": count.n_in,
                "n_out": count.n_out,
                "n_rejected": count.n_rejected,
                "n_failed": count.n_failed,
                "seconds": count.seconds,
                "n_bytes": count.n_bytes,
                "reasons": [list(pair) for pair in count.reasons],
            }
            for count in counts
        ],
    )


def save_problems(tx: Connection, run_id: int, problems: Iterable[Rejected]) -> None:
    """Append what was rejected or failed."""
    rows = [
        {
            "run_id": run_id,
            "stage": problem.stage.value,
            "subject_id": clean(problem.subject_id),
            "reason": problem.reason.value,
            "detail": clean(problem.detail),
            "failed": problem.failed,
        }
        for problem in problems
    ]
    if rows:
        tx.execute(insert(schema.problems), rows)


def last_ranking(tx: Connection) -> datetime | None:
    """Return the time that the newest ranking is of, ``None`` before the first."""
    newest = select(func.max(schema.candidates.c.run_id)).scalar_subquery()
    query = select(schema.runs.c.ranked_at).where(schema.runs.c.id == newest)
    return tx.execute(query).scalar()


def last_run(tx: Connection) -> Run | None:
    """Return the newest run, or ``None`` before the first."""
    row = tx.execute(select(schema.runs).order_by(schema.runs.c.id.desc()).limit(1)).first()
    return Run(**row._mapping) if row else None


def read_run(tx: Connection, run_id: int) -> Run | None:
    """Return a run, or ``None`` when there is none of that number."""
    row = tx.execute(select(schema.runs).where(schema.runs.c.id == run_id)).first()
    return Run(**row._mapping) if row else None


def recent_runs(tx: Connection, *, until: int, most: int) -> list[Run]:
    """Return up to ``most`` runs with numbers up to ``until``, oldest first."""
    query = select(schema.runs).where(schema.runs.c.id <= until)
    rows = tx.execute(query.order_by(schema.runs.c.id.desc()).limit(most)).all()
    return [Run(**row._mapping) for row in reversed(rows)]


def outlets_of_ranking(tx: Connection, run_id: int) -> list[tuple[str, str]]:
    """Return (story id, source id) of the stories that a run ranked, as they are now."""
    traits = candidate_traits.c
    if run_id == newest_ranking(tx):  # set down with it already
        query: Select[Any] = select(traits.story_id, traits.value).where(traits.kind == SOURCE)
    else:
        query = _outlets(run_id)
    story_ids, source_ids = read_packed(tx, query)
    return list(zip(story_ids, source_ids, strict=True))


def _outlets(run_id: int) -> Select[Any]:
    members, articles = schema.story_articles.c, schema.articles.c
    return (
        select(schema.candidates.c.story_id, articles.source_id)
        .join(schema.story_articles, members.story_id == schema.candidates.c.story_id)
        .join(schema.articles, articles.id == members.article_id)
        .where(schema.candidates.c.run_id == run_id)
        .distinct()
    )


def read_ledger(tx: Connection, run_id: int) -> tuple[StageCount, ...]:
    """Return a run's counts in the order of the stages."""
    rows = tx.execute(select(schema.ledger).where(schema.ledger.c.run_id == run_id)).all()
    order = list(Stage)
    counts = (
        StageCount(
            stage=Stage(row.stage),
            n_in=row.n_in,
            n_out=row.n_out,
            n_rejected=row.n_rejected,
            n_failed=row.n_failed,
            seconds=row.seconds,
            n_bytes=row.n_bytes,
            reasons=tuple((str(name), int(n)) for name, n in row.reasons),
        )
        for row in rows
    )
    return tuple(sorted(counts, key=lambda count: order.index(count.stage)))


def read_problems(tx: Connection, run_id: int) -> tuple[Rejected, ...]:
    """Return what a run rejected or failed on, in the order it happened."""
    rows = tx.execute(
        select(schema.problems)
        .where(schema.problems.c.run_id == run_id)
        .order_by(schema.problems.c.id)
    )
    return tuple(
        Rejected(
            stage=Stage(row.stage),
            subject_id=row.subject_id,
            reason=Reason(row.reason),
            detail=row.detail,
            failed=row.failed,
        )
        for row in rows
    )


def count_rows(tx: Connection) -> dict[str, int]:
    """Return the number of rows by table, for ``doctor`` and the tests."""
    return {
        table.name: int(tx.execute(select(func.count()).select_from(table)).scalar_one())
        for table in schema.metadata.sorted_tables
    }
