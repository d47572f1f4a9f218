"""The reasons of a rank as a waterfall: each bar starts where the one before ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alliance_nlp.core.types import Candidate
from alliance_nlp.rank import FEATURES

_BIAS = "where every story starts, before anything is known of it"
# Below this a contribution shows as +0.00 and tells nobody anything.
_NEGLIGIBLE = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One reason; ``x`` and ``width`` are percent of the scale, ``row`` counts from 0."""

    feature: str
    unit: str
    value: float
    contribution: float
    x: float
    width: float
    row: int

    @property
    def sign(self) -> str:
        """``up`` or ``down``, for the style."""
        return "up" if self.contribution >= 0 else "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """A candidate's reasons; the contributions of ``bars`` and ``silent`` sum to ``logit``."""

    score: float
    logit: float
    bars: tuple[Bar, ...]
    silent: tuple[str, ...]
    total: Bar
    zero: float

    @property
    def leading(self) -> tuple[Bar, ...]:
        """The three reasons that move it most, the bias apart."""
        return tuple(bar for bar in self.bars if bar.feature != "bias")[:3]


Scale = tuple[float, float]


def scale(candidates: Sequence[Candidate]) -> Scale:
    """Return the lowest and highest running sum, 0 included, so that pages of bars compare."""
    sums = [0.0]
    for candidate in candidates:
        running = 0.0
        for reason in candidate.reasons:
            running += reason.contribution
            sums.append(running)
    return min(sums), max(max(sums), min(sums) + 1e-9)


def waterfall(candidate: Candidate, within: Scale) -> Waterfall:
    """Return a candidate's reasons as bars on a scale."""
    low, high = within

    def percent(value: float) -> float:
        return round(100 * (value - low) / (high - low), 2)

    def bar(feature: str, value: float, *, start: float, change: float, row: int) -> Bar:
        left, right = sorted((percent(start), percent(start + change)))
        return Bar(
            feature=feature,
            unit=_BIAS if feature == "bias" else FEATURES.get(feature, ""),
            value=value,
            contribution=change,
            x=left,
            width=round(max(right - left, 0.4), 2),
            row=row,
        )

    bars: list[Bar] = []
    silent = []
    running = 0.0
    for reason in candidate.reasons:
        change = reason.contribution
        if abs(change) < _NEGLIGIBLE:
            silent.append(reason.feature)
        else:
            bars.append(
                bar(reason.feature, reason.value, start=running, change=change, row=len(bars))
            )
        running += change
    return Waterfall(
        score=candidate.score,
        logit=candidate.logit,
        bars=tuple(bars),
        silent=tuple(silent),
        total=bar("sum", candidate.logit, start=0.0, change=candidate.logit, row=len(bars)),
        zero=percent(0.0),
    )
