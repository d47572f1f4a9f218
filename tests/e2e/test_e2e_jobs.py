"""However many processes work, and in whatever order the pages came: the same result."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from alliance_nlp.archive import archive_files, iter_pages
from alliance_nlp.config import Settings, load_settings
from alliance_nlp.core.types import Page, Role
from alliance_nlp.pipeline.keeping import keep
from alliance_nlp.pipeline.night import night
from alliance_nlp.workspace import Workspace
from tests.e2e.conftest import Demo
from tests.e2e.in_process import invoke

N_PAGES = 20
AS_OF = "2024-04-14"
# When a run was and how long it took differ from run to run; nothing else may.
_OF_THE_RUN = ("runs", "ledger", "sqlite_sequence")
# The search index keeps a segment a transaction; what it finds is in its other tables.
_SEGMENTS = ("article_search_data", "article_search_idx")
# What a page came to, without the numbers that rows get in the order of the pages.
_RESULTS = (
    "SELECT id, url, link, title, text, language, is_current, dated_at FROM articles",
    'SELECT article_id, start, "end", label, entity_id, how FROM mentions',
    "SELECT article_id, label, score, holds FROM topics",
    "SELECT article_id, score, relevant FROM relevance",
    "SELECT key, title, state FROM leads",
    "SELECT subject_id, step, version, outcome FROM steps WHERE step <> 'extract'",
)


@dataclass(frozen=True)
class Collected:
    """What a night has to work on: the pages, and where its model lies."""

    pages: tuple[Page, ...]
    demo: Path

    def archived(self, root: Path, pages: Sequence[Page]) -> Path:
        """Make a workspace whose archive holds the pages in this order, nothing of them read."""
        root.mkdir()
        shutil.copy(self.demo / "alliance.toml", root)
        shutil.copytree(self.demo / "models", root / "models")
        workspace = Workspace(root)
        settings: Settings = load_settings(workspace.config_file)
        with night(workspace, settings, command="collect", load_model=_none) as run:
            for page in pages:
                keep(run, page, lead_key=None)
        return root


def _none() -> tuple[None, str]:
    return None, ""


@pytest.fixture(scope="module")
def collected(demo: Demo) -> Collected:
    raw = Workspace(demo.root).raw
    found = (
        page
        for file in archive_files(raw)
        for page in iter_pages(file, max_bytes=10_000_000)
        if page.role is Role.ARTICLE and page.status == 200
    )
    pages = {page.url: page for page in found}
    assert len(pages) >= N_PAGES
    return Collected(tuple(pages.values())[:N_PAGES], demo.root)


def _process(workspace: Path, *, jobs: int) -> None:
    done = invoke("process", "--workspace", workspace, "--as-of", AS_OF, "--jobs", str(jobs))
    assert done.code == 0, done.err


def _digests(workspace: Path) -> dict[str, str]:
    """Return a digest of all rows of each table, in the order of the rows."""
    with closing(sqlite3.connect(workspace / "data" / "alliance.db")) as db:
        names = [
            name
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in _OF_THE_RUN and name not in _SEGMENTS
        ]
        return {name: _digest(db, f'SELECT * FROM "{name}"') for name in names}


def _digest(db: sqlite3.Connection, query: str, order: Callable[..., list[str]] = list) -> str:
    rows = order(map(repr, db.execute(query)))
    return sha256("\n".join(rows).encode()).hexdigest()


def _results(workspace: Path) -> list[str]:
    with closing(sqlite3.connect(workspace / "data" / "alliance.db")) as db:
        return [_digest(db, query, sorted) for query in _RESULTS]


@pytest.fixture(scope="module")
def by_one(collected: Collected, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A workspace with its archive alone, and the same after one job had it all."""
    root = tmp_path_factory.mktemp("jobs")
    raw = collected.archived(root / "raw", collected.pages)
    done = shutil.copytree(raw, root / "one")
    _process(done, jobs=1)
    return raw, done


@pytest.mark.parametrize("jobs", [2, 4])
def test_every_row_is_the_same_whatever_the_jobs(
    jobs: int, by_one: tuple[Path, Path], tmp_path: Path
) -> None:
    raw, one = by_one
    other = shutil.copytree(raw, tmp_path / "other")
    _process(other, jobs=jobs)
    expected = _digests(one)
    assert {"articles", "mentions", "topics", "relevance", "steps"} <= expected.keys()
    assert _digests(other) == expected


def test_each_page_comes_to_the_same_in_whatever_order(
    collected: Collected, by_one: tuple[Path, Path], tmp_path: Path
) -> None:
    pages = list(collected.pages)
    Random(7).shuffle(pages)
    other = collected.archived(tmp_path / "other", pages)
    _process(other, jobs=2)
    assert _results(other) == _results(by_one[1])


def test_results_hold_something_to_compare(by_one: tuple[Path, Path]) -> None:
    with closing(sqlite3.connect(by_one[1] / "data" / "alliance.db")) as db:
        count = partial(_count, db)
        assert count("articles") > N_PAGES / 2
        assert count("mentions") > N_PAGES
        assert count("leads") > 0


def _count(db: sqlite3.Connection, table: str) -> int:
    n: int = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return n
