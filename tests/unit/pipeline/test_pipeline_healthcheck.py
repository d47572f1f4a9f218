"""The sources' health, read from the visits that the database keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alliance_nlp.config import Settings
from alliance_nlp.core.clock import now
from alliance_nlp.core.types import Outcome, Visit
from alliance_nlp.pipeline.healthcheck import judge_all, read_health, read_visits_of
from alliance_nlp.pipeline.night import open_database
from alliance_nlp.sources import State
from alliance_nlp.store import save_visits, start_run
from alliance_nlp.workspace import Workspace

SETTINGS = Settings(
    sources=tuple(
        {"id": name, "name": name, "kind": "feed", "url": f"https://{name}.example/rss"}
        for name in ("harbor", "pier", "quay", "wharf")
    )
)


def visit(source_id: str, outcome: Outcome, *, run_id: int = 1, nights_ago: int = 0) -> Visit:
    return Visit(
        source_id=source_id,
        run_id=run_id,
        at=now() - timedelta(days=nights_ago),
        outcome=outcome,
        n_new=3 if outcome is Outcome.NEW else 0,
        detail="its robots.txt asks robots to stay away" if outcome is Outcome.BLOCKED else "",
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace of which three sources were visited, one of them since taken out."""
    (tmp_path / "data").mkdir()
    workspace = Workspace(tmp_path)
    with open_database(workspace, SETTINGS) as database, database.write() as tx:
        for night, harbor in ((1, Outcome.NEW), (0, Outcome.FAILED)):
            run_id = start_run(tx, command="nightly", as_of=now(), at=now())
            others = [("pier", Outcome.BLOCKED), ("quay", Outcome.NEW), ("taken-out", Outcome.NEW)]
            visits = [("harbor", harbor), *others]
            save_visits(tx, [visit(s, o, run_id=run_id, nights_ago=night) for s, o in visits])
    return workspace


def test_health_is_told_of_every_source_in_the_order_of_the_configuration(
    workspace: Workspace,
) -> None:
    states = [(one.source_id, one.state) for one in read_health(workspace, SETTINGS)]
    assert states == [
        ("harbor", State.FAILING),
        ("pier", State.BLOCKED),
        ("quay", State.OK),
        ("wharf", State.UNKNOWN),
    ]


def test_health_says_why_and_what_to_do(workspace: Workspace) -> None:
    pier = read_health(workspace, SETTINGS)[1]
    assert "its robots.txt asks robots to stay away" in pier.why
    assert pier.do


def test_health_of_a_workspace_that_had_no_night_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    found = read_health(Workspace(tmp_path), SETTINGS)
    assert {one.state for one in found} == {State.UNKNOWN}


def test_visits_of_a_source_are_its_own_oldest_first(workspace: Workspace) -> None:
    visits = read_visits_of(workspace, SETTINGS, "harbor")
    assert [one.outcome for one in visits] == [Outcome.NEW, Outcome.FAILED]


def test_visits_of_a_source_that_is_unknown_are_none(workspace: Workspace) -> None:
    assert read_visits_of(workspace, SETTINGS, "nobody") == []


def test_judging_needs_no_visits_of_others() -> None:
    [source, *_] = SETTINGS.read_sources()
    at = datetime(2026, 3, 1, tzinfo=UTC)
    [found] = judge_all((source,), [visit("nobody", Outcome.NEW)], at=at)
    assert (found.source_id, found.state) == ("harbor", State.UNKNOWN)
