"""The runs a user starts: the whole night, or one stage of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from alliance_nlp.config import Settings
from alliance_nlp.core.errors import AllianceError
from alliance_nlp.pipeline.collecting import collect
from alliance_nlp.pipeline.night import Night, night
from alliance_nlp.pipeline.processing import process
from alliance_nlp.pipeline.progress import SILENT, Watch
from alliance_nlp.pipeline.ranking import fold_and_rank
from alliance_nlp.pipeline.report import Report
from alliance_nlp.pipeline.telling import tell
from alliance_nlp.workspace import Workspace


def _nightly(run: Night) -> None:
    collect(run)
    process(run, may_fetch=True)
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
    find_model_id: Callable[[], str | None] | None = None,
    as_of: datetime | None = None,
    watch: Watch = SILENT,
) -> Report:
    """Run ``nightly``, ``collect``, ``process`` or ``rank`` and return its report.

    Running again changes nothing that is settled; what a broken-off run left is taken up. With
    ``find_model_id`` a run that has nothing to classify loads no model.

    Raises
    ------
    WorkspaceError
        If another run holds the workspace.
    StoreError, ArchiveError
        If the database or the disk refuses.
    """
    notes: list[str] | None = None
    try:
        with night(
            workspace,
            settings,
            command=command,
            load_model=load_model,
            find_model_id=find_model_id or (lambda: None),
            as_of=as_of,
            watch=watch,
        ) as current:
            notes = current.notes
            STAGES[command](current)
    except AllianceError as error:
        if notes is not None:  # it had begun, so there is something to tell
            tell(workspace, settings, notes=[*notes, f"the run was broken off: {error}"], at=as_of)
        raise
    return tell(workspace, settings, notes=notes or (), at=as_of)
