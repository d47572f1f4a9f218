from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from alliance_nlp.artifacts import ModelCard, read_card
from alliance_nlp.config import load_settings
from alliance_nlp.core.errors import InputError
from alliance_nlp.pipeline.backfilling import (
    BackfillReport,
    Plan,
    Step,
    Window,
    load_results,
    parse_window,
    read_articles,
    run_backfill,
)
from alliance_nlp.pipeline.night import night, open_database
from alliance_nlp.store import read_articles as stored_articles
from alliance_nlp.workspace import Workspace, make_workspace
from tests.archives import (
    ELSEWHERE,
    make_models,
    news,
    record,
    response,
    tasks_of,
    write_archive,
)

N_RELEVANT, N_OTHER = 9, 6
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    folder = tmp_path_factory.mktemp("models")
    return (folder, *make_models(folder))


@pytest.fixture
def plan(tmp_path: Path, models: tuple[Path, str, str]) -> Plan:
    return make_plan(tmp_path / "found", models)


def make_plan(output: Path, models: tuple[Path, str, str], window: Window | None = None) -> Plan:
    folder, model_id, prefilter_id = models
    output.mkdir(exist_ok=True)
    if not (output / "models").exists():
        (output / "models").symlink_to(folder)
    return Plan(
        output=output,
        window=window or Window(),
        model_id=model_id,
        prefilter_id=prefilter_id,
        time_limit_s=60.0,
    )


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    records = [news(str(n)) for n in range(N_RELEVANT)]
    records += [news(f"x{n}", ELSEWHERE) for n in range(N_OTHER)]
    records += [record("https://outlet.example/robots", b"GET / HTTP/1.1\r\n\r\n", kind="request")]
    records += [record("https://outlet.example/gone", response(b"x" * 400, status="404 No"))]
    return write_archive(tmp_path / "news.warc.gz", records)


def run(plan: Plan, *paths: Path, task_bytes: int = 1 << 30, **how: object) -> BackfillReport:
    tasks = tasks_of(plan, *paths, task_bytes=task_bytes)
    return run_backfill(tasks, prefilter=card(plan), **how)[0]  # type: ignore[arg-type]


def card(plan: Plan) -> ModelCard:
    return read_card(plan.models, plan.prefilter_id)


def results(output: Path) -> dict[str, bytes]:
    folder = output / "articles"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}


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
    tmp_path: Path, models: tuple[Path, str, str], archive: Path
) -> None:
    whole, parts = make_plan(tmp_path / "a", models), make_plan(tmp_path / "b", models)
    one = run(whole, archive)
    many = run(parts, archive, task_bytes=900)
    assert many.n_tasks > 3
    assert many.n_articles == one.n_articles
    assert many.counts.to_json() == one.counts.to_json()


def test_backfill_finds_the_same_when_two_processes_share_the_work(
    tmp_path: Path, models: tuple[Path, str, str], archive: Path
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
    tmp_path: Path, models: tuple[Path, str, str]
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


def test_backfill_quarantines_a_page_that_takes_too_long(
    tmp_path: Path, models: tuple[Path, str, str]
) -> None:
    # What a page costs beyond what any machine does in so little time; the step is the same.
    plan = replace(make_plan(tmp_path / "p", models), time_limit_s=0.001)
    report = run(plan, write_archive(tmp_path / "p.warc.gz", [news("a")]))
    assert [found.reason for found in report.quarantined] == ["time-limit"]
    assert report.counts.adds_up


def test_backfill_replaces_what_another_version_found(
    plan: Plan, archive: Path, models: tuple[Path, str, str]
) -> None:
    run(plan, archive)
    first = set(results(plan.output))
    run(replace(plan, max_bytes=plan.max_bytes + 1), archive)
    second = set(results(plan.output))
    assert len(second) == len(first)
    assert not first & second


def make_space(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "space", config="")


def load(space: Workspace, plan: Plan, archive: Path) -> tuple[int, int]:
    tasks = tasks_of(plan, archive)
    _, done = run_backfill(tasks, prefilter=card(plan))
    with night(
        space,
        load_settings(space.config_file),
        command="backfill",
        load_model=lambda: (None, plan.model_id),
    ) as under_way:
        loaded = load_results(under_way, done, output=plan.output)
    return loaded.n_new, loaded.n_known


def test_load_puts_each_article_into_the_store_once(
    tmp_path: Path, plan: Plan, archive: Path
) -> None:
    space = make_space(tmp_path)
    assert load(space, plan, archive) == (N_RELEVANT, 0)
    size = sum(path.stat().st_size for path in space.raw.rglob("*.warc.gz"))
    assert load(space, plan, archive) == (0, N_RELEVANT)
    assert sum(path.stat().st_size for path in space.raw.rglob("*.warc.gz")) == size


def test_load_saves_the_article_that_was_found(tmp_path: Path, plan: Plan, archive: Path) -> None:
    space = make_space(tmp_path)
    load(space, plan, archive)
    _, done = run_backfill(tasks_of(plan, archive), prefilter=card(plan))
    rows = {row["id"]: row for row in read_articles(plan.output, done)}
    settings = load_settings(space.config_file)
    with open_database(space, settings) as database, database.read() as tx:
        stored = stored_articles(tx, sorted(rows))
    assert {i: article.text for i, article in stored.items()} == {
        i: row["text"] for i, row in rows.items()
    }


def test_command_reports_the_ledger_when_run_on_an_archive(
    tmp_path: Path, archive: Path, models: tuple[Path, str, str]
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
        timeout=200,
        check=False,
    )


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    found = Cluster(tmp_path)
    try:
        yield found
    finally:
        found.stop()


class Cluster:
    """A Dask scheduler and workers, each a process of its own as users start them."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self._folder = folder
        self._all: list[subprocess.Popen[bytes]] = []
        self._start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{words[0]}-{len(self._all)}.log").open("wb") as log:
            process = subprocess.Popen(
                [str(BIN / "dask"), *words],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
            )
        self._all.append(process)
        return process

    def add_worker(self) -> subprocess.Popen[bytes]:
        return self._start(
            "worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard"
        )

    def stop(self) -> None:
        for process in reversed(self._all):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_dask_finds_the_same_bytes_as_this_machine_does(
    tmp_path: Path, models: tuple[Path, str, str], archive: Path, cluster: Cluster
) -> None:
    alone, shared = make_plan(tmp_path / "a", models), make_plan(tmp_path / "b", models)
    cluster.add_worker()
    report = run(shared, archive, task_bytes=2500, scheduler=cluster.address)
    run(alone, archive, task_bytes=2500)
    assert report.n_articles == N_RELEVANT
    assert results(shared.output) == results(alone.output)


@pytest.mark.long
def test_dask_finds_the_same_when_a_worker_is_killed(
    tmp_path: Path, models: tuple[Path, str, str], archive: Path, cluster: Cluster
) -> None:
    alone, shared = make_plan(tmp_path / "a", models), make_plan(tmp_path / "b", models)
    victim = cluster.add_worker()
    n_told = []

    def kill_at_first(_stage: str, done: int, _total: int | None) -> None:
        if not n_told:
            os.killpg(victim.pid, signal.SIGKILL)
            cluster.add_worker()
        n_told.append(done)

    report = run(
        shared, archive, task_bytes=1200, scheduler=cluster.address, progress=kill_at_first
    )
    run(alone, archive, task_bytes=1200)
    assert victim.wait(timeout=20) == -signal.SIGKILL
    assert report.n_tasks > 4
    assert results(shared.output) == results(alone.output)


@pytest.mark.long
def test_dask_is_refused_when_no_scheduler_answers(plan: Plan, archive: Path) -> None:
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        run(plan, archive, scheduler="tcp://127.0.0.1:9")
