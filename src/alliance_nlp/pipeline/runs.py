"""The runs a user starts: the whole night, or one stage of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from alliance_nlp.config import Settings
from alliance_nlp.pipeline.collecting import collect
from alliance_nlp.pipeline.night import Night, night, open_database
from alliance_nlp.pipeline.processing import process
from alliance_nlp.pipeline.progress import ProgressCallback, silent
from alliance_nlp.pipeline.ranking import fold_and_rank
from alliance_nlp.pipeline.report import Report, read_report, write_report
from alliance_nlp.tag import Tagger
from alliance_nlp.workspace import Workspace


def _nightly(run: Night) -> None:
    collect(run)
    process(run)
    fold_and_rank(run)


def _rank(run: Night) -> None:
    fold_and_rank(run)


STAGES: dict[str, Callable[[Night], None]] = {
    "nightly": _nightly,
    "collect": collect,
    "process": process,
    "rank": _rank,
}


def run(
    command: str,
    workspace: Workspace,
    settings: Settings,
    *,
    load_model: Callable[[], tuple[Any, str]],
    as_of: datetime | None = None,
    progress: ProgressCallback = silent,
) -> Report:
    """Run ``nightly``, ``collect``, ``process`` or ``rank`` and return its report.

    Running again changes nothing that is settled; what a broken-off run left is taken up.

    Raises
    ------
    WorkspaceError
        If another run holds the workspace.
    StoreError, ArchiveError
        If the database or the disk refuses.
    """
    with night(
        workspace,
        settings,
        command=command,
        load_tagger=lambda: Tagger.load(workspace.knowledge_base),
        load_model=load_model,
        as_of=as_of,
        progress=progress,
    ) as current:
        STAGES[command](current)
        notes = tuple(current.notes)
    with open_database(workspace, settings) as database:
        report = read_report(database, settings.read_sources(), notes=notes)
    assert report is not None
    write_report(workspace, report)
    return report
