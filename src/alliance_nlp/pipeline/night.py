"""What a run carries with it, and the frame around every run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from alliance_nlp.archive import Archive
from alliance_nlp.config import Settings
from alliance_nlp.core.clock import now
from alliance_nlp.core.types import Source
from alliance_nlp.pipeline.ledger import Ledger
from alliance_nlp.pipeline.progress import ProgressCallback, silent
from alliance_nlp.store import (
    Database,
    committed_bytes,
    finish_run,
    save_ledger,
    save_problems,
    start_run,
)
from alliance_nlp.workspace import Workspace

if TYPE_CHECKING:
    from alliance_nlp.tag import Tagger


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """A run: where, with what, as of when.

    ``fixed_at`` is the time of ``--as-of``, or ``None`` for the present.
    """

    workspace: Workspace
    settings: Settings
    database: Database
    archive: Archive
    ledger: Ledger
    run_id: int
    fixed_at: datetime | None
    sources: tuple[Source, ...]
    load_tagger: Callable[[], Tagger]
    load_model: Callable[[], tuple[Any, str]]
    progress: ProgressCallback
    notes: list[str] = field(default_factory=list)

    def source(self, source_id: str) -> Source | None:
        """Return a source by id, or ``None`` when it was taken out of the configuration."""
        return next((source for source in self.sources if source.id == source_id), None)

    def at(self) -> datetime:
        """Return the time that counts now."""
        return self.fixed_at or now()

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
    load_tagger: Callable[[], Tagger],
    load_model: Callable[[], tuple[Any, str]],
    as_of: datetime | None = None,
    progress: ProgressCallback = silent,
) -> Iterator[Night]:
    """Hold the workspace for a run: lock, repair the archive, count, and close the books.

    The books are closed also when the run is broken off, so the ledger tells what was done.
    """
    with workspace.lock(command), open_database(workspace, settings) as database:
        archive = Archive(workspace.raw)
        with database.write() as tx:
            cut = archive.repair(committed_bytes(tx))
            run_id = start_run(tx, command=command, as_of=as_of or now(), at=now())
        run = Night(
            workspace=workspace,
            settings=settings,
            database=database,
            archive=archive,
            ledger=Ledger(),
            run_id=run_id,
            fixed_at=as_of,
            sources=settings.read_sources(),
            load_tagger=load_tagger,
            load_model=load_model,
            progress=progress,
            notes=[f"cut {n} bytes of a torn end off {file}" for file, n in cut],
        )
        state = "interrupted"
        try:
            yield run
            state = "done"
        finally:
            _close(run, state)


def _close(run: Night, state: str) -> None:
    run.ledger.close()
    if state == "done" and run.ledger.n_failed:
        state = "done-with-failures"
    with run.database.write() as tx:
        save_problems(tx, run.run_id, run.ledger.take_problems())
        save_ledger(tx, run.run_id, run.ledger.counts())
        finish_run(tx, run.run_id, state=state, at=now())
