from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from alliance_nlp.pipeline.backfilling import (
    Plan,
    Step,
    parse_window,
)
from tests.archives import news, write_archive
from tests.e2e.backfill.backfills import (
    N_OTHER,
    N_RELEVANT,
    Models,
    make_plan,
    results,
    run,
)

BIN = Path(sys.executable).parent


def test_backfill_finds_what_is_relevant_and_accounts_for_the_rest(
    plan: Plan, archive: Path
) -> None:
    report = run(plan, archive)
    counts = report.counts
    assert report.n_articles == N_RELEVANT
    assert counts.steps[Step.RECORD].n_in == N_RELEVANT + N_OTHER + 2
    assert counts.steps[Step.RECORD].rejected == {"other-record": 1, "http-status": 1}
    assert counts.steps[Step.BYTES].rejected == {"no-name-of-the-field": N_OTHER}
    assert counts.adds_up


def test_backfill_does_nothing_when_all_is_done(plan: Plan, archive: Path) -> None:
    run(plan, archive)
    before = {path: path.stat().st_mtime_ns for path in plan.output.rglob("*.parquet")}
    again = run(plan, archive)
    assert again.n_skipped == again.n_tasks
    assert {path: path.stat().st_mtime_ns for path in plan.output.rglob("*.parquet")} == before


@pytest.mark.long
def test_backfill_finds_the_same_when_cut_into_many_tasks(
    tmp_path: Path, models: Models, archive: Path
) -> None:
    whole, parts = make_plan(tmp_path / "a", models), make_plan(tmp_path / "b", models)
    one = run(whole, archive)
    many = run(parts, archive, task_bytes=900)
    assert many.n_tasks > 3
    assert many.n_articles == one.n_articles
    assert many.counts.to_json() == one.counts.to_json()


@pytest.mark.long
def test_backfill_finds_the_same_when_two_processes_share_the_work(
    tmp_path: Path, models: Models, archive: Path
) -> None:
    alone, shared = make_plan(tmp_path / "a", models), make_plan(tmp_path / "b", models)
    run(alone, archive, task_bytes=2500)
    run(shared, archive, task_bytes=2500, jobs=2)
    assert results(shared.output) == results(alone.output)


def test_backfill_writes_each_article_below_its_month(plan: Plan, tmp_path: Path) -> None:
    path = write_archive(
        tmp_path / "m.warc.gz",
        [news("a", published="2024-03-31T06:00:00Z"), news("b", published="2024-04-01T06:00:00Z")],
    )
    run(plan, path)
    months = {name.split("/")[0] for name in results(plan.output)}
    assert months == {"month=2024-03", "month=2024-04"}


def test_backfill_leaves_out_what_was_published_outside_the_window(
    tmp_path: Path, models: Models
) -> None:
    path = write_archive(
        tmp_path / "m.warc.gz",
        [news("a", published="2024-03-20T06:00:00Z"), news("b", published="2024-04-09T06:00:00Z")],
    )
    plan = make_plan(tmp_path / "w", models, parse_window("2024-04-01", "2024-04-30"))
    report = run(plan, path)
    assert report.n_articles == 1
    assert report.counts.steps[Step.EXTRACT].rejected == {"outside-window": 1}


def test_backfill_quarantines_a_torn_record_and_goes_on(plan: Plan, archive: Path) -> None:
    raw = bytearray(archive.read_bytes())
    second = raw.find(b"\x1f\x8b\x08", 10)
    raw[second + 200 : second + 260] = bytes(60)
    archive.write_bytes(raw)
    report = run(plan, archive)
    assert report.n_articles == N_RELEVANT - 1
    assert [(found.offset, found.reason) for found in report.quarantined] == [
        (second, "unreadable")
    ]
    assert report.counts.adds_up


def test_backfill_replaces_what_another_version_found(
    plan: Plan, archive: Path, models: Models
) -> None:
    run(plan, archive)
    first = set(results(plan.output))
    run(replace(plan, max_bytes=plan.max_bytes + 1), archive)
    second = set(results(plan.output))
    assert len(second) == len(first)
    assert not first & second


@pytest.mark.long
def test_command_reports_the_ledger_when_run_on_an_archive(
    tmp_path: Path, archive: Path, models: Models
) -> None:
    done = command("backfill", str(archive), "--output", str(tmp_path / "o"), "--dry-run")
    told = json.loads(done.stdout)
    assert told["sample"]["records"] == N_RELEVANT + N_OTHER + 2
    assert told["year_of_cc_news"]["core_hours"] > 0
    assert not (tmp_path / "o").exists()


def test_command_says_what_is_missing_when_dask_has_no_scheduler(archive: Path) -> None:
    done = command("backfill", str(archive), "--engine", "dask")
    assert done.returncode == 1
    assert "needs --scheduler" in done.stderr


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / "alliance-nlp"), *words],
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
