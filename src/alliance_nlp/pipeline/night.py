"""What a run carries with it, and the frame around every run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from alliance_nlp import __version__
from alliance_nlp.archive import Archive, archived_runs
from alliance_nlp.config import Settings
from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import AllianceError, WorkspaceError
from alliance_nlp.core.types import Rejected, Source, Stage
from alliance_nlp.pipeline.ledger import Ledger
from alliance_nlp.pipeline.progress import SILENT, ProgressCallback, Watch
from alliance_nlp.pipeline.repairing import settle_archive
from alliance_nlp.store import (
    Connection,
    Database,
    commit_archive,
    count_on,
    finish_run,
    last_run,
    save_ledger,
    save_problems,
    start_archived_run,
    start_run,
)
from alliance_nlp.workspace import Workspace

REBUILD = "rebuild"


def _no_model() -> tuple[Any, str]:
    raise WorkspaceError("this run has no model")


def _not_known() -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """A run: where, with what, as of when.

    ``fixed_at`` is the time of ``--as-of``, or ``None`` for the present. ``closing`` is what the
    archive keeps of the run, so that it can be made again without the database. ``last_edit`` is
    the last edit of stories that counts where a past run is made again; else all count.
    ``find_model_id`` tells which model serves without loading it, or ``None`` where that shows
    only when it is loaded.
    """

    workspace: Workspace
    settings: Settings
    database: Database
    archive: Archive
    ledger: Ledger
    run_id: int
    fixed_at: datetime | None
    sources: tuple[Source, ...]
    load_model: Callable[[], tuple[Any, str]] = _no_model
    find_model_id: Callable[[], str | None] = _not_known
    progress: ProgressCallback = SILENT.progress
    notes: list[str] = field(default_factory=list)
    closing: dict[str, str] = field(default_factory=dict)
    last_edit: int | None = None

    def source(self, source_id: str) -> Source | None:
        """Return a source by id, or ``None`` when it was taken out of the configuration."""
        return next((source for source in self.sources if source.id == source_id), None)

    def at(self) -> datetime:
        """Return the time that counts now."""
        return self.fixed_at or now()

    def settle(self, stage: Stage, subject: str, rejected: Rejected | None) -> None:
        """Let a subject out of a stage, and save at once why it was refused."""
        self.ledger.leave(stage, subject, rejected)
        problems = self.ledger.take_problems()
        if problems:
            with self.database.write() as tx:
                save_problems(tx, self.run_id, problems)

    def report_progress(self, stage: str, done: int, total: int | None = None) -> None:
        """Tell whoever watches how far a stage is."""
        self.progress(stage, done, total)


@contextmanager
def open_database(workspace: Workspace, settings: Settings) -> Iterator[Database]:
    """Open the workspace's database."""
    with Database.open(settings.store.url or workspace.database_url) as database:
        yield database


@contextmanager
def night(
    workspace: Workspace,
    settings: Settings,
    *,
    command: str,
    load_model: Callable[[], tuple[Any, str]],
    find_model_id: Callable[[], str | None] = _not_known,
    as_of: datetime | None = None,
    watch: Watch = SILENT,
) -> Iterator[Night]:
    """Hold the workspace for a run: lock, repair the archive, count, and close the books.

    The books are closed also when the run is broken off, so the ledger tells what was done.

    Raises
    ------
    WorkspaceError
        If another run holds the workspace, or a rebuild was broken off.
    ArchiveError
        If the archive and the database do not belong together.
    """
    with workspace.lock(command), open_database(workspace, settings) as database:
        with database.write() as tx:
            _refuse_half_built(workspace, tx)
            cut = settle_archive(workspace.raw, tx)
            run_id = start_run(tx, command=command, as_of=as_of or now(), at=now())
        run = _night(workspace, settings, database, run_id=run_id, command=command, as_of=as_of)
        run.notes.extend(f"cut {n} bytes of a torn end off {file}" for file, n in cut)
        run = replace(run, load_model=cache(load_model), find_model_id=find_model_id)
        with _watched(run, watch) as watched:
            yield watched


@contextmanager
def rebuild_night(
    workspace: Workspace,
    settings: Settings,
    *,
    load_model: Callable[[], tuple[Any, str]],
    watch: Watch = SILENT,
) -> Iterator[Night]:
    """Hold the workspace for a rebuild; the runs that the archive tells of are known afterwards.

    Raises
    ------
    WorkspaceError
        If another run holds the workspace.
    """
    with workspace.lock(REBUILD), open_database(workspace, settings) as database:
        with database.write() as tx:
            for archived in archived_runs(workspace.raw):
                if archived.number:
                    command, stated = archived.info.get("command", ""), archived.info.get("as-of")
                    as_of = datetime.fromisoformat(stated) if stated else now()
                    start_archived_run(tx, archived.number, command=command, at=as_of)
            count_on(tx)
            run_id = start_run(tx, command=REBUILD, as_of=now(), at=now())
        run = _night(workspace, settings, database, run_id=run_id, command=REBUILD, as_of=None)
        with _watched(replace(run, load_model=cache(load_model)), watch) as watched:
            yield watched


def _night(
    workspace: Workspace,
    settings: Settings,
    database: Database,
    *,
    run_id: int,
    command: str,
    as_of: datetime | None,
) -> Night:
    return Night(
        workspace=workspace,
        settings=settings,
        database=database,
        archive=_archive(workspace, settings, run_id=run_id, command=command, as_of=as_of),
        ledger=Ledger(),
        run_id=run_id,
        fixed_at=as_of,
        sources=settings.read_sources(),
    )


@contextmanager
def _watched(run: Night, watch: Watch) -> Iterator[Night]:
    """Let the run be watched, and close its books however it ends."""
    watch.started(run.run_id)
    run.ledger.on_problem = watch.problem
    state = "interrupted"
    try:
        yield replace(run, progress=watch.progress)
        state = "done"
    finally:
        _close(run, state)


def _refuse_half_built(workspace: Workspace, tx: Connection) -> None:
    """Refuse to work on what a broken-off rebuild left.

    Raises
    ------
    WorkspaceError
        If the last run was a rebuild that did not come to its end.
    """
    if is_half_built(tx):
        raise WorkspaceError(
            f"the rebuild of {workspace.root} was broken off, so its articles are not whole; "
            "run: alliance-nlp rebuild"
        )


def is_half_built(tx: Connection) -> bool:
    """Tell whether a rebuild is under way, or was broken off."""
    last = last_run(tx)
    return last is not None and last.command == REBUILD and last.state in ("running", "interrupted")


def _archive(
    workspace: Workspace,
    settings: Settings,
    *,
    run_id: int,
    command: str,
    as_of: datetime | None,
) -> Archive:
    info = {
        "command": command,
        "as-of": as_of.isoformat() if as_of else "",
        "http-header-user-agent": settings.politeness().user_agent,
        "robots": "obey",
    }
    return Archive(
        workspace.raw, run=str(run_id), software=f"alliance-nlp/{__version__}", info=info
    )


def _close(run: Night, state: str) -> None:
    run.ledger.close()
    archived = None
    if state == "done":
        # A ranking is remembered even when nothing was fetched: it moved the window.
        on = run.at().date() if run.closing else None
        archived = run.archive.close({"state": state, **run.closing}, on=on)
    if state == "done" and run.ledger.n_failed:
        state = "done-with-failures"
    with run.database.write() as tx:
        if archived is not None:
            commit_archive(tx, archived)
        save_problems(tx, run.run_id, run.ledger.take_problems())
        save_ledger(tx, run.run_id, run.ledger.counts())
        finish_run(tx, run.run_id, state=state, at=now())
    if state == "interrupted":
        # What was archived and not committed goes now; if it cannot, the next run sees to it.
        with suppress(AllianceError), run.database.read() as tx:
            settle_archive(run.workspace.raw, tx)


def repair_archive(workspace: Workspace, settings: Settings) -> list[tuple[str, int]]:
    """Cut off what a killed run left behind; return (file, bytes cut).

    Raises
    ------
    ArchiveError
        If the archive and the database do not belong together.
    """
    with (
        workspace.lock("archive repair"),
        open_database(workspace, settings) as database,
        database.read() as tx,
    ):
        return settle_archive(workspace.raw, tx)
