"""The notebooks run from top to bottom, import public names alone, and write nothing here."""

from __future__ import annotations

import ast
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.e2e.conftest import Demo, environment

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.name for path in NOTEBOOKS]

# Runs before anything else in the kernel and in every Python that it starts. The file system
# cannot simply be compared before and after: other tests write into the repository meanwhile.
GUARD = """
import os, sys

ROOT = {root!r}

CHANGES = {{"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate", "sqlite3.connect"}}

def _is_here(path):
    if isinstance(path, (bytes, os.PathLike)):
        path = os.fsdecode(path)
    return isinstance(path, str) and os.path.abspath(path).startswith(ROOT + os.sep)

def _refuse(event, args):
    if event == "open":
        path, _, flags = args
        touched = [path] if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) else []
    else:
        touched = args[:2] if event in CHANGES else []
    if any(map(_is_here, touched)):
        raise PermissionError(f"a notebook writes into the repository: {{event}} {{touched}}")

sys.addaudithook(_refuse)
"""

# nbclient in a process of its own: warnings of its event loop are no business of these tests.
EXECUTE = """
import sys
import nbformat
from nbclient import NotebookClient

source, result, folder = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
client = NotebookClient(
    notebook, timeout=240, kernel_name="python3", resources={"metadata": {"path": folder}}
)
client.execute()
nbformat.write(notebook, result)
"""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment whose Pythons refuse to write into the repository."""
    hooks = tmp_path_factory.mktemp("hooks")
    (hooks / "sitecustomize.py").write_text(GUARD.format(root=str(ROOT)), encoding="utf-8")
    home = tmp_path_factory.mktemp("home")
    return environment(
        PYTHONPATH=str(hooks),
        PYTHONDONTWRITEBYTECODE="1",
        IPYTHONDIR=str(home / "ipython"),
        XDG_CACHE_HOME=os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
        JUPYTER_RUNTIME_DIR=str(home / "runtime"),
        ALLIANCE_NOTEBOOK_SMALL="1",
        OMP_NUM_THREADS="1",  # of many kernels on two cores each would wait for the others
        OPENBLAS_NUM_THREADS="1",
    )


def _execute(name: str, folder: Path, env: dict[str, str]) -> Any:
    """Run a notebook in an empty folder; return it with its outputs."""
    result = folder / "result.ipynb"
    work = folder / "work"
    work.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", EXECUTE, str(ROOT / "notebooks" / name), str(result), str(work)],
        capture_output=True,
        text=True,
        env=env,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert list(work.iterdir()) == [], "a notebook leaves nothing where it was started"
    return nbformat.read(result, as_version=4)


def _plots(notebook: Any) -> int:
    return sum(
        "image/png" in output.get("data", {})
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    )


def _warnings(notebook: Any) -> list[str]:
    return [
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.get("name") == "stderr"
    ]


def test_all_four_are_there() -> None:
    assert NAMES == [
        "01-look-at-a-night.ipynb",
        "02-label-and-retrain.ipynb",
        "03-error-analysis.ipynb",
        "04-compare-models.ipynb",
    ]


def test_a_night_is_looked_at(demo: Demo, tmp_path: Path, guarded: dict[str, str]) -> None:
    workspace = tmp_path / "night"
    shutil.copytree(demo.once, workspace)
    env = {**guarded, "ALLIANCE_WORKSPACE": str(workspace)}
    notebook = _execute("01-look-at-a-night.ipynb", tmp_path, env)
    assert _plots(notebook) == 7
    assert _warnings(notebook) == []


@pytest.mark.long
def test_a_night_is_made_and_looked_at_when_no_workspace_is_named(
    tmp_path: Path, guarded: dict[str, str]
) -> None:
    assert _plots(_execute("01-look-at-a-night.ipynb", tmp_path, guarded)) == 7


@pytest.mark.parametrize(
    ("name", "n_plots"),
    [
        ("02-label-and-retrain.ipynb", 2),
        pytest.param("03-error-analysis.ipynb", 5, marks=pytest.mark.long),
        pytest.param("04-compare-models.ipynb", 2, marks=pytest.mark.long),
    ],
)
def test_notebook_runs_on_small_data(
    name: str, n_plots: int, tmp_path: Path, guarded: dict[str, str]
) -> None:
    notebook = _execute(name, tmp_path, guarded)
    assert _plots(notebook) == n_plots
    assert _warnings(notebook) == []


@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_stripped(name: str) -> None:
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def _imports(name: str) -> list[tuple[str, str]]:
    """Return the (module, name) pairs that a notebook imports from the package."""
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("alliance_nlp"):
            found += [(str(node.module), alias.name) for alias in node.names]
        if isinstance(node, ast.Import):
            found += [(a.name, "") for a in node.names if a.name.startswith("alliance_nlp")]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_only_public_names_are_imported(name: str) -> None:
    imported = _imports(name)
    assert imported
    for module, wanted in imported:
        if module == "alliance_nlp":  # rooms
            assert importlib.import_module(f"alliance_nlp.{wanted}").__all__
        else:
            assert wanted in importlib.import_module(module).__all__, f"{module}.{wanted}"


@pytest.mark.parametrize("name", NAMES)
def test_it_ends_with_what_to_do_next(name: str) -> None:
    last = nbformat.read(ROOT / "notebooks" / name, as_version=4).cells[-1]
    assert last.cell_type == "markdown"
    assert last.source.startswith("## What next")


@pytest.mark.parametrize(
    "code",
    [
        "open({place!r}, 'w')",
        "import os; os.mkdir({place!r})",
        "import os; os.rename('/', {place!r})",
    ],
)
def test_guard_refuses_a_write_into_the_repository(code: str, guarded: dict[str, str]) -> None:
    place = ROOT / "notebooks" / "written-by-a-test"
    done = subprocess.run(
        [sys.executable, "-c", code.format(place=str(place))],
        capture_output=True,
        text=True,
        env=guarded,
        check=False,
    )
    assert "writes into the repository" in done.stderr
    assert not place.exists()
