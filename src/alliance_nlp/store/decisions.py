"""Decisions of analysts (append-only)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import Decision, Novelty, Proposal, TopicLabel, Verdict
from alliance_nlp.store import schema
from alliance_nlp.store.database import new_id

_D = schema.decisions.c
_PART = 500  # parameters of one query, well below what any SQLite takes


def append_decision(tx: Connection, decision: Decision) -> int:
    """Append a decision and return its number; earlier ones on the subject stay."""
    row = insert(schema.decisions).values(
        subject=clean(decision.subject),
        verdict=decision.verdict.value,
        reviewer=clean(decision.reviewer),
        decided_at=decision.decided_at,
        note=clean(decision.note),
        seen_hash=clean(decision.seen_hash),
        topics=[label.value for label in decision.topics],
        proposal=_proposal_json(decision.proposal),
        undoes=decision.undoes,
    )
    return new_id(tx.execute(row))


def read_decisions(
    tx: Connection, subjects: Sequence[str] | None = None, *, after: int = 0
) -> list[Decision]:
    """Return the decisions on some subjects, on all unless stated, oldest first.

    ``after`` leaves out those up to that number.
    """
    query = select(schema.decisions).where(_D.id > after).order_by(_D.id)
    if subjects is None:
        return [_decision(row) for row in tx.execute(query)]
    wanted = list(dict.fromkeys(subjects))
    found: list[Decision] = []
    for start in range(0, len(wanted), _PART):
        part = query.where(_D.subject.in_(wanted[start : start + _PART]))
        found += [_decision(row) for row in tx.execute(part)]
    return sorted(found, key=lambda decision: decision.id)


def hold_decisions(tx: Connection) -> None:
    """Let no one else append a decision until this transaction ends.

    SQLite has one writer at a time anyway.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(text("LOCK TABLE decisions IN EXCLUSIVE MODE"))


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        subject=row.subject,
        verdict=Verdict(row.verdict),
        reviewer=row.reviewer,
        decided_at=row.decided_at,
        note=row.note,
        seen_hash=row.seen_hash,
        topics=tuple(TopicLabel(label) for label in row.topics or ()),
        proposal=_proposal(row.proposal),
        undoes=row.undoes,
    )


def _proposal_json(proposal: Proposal | None) -> dict[str, Any] | None:
    if proposal is None:
        return None
    return {
        "rank": proposal.rank,
        "score": proposal.score,
        "novelty": proposal.novelty.value,
        "topics": [label.value for label in proposal.topics],
        "models": [clean(model) for model in proposal.models],
    }


def _proposal(data: Mapping[str, Any] | None) -> Proposal | None:
    if data is None:
        return None
    return Proposal(
        rank=data["rank"],
        score=data["score"],
        novelty=Novelty(data["novelty"]),
        topics=tuple(TopicLabel(label) for label in data["topics"]),
        models=tuple(data["models"]),
    )
