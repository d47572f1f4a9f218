"""Kill a night of 300 pages at 50 random points; nothing may be lost, doubled or unreadable.

python tests/bench/bench_kills.py --kills 50 --outlets 10 --pages 30
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))  # run by its path, tests is no package yet

from tests.bench.bench_night import make_workspace
from tests.e2e.night_runs import (
    contents,
    finish,
    is_archive_whole,
    same_article_twice,
    start,
    twin,
)
from tests.sites import news_web, serve

pytestmark = pytest.mark.bench

SEED = 2025


def measure(root: Path, *, kills: int, outlets: int, pages: int) -> None:
    """Break a night off again and again, end it, and compare it with an undisturbed one."""
    workspace = root / "workspace"
    make_workspace(workspace)
    chance = random.Random(SEED)
    with serve(news_web(outlets=outlets, pages=pages)) as web:
        web.write_config(workspace, delay_s=0.5)
        undisturbed = twin(workspace, "undisturbed")
        started = time.monotonic()
        finish(undisturbed)
        whole_s = time.monotonic() - started
        # A night that begins anew each time must still be caught in all of its stages.
        for _ in range(kills):
            process = start(workspace)
            time.sleep(chance.uniform(0.5, whole_s))
            process.kill()
            process.wait()
        finish(workspace)
    assert is_archive_whole(workspace)
    assert same_article_twice(workspace) == []
    assert contents(workspace) == contents(undisturbed)
    assert len(contents(workspace)["articles"]) == outlets * pages


def test_fifty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    measure(tmp_path, kills=50, outlets=10, pages=30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--outlets", type=int, default=10)
    parser.add_argument("--pages", type=int, default=30, help="articles of each outlet")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-kills-") as folder:
        measure(Path(folder), kills=options.kills, outlets=options.outlets, pages=options.pages)


if __name__ == "__main__":
    main()
