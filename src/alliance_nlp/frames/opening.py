"""From what a caller names to a connection that looks at that workspace's database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alliance_nlp.config import load_settings
from alliance_nlp.store import Connection, Database
from alliance_nlp.workspace import Workspace, find_workspace

Place = Workspace | Path | str | None


@contextmanager
def looking(workspace: Place) -> Iterator[Connection]:
    """Yield a connection that only looks; tables that are not there yet are made, empty.

    Raises
    ------
    WorkspaceError
        If there is no workspace at that place.
    ConfigError
        If its settings are wrong.
    StoreError
        If its database cannot be opened or read.
    """
    if not isinstance(workspace, Workspace):
        workspace = find_workspace(Path(workspace) if workspace is not None else None)
    url = load_settings(workspace.config_file).store.url or workspace.database_url
    with Database.open(url) as database, database.read() as tx:
        yield tx
