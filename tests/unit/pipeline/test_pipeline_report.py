"""The report's figures add up, and its files are whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_values import (
    AT,
    make_health,
    make_problem,
    make_report,
    make_run,
    make_visit,
    make_yield,
)

from alliance_nlp.core.errors import WorkspaceError
from alliance_nlp.core.types import Outcome, Reason, Source, SourceKind, Stage, StageCount
from alliance_nlp.pipeline.figures import (
    duration,
    reason_counts,
    silent,
    size,
    slowest,
    source_lines,
    totals,
)
from alliance_nlp.pipeline.report import read_report, report_json, write_report
from alliance_nlp.sources import State
from alliance_nlp.store import Database, finish_run, save_ledger, save_problems, start_run
from alliance_nlp.workspace import Workspace

SOURCES = (
    Source(id="a", name="A", kind=SourceKind.FEED, url="https://a.example/feed", expected=(1, 9)),
    Source(id="b", name="B", kind=SourceKind.FEED, url="https://b.example/feed"),
)
OUTCOMES = st.sampled_from(list(Outcome))
IDS = st.sampled_from("abcdef")


@pytest.fixture
def database(make_sqlite_url: Callable[..., str]) -> Iterator[Database]:
    with Database.open(make_sqlite_url(migrated=True)) as opened:
        yield opened


@given(st.dictionaries(IDS, OUTCOMES), st.sets(IDS), st.lists(st.integers(0, 10**9), min_size=6))
def test_totals_add_up_whatever_was_visited(
    outcomes: dict[str, Outcome], configured: set[str], n_bytes: list[int]
) -> None:
    visits = tuple(
        make_visit(source_id, outcome, n_bytes=n_bytes[i])
        for i, (source_id, outcome) in enumerate(outcomes.items())
    )
    report = make_report(
        visits=visits, yields=tuple(make_yield(i, 1) for i in sorted(configured)), health=()
    )
    sums = totals(report)
    assert sums.n_sources == len(configured | set(outcomes))
    assert sums.n_sources == sums.n_tried + sums.n_put_off + sums.n_resting + sums.n_unvisited
    assert sums.n_tried == sums.n_new + sums.n_unchanged + sums.n_blocked + sums.n_failed
    assert sums.n_bytes == sum(visit.n_bytes for visit in visits)


def test_totals_name_every_outcome() -> None:
    visits = tuple(
        make_visit(f"s{n}-{i}", outcome)
        for n, outcome in enumerate(Outcome, start=1)
        for i in range(n)
    )
    sums = totals(make_report(visits=visits, yields=(), health=()))
    found = (
        sums.n_new,
        sums.n_unchanged,
        sums.n_blocked,
        sums.n_failed,
        sums.n_put_off,
        sums.n_resting,
    )
    assert found == (1, 2, 3, 4, 5, 6)


def test_json_keeps_the_keys_that_were_there_before() -> None:
    value = report_json(make_report())
    old = {
        "run",
        "command",
        "state",
        "as_of",
        "started_at",
        "finished_at",
        "adds_up",
        "stages",
        "sources",
        "problems",
        "notes",
    }
    assert old <= set(value)
    stage = {"stage", "in", "out", "rejected", "failed", "seconds", "reasons"}
    assert stage <= set(value["stages"][0])
    assert {"id", "new_pages", "expected", "unusual"} <= set(value["sources"][0])
    assert {"stage", "subject", "reason", "detail", "failed"} == set(value["problems"][0])


def test_json_tells_all_of_a_source() -> None:
    by_id = {source["id"]: source for source in report_json(make_report())["sources"]}
    assert by_id["b"] == {
        "id": "b",
        "name": "The b",
        "new_pages": 0,
        "expected": [1, 9],
        "unusual": True,
        "outcome": "unchanged",
        "new": 0,
        "listed": 5,
        "failed": 0,
        "bytes": 1_000,
        "seconds": 0.5,
        "newest_at": None,
        "moved_to": "",
        "detail": "",
        "state": "silent",
        "since": (AT - timedelta(days=9)).isoformat(),
        "why": "nothing for 9 days",
        "do": "open its page and look",
        "next_visit_at": None,
    }


def test_json_is_json() -> None:
    value = report_json(make_report())
    assert json.loads(json.dumps(value)) == value


def test_sources_come_the_most_urgent_first() -> None:
    assert [line.source_id for line in source_lines(make_report())] == ["c", "b", "d", "e", "a"]


def test_a_source_that_was_not_asked_is_not_unusual() -> None:
    report = make_report(yields=(make_yield("d", 0), make_yield("b", 0)), health=())
    assert {line.source_id: line.is_unusual for line in source_lines(report)} == {
        "a": False,
        "b": True,
        "c": False,
        "d": False,
    }


def test_a_source_no_longer_configured_is_told_with_what_it_brought() -> None:
    visits = (make_visit("gone", Outcome.NEW, n_new=3),)
    [line] = source_lines(make_report(visits=visits, yields=(), health=()))
    assert (line.source_id, line.name, line.n_articles, line.expected) == ("gone", "gone", 3, None)


def test_slowest_are_the_slowest_and_no_more_than_asked_for() -> None:
    assert [line.source_id for line in slowest(make_report(), most=2)] == ["c", "a"]


def test_silent_goes_by_history_where_one_is_known() -> None:
    report = make_report(health=(make_health("b", State.OK), make_health("a", State.SILENT)))
    # c was asked in vain and has no history; d rests; e was never reached but has a range.
    assert {line.source_id for line in silent(report)} == {"a", "c", "e"}


def test_a_source_too_new_for_a_history_is_silent_by_its_range() -> None:
    report = make_report(
        yields=(make_yield("b", 0), make_yield("a", 3)),
        health=(make_health("a", State.UNKNOWN), make_health("b", State.UNKNOWN)),
    )
    assert [line.source_id for line in silent(report)] == ["b"]


def test_no_source_is_silent_in_a_run_that_did_not_collect() -> None:
    counts = (StageCount(stage=Stage.RANK, n_in=1, n_out=1, n_rejected=0, n_failed=0),)
    assert silent(make_report(counts=counts, visits=(), health=())) == ()


def test_reasons_come_failures_first_then_the_commonest() -> None:
    problems = [
        make_problem("a", reason=Reason.WALL, stage=Stage.EXTRACT, failed=False),
        make_problem("b", reason=Reason.TIMEOUT),
        *(
            make_problem(str(n), reason=Reason.DUPLICATE, stage=Stage.EXTRACT, failed=False)
            for n in range(5)
        ),
        make_problem("c", reason=Reason.TIMEOUT, failed=False),
    ]
    found = [
        (c.stage.value, c.reason.value, c.n_failed, c.n_rejected)
        for c in reason_counts(make_report(problems=tuple(problems)))
    ]
    assert found == [
        ("collect", "timeout", 1, 1),
        ("extract", "duplicate", 0, 5),
        ("extract", "wall", 0, 1),
    ]


@pytest.mark.parametrize(
    ("state", "n_failed", "n_out", "headline"),
    [
        ("done", 0, 8, "Done"),
        ("done-with-failures", 1, 7, "Done, with 1 failure"),
        ("interrupted", 2, 6, "Broken off before its end, with 2 failures"),
        ("running", 0, 8, "Still under way"),
        ("done", 0, 7, "Done; the counts do not add up"),
    ],
)
def test_headline_says_how_the_run_ended(
    state: str, n_failed: int, n_out: int, headline: str
) -> None:
    count = StageCount(stage=Stage.TAG, n_in=8, n_out=n_out, n_rejected=0, n_failed=n_failed)
    assert make_report(run=make_run(state=state), counts=(count,)).headline == headline


@pytest.mark.parametrize(
    ("state", "n_failed", "n_out", "expected"),
    [
        ("done", 0, 8, (True, False)),
        ("done-with-failures", 1, 7, (True, True)),
        ("interrupted", 0, 8, (False, True)),
        ("done", 0, 7, (False, True)),
    ],
)
def test_a_failure_is_not_yet_a_broken_night(
    state: str, n_failed: int, n_out: int, expected: tuple[bool, bool]
) -> None:
    count = StageCount(stage=Stage.TAG, n_in=8, n_out=n_out, n_rejected=0, n_failed=n_failed)
    report = make_report(run=make_run(state=state), counts=(count,))
    assert (report.reached_its_end, report.is_failure) == expected


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min 0 s"),
        (3599.7, "1 h 0 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_durations_are_written_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("n_bytes", "text"),
    [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (999_960, "1.0 MB"), (64_712_345, "64.7 MB")],
)
def test_sizes_are_written_for_people(n_bytes: int, text: str) -> None:
    assert size(n_bytes) == text


def test_read_report_tells_the_newest_run(database: Database) -> None:
    count = StageCount(stage=Stage.COLLECT, n_in=1, n_out=0, n_rejected=0, n_failed=1)
    with database.write() as tx:
        start_run(tx, command="collect", as_of=AT, at=AT)
        run_id = start_run(tx, command="nightly", as_of=AT, at=AT)
        save_ledger(tx, run_id, [count])
        save_problems(tx, run_id, [make_problem("https://a.example/1")])
        finish_run(tx, run_id, state="done-with-failures", at=AT + timedelta(seconds=90))
    earlier = replace(make_visit("a", Outcome.NEW), run_id=run_id - 1)
    visit = replace(make_visit("a", Outcome.FAILED), run_id=run_id)
    report = read_report(database, SOURCES, notes=["mind this"], visits=[earlier, visit])
    assert report is not None
    assert (report.run.id, report.seconds, report.counts) == (run_id, 90.0, (count,))
    assert [y.source_id for y in report.yields] == ["a", "b"]
    assert (report.visits, report.notes, len(report.problems)) == ((visit,), ("mind this",), 1)


def test_read_report_finds_nothing_before_the_first_run(database: Database) -> None:
    assert read_report(database, SOURCES) is None


def test_write_report_writes_both_forms_twice(tmp_path: Path) -> None:
    report = make_report()
    write_report(Workspace(tmp_path), report)
    names = sorted(path.name for path in (tmp_path / "reports").iterdir())
    assert names == ["latest.html", "latest.json", "run-7.html", "run-7.json"]
    text = (tmp_path / "reports" / "latest.json").read_text(encoding="utf-8")
    assert json.loads(text) == report_json(report)
    for kind in ("json", "html"):
        run, latest = (tmp_path / "reports" / f"{name}.{kind}" for name in ("run-7", "latest"))
        assert run.read_bytes() == latest.read_bytes()


def test_write_report_replaces_the_latest_and_keeps_the_earlier(tmp_path: Path) -> None:
    for run_id in (7, 8):
        write_report(Workspace(tmp_path), make_report(run=make_run(id=run_id)))
    latest = json.loads((tmp_path / "reports" / "latest.json").read_text(encoding="utf-8"))
    assert latest["run"] == 8
    assert (tmp_path / "reports" / "run-7.html").is_file()


def test_a_reader_of_the_old_report_keeps_it_whole(tmp_path: Path) -> None:
    write_report(Workspace(tmp_path), make_report())
    path = tmp_path / "reports" / "latest.json"
    with path.open(encoding="utf-8") as held:
        write_report(Workspace(tmp_path), make_report(run=make_run(id=8)))
        assert json.load(held)["run"] == 7


def test_write_report_takes_half_a_surrogate_pair(tmp_path: Path) -> None:
    write_report(Workspace(tmp_path), make_report(notes=("torn \ud83d",)))
    text = (tmp_path / "reports" / "run-7.json").read_text(encoding="utf-8")
    assert json.loads(text)["notes"] == ["torn \ud83d"]


def test_write_report_says_what_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("in the way")
    with pytest.raises(WorkspaceError, match=r"run 7 to .*reports: .*alliance-nlp report"):
        write_report(Workspace(tmp_path), make_report())


def test_write_report_leaves_no_draft_behind_when_it_fails(tmp_path: Path) -> None:
    (tmp_path / "reports" / "run-7.json").mkdir(parents=True)
    with pytest.raises(WorkspaceError):
        write_report(Workspace(tmp_path), make_report())
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["run-7.json"]
