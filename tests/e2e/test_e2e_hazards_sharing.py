"""A night that is not alone: analysts who decide, backups, slow neighbours; and all of it again."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alliance_nlp.core.types import Decision, Verdict
from alliance_nlp.store import Database, append_decision
from tests.e2e.conftest import Run
from tests.e2e.night_runs import complaint, contents, finish, query, start, twin, wait_for
from tests.sites import NewsWeb, news_web, serve

N_CLIENTS = 4


@pytest.fixture(scope="module")
def web() -> Iterator[NewsWeb]:
    with serve(news_web(outlets=5, pages=8)) as running:
        yield running


@pytest.fixture
def newsroom(workspace: Path, web: NewsWeb) -> Path:
    web.write_config(workspace, delay_s=0.05)
    return workspace


@pytest.mark.long
def test_no_decision_is_lost_while_a_night_writes(newsroom: Path) -> None:
    process = start(newsroom)
    wait_for(process, newsroom, "collect")
    written = [0] * N_CLIENTS

    def decide(client: int) -> None:
        with Database.open(f"sqlite:///{newsroom / 'data' / 'alliance.db'}") as database:
            while process.poll() is None and written[client] < 1000:
                with database.write() as tx:
                    append_decision(tx, _decision(client, written[client]))
                written[client] += 1

    clients = [threading.Thread(target=decide, args=(n,)) for n in range(N_CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert process.wait(timeout=120) == 0, complaint(newsroom)
    assert "locked" not in complaint(newsroom)
    assert min(written) > 0
    kept = query(newsroom, "SELECT reviewer, count(*) FROM decisions GROUP BY 1 ORDER BY 1")
    assert kept == [(f"client-{n}", count) for n, count in enumerate(written)]
    assert query(newsroom, "SELECT count(*) FROM articles") == [(40,)]


def _decision(client: int, n: int) -> Decision:
    return Decision(
        subject=f"story-{n}",
        verdict=Verdict.LATER,
        reviewer=f"client-{client}",
        decided_at=datetime.now(UTC),
    )


@pytest.mark.long
@pytest.mark.parametrize("stage", ["collect", "extract"])
def test_a_backup_taken_during_a_night_can_be_gone_on_with(
    newsroom: Path, run: Run, tmp_path: Path, stage: str
) -> None:
    process = start(newsroom)
    wait_for(process, newsroom, stage)
    file = tmp_path / "backup.db"
    assert run("db", "backup", file, "--workspace", newsroom).code == 0
    restored = twin(newsroom, "restored")
    shutil.copytree(newsroom / "data" / "raw", restored / "data" / "raw")
    assert process.wait(timeout=120) == 0, complaint(newsroom)

    assert run("db", "restore", file, "--workspace", restored).code == 0
    assert query(restored, "PRAGMA foreign_key_check") == []
    assert run("archive", "repair", "--workspace", restored).code == 0
    assert run("archive", "verify", "--workspace", restored).code == 0
    finish(restored)
    assert contents(restored) == contents(newsroom)


@pytest.mark.long
def test_rebuilding_gives_the_same_without_a_request(
    newsroom: Path, web: NewsWeb, run: Run
) -> None:
    finish(newsroom)
    wanted = contents(newsroom)
    candidates = run("candidates", "-w", newsroom, "--format", "jsonl", "-n", "100").out
    n_requests = len(web.seen)
    rebuilt = run("rebuild", "--workspace", newsroom)
    assert rebuilt.code == 0, rebuilt.err
    assert len(web.seen) == n_requests
    assert contents(newsroom) == wanted
    assert run("candidates", "-w", newsroom, "--format", "jsonl", "-n", "100").out == candidates
    assert candidates
