"""Which step has settled which subject, by version; failures wait in quarantine.

What is new waits as a row of its own (:func:`wait_for`), so that a night asks an index what is to
be done, and not every article there ever was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, literal_column, or_, select, update

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import Rejected
from alliance_nlp.store import schema
from alliance_nlp.store.database import insert_unknown, upsert

_S = schema.steps.c
FAILED = "failed"
WAITING = "waiting"
# The steps that every article goes through, once it is extracted.
ARTICLE_STEPS = ("tag", "classify")
# Spelled out, for the index of failures knows no parameter.
_HAS_FAILED = _S.outcome == literal_column(f"'{FAILED}'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A subject on which a step failed: it waits until the step's version rises or a retry."""

    subject_id: str
    step: str
    version: str
    reason: str
    detail: str


def wait_for(tx: Connection, subject_ids: Sequence[str], steps: Sequence[str]) -> None:
    """Let new subjects wait for their steps."""
    rows = [
        {"subject_id": subject_id, "step": step, "version": "", "outcome": WAITING}
        for subject_id in subject_ids
        for step in steps
    ]
    insert_unknown(tx, schema.steps, rows)


def is_due(step: str, *, version: str) -> ColumnElement[bool]:
    """Return the condition that a row of steps waits for this version of a step."""
    # Two ranges of an index, where "is not" would read all of it.
    return (_S.step == step) & or_(_S.version < version, _S.version > version)


def mark_step(
    tx: Connection, step: str, subjects: Iterable[tuple[str, Rejected | None]], *, version: str
) -> None:
    """Record that a step settled its subjects: pairs of subject id and how it was refused."""
    upsert(
        tx,
        schema.steps,
        [
            {
                "subject_id": subject,
                "step": step,
                "version": version,
                "outcome": _outcome(rejected),
                "reason": rejected.reason.value if rejected else "",
                "detail": clean(rejected.detail) if rejected else "",
            }
            for subject, rejected in subjects
        ],
    )


def _outcome(rejected: Rejected | None) -> str:
    if rejected is None:
        return "out"
    return FAILED if rejected.failed else "rejected"


def read_quarantine(tx: Connection, *, step: str | None = None) -> list[Quarantined]:
    """Return what steps failed on, by step and subject."""
    query = select(schema.steps).where(_HAS_FAILED).order_by(_S.step, _S.subject_id)
    if step is not None:
        query = query.where(_S.step == step)
    return [
        Quarantined(
            subject_id=row.subject_id,
            step=row.step,
            version=row.version,
            reason=row.reason,
            detail=row.detail,
        )
        for row in tx.execute(query)
    ]


def release_quarantine(tx: Connection, *, step: str | None = None) -> int:
    """Let failures wait again, so that the next run tries them; return how many."""
    query = update(schema.steps).where(_HAS_FAILED)
    if step is not None:
        query = query.where(_S.step == step)
    values = {"version": "", "outcome": WAITING, "reason": "", "detail": ""}
    return int(tx.execute(query.values(values)).rowcount)
