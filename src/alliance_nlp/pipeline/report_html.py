"""The run report as one page of HTML that needs nothing else: no script, nothing remote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import Rejected
from alliance_nlp.core.urls import is_web_url
from alliance_nlp.pipeline.drift import DRIFT, LOOK, told
from alliance_nlp.pipeline.figures import (
    ReasonCount,
    Report,
    duration,
    plural,
    reason_counts,
    silent,
    size,
    slowest,
    source_lines,
    totals,
)

# Enough to see what is the matter; the JSON holds all of them.
MOST_PROBLEMS = 15


@dataclass(frozen=True, slots=True)
class _Group:
    """The problems of one stage with one reason, failures first."""

    count: ReasonCount
    shown: tuple[Rejected, ...]
    n_more: int


def render_report(report: Report) -> str:
    """Return the report as a page of HTML; all that others wrote comes out as text."""
    lines = source_lines(report)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            totals=totals(report),
            groups=_groups(report),
            wanting=[line for line in lines if line.wants_hand],
            others=[line for line in lines if not line.wants_hand],
            slowest=slowest(report),
            silent=silent(report),
            thresholds=(LOOK, DRIFT),
        )
    )


def _groups(report: Report) -> list[_Group]:
    return [_group(count, report.problems) for count in reason_counts(report)]


def _group(count: ReasonCount, problems: Sequence[Rejected]) -> _Group:
    members = sorted(
        (p for p in problems if (p.stage, p.reason) == (count.stage, count.reason)),
        key=lambda problem: not problem.failed,
    )
    shown = tuple(members[:MOST_PROBLEMS])
    return _Group(count, shown, len(members) - len(shown))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("alliance_nlp.pipeline"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        duration=duration, moment=_moment, plural=plural, size=size, told=told
    )
    environment.tests["web_url"] = is_web_url
    return environment


def _printable(value: Any) -> Any:
    # Escaping leaves controls and direction marks, which garble a page as well.
    return clean(value) if type(value) is str else value


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "–"
