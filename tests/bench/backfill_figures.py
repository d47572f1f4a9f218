"""What ``bench_backfill.py`` measures, from a run of it in a process of its own.

Its figures are read from what it prints, since its limits are its own to judge: a run that falls
short of them still says by how much.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCH = "tests/bench/bench_backfill.py"
_RATIO = re.compile(r"\bratio\s+(?P<ratio>\d+(?:\.\d+)?)")
_RECALL = re.compile(r"\brecall\s+(?P<found>\d+)\s+of\s+(?P<all>\d+)(?P<said>[^;\n]*)")
_MOST_S = 1800
# Pages of its mix; it takes more when it runs alone.
_FEWER = {"ALLIANCE_BENCH_N": "300"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """Pages per core-second over the full chain's, and the recall of what it calls relevant."""

    ratio: float
    n_found: int
    n_all: int
    said: str = ""

    @property
    def recall(self) -> float:
        """How much of what the full chain calls relevant the cascade keeps."""
        return self.n_found / self.n_all

    @property
    def note(self) -> str:
        """What is to be said of the recall."""
        return f"recall of the backfill: {self.n_found} of {self.n_all}{self.said}"


def measure_backfill() -> Backfill:
    """Run the benchmark of the backfill and return what it printed.

    Raises
    ------
    RuntimeError
        If it prints no figures.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider"]
    command += ["-o", "python_files=bench_*.py", BENCH]
    environment = {**_FEWER, **os.environ, "COLUMNS": "400"}  # no line is to be broken
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=_MOST_S,
    )
    return read_printed(done.stdout)


def read_printed(printed: str) -> Backfill:
    """Return the figures in what the benchmark printed; the first of each counts.

    Raises
    ------
    RuntimeError
        If one is missing.
    """
    ratio, recall = _RATIO.search(printed), _RECALL.search(printed)
    if ratio is None or recall is None:
        raise RuntimeError(
            f"{BENCH} printed no ratio and recall, so it did not come to an end; run it alone. "
            f"It said last: {printed[-500:]}"
        )
    return Backfill(
        ratio=float(ratio["ratio"]),
        n_found=int(recall["found"]),
        n_all=int(recall["all"]),
        said=recall["said"].rstrip(),
    )
