"""A run's report on a terminal: the ledger, what was refused, the sources that want a hand."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from alliance_nlp.cli import console
from alliance_nlp.pipeline.drift import told
from alliance_nlp.pipeline.figures import (
    Report,
    SourceLine,
    duration,
    plural,
    silent,
    size,
    slowest,
    source_lines,
    totals,
)

# Judgements rather than losses: they are in the JSON and the HTML.
_QUIET = ("superseded", "not-relevant", "duplicate", "resting")
_MOST_PROBLEMS = 40
_MOST_SLOW = 3


def show_report(report: Report) -> None:
    """Print a run's report."""
    out = console.out()
    out.print(_ledger(report))
    out.print("in = out + rejected + failed" + (" holds" if report.adds_up else " DOES NOT HOLD"))
    _show_problems(report)
    if report.has_collected:
        for line in _sums(report):
            out.print(line, markup=False)
        wanting = [line for line in source_lines(report) if line.wants_hand]
        if wanting:
            columns = ["source", "state", "#new", "expected", "why", "what to do"]
            rows = [_source_row(line) for line in wanting]
            out.print(console.table("Sources to look at", columns, rows))
    if report.drift:
        out.print(f"drift: {report.drift.headline}", markup=False)
        for shift in report.drift.moved:
            out.print(f"  {told(shift)}", markup=False)
    for note in report.notes:
        out.print(f"note: {note}", markup=False)


def _ledger(report: Report) -> Table:
    title = f"Run {report.run.id}: {report.run.command}, {report.headline}"
    rows = [
        (
            count.stage.value,
            count.n_in,
            count.n_out,
            count.n_rejected,
            count.n_failed,
            f"{count.seconds:.1f}",
            size(count.n_bytes) if count.n_bytes else "",
            ", ".join(f"{reason} {n}" for reason, n in count.reasons),
        )
        for count in report.counts
    ]
    columns = ["stage", "#in", "#out", "#rejected", "#failed", "#seconds", "#size", "why"]
    return console.table(title, columns, rows)


def _sums(report: Report) -> Iterator[str]:
    sums = totals(report)
    doors = {
        "with new articles": sums.n_new,
        "unchanged": sums.n_unchanged,
        "blocked": sums.n_blocked,
        "failed": sums.n_failed,
        "put off": sums.n_put_off,
        "resting": sums.n_resting,
        "not visited": sums.n_unvisited,
    }
    told = ", ".join(f"{n} {door}" for door, n in doors.items() if n)
    yield f"{plural(sums.n_sources, 'source')}: {told}; {size(sums.n_bytes)} received"
    slow = [line for line in slowest(report, most=_MOST_SLOW) if line.visit]
    if slow:
        times = (f"{x.source_id} {duration(x.visit.seconds)}" for x in slow if x.visit)
        yield f"slowest: {', '.join(times)}"
    quiet = [line.source_id for line in silent(report)]
    if quiet:
        yield f"silent: {', '.join(quiet)}"


def _source_row(line: SourceLine) -> tuple[str, ...]:
    visit, health = line.visit, line.health
    least, most = line.expected or (0, 0)
    why = (health.why if health else "") or (visit.detail if visit else "")
    return (
        line.source_id,
        line.state.value,
        str(line.n_articles),
        f"{least} to {most}",
        why,
        health.do if health else "",
    )


def _show_problems(report: Report) -> None:
    problems = sorted(
        (p for p in report.problems if p.reason.value not in _QUIET), key=lambda p: not p.failed
    )
    if not problems:
        return
    out = console.out()
    out.print("What was refused", style="bold")
    for problem in problems[:_MOST_PROBLEMS]:
        state = "failed" if problem.failed else "rejected"
        line = f"  {state:8} {problem.stage.value:8} {problem.reason.value}: {problem.subject_id}"
        out.print(line, markup=False)
        out.print(f"           {problem.detail}", markup=False)
    if len(problems) > _MOST_PROBLEMS:
        out.print(f"and {len(problems) - _MOST_PROBLEMS} more: alliance-nlp report --json")
