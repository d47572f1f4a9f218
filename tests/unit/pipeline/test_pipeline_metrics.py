"""The metrics file is what Prometheus reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from report_values import AT, make_health, make_report, make_run, make_visit, make_yield

from alliance_nlp.core.errors import ConfigError, WorkspaceError
from alliance_nlp.core.types import Outcome, Stage, StageCount
from alliance_nlp.pipeline.metrics import write_metrics
from alliance_nlp.pipeline.report import Report
from alliance_nlp.sources import State

Sample = tuple[str, frozenset[tuple[str, str]]]


def written(folder: Path, report: Report) -> dict[Sample, float]:
    path = folder / "alliance.prom"
    write_metrics(path, report)
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(path.read_text(encoding="utf-8"))
        for sample in family.samples
    }


def value(samples: dict[Sample, float], name: str, **labels: str) -> float:
    return samples[f"alliance_{name}", frozenset(labels.items())]


def test_the_run_is_told(tmp_path: Path) -> None:
    samples = written(tmp_path, make_report())
    assert value(samples, "last_run_timestamp_seconds") == AT.timestamp() + 252
    assert value(samples, "last_run_success") == 1
    assert value(samples, "last_run_failures") == 1
    assert value(samples, "run_duration_seconds") == 252


def test_a_broken_off_run_is_no_success(tmp_path: Path) -> None:
    samples = written(tmp_path, make_report(run=make_run(state="interrupted")))
    assert value(samples, "last_run_success") == 0


def test_a_run_under_way_has_no_duration(tmp_path: Path) -> None:
    run = make_run(state="running", finished_at=None)
    samples = written(tmp_path, make_report(run=run))
    assert ("alliance_run_duration_seconds", frozenset()) not in samples
    assert value(samples, "last_run_timestamp_seconds") == AT.timestamp()


def test_stages_are_told_by_door(tmp_path: Path) -> None:
    samples = written(tmp_path, make_report())
    doors = {
        door: value(samples, "stage_items", stage="collect", door=door)
        for door in ("in", "out", "rejected", "failed")
    }
    assert doors == {"in": 8, "out": 6, "rejected": 1, "failed": 1}
    assert value(samples, "stage_seconds", stage="collect") == 12.5
    assert value(samples, "stage_bytes", stage="collect") == 81_000
    assert value(samples, "problems", stage="collect", reason="timeout") == 1


def test_a_source_is_in_exactly_one_state(tmp_path: Path) -> None:
    samples = written(tmp_path, make_report())
    states = {
        state: value(samples, "source_state", source="c", state=state.value) for state in State
    }
    assert [state for state, is_in in states.items() if is_in == 1] == [State.FAILING]
    assert sum(states.values()) == 1


def test_sources_are_told_by_outcome_and_yield(tmp_path: Path) -> None:
    samples = written(tmp_path, make_report())
    assert value(samples, "source_new_articles", source="a") == 4
    outcomes = {
        outcome: value(samples, "sources", outcome=outcome)
        for outcome in [*(o.value for o in Outcome), "unvisited"]
    }
    assert outcomes == {
        "new": 1,
        "unchanged": 1,
        "blocked": 0,
        "failed": 1,
        "put-off": 0,
        "resting": 1,
        "unvisited": 1,
    }


def test_a_run_that_did_not_collect_says_nothing_of_sources(tmp_path: Path) -> None:
    counts = (StageCount(stage=Stage.RANK, n_in=1, n_out=1, n_rejected=0, n_failed=0),)
    samples = written(tmp_path, make_report(counts=counts, visits=(), health=()))
    assert not [name for name, _ in samples if "source" in name]


def test_label_values_are_escaped(tmp_path: Path) -> None:
    odd = 'a "b"\\c\nalliance_last_run_success 0'
    report = replace(
        make_report(),
        yields=(make_yield(odd, 2),),
        visits=(make_visit(odd, Outcome.NEW),),
        health=(make_health(odd, State.OK),),
    )
    samples = written(tmp_path, report)
    assert value(samples, "source_new_articles", source=odd) == 2
    assert value(samples, "last_run_success") == 1


def test_a_second_run_replaces_the_first_and_leaves_no_draft(tmp_path: Path) -> None:
    written(tmp_path, make_report())
    samples = written(tmp_path, make_report(run=make_run(id=8)))
    assert value(samples, "last_run_id") == 8
    assert [path.name for path in tmp_path.iterdir()] == ["alliance.prom"]


def test_a_name_that_node_exporter_passes_over_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"must end in \.prom"):
        write_metrics(tmp_path / "alliance.txt", make_report())


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WorkspaceError, match=r"cannot write the metrics file .*name another file"):
        write_metrics(tmp_path / "file" / "alliance.prom", make_report())
