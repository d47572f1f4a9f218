"""Measure the whole project beside what a user would pick instead; the last line has the ratios.

    python tests/bench/bench_ratios.py [--pages FOLDER] [--rounds 5] [--write]

Pages are generated, or those of a folder (``*.html`` or ``*.html.gz``; their addresses are known
where ``pages.jsonl`` lists them, see ``bench_extract.py``); the table, ``chain`` and ``naive`` are
measured on them, ``jobs2`` on generated ones in either case. ``--write`` puts the
figures, the table and the plot into ``docs``; what stands there is what ``make bench`` compares
with.
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # where it is run as a script

from tests.bench import benchmark_page as page  # noqa: E402 - after the path to them
from tests.bench.ratios import Figures, read, save, worsened  # noqa: E402 - the same

if "pytest" in sys.modules:  # worker processes import a script again, and have no use for it
    import pytest

    pytestmark = pytest.mark.bench

N_ROUNDS = 5
N_PAGES = 120
MOST_MINUTES = 40
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def test_no_ratio_is_much_worse_than_the_committed_one(tmp_path: Path) -> None:
    """Compare with what is committed; what seems worse is measured again before it is said."""
    before = read(page.FIGURES)[page.GENERATED]
    worse = worsened(_measured(tmp_path / "first.json"), before)
    if worse:
        again = worsened(_measured(tmp_path / "second.json"), before)
        worse = {name: said for name, said in again.items() if name in worse}
    assert worse == {}


def _measured(path: Path) -> Figures:
    """Measure in a process of its own, as the command does."""
    environment = {k: v for k, v in os.environ.items() if k != "ALLIANCE_BENCH_PAGES"}
    command = [sys.executable, __file__, "--save", path]
    subprocess.run(command, check=True, env=environment, timeout=60 * MOST_MINUTES)
    return read(path)[page.GENERATED]


def main() -> None:
    options = _options()
    for name in _THREADS:
        os.environ[name] = "1"
    # What rivals say of pages and of what they miss is not ours to pass on.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    from tests.bench.measuring import Wanted, measure

    wanted = Wanted(
        pages=options.pages, n_pages=options.n, n_rounds=options.rounds, is_quick=options.quick
    )
    with tempfile.TemporaryDirectory(prefix="bench-ratios-") as folder:
        figures = measure(wanted, Path(folder))
    kind = page.FOLDER if options.pages else page.GENERATED
    known = {**read(page.FIGURES), kind: figures}
    runs = {kind: known[kind] for kind in (page.GENERATED, page.FOLDER) if kind in known}
    if options.save:
        save({kind: figures}, options.save)
    if options.write:
        save(runs, page.FIGURES)
        page.write(runs)
    sys.stdout.write(page.render({kind: figures}) + "\n")
    sys.stdout.write(figures.last_line() + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    named = os.environ.get("ALLIANCE_BENCH_PAGES")
    parser.add_argument(
        "--pages",
        type=Path,
        default=Path(named) if named else None,
        help="folder of saved pages (ALLIANCE_BENCH_PAGES); without it, pages are generated",
    )
    parser.add_argument("--rounds", type=int, default=N_ROUNDS, help="at least five to compare")
    parser.add_argument("--n", type=int, default=N_PAGES, help="pages; the first twenty warm up")
    parser.add_argument("--quick", action="store_true", help="only the table, chain and naive")
    parser.add_argument("--write", action="store_true", help="write docs/benchmark.*")
    parser.add_argument("--save", type=Path, help="write the figures to this file as JSON")
    options = parser.parse_args()
    if options.quick and options.write and options.pages is None:
        parser.error("--write on generated pages wants every figure; leave --quick out")
    return options


if __name__ == "__main__":
    main()
