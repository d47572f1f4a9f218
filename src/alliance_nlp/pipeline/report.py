"""The run report: what a night did, as a value, as JSON and as files."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from alliance_nlp.core.errors import WorkspaceError
from alliance_nlp.core.types import Source, Visit
from alliance_nlp.pipeline.drift import drift_json, measure_drift
from alliance_nlp.pipeline.figures import (
    Report,
    SourceLine,
    SourceYield,
    reason_counts,
    silent,
    slowest,
    source_lines,
    totals,
)
from alliance_nlp.pipeline.report_html import render_report
from alliance_nlp.sources import Health
from alliance_nlp.store import (
    Database,
    last_run,
    read_ledger,
    read_problems,
    read_run,
    source_yield,
)
from alliance_nlp.workspace import Workspace

__all__ = ["Report", "SourceYield", "read_report", "report_json", "write_report"]


def read_report(
    database: Database,
    sources: Sequence[Source],
    *,
    notes: Sequence[str] = (),
    visits: Sequence[Visit] = (),
    health: Sequence[Health] = (),
    models: Path | None = None,
    run_id: int | None = None,
) -> Report | None:
    """Return a run's report, the newest run's unless one is named; ``None`` where there is none.

    ``visits`` may hold those of earlier runs too, as :func:`~alliance_nlp.store.read_visits`
    returns them; they are left out. ``models`` is the folder whose cards drift is measured by;
    without it, it is not.
    """
    with database.read() as tx:
        run = last_run(tx) if run_id is None else read_run(tx, run_id)
        if run is None:
            return None
        yields: Mapping[str, int] = source_yield(tx, run.id)
        return Report(
            run=run,
            counts=read_ledger(tx, run.id),
            problems=read_problems(tx, run.id),
            yields=tuple(
                SourceYield(
                    source_id=source.id,
                    name=source.name,
                    n_articles=yields.get(source.id, 0),
                    expected=source.expected,
                )
                for source in sources
            ),
            notes=tuple(notes),
            visits=tuple(visit for visit in visits if visit.run_id == run.id),
            health=tuple(health),
            drift=measure_drift(tx, run.id, models) if models else None,
        )


def report_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON values."""
    run = report.run
    return {
        "run": run.id,
        "command": run.command,
        "state": run.state,
        "headline": report.headline,
        "as_of": run.as_of.isoformat(),
        "started_at": run.started_at.isoformat(),
        "finished_at": _moment(run.finished_at),
        "seconds": report.seconds,
        "adds_up": report.adds_up,
        "totals": _totals(report),
        "stages": _stages(report),
        "reasons": [
            {
                "stage": count.stage.value,
                "reason": count.reason.value,
                "rejected": count.n_rejected,
                "failed": count.n_failed,
            }
            for count in reason_counts(report)
        ],
        "sources": [_source(line) for line in source_lines(report)],
        "slowest": [
            {"id": line.source_id, "seconds": line.visit.seconds, "bytes": line.visit.n_bytes}
            for line in slowest(report)
            if line.visit
        ],
        "silent": [
            {"id": line.source_id, **_health(line), "expected": _expected(line)}
            for line in silent(report)
        ],
        "drift": drift_json(report.drift),
        "problems": _problems(report),
        "notes": list(report.notes),
    }


def _stages(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "stage": count.stage.value,
            "in": count.n_in,
            "out": count.n_out,
            "rejected": count.n_rejected,
            "failed": count.n_failed,
            "seconds": count.seconds,
            "bytes": count.n_bytes,
            "reasons": dict(count.reasons),
        }
        for count in report.counts
    ]


def _totals(report: Report) -> dict[str, Any]:
    sums = totals(report)
    return {
        "sources": {
            "all": sums.n_sources,
            "tried": sums.n_tried,
            "new": sums.n_new,
            "unchanged": sums.n_unchanged,
            "blocked": sums.n_blocked,
            "failed": sums.n_failed,
            "put_off": sums.n_put_off,
            "resting": sums.n_resting,
            "unvisited": sums.n_unvisited,
        },
        "articles": {
            "listed": sums.n_listed,
            "new": sums.n_new_articles,
            "failed": sums.n_failed_articles,
        },
        "failures": report.n_failed,
        "rejections": sum(count.n_rejected for count in report.counts),
        "bytes": sums.n_bytes,
        "seconds": sums.seconds,
    }


def _source(line: SourceLine) -> dict[str, Any]:
    visit = line.visit
    return {
        "id": line.source_id,
        "name": line.name,
        "new_pages": line.n_articles,
        "expected": _expected(line),
        "unusual": line.is_unusual,
        "outcome": visit.outcome.value if visit else None,
        "new": visit.n_new if visit else line.n_articles,
        "listed": visit.n_listed if visit else None,
        "failed": visit.n_failed if visit else None,
        "bytes": visit.n_bytes if visit else None,
        "seconds": visit.seconds if visit else None,
        "newest_at": _moment(visit.newest_at) if visit else None,
        "moved_to": visit.moved_to if visit else "",
        "detail": visit.detail if visit else "",
        **_health(line),
    }


def _health(line: SourceLine) -> dict[str, Any]:
    health = line.health
    return {
        "state": line.state.value,
        "since": _moment(health.since) if health else None,
        "why": health.why if health else "",
        "do": health.do if health else "",
        "next_visit_at": _moment(health.next_visit_at) if health else None,
    }


def _expected(line: SourceLine) -> list[int] | None:
    return list(line.expected) if line.expected else None


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _problems(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "stage": problem.stage.value,
            "subject": problem.subject_id,
            "reason": problem.reason.value,
            "detail": problem.detail,
            "failed": problem.failed,
        }
        for problem in report.problems
    ]


def write_report(workspace: Workspace, report: Report) -> None:
    """Write ``reports/run-N.json`` and ``.html``, and the same as ``latest.json`` and ``.html``.

    Whoever reads one of them meanwhile sees the old file or the new one, never a part.

    Raises
    ------
    WorkspaceError
        If the folder cannot be written.
    """
    texts = {
        "json": json.dumps(report_json(report), indent=2, ensure_ascii=False) + "\n",
        "html": render_report(report),
    }
    try:
        workspace.reports.mkdir(parents=True, exist_ok=True)
        for name in (f"run-{report.run.id}", "latest"):
            for kind, text in texts.items():
                _replace(workspace.reports / f"{name}.{kind}", text)
    except OSError as error:
        raise WorkspaceError(
            f"cannot write the report of run {report.run.id} to {workspace.reports}: "
            f"{error.strerror or error}; the run itself is kept, see: alliance-nlp report"
        ) from error


def _replace(path: Path, text: str) -> None:
    # What a page or a server sent can hold half a surrogate pair, which UTF-8 has no bytes for.
    data = text.encode("utf-8", errors="backslashreplace")
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
