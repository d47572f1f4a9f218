"""The night: the ledger of a run as a page, beside the nights before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from alliance_nlp.core.types import Reason, Rejected, Source, Stage
from alliance_nlp.web.desk import Desk

if TYPE_CHECKING:
    from alliance_nlp.pipeline.night_view import Nights, NightView, Series

MOST_PROBLEMS = 200
MOST_EXAMPLES = 3
_HEIGHT = 30.0
_WIDTH = 10.0
_PLACES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """How often one stage refused for one reason, with the first few that it refused."""

    stage: Stage
    reason: Reason
    n_rejected: int
    n_failed: int
    examples: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A night's bar, in the drawing's own units; ``is_tonight`` marks the last."""

    x: float
    y: float
    height: float
    is_tonight: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A series with its bars, and in words."""

    series: Series
    bars: tuple[Bar, ...]
    width: float
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NightPages:
    """The newest run's page, and every run's.

    ``nights`` holds what stays while the desk is open, once a page asked for it.
    """

    desk: Desk
    nights: list[Nights] = field(default_factory=list)

    def routes(self) -> list[BaseRoute]:
        """Return where they are."""
        return [Route("/night", self.newest), Route("/night/{run_id:int}", self.one)]

    def newest(self, request: Request) -> Response:
        """Show the newest run."""
        return self._page(request, None)

    def one(self, request: Request) -> Response:
        """Show one run."""
        return self._page(request, request.path_params["run_id"])

    def _nights(self) -> Nights:
        # The pipeline brings scikit-learn along; only this page waits for it.
        from alliance_nlp.pipeline.night_view import Nights

        if not self.nights:
            self.nights.append(Nights())
        return self.nights[0]

    def _page(self, request: Request, run_id: int | None) -> Response:
        sources = self.desk.settings.read_sources()
        # A number that no database could hold is no run either.
        known = run_id is None or run_id < 2**31
        night = (
            self._nights().read(
                self.desk.database,
                sources,
                run_id=run_id,
                models=self.desk.workspace.models,
            )
            if known
            else None
        )
        if night is None and run_id is not None:
            raise HTTPException(404, f"There is no run {run_id}.")
        problems = sorted(night.report.problems, key=lambda p: not p.failed) if night else []
        return self.desk.page(
            request,
            "night.html.j2",
            night=night,
            report=night.report if night else None,
            drawn=_drawn(night),
            reasons=_reasons(problems),
            names=_names(sources),
            problems=problems[:MOST_PROBLEMS],
            n_more_problems=max(0, len(problems) - MOST_PROBLEMS),
        )


def _names(sources: Sequence[Source]) -> dict[str, str]:
    return {source.id: source.name for source in sources}


def _reasons(problems: Sequence[Rejected]) -> list[Why]:
    """Return the reasons, those with failures first, then the commonest."""
    grouped: dict[tuple[Stage, Reason], list[Rejected]] = {}
    for problem in problems:
        grouped.setdefault((problem.stage, problem.reason), []).append(problem)
    found = [
        Why(
            stage=stage,
            reason=reason,
            n_rejected=sum(not problem.failed for problem in group),
            n_failed=sum(problem.failed for problem in group),
            examples=tuple(group[:MOST_EXAMPLES]),
        )
        for (stage, reason), group in grouped.items()
    ]
    return sorted(found, key=lambda why: (-why.n_failed, -why.n_rejected, why.reason.value))


def _drawn(night: NightView | None) -> list[Drawn]:
    return [_draw(series) for series in night.series] if night else []


def _draw(series: Series) -> Drawn:
    most = max(1, *(night.value for night in series.nights))
    bars = []
    # The last night stands at the right end, however few came before it.
    n_empty = max(0, _PLACES - len(series.nights))
    for place, night in enumerate(series.nights, start=n_empty):
        height = _HEIGHT * night.value / most
        if night.value:
            height = max(height, 0.8)  # so that one of thousands is not drawn as none
        bars.append(
            Bar(
                x=place * _WIDTH,
                y=round(_HEIGHT - height, 2),
                height=round(height, 2),
                is_tonight=night is series.nights[-1],
            )
        )
    return Drawn(
        series=series,
        bars=tuple(bars),
        width=max(_PLACES, len(series.nights)) * _WIDTH,
        said=_said(series),
    )


def _said(series: Series) -> str:
    before = series.before
    if not before:
        return "No whole night came before it."
    nights = f"{len(before)} night{'s' if len(before) != 1 else ''}"
    return (
        f"Usually {series.usual:,.0f}: {min(before):,} to {max(before):,} in the {nights} before."
    )
