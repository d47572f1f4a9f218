"""The generated reference says what the code says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def _check(script: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )


def test_reference_is_what_the_code_says() -> None:
    result = _check(DOCS / "make_reference.py")
    assert result.returncode == 0, result.stderr


def test_check_fails_when_the_reference_is_stale(tmp_path: Path) -> None:
    script = tmp_path / "make_reference.py"
    script.write_bytes((DOCS / "make_reference.py").read_bytes())
    current = (DOCS / "reference.md").read_text(encoding="utf-8")
    (tmp_path / "reference.md").write_text(current + "\nmore\n", encoding="utf-8")
    result = _check(script)
    assert result.returncode == 1
    assert "make docs" in result.stderr
