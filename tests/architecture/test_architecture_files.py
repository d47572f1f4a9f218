"""What tracked files must not hold."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Put together here, so that this file does not name them itself.
REGISTRIES = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("deb", "debian", "org"),
        )
    )
)
MACHINE_PATHS = re.compile(r"(?<![\w./<-])/(?:root|work|tmp|home/\w+|Users/\w+)/[\w.-]+")
TEXT = {".py", ".md", ".toml", ".txt", ".lock", ".json", ".jsonl", ".html", ".ipynb", ".j2", ""}


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout, so there are no tracked files to look at")
    paths = [ROOT / name for name in listed.stdout.splitlines()]
    return [path for path in paths if path.suffix in TEXT and path.is_file()]


def test_no_tracked_file_names_a_registry() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in _tracked()
        if REGISTRIES.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert not found


def test_no_tracked_file_holds_a_path_of_some_machine() -> None:
    found = {
        str(path.relative_to(ROOT)): match.group()
        for path in _tracked()
        if (match := MACHINE_PATHS.search(path.read_text(encoding="utf-8", errors="replace")))
    }
    assert not found


def test_every_pin_has_a_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^[\w.\[\]-]+==[^\s\\]+(?: ; [^\\\n]+)? \\\n    --hash=sha256:", lock, re.M)
    names = re.findall(r"^[\w.\[\]-]+==", lock, re.M)
    assert len(names) > 100
    assert len(pins) == len(names)
    assert "://" not in lock
