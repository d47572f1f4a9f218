"""Options that several commands share, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from alliance_nlp.config import Settings
    from alliance_nlp.workspace import Workspace

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        envvar="ALLIANCE_WORKSPACE",
        help="The workspace; without it, the nearest one at or above the working folder.",
        show_default=False,
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", help="Fix the clock: 2024-04-14 or a full ISO time.", show_default=False
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON, also on a terminal.")]


def open_workspace(path: Path | None) -> tuple[Workspace, Settings]:
    """Return the workspace and its settings."""
    from alliance_nlp.config import load_settings
    from alliance_nlp.workspace import find_workspace

    workspace = find_workspace(path)
    return workspace, load_settings(workspace.config_file)


def model_loader(workspace: Workspace | None) -> Callable[[], tuple[Any, str]]:
    """Return what loads the model that serves: the workspace's, or the packaged items' own."""

    def load() -> tuple[Any, str]:
        from alliance_nlp.learn import ensure_default_model, ensure_model
        from alliance_nlp.workspace import packaged_labeled, user_cache

        if workspace is None:
            model, card = ensure_default_model(user_cache() / "models", [packaged_labeled()])
        else:
            model, card = ensure_model(workspace.models, [packaged_labeled(), workspace.labeled])
        return model, card.id

    return load


def serving_id(workspace: Workspace) -> Callable[[], str | None]:
    """Return what tells which of a workspace's models serves, without loading it."""

    def find() -> str | None:
        from alliance_nlp.artifacts import champion_id

        return champion_id(workspace.models)

    return find
