from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from alliance_nlp.artifacts import read_card, save_model
from alliance_nlp.pipeline.backfilling import Plan, Step
from tests.archives import RELEVANT, news, record, response, write_archive
from tests.e2e.backfill.backfills import Models, make_plan, results, run
from tests.e2e.backfill.hostile_models import HostilePrefilter

ROOT = Path(__file__).parents[3]


@pytest.fixture
def hostile(tmp_path: Path, models: Models) -> Plan:
    """Return a plan whose prefilter breaks at texts that ask for it."""
    folder, model_id, prefilter_id = models
    plan = make_plan(tmp_path / "found", models)
    plan.models.unlink()
    for path in folder.glob(f"{model_id}.*"):
        (plan.models / path.name).parent.mkdir(exist_ok=True)
        (plan.models / path.name).symlink_to(path)
    found = replace(read_card(folder, prefilter_id), id="hostile")
    save_model(plan.models, HostilePrefilter(), found)
    return replace(plan, prefilter_id="hostile", time_limit_s=4.0, memory_limit_bytes=1_000_000_000)


def poisoned(word: str) -> bytes:
    return news(f"p-{word}", (f"Japan and the United States: {word}", RELEVANT[1]))


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("raises-here", "crashed"),
        ("swells-here", "memory-limit"),
        pytest.param("ends-here", "crashed", marks=pytest.mark.long),
        pytest.param("hangs-here", "time-limit", marks=pytest.mark.long),
    ],
)
def test_backfill_quarantines_the_one_record_that_breaks_a_cheap_step(
    tmp_path: Path, hostile: Plan, word: str, reason: str
) -> None:
    path = write_archive(
        tmp_path / "p.warc.gz", [news("a"), news("b"), poisoned(word), news("c"), news("d")]
    )
    report = run(hostile, path)
    assert [(found.reason, found.url[-len(word) :]) for found in report.quarantined] == [
        (reason, word)
    ]
    assert report.counts.steps[Step.TEXT].failed == {reason: 1}
    assert report.n_articles == 4
    assert report.counts.adds_up


def test_backfill_quarantines_a_record_too_large_for_the_memory_it_may_take(
    tmp_path: Path, models: Models
) -> None:
    plan = replace(
        make_plan(tmp_path / "m", models), memory_limit_bytes=120_000_000, max_bytes=10**9
    )
    large = record("https://outlet.example/large", response(b"<p>" + b" " * 300_000_000))
    report = run(plan, write_archive(tmp_path / "m.warc.gz", [news("a"), large, news("b")]))
    assert [found.reason for found in report.quarantined] == ["memory-limit"]
    assert report.counts.steps[Step.RECORD].failed == {"memory-limit": 1}
    assert report.n_articles == 2


def coordinator(
    plan: Plan, archive: Path, *, task_bytes: int = 1500, told: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    words = [str(archive), str(plan.output), plan.model_id, plan.prefilter_id]
    words += [str(task_bytes), str(plan.time_limit_s)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.backfill.coordinator", *words],
        cwd=ROOT,
        start_new_session=True,
        stdout=told,
    )


@pytest.mark.long
def test_backfill_finds_the_same_when_its_coordinator_is_killed_and_run_again(
    tmp_path: Path, models: Models
) -> None:
    path = write_archive(tmp_path / "n.warc.gz", [news(str(n)) for n in range(60)])
    alone, killed = make_plan(tmp_path / "a", models), make_plan(tmp_path / "b", models)
    victim = coordinator(killed, path)
    ledgers = killed.output / "tasks"
    while victim.poll() is None and not list(ledgers.glob("*.json")):
        time.sleep(0.02)
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait()
    done = {entry.name: entry.stat().st_mtime_ns for entry in ledgers.glob("*.json")}
    again = run(killed, path, task_bytes=1500)
    assert 0 < again.n_skipped == len(done) < again.n_tasks
    assert {name: (ledgers / name).stat().st_mtime_ns for name in done} == done
    run(alone, path, task_bytes=1500)
    assert results(killed.output) == results(alone.output)


@pytest.mark.long
def test_children_end_when_their_coordinator_is_killed(tmp_path: Path, hostile: Plan) -> None:
    path = write_archive(tmp_path / "n.warc.gz", [poisoned("hangs-here")])
    victim = coordinator(hostile, path)
    children: list[int] = []
    while victim.poll() is None and not children:
        time.sleep(0.05)
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(victim.pid)], capture_output=True, text=True
        )
        children = [int(pid) for pid in found.stdout.split()]
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait()
    for _ in range(1200):
        if not any(Path(f"/proc/{pid}").exists() for pid in children):
            break
        time.sleep(0.1)
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def most_memory_kb(plan: Plan, archive: Path) -> int:
    done = coordinator(plan, archive, task_bytes=1 << 40, told=subprocess.PIPE)
    return int(done.communicate()[0])


@pytest.mark.long
def test_memory_is_bounded_whatever_the_size_of_the_archive(tmp_path: Path, models: Models) -> None:
    filler = "Japan and the United States play baseball. " * 5_000
    pages = [news(str(n), ("A game in Tokyo", f"{n} {filler}")) for n in range(40)]
    pages += [news(f"r{n}") for n in range(4)]
    small = write_archive(tmp_path / "small.warc.gz", pages)
    large = tmp_path / "large.warc.gz"
    large.write_bytes(small.read_bytes() * 25)
    least = most_memory_kb(make_plan(tmp_path / "s", models), small)
    assert most_memory_kb(make_plan(tmp_path / "l", models), large) < 1.3 * least
