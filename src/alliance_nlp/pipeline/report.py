"""The run report: what a night did, as a value, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alliance_nlp.core.types import Rejected, Source, StageCount
from alliance_nlp.store import Database, Run, last_run, read_ledger, read_problems, source_yield
from alliance_nlp.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceYield:
    """What one source brought: articles in this run against what was expected."""

    source_id: str
    name: str
    n_articles: int
    expected: tuple[int, int]

    @property
    def is_unusual(self) -> bool:
        """Whether the number lies outside the expected range."""
        least, most = self.expected
        return not least <= self.n_articles <= most


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A run with its ledger, problems and yields."""

    run: Run
    counts: tuple[StageCount, ...]
    problems: tuple[Rejected, ...]
    yields: tuple[SourceYield, ...]
    notes: tuple[str, ...] = ()

    @property
    def adds_up(self) -> bool:
        """Whether every stage's subjects all left it by a counted door."""
        return all(c.n_in == c.n_out + c.n_rejected + c.n_failed for c in self.counts)

    @property
    def n_failed(self) -> int:
        """Failures in all stages."""
        return sum(count.n_failed for count in self.counts)

    @property
    def n_new(self) -> int:
        """Article pages archived: 0 when the run found nothing new."""
        return sum(y.n_articles for y in self.yields)


def read_report(
    database: Database, sources: Sequence[Source], *, notes: Sequence[str] = ()
) -> Report | None:
    """Return the newest run's report, or ``None`` before the first run."""
    with database.read() as tx:
        run = last_run(tx)
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
        )


def report_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON values."""
    run = report.run
    return {
        "run": run.id,
        "command": run.command,
        "state": run.state,
        "as_of": run.as_of.isoformat(),
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "adds_up": report.adds_up,
        "stages": [
            {
                "stage": count.stage.value,
                "in": count.n_in,
                "out": count.n_out,
                "rejected": count.n_rejected,
                "failed": count.n_failed,
                "seconds": count.seconds,
                "reasons": dict(count.reasons),
            }
            for count in report.counts
        ],
        "sources": [
            {
                "id": y.source_id,
                "new_pages": y.n_articles,
                "expected": list(y.expected),
                "unusual": y.is_unusual,
            }
            for y in report.yields
        ],
        "problems": [
            {
                "stage": problem.stage.value,
                "subject": problem.subject_id,
                "reason": problem.reason.value,
                "detail": problem.detail,
                "failed": problem.failed,
            }
            for problem in report.problems
        ],
        "notes": list(report.notes),
    }


def write_report(workspace: Workspace, report: Report) -> None:
    """Write the report as ``reports/run-N.json``."""
    workspace.reports.mkdir(parents=True, exist_ok=True)
    path = workspace.reports / f"run-{report.run.id}.json"
    text = json.dumps(report_json(report), indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
