"""Where things are on disk, and the lock that keeps two runs apart."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import WorkspaceError

__all__ = [
    "CONFIG_NAME",
    "Workspace",
    "find_workspace",
    "make_workspace",
    "packaged_labeled",
    "user_cache",
]

CONFIG_NAME = "alliance.toml"
_FOLDERS = ("data/raw", "data/labeled", "models", "issues", "reports")


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with ``alliance.toml`` and what belongs to it."""

    root: Path

    @property
    def config_file(self) -> Path:
        """``alliance.toml``."""
        return self.root / CONFIG_NAME

    @property
    def raw(self) -> Path:
        """The archive."""
        return self.root / "data" / "raw"

    @property
    def labeled(self) -> Path:
        """The workspace's own labelled items, on top of the packaged ones."""
        return self.root / "data" / "labeled"

    @property
    def models(self) -> Path:
        """Fitted models with their cards."""
        return self.root / "models"

    @property
    def own_tables(self) -> Path:
        """Where additions to and corrections of the knowledge base go, there already or not."""
        return self.root / "data" / "kb"

    @property
    def knowledge_base(self) -> Path | None:
        """The workspace's additions to and corrections of the knowledge base, where it has any."""
        return self.own_tables if self.own_tables.is_dir() else None

    @property
    def issues(self) -> Path:
        """Draft and published issues as files."""
        return self.root / "issues"

    @property
    def reports(self) -> Path:
        """Run reports."""
        return self.root / "reports"

    @property
    def database_url(self) -> str:
        """The SQLite database used unless ``store.url`` names another."""
        return f"sqlite:///{self.root / 'data' / 'alliance.db'}"

    def refuse_if_held(self) -> None:
        """Leave at once when another run holds the workspace, before anything slow is done.

        Raises
        ------
        WorkspaceError
            If another run holds it, or its folder is not writable.
        """
        os.close(self._take_lock())

    def _take_lock(self) -> int:
        path = self.root / ".lock"
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise WorkspaceError(
                f"cannot open the lock {path}: {error.strerror or error}; mend the folder's rights"
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 500, 0).decode(errors="replace").strip()
            os.close(handle)
            raise WorkspaceError(
                f"another run holds {self.root}: {holder or 'unknown'}; "
                "wait for it to end, or stop it"
            ) from error
        return handle

    @contextmanager
    def lock(self, command: str) -> Iterator[None]:
        """Hold the workspace for a run that writes; the operating system frees it on any death.

        Raises
        ------
        WorkspaceError
            If another run holds it, the message says which; or if its folder is not writable.
        """
        handle = self._take_lock()
        path = self.root / ".lock"
        try:
            _note_holder(handle, path, f"{command}, process {os.getpid()}, since {now():%F %T}Z\n")
            yield
            _note_holder(handle, path, "")
        finally:
            os.close(handle)


def _note_holder(handle: int, path: Path, holder: str) -> None:
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, holder.encode(), 0)
    except OSError as error:
        raise WorkspaceError(
            f"cannot write the lock {path}: {error.strerror or error}; make room and run again, "
            "nothing is lost"
        ) from error


def find_workspace(start: Path | None) -> Workspace:
    """Return the workspace at ``start``, or the nearest one at or above the working folder.

    Raises
    ------
    WorkspaceError
        If there is none.
    """
    if start is not None:
        if not (start / CONFIG_NAME).is_file():
            raise WorkspaceError(
                f"{start} is no workspace (no {CONFIG_NAME}); make one with: "
                f"alliance-nlp init {start}"
            )
        return Workspace(start.resolve())
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / CONFIG_NAME).is_file():
            return Workspace(folder)
    raise WorkspaceError(
        f"no {CONFIG_NAME} in {here} or above it; make a workspace with: alliance-nlp init DIR, "
        "or name one with --workspace DIR"
    )


def make_workspace(root: Path, *, config: str) -> Workspace:
    """Make the folders and write ``alliance.toml``; what exists already is left alone.

    Raises
    ------
    WorkspaceError
        If the folder holds a configuration already, or cannot be written.
    """
    workspace = Workspace(root.resolve())
    if workspace.config_file.exists():
        raise WorkspaceError(
            f"{workspace.root} is a workspace already; edit {workspace.config_file} instead"
        )
    try:
        for name in _FOLDERS:
            (workspace.root / name).mkdir(parents=True, exist_ok=True)
        workspace.config_file.write_text(config, encoding="utf-8")
    except OSError as error:
        raise WorkspaceError(
            f"cannot make the workspace {workspace.root}: {error.strerror or error}"
        ) from error
    return workspace


def user_cache() -> Path:
    """Return the folder for what can be made again, by the XDG convention."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "alliance-nlp"


def packaged_labeled() -> Path:
    """Return the folder of the labelled items that come with the package."""
    inside = Path(str(resources.files("alliance_nlp"))) / "learn" / "labeled"
    if inside.is_dir():
        return inside
    return Path(__file__).resolve().parents[2] / "data" / "labeled"  # a source checkout


def packaged_backtest() -> Path:
    """Return the folder of the back-test that comes with the package: articles and issues."""
    inside = Path(str(resources.files("alliance_nlp"))) / "learn" / "backtest"
    if inside.is_dir():
        return inside
    return Path(__file__).resolve().parents[2] / "data" / "backtest"  # a source checkout
