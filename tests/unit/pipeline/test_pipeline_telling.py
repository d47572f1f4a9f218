"""What becomes of a run's report: files, metrics, word by webhook, and notes of what failed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alliance_nlp.config import NotifySettings, Settings
from alliance_nlp.core.types import Outcome, Reason, Rejected, Stage, StageCount, Visit
from alliance_nlp.pipeline.night import open_database
from alliance_nlp.pipeline.telling import newest_report, tell
from alliance_nlp.sources import State
from alliance_nlp.store import finish_run, save_ledger, save_problems, save_visits, start_run
from alliance_nlp.workspace import Workspace

AT = datetime(2026, 3, 1, 6, tzinfo=UTC)
CLOSED = "http://127.0.0.1:9/hook/s3cret"
SOURCE = {"id": "pier", "name": "Pier", "kind": "feed", "url": "https://pier.example/rss"}


def settings(**notify: str) -> Settings:
    return Settings(sources=(SOURCE,), notify=NotifySettings(**notify))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace whose one run failed on its one source."""
    (tmp_path / "data").mkdir()
    workspace = Workspace(tmp_path)
    problem = Rejected(
        stage=Stage.COLLECT,
        subject_id=SOURCE["url"],
        reason=Reason.TIMEOUT,
        detail="no answer",
        failed=True,
    )
    count = StageCount(
        stage=Stage.COLLECT, n_in=1, n_out=0, n_rejected=0, n_failed=1, reasons=(("timeout", 1),)
    )
    with open_database(workspace, settings()) as database, database.write() as tx:
        run_id = start_run(tx, command="nightly", as_of=AT, at=AT)
        visit = Visit(source_id="pier", run_id=run_id, at=AT, outcome=Outcome.FAILED)
        save_visits(tx, [visit])
        save_problems(tx, run_id, [problem])
        save_ledger(tx, run_id, [count])
        finish_run(tx, run_id, state="done-with-failures", at=AT + timedelta(minutes=3))
    return workspace


def test_report_is_none_before_the_first_run(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with open_database(Workspace(tmp_path), settings()) as database:
        assert newest_report(database, settings()) is None


def test_report_tells_the_health_of_each_source(workspace: Workspace) -> None:
    report = tell(workspace, settings(), at=AT)
    assert [(one.source_id, one.state) for one in report.health] == [("pier", State.FAILING)]


def test_report_is_written_as_json_and_html(workspace: Workspace) -> None:
    tell(workspace, settings(), notes=["cut 3 bytes"], at=AT)
    written = json.loads((workspace.reports / "run-1.json").read_text(encoding="utf-8"))
    assert "cut 3 bytes" in written["notes"]
    assert "<html" in (workspace.reports / "run-1.html").read_text(encoding="utf-8")


def test_metrics_go_to_the_file_named_below_the_workspace(workspace: Workspace) -> None:
    tell(workspace, settings(metrics_file="alliance.prom"), at=AT)
    assert "# TYPE" in (workspace.root / "alliance.prom").read_text(encoding="utf-8")


def test_metrics_go_to_an_absolute_file(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "exporter").mkdir()
    file = tmp_path / "exporter" / "alliance.prom"
    tell(workspace, settings(metrics_file=str(file)), at=AT)
    assert file.exists()


def test_metrics_that_cannot_be_written_are_a_note(workspace: Workspace) -> None:
    (workspace.root / "taken").write_text("a file, no folder", encoding="utf-8")
    report = tell(workspace, settings(metrics_file="taken/alliance.prom"), at=AT)
    [note] = report.notes
    assert "taken/alliance.prom" in note


def test_a_webhook_that_is_not_there_is_a_note_without_its_secret(workspace: Workspace) -> None:
    report = tell(workspace, settings(webhook=CLOSED), at=AT)
    [note] = report.notes
    assert "webhook at 127.0.0.1 was not sent" in note
    assert "s3cret" not in note
    assert note in (workspace.reports / "run-1.json").read_text(encoding="utf-8")


def test_all_that_fails_is_told_and_the_report_still_written(workspace: Workspace) -> None:
    (workspace.root / "taken").write_text("", encoding="utf-8")
    report = tell(workspace, settings(metrics_file="taken/x", webhook=CLOSED), notes=["a"], at=AT)
    assert report.notes[0] == "a"
    assert len(report.notes) == 3
    assert (workspace.reports / "latest.json").exists()
