"""backup, restore, rebuild and quarantine after three nights, on either database."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from alliance_nlp.core.types import Decision, Reason, Rejected, Stage, Verdict
from alliance_nlp.store import Database, append_decision, mark_step, read_decisions, schema
from tests.e2e.conftest import COMMAND, Demo, Result, environment
from tests.e2e.in_process import invoke
from tests.sites import AS_OF, NewsWeb, outlet, serve

RESULTS = (
    "articles",
    "mentions",
    "topics",
    "relevance",
    "stories",
    "story_articles",
    "candidates",
    "versions",
)
Rows = dict[str, list[dict[str, Any]]]
MakeUrl = Callable[..., str]


@dataclass(frozen=True)
class Newsroom:
    """A workspace after three nights; ``early`` is a backup of after the first."""

    root: Path
    early: Path
    late: Path
    web: NewsWeb

    @property
    def url(self) -> str:
        return database_url(self.root)

    def copy(self, to: Path) -> Path:
        """Return a copy of the workspace, with its models shared."""
        shutil.copytree(self.root, to, symlinks=True)
        return to


def database_url(root: Path) -> str:
    return f"sqlite:///{root / 'data' / 'alliance.db'}"


def forget_database(root: Path) -> None:
    for file in (root / "data").glob("alliance.db*"):
        file.unlink()


def nightly(root: Path, *, day: int, **env: str) -> Result:
    as_of = (AS_OF + timedelta(days=day)).isoformat()
    return invoke("nightly", "-w", root, "--as-of", as_of, "--json", **env)


def rows(url: str) -> Rows:
    """Return all that the nights came to, in the order of its keys."""
    with Database.open(url) as database, database.read() as tx:
        tables = [table for table in schema.metadata.sorted_tables if table.name in RESULTS]
        return {
            table.name: sorted(
                (dict(row._mapping) for row in tx.execute(select(table))),
                key=lambda row, table=table: [str(row[c.name]) for c in table.primary_key.columns],
            )
            for table in tables
        }


@pytest.fixture(scope="module")
def newsroom(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    root = tmp_path_factory.mktemp("newsroom") / "desk"
    (root / "data").mkdir(parents=True)
    (root / "models").symlink_to(demo.root / "models")
    outlets = [outlet(0, pages=3)]
    early, late = root.parent / "early.db", root.parent / "late.db"
    with serve(outlets) as web:
        web.write_config(root, delay_s=0.0)
        assert nightly(root, day=0).code == 0
        assert invoke("db", "backup", early, "-w", root).code == 0
        changed, gone = outlets[0].pieces[:2]
        changed.edit("The ministry added a word on costs.", at=AS_OF + timedelta(hours=20))
        gone.is_gone = True
        gone.updated_at = AS_OF + timedelta(hours=20)
        assert nightly(root, day=1).code in (0, 3)
        changed.undo_edit(at=AS_OF + timedelta(hours=44))
        assert nightly(root, day=2).code in (0, 3)
        assert invoke("db", "backup", late, "-w", root).code == 0
        yield Newsroom(root=root, early=early, late=late, web=web)


@pytest.fixture
def copied(newsroom: Newsroom, tmp_path: Path) -> Path:
    return newsroom.copy(tmp_path / "desk")


def test_the_three_nights_hold_an_edit_undone_and_a_withdrawal(newsroom: Newsroom) -> None:
    held = rows(newsroom.url)
    assert len(held["articles"]) == 4
    [replaced] = [row for row in held["articles"] if not row["is_current"]]
    assert "a word on costs" in replaced["text"]
    assert any(row["withdrawn_why"] for row in held["articles"])
    assert len({row["run_id"] for row in held["candidates"]}) == 3


# --- rebuild


def break_off_rebuild(root: Path) -> None:
    """Kill a rebuild once it has replayed the first night."""
    process = subprocess.Popen(
        [COMMAND, "rebuild", "--workspace", root],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stderr is not None
        said = next((line for line in process.stderr if line.startswith("archive, run 1")), "")
        process.kill()
    assert said


def test_rebuild_without_the_database_gives_the_same_rows_even_after_one_broken_off(
    newsroom: Newsroom, copied: Path
) -> None:
    forget_database(copied)
    n_asked = len(newsroom.web.seen)
    break_off_rebuild(copied)
    refused = nightly(copied, day=3)
    assert refused.code == 1
    assert "was broken off" in refused.err
    assert "alliance-nlp rebuild" in refused.err
    done = invoke("rebuild", "-w", copied)
    assert done.code == 0, done.err
    assert len(newsroom.web.seen) == n_asked
    found, wanted = rows(database_url(copied)), rows(newsroom.url)
    for name in RESULTS:
        assert found[name] == wanted[name], name
    assert wanted["mentions"]


def test_rebuild_cuts_a_torn_end_off_and_says_so(newsroom: Newsroom, copied: Path) -> None:
    forget_database(copied)
    *_, last = sorted((copied / "data" / "raw").rglob("*.warc.gz"))
    whole = last.read_bytes()
    last.write_bytes(whole + whole[:150])
    done = invoke("rebuild", "-w", copied)
    assert done.code == 0, done.err
    assert last.read_bytes() == whole
    assert "150 bytes" in done.out + done.err
    assert rows(database_url(copied))["articles"] == rows(newsroom.url)["articles"]


def numberless(table: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows without the numbers that a database gives to fetches and versions by itself."""
    return [
        {
            name: value
            for name, value in row.items()
            if name != "fetch_id" and not (name == "id" and isinstance(value, int))
        }
        for row in table
    ]


@pytest.mark.postgres
def test_rebuild_mends_an_older_backup_under_a_newer_archive_and_keeps_decisions(
    newsroom: Newsroom, copied: Path, make_postgres_url: MakeUrl
) -> None:
    url = make_postgres_url()
    there = {"ALLIANCE_STORE__URL": url}
    assert invoke("db", "restore", newsroom.early, "-w", copied, **there).code == 0
    decision = Decision(
        subject=rows(url)["stories"][0]["id"],
        verdict=Verdict.ACCEPT,
        reviewer="kano",
        decided_at=AS_OF,
        note="lead with it",
    )
    with Database.open(url) as database, database.write() as tx:
        append_decision(tx, decision)
    refused = nightly(copied, day=3, **there)
    assert refused.code == 1
    assert "alliance-nlp rebuild" in refused.err
    assert invoke("rebuild", "-w", copied, **there).code == 0
    found, wanted = rows(url), rows(newsroom.url)
    for name in RESULTS:
        assert numberless(found[name]) == numberless(wanted[name]), name
    with Database.open(url) as database, database.read() as tx:
        assert [replace(found, id=0) for found in read_decisions(tx)] == [decision]


# --- backup and restore


@pytest.mark.parametrize(
    "make", ["make_sqlite_url", pytest.param("make_postgres_url", marks=pytest.mark.postgres)]
)
def test_a_night_goes_on_from_a_restored_backup(
    newsroom: Newsroom, copied: Path, make: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(make)()
    there = {"ALLIANCE_STORE__URL": url}
    forget_database(copied)
    restored = invoke("db", "restore", newsroom.late, "-w", copied, **there)
    assert restored.code == 0, restored.err
    assert rows(url) == rows(newsroom.url)
    report = nightly(copied, day=2, **there)
    assert report.code in (0, 3), report.err
    assert sum(source["new_pages"] for source in report.json["sources"]) == 0
    assert rows(url)["articles"] == rows(newsroom.url)["articles"]
    assert not (copied / "data" / "alliance.db").exists()


def test_backup_writes_over_nothing(newsroom: Newsroom) -> None:
    before = newsroom.early.read_bytes()
    done = invoke("db", "backup", newsroom.early, "-w", newsroom.root)
    assert done.code == 1
    assert "exists already" in done.err
    assert newsroom.early.read_bytes() == before


def test_restore_into_a_database_that_holds_something_is_refused(newsroom: Newsroom) -> None:
    before = rows(newsroom.url)
    done = invoke("db", "restore", newsroom.early, "-w", newsroom.root)
    assert done.code == 1
    assert "not empty" in done.err
    assert rows(newsroom.url) == before


@pytest.mark.parametrize("content", [None, b"", b"no database\n" * 100], ids=["none", "empty", "x"])
def test_restore_of_what_is_no_backup_is_one_line_of_error(
    newsroom: Newsroom, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "backup.db"
    if content is not None:
        file.write_bytes(content)
    fresh = tmp_path / "fresh"
    (fresh / "data").mkdir(parents=True)
    shutil.copy(newsroom.root / "alliance.toml", fresh)
    done = invoke("db", "restore", file, "-w", fresh)
    assert done.code == 1, done
    assert len(done.err.strip().splitlines()) == 1


# --- quarantine


@pytest.fixture
def held(copied: Path) -> Path:
    """A workspace in which an article's page waits in quarantine."""
    with Database.open(database_url(copied)) as database, database.write() as tx:
        fetch_id = next(row for row in tx.execute(select(schema.articles.c.fetch_id)))[0]
        subject = f"fetch:{fetch_id}"
        why = Rejected(
            stage=Stage.EXTRACT,
            subject_id=subject,
            reason=Reason.TIME_LIMIT,
            detail="it took more than 20 s",
            failed=True,
        )
        mark_step(tx, "extract", [(subject, why)], version="1")
    return copied


def test_quarantine_names_the_page_and_retry_clears_it(newsroom: Newsroom, held: Path) -> None:
    [line] = invoke("quarantine", "-w", held, "--stage", "extract").lines
    assert line["subject"].startswith("http://127.")
    assert line["reason"] == "time-limit"
    assert invoke("quarantine", "-w", held, "--stage", "tag").out == ""
    done = invoke("retry-quarantine", "-w", held)
    assert done.code == 0, done.err
    assert "1 let out of quarantine" in done.err
    assert {s["stage"]: s["in"] for s in done.json["stages"]}["extract"] == 1
    assert invoke("quarantine", "-w", held).out == ""
    assert rows(database_url(held)) == rows(newsroom.url)


def test_quarantine_of_an_unknown_stage_is_refused(newsroom: Newsroom) -> None:
    for command in ("quarantine", "retry-quarantine"):
        done = invoke(command, "-w", newsroom.root, "--stage", "digest")
        assert done.code == 1
        assert "extract, tag, classify" in done.err


def test_a_night_logs_json_lines_when_asked(copied: Path) -> None:
    done = invoke("nightly", "-w", copied, "--as-of", "2025-03-12T12:00:00+00:00", "--log-json")
    lines = [json.loads(line) for line in done.err.splitlines()]
    assert {"collect", "rank"} <= {line.get("stage") for line in lines}
    assert len({line["run"] for line in lines}) == 1
