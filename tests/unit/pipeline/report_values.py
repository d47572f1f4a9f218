"""Reports for the tests: a night with something of everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from alliance_nlp.core.types import Outcome, Reason, Rejected, Stage, StageCount, Visit
from alliance_nlp.pipeline.report import Report, SourceYield
from alliance_nlp.sources import Health, State
from alliance_nlp.store import Run

AT = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)


def make_run(**changes: Any) -> Run:
    values: dict[str, Any] = {
        "id": 7,
        "command": "nightly",
        "as_of": AT,
        "started_at": AT,
        "finished_at": AT + timedelta(minutes=4, seconds=12),
        "state": "done-with-failures",
    }
    return Run(**{**values, **changes})


def make_visit(source_id: str, outcome: Outcome, **changes: Any) -> Visit:
    return Visit(source_id=source_id, run_id=7, at=AT, outcome=outcome, **changes)


def make_health(source_id: str, state: State, **changes: Any) -> Health:
    values: dict[str, Any] = {"since": None, "why": "", "do": "", "next_visit_at": None}
    return Health(source_id=source_id, state=state, **{**values, **changes})


def make_yield(source_id: str, n_articles: int, expected: tuple[int, int] = (1, 9)) -> SourceYield:
    return SourceYield(
        source_id=source_id, name=f"The {source_id}", n_articles=n_articles, expected=expected
    )


def make_problem(subject: str, **changes: Any) -> Rejected:
    values: dict[str, Any] = {
        "stage": Stage.COLLECT,
        "reason": Reason.TIMEOUT,
        "detail": "no answer within 30 s",
        "failed": True,
    }
    return Rejected(subject_id=subject, **{**values, **changes})


def make_report(**changes: Any) -> Report:
    """A night: one source with news, one unchanged, one failing, one resting, one never reached."""
    values: dict[str, Any] = {
        "run": make_run(),
        "counts": (
            StageCount(
                stage=Stage.COLLECT,
                n_in=8,
                n_out=6,
                n_rejected=1,
                n_failed=1,
                seconds=12.5,
                reasons=(("robots-denied", 1), ("timeout", 1)),
                n_bytes=81_000,
            ),
            StageCount(stage=Stage.EXTRACT, n_in=4, n_out=4, n_rejected=0, n_failed=0),
        ),
        "problems": (
            make_problem("https://b.example/x", reason=Reason.ROBOTS_DENIED, failed=False),
            make_problem("https://c.example/feed"),
        ),
        "yields": (
            make_yield("a", 4),
            make_yield("b", 0),
            make_yield("c", 0),
            make_yield("d", 0),
            make_yield("e", 0),
        ),
        "visits": (
            make_visit("a", Outcome.NEW, n_listed=6, n_new=4, n_bytes=80_000, seconds=3.5),
            make_visit("b", Outcome.UNCHANGED, n_listed=5, n_bytes=1_000, seconds=0.5),
            make_visit("c", Outcome.FAILED, seconds=30.0, detail="no answer within 30 s"),
            make_visit("d", Outcome.RESTING),
        ),
        "health": (
            make_health("a", State.OK),
            make_health(
                "b",
                State.SILENT,
                since=AT - timedelta(days=9),
                why="nothing for 9 days",
                do="open its page and look",
            ),
            make_health("c", State.FAILING, why="failed 4 times", do="check the address of c"),
            make_health("d", State.RESTING, next_visit_at=AT + timedelta(days=3)),
        ),
    }
    return Report(**{**values, **changes})
