from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from alliance_nlp.core.errors import WorkspaceError
from alliance_nlp.workspace import Workspace, make_workspace

HOLD = """
import signal, subprocess, sys
from pathlib import Path
from alliance_nlp.workspace import find_workspace

signal.signal(signal.SIGINT, signal.SIG_DFL)  # a job in the background is started without it
with find_workspace(Path(sys.argv[1])).lock("nightly"):
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"],
                             stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    print("held", child.pid, flush=True)
    sys.stdin.readline()
"""
TRY = """
import sys
from pathlib import Path
from alliance_nlp.core.errors import WorkspaceError
from alliance_nlp.workspace import find_workspace

try:
    with find_workspace(Path(sys.argv[1])).lock("collect"):
        print("got it")
except WorkspaceError as error:
    print(error)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path, config="")


@contextmanager
def holder(workspace: Workspace) -> Iterator[subprocess.Popen[str]]:
    """Run a process that holds the lock, and has a child of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(workspace.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("held")
            yield process
        finally:
            process.kill()


def attempt(workspace: Workspace) -> str:
    return subprocess.run(
        [sys.executable, "-c", TRY, str(workspace.root)],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    ).stdout


def test_second_process_is_kept_out_at_once_and_told_by_whom(workspace: Workspace) -> None:
    with holder(workspace) as process:
        started = time.monotonic()
        said = attempt(workspace)
        assert time.monotonic() - started < 2
        assert f"another run holds {workspace.root}: nightly, process {process.pid}, since " in said
        assert "wait for it to end, or stop it" in said


def test_lock_is_free_once_its_holder_ends(workspace: Workspace) -> None:
    with holder(workspace) as process:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.wait(10) == 0
        assert attempt(workspace) == "got it\n"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_holder_that_was_killed_never_blocks(workspace: Workspace, number: signal.Signals) -> None:
    with holder(workspace) as process:
        process.send_signal(number)
        process.wait(10)
        assert attempt(workspace) == "got it\n"


def test_lock_is_free_after_an_error_inside(workspace: Workspace) -> None:
    with pytest.raises(KeyError), workspace.lock("nightly"):
        raise KeyError
    with workspace.lock("collect"):
        pass


def test_lock_keeps_out_a_second_holder_in_the_same_process(workspace: Workspace) -> None:
    with (
        workspace.lock("nightly"),
        pytest.raises(WorkspaceError, match="nightly"),
        workspace.lock("collect"),
    ):
        pass


def test_refused_attempt_leaves_the_holders_name_in_place(workspace: Workspace) -> None:
    with holder(workspace):
        assert attempt(workspace) == attempt(workspace)


def test_lock_that_cannot_be_taken_is_an_error_of_the_workspace(workspace: Workspace) -> None:
    (workspace.root / ".lock").mkdir()
    with pytest.raises(WorkspaceError, match=r"\.lock"), workspace.lock("nightly"):
        pass
