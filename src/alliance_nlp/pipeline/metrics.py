"""A run's figures in the Prometheus text format, for node_exporter's textfile collector.

The file tells of the newest run that wrote a report. A night that never came that far shows by
its age, so watch both::

    time() - alliance_last_run_timestamp_seconds > 36 * 3600
    alliance_last_run_success == 0
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from alliance_nlp.core.errors import ConfigError, WorkspaceError
from alliance_nlp.pipeline.figures import Report, Totals, reason_counts, source_lines, totals
from alliance_nlp.sources import State


def write_metrics(path: Path, report: Report) -> None:
    """Write the report's figures to ``path`` at once: a reader sees the old file or the new one.

    Raises
    ------
    ConfigError
        If the name does not end in ``.prom``: node_exporter reads no other.
    WorkspaceError
        If the file cannot be written.
    """
    if path.suffix != ".prom":
        raise ConfigError(f"the metrics file {path} must end in .prom for node_exporter to read it")
    registry = CollectorRegistry()
    _describe_run(registry, report)
    _describe_stages(registry, report)
    if report.has_collected:
        _describe_sources(registry, report)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_to_textfile(str(path), registry)
    except OSError as error:
        raise WorkspaceError(
            f"cannot write the metrics file {path}: {error.strerror or error}; "
            "make its folder writable or name another file"
        ) from error


def _describe_run(registry: CollectorRegistry, report: Report) -> None:
    def gauge(name: str, meaning: str, value: float) -> None:
        Gauge(f"alliance_{name}", meaning, registry=registry).set(value)

    last = report.run.finished_at or report.run.started_at
    gauge("last_run_id", "Number of the newest run.", report.run.id)
    gauge(
        "last_run_timestamp_seconds",
        "When the newest run ended, or began if it has not ended.",
        last.timestamp(),
    )
    gauge(
        "last_run_success",
        "1 if the newest run came to its end and its counts add up, failures of items or not.",
        report.reached_its_end,
    )
    gauge("last_run_failures", "Items that failed in the newest run.", report.n_failed)
    if report.seconds is not None:
        gauge("run_duration_seconds", "Wall-clock seconds of the newest run.", report.seconds)


def _describe_stages(registry: CollectorRegistry, report: Report) -> None:
    items = Gauge(
        "alliance_stage_items",
        "Items by stage and door: in = out + rejected + failed.",
        ["stage", "door"],
        registry=registry,
    )
    seconds = Gauge(
        "alliance_stage_seconds", "Wall-clock seconds by stage.", ["stage"], registry=registry
    )
    taken = Gauge(
        "alliance_stage_bytes", "Bytes that a stage took in.", ["stage"], registry=registry
    )
    for count in report.counts:
        stage = count.stage.value
        items.labels(stage, "in").set(count.n_in)
        items.labels(stage, "out").set(count.n_out)
        items.labels(stage, "rejected").set(count.n_rejected)
        items.labels(stage, "failed").set(count.n_failed)
        seconds.labels(stage).set(count.seconds)
        taken.labels(stage).set(count.n_bytes)
    problems = Gauge(
        "alliance_problems",
        "Items rejected or failed, by stage and reason.",
        ["stage", "reason"],
        registry=registry,
    )
    for reason in reason_counts(report):
        problems.labels(reason.stage.value, reason.reason.value).set(
            reason.n_rejected + reason.n_failed
        )


def _describe_sources(registry: CollectorRegistry, report: Report) -> None:
    outcomes = Gauge(
        "alliance_sources", "Sources by what came of them.", ["outcome"], registry=registry
    )
    for outcome, n in _outcomes(totals(report)):
        outcomes.labels(outcome).set(n)
    new = Gauge(
        "alliance_source_new_articles",
        "Articles that a source brought.",
        ["source"],
        registry=registry,
    )
    states = Gauge(
        "alliance_source_state",
        "1 for the state that a source is in, 0 for the others.",
        ["source", "state"],
        registry=registry,
    )
    for line in source_lines(report):
        new.labels(line.source_id).set(line.n_articles)
        for state in State:
            states.labels(line.source_id, state.value).set(line.state is state)


def _outcomes(sums: Totals) -> Iterator[tuple[str, int]]:
    yield "new", sums.n_new
    yield "unchanged", sums.n_unchanged
    yield "blocked", sums.n_blocked
    yield "failed", sums.n_failed
    yield "put-off", sums.n_put_off
    yield "resting", sums.n_resting
    yield "unvisited", sums.n_unvisited
