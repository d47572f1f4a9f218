"""Which step has settled which subject, by version; failures wait in quarantine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import Rejected
from alliance_nlp.store import schema
from alliance_nlp.store.database import upsert

_S = schema.steps.c
FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A subject on which a step failed: it waits until the step's version rises or a retry."""

    subject_id: str
    step: str
    version: str
    reason: str
    detail: str


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
    query = select(schema.steps).where(_S.outcome == FAILED).order_by(_S.step, _S.subject_id)
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
    """Forget failures, so that the next run tries again; return how many."""
    query = delete(schema.steps).where(_S.outcome == FAILED)
    if step is not None:
        query = query.where(_S.step == step)
    return int(tx.execute(query).rowcount)
