"""What importing does, and what it does not."""

from __future__ import annotations

import importlib
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import alliance_nlp

HEAVY = ("spacy", "sklearn", "scipy", "numpy", "pandas", "trafilatura", "scrapy", "twisted")
ROOMS = sorted(
    name for _, name, is_package in pkgutil.iter_modules(alliance_nlp.__path__) if is_package
)
PUBLIC_NAMES = Path(__file__).parent / "public_names.json"


def _python(code: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=cwd, check=False
    )


def test_help_loads_no_heavy_library(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from alliance_nlp.cli.app import app\n"
        "try:\n    app(['--help'])\n"
        "except SystemExit:\n    pass\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    result = _python(code, tmp_path)
    assert result.stdout.splitlines()[-1] == "LOADED []", result.stdout + result.stderr


def test_importing_every_module_does_nothing(tmp_path: Path) -> None:
    code = (
        "import importlib, logging, os, pkgutil, socket, sys, threading\n"
        "import alliance_nlp\n"
        "handlers = list(logging.getLogger().handlers)\n"
        "import sklearn  # sets variables of its own OpenMP runtime\n"
        "environment = dict(os.environ)\n"
        "def no_network(*args):\n    raise AssertionError('network at import')\n"
        "socket.socket.connect = no_network\n"
        "found = pkgutil.walk_packages(alliance_nlp.__path__, 'alliance_nlp.')\n"
        "names = [m.name for m in found if not m.name.endswith(('__main__', 'migrations.env'))"
        " and '.versions.' not in m.name]\n"
        "for name in names:\n    importlib.import_module(name)\n"
        "assert logging.getLogger().handlers == handlers, 'a log handler was installed'\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
        "assert dict(os.environ) == environment, 'the environment was changed'\n"
        "print(len(names))\n"
    )
    result = _python(code, tmp_path)
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) > 80
    assert list(tmp_path.iterdir()) == [], "importing wrote files"


@pytest.mark.parametrize("room", ROOMS)
def test_public_names_are_exactly_those_written_down(room: str) -> None:
    """A name added or lost is a change of contract: change public_names.json with it."""
    module = importlib.import_module(f"alliance_nlp.{room}")
    expected = json.loads(PUBLIC_NAMES.read_text(encoding="utf-8"))
    names = sorted(getattr(module, "__all__", []))
    assert names == expected[room]
    for name in names:
        assert getattr(module, name) is not None


def test_no_room_is_missing_from_the_public_names() -> None:
    expected = json.loads(PUBLIC_NAMES.read_text(encoding="utf-8"))
    assert sorted(expected) == ROOMS
