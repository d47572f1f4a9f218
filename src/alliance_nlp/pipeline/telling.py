"""What becomes of a run's report: files, metrics, and word to whoever asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from alliance_nlp.config import Settings
from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import AllianceError
from alliance_nlp.pipeline.healthcheck import judge_all
from alliance_nlp.pipeline.metrics import write_metrics
from alliance_nlp.pipeline.night import open_database
from alliance_nlp.pipeline.notify import Email, notify
from alliance_nlp.pipeline.report import Report, read_report, write_report
from alliance_nlp.store import Database, read_visits
from alliance_nlp.workspace import Workspace


def newest_report(
    database: Database,
    settings: Settings,
    *,
    notes: Sequence[str] = (),
    at: datetime | None = None,
    models: Path | None = None,
) -> Report | None:
    """Return the newest run's report with the sources' health, ``None`` before the first run.

    With the folder of the models it also tells drift.
    """
    with database.read() as tx:
        visits = read_visits(tx)
    sources = settings.read_sources()
    health = judge_all(sources, visits, at=at or now())
    return read_report(database, sources, notes=notes, visits=visits, health=health, models=models)


def tell(
    workspace: Workspace,
    settings: Settings,
    *,
    notes: Sequence[str] = (),
    at: datetime | None = None,
) -> Report:
    """Write the newest run's report and metrics, send word where asked to, return the report.

    What cannot be written or sent becomes a note of the report and no failure of the night.
    """
    with open_database(workspace, settings) as database:
        report = newest_report(database, settings, notes=notes, at=at, models=workspace.models)
    assert report is not None
    told, more = settings.notify, []
    if told.metrics_file:
        try:
            write_metrics(workspace.root / told.metrics_file, report)
        except AllianceError as error:
            more.append(str(error))
    email = Email(**told.email.model_dump()) if told.email else None
    more += notify(report, webhook=told.webhook, email=email, when=told.when)
    report = replace(report, notes=(*report.notes, *more))
    write_report(workspace, report)
    return report
