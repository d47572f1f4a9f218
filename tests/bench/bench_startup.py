"""Measure what starting costs: the help, and a night that finds nothing new.

    python tests/bench/bench_startup.py

Processor time of a process and all that it starts, the least of several interleaved rounds, set
beside what loading the libraries alone costs. A night's network is no part of it: its only source
is an empty folder, and a run that fetches starts one more process (Scrapy) beside its own loading.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from alliance_nlp.workspace import Workspace

pytestmark = pytest.mark.bench

COMMAND = Path(sys.executable).parent / "alliance-nlp"
N_ROUNDS = 7
HELP_S, NIGHT_S = 0.3, 5.0
# Beside loading typer alone, and beside loading what folding needs.
HELP_RATIO, NIGHT_RATIO = 1.8, 3.0
SOURCE = '[[sources]]\nid = "inbox"\nname = "Inbox"\nkind = "folder"\nurl = "inbox"\n'


def cpu_s(*command: str | Path) -> float:
    """Return the processor time of a command and of all that it started, in seconds."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ALLIANCE_")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=kept)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def least(commands: dict[str, tuple[str | Path, ...]]) -> dict[str, float]:
    """Return the least processor time of each command; whatever else runs can only add to it."""
    found: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(N_ROUNDS):
        for name, command in commands.items():
            found[name].append(cpu_s(*command))
    return {name: min(times) for name, times in found.items()}


def settled(root: Path, demo: Workspace) -> Path:
    """Make a workspace that has been through a night, and whose sources have no more to give."""
    (root / "inbox").mkdir(parents=True)
    shutil.copytree(demo.root / "data", root / "data")
    shutil.copytree(demo.models, root / "models")
    text = demo.config_file.read_text(encoding="utf-8").partition("[[sources]]")[0]
    (root / "alliance.toml").write_text(text + SOURCE, encoding="utf-8")
    return root


def measure(root: Path, demo: Workspace) -> dict[str, float]:
    """Measure all in interleaved rounds and print them."""
    quiet = settled(root / "quiet", demo)
    python = Path(sys.executable)
    found = least(
        {
            "typer alone": (python, "-c", "import typer"),
            "--help": (COMMAND, "--help"),
            "nightly --help": (COMMAND, "nightly", "--help"),
            "digest --help": (COMMAND, "digest", "--help"),
            "scikit-learn alone": (python, "-c", "import sklearn.feature_extraction.text"),
            "quiet night": (COMMAND, "nightly", "-w", quiet, "--as-of", "2024-04-15", "--json"),
        }
    )
    for name, seconds in found.items():
        sys.stdout.write(f"{name:<20} {seconds:6.3f} s of processor time\n")
    sys.stdout.write(
        f"help {found['--help'] / found['typer alone']:.2f} times typer alone; "
        f"quiet night {found['quiet night'] / found['scikit-learn alone']:.2f} times scikit-learn\n"
    )
    return found


def check(found: dict[str, float]) -> None:
    """Hold the targets, and the ratios that say the same on any machine."""
    for name in ("--help", "nightly --help", "digest --help"):
        assert found[name] < HELP_S, (name, found)
        assert found[name] < HELP_RATIO * found["typer alone"], (name, found)
    assert found["quiet night"] < NIGHT_S, found
    assert found["quiet night"] < NIGHT_RATIO * found["scikit-learn alone"], found


def test_help_and_a_quiet_night_start_quickly(demo_folder: Path, tmp_path: Path) -> None:
    check(measure(tmp_path, Workspace(demo_folder / "alliance-demo")))


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-startup-") as folder:
        demo = Workspace(Path(folder) / "demo")
        subprocess.run([COMMAND, "demo", "--dir", demo.root], check=True, capture_output=True)
        check(measure(Path(folder), demo))


if __name__ == "__main__":
    main()
