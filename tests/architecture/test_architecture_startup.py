"""What may be loaded when: help waits for nothing, and a quiet night loads no reader of pages."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from alliance_nlp.cli.commands import COMMANDS
from alliance_nlp.workspace import Workspace

# What takes longer to load than the rest of the help together.
SLOW = ("rich", "sqlalchemy", "starlette", "jinja2", "lxml", "joblib", "pebble")
HEAVY = ("spacy", "sklearn", "scipy", "numpy", "pandas", "trafilatura", "scrapy", "twisted")
# Of the estimators the night needs those that fold; the classifier's stay where they are.
READERS = ("spacy", "trafilatura", "htmldate", "py3langid", "docx", "reportlab", "sklearn.svm")
# Runs a command and tells which modules it came to load.
_TELL = (
    "import json, sys\n"
    "from alliance_nlp.cli.app import app\n"
    "try:\n    app(json.loads(sys.argv[1]))\n"
    "except SystemExit as end:\n    code = end.code\n"
    "print('LOADED', json.dumps([code or 0, sorted(sys.modules)]))\n"
)


def _loaded_by(*args: str, cwd: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _TELL, json.dumps(args)],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    code, modules = json.loads(done.stdout.rpartition("LOADED ")[2])
    assert code == 0, done.stdout + done.stderr
    return set(modules)


def test_help_loads_no_command(tmp_path: Path) -> None:
    loaded = _loaded_by("--help", cwd=tmp_path)
    ours = {name for name in loaded if name.startswith("alliance_nlp.")}
    commands = {f"alliance_nlp.cli.{entry.module}" for entry in COMMANDS}
    assert not ours & commands
    assert all(name.startswith(("alliance_nlp.cli", "alliance_nlp.core")) for name in ours), ours


def test_help_loads_nothing_slow(tmp_path: Path) -> None:
    slow = {*SLOW, *HEAVY, "pydantic"}  # which typer loads to read numbers and paths
    loaded = _loaded_by("--help", cwd=tmp_path)
    assert loaded.isdisjoint(slow), loaded & slow


def test_help_of_any_command_loads_nothing_slow(tmp_path: Path) -> None:
    code = (
        "import sys, typer.main\n"
        "from contextlib import redirect_stdout\n"
        "from io import StringIO\n"
        "from alliance_nlp.cli.app import app\n"
        "def ask(command, path):\n"
        "    try:\n        app([*path, '--help'])\n"
        "    except SystemExit as end:\n        assert not end.code, path\n"
        f"    bad = [name for name in {(*SLOW, *HEAVY)!r} if name in sys.modules]\n"
        "    assert not bad, (path, bad)\n"
        "    for name, below in getattr(command, 'commands', {}).items():\n"
        "        ask(below, [*path, name])\n"
        "with redirect_stdout(StringIO()):\n    ask(typer.main.get_command(app), [])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture
def settled(demo_folder: Path, tmp_path: Path) -> Path:
    """A workspace that has been through a night, whose sources have nothing more to give."""
    root = tmp_path / "settled"
    demo = Workspace(demo_folder / "alliance-demo")
    (root / "inbox").mkdir(parents=True)
    shutil.copytree(demo.root / "data", root / "data")
    shutil.copytree(demo.models, root / "models")
    text = (demo.root / "alliance.toml").read_text(encoding="utf-8").partition("[[sources]]")[0]
    source = '[[sources]]\nid = "inbox"\nname = "Inbox"\nkind = "folder"\nurl = "inbox"\n'
    (root / "alliance.toml").write_text(text + source, encoding="utf-8")
    return root


def test_night_with_nothing_new_loads_no_reader_and_no_model(settled: Path) -> None:
    loaded = _loaded_by("nightly", "-w", str(settled), "--as-of", "2024-04-15", cwd=settled)
    assert "alliance_nlp.pipeline.ranking" in loaded
    assert loaded.isdisjoint({*READERS, "scrapy", "twisted", "alliance_nlp.learn"})
