"""The commands without a process of their own: quick, and with the same output and exit code."""

from __future__ import annotations

import os
from pathlib import Path

from typer.testing import CliRunner

from alliance_nlp.cli.app import app
from alliance_nlp.core.errors import AllianceError
from tests.e2e.conftest import Result


def invoke(*args: str | Path, stdin: bytes | None = None, **env: str) -> Result:
    """Run a command as the program does; an error of ours becomes its line and exit code 1."""
    others = {name: None for name in os.environ if name.startswith("ALLIANCE_")}
    done = CliRunner().invoke(app, [str(arg) for arg in args], input=stdin, env={**others, **env})
    error = done.exception
    if isinstance(error, AllianceError):
        return Result(1, done.stdout, f"{done.stderr}error: {error}\n")
    if error is not None and not isinstance(error, SystemExit):
        raise error
    return Result(done.exit_code, done.stdout, done.stderr)


def body_of(*args: str | Path) -> bytes:
    """Return what a command writes to standard output, byte for byte."""
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False).stdout_bytes
