"""Commands as their users run them: arguments and input in, output and exit code out.

Most run in this process, since starting one takes seconds; ``as_process`` asks for a real one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from alliance_nlp.sample import SampleSite, serve

COMMAND = Path(sys.executable).parent / "alliance-nlp"
AS_OF = "2024-04-14"


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Result]


def environment(**extra: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ALLIANCE_")}
    return {**kept, "COLUMNS": "160", **extra}


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run alliance-nlp with the given arguments and return what came of it."""
    from tests.e2e.in_process import invoke

    elsewhere = tmp_path_factory.mktemp("elsewhere")
    cache = tmp_path_factory.mktemp("cache")

    def go(
        *args: str | Path,
        stdin: str | bytes | None = None,
        cwd: Path | None = None,
        as_process: bool = False,
        **env: str,
    ) -> Result:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        there = cwd or elsewhere
        env = {"XDG_CACHE_HOME": str(cache), "COLUMNS": "160", **env}
        if not as_process:
            with chdir(there):
                return invoke(*args, stdin=data, **env)
        done = subprocess.run(
            [str(COMMAND), *map(str, args)],
            input=data,
            stdin=subprocess.DEVNULL if data is None else None,
            capture_output=True,
            cwd=there,
            timeout=240,
            env=environment(**env),
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return go


@dataclass(frozen=True)
class Demo:
    root: Path
    once: Path  # a copy of the workspace after its first run
    first: Result
    second: Result


@pytest.fixture(scope="session")
def demo(demo_folder: Path) -> Demo:
    """The demo, run twice in one folder."""
    first, second = (
        Result(**json.loads((demo_folder / f"{name}.json").read_text(encoding="utf-8")))
        for name in ("first", "second")
    )
    root, once = demo_folder / "alliance-demo", demo_folder / "after-one-run"
    issue = Path("issues/vol-3.7.md")
    assert (root / issue).read_text(encoding="utf-8") == (once / issue).read_text(encoding="utf-8")
    return Demo(root, once, first, second)


@pytest.fixture(scope="session")
def site() -> Iterator[SampleSite]:
    with serve() as running:
        yield running


@pytest.fixture
def workspace(demo: Demo, tmp_path: Path) -> Path:
    """A workspace with the sample site's sources and a trained model, but nothing collected."""
    root = tmp_path / "night"
    root.mkdir()
    shutil.copy(demo.root / "alliance.toml", root)
    shutil.copytree(demo.root / "models", root / "models")
    return root
