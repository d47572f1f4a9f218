"""Drift: whether a night's articles still look like those that the model learned from.

The model's card keeps how often each target held on held-out labelled items, and how sure the
model was. The night's decisions are held against that by the population stability index (PSI), the
sum over cells of ``(p - q) * ln(p / q)``; by the usual rule of thumb 0.1 wants a look and 0.25 is
drift. Chance alone gives a PSI too, of about a chi-squared variable times ``1/n + 1/m`` (Yurdakul
and Naranjo 2020): what chance gives once in a thousand times is never told as a move, and a night
with few articles is put together with those before it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from alliance_nlp.artifacts import read_card
from alliance_nlp.core.errors import ModelError
from alliance_nlp.store import Connection, Judged, read_judged, runs_with_articles

LOOK = 0.1
DRIFT = 0.25
MIN_ARTICLES = 100
N_NIGHTS = 7
_CHANCE_Z = 3.09  # once in a thousand times


class Level(StrEnum):
    """How far something moved."""

    STEADY = "steady"
    LOOK = "look"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One distribution of the night against the labelled items'.

    Attributes
    ----------
    target
        A topic, or ``"relevant"``.
    what
        ``"share"``, how often the target holds, or ``"confidence"``, how sure the model is of that,
        whichever way it decides.
    psi
        The population stability index.
    chance
        The PSI that chance alone exceeds once in a thousand times, with so many articles.
    then, now
        Shares of the labelled items and of the articles in each cell, adding up to 1: holds and
        does not hold, or from the surest decisions to those in doubt.
    """

    target: str
    what: str
    psi: float
    chance: float
    then: tuple[float, ...]
    now: tuple[float, ...]

    @property
    def level(self) -> Level:
        """How far it moved; what chance may have done is steady."""
        if self.psi < max(LOOK, self.chance):
            return Level.STEADY
        return Level.DRIFT if self.psi >= DRIFT else Level.LOOK


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How a night's articles lie to the labelled items.

    ``n_nights`` counts the nights that were put together, this one among them; ``shifts`` is empty
    where even they brought too few articles.
    """

    model_id: str
    n_articles: int
    n_nights: int
    shifts: tuple[Shift, ...] = ()

    @property
    def moved(self) -> tuple[Shift, ...]:
        """What moved, the farthest first."""
        moved = (shift for shift in self.shifts if shift.level is not Level.STEADY)
        return tuple(sorted(moved, key=lambda shift: -shift.psi))

    @property
    def level(self) -> Level:
        """The farthest move."""
        levels = {shift.level for shift in self.moved}
        return next((one for one in (Level.DRIFT, Level.LOOK) if one in levels), Level.STEADY)

    @property
    def headline(self) -> str:
        """All of it in one sentence."""
        night = "the night" if self.n_nights == 1 else f"the last {self.n_nights} nights"
        brought = f"{self.n_articles:,} articles of {night}"
        if not self.shifts:
            return f"{brought} are too few to tell, fewer than {MIN_ARTICLES}"
        if not self.moved:
            return f"{brought} look like the labelled items"
        somewhat = "" if self.level is Level.DRIFT else " somewhat"
        return f"{brought} differ{somewhat} from the labelled items"


def told(shift: Shift) -> str:
    """Return a move in words."""
    psi = f"PSI {shift.psi:.2f}, {shift.level.value}"
    if shift.what == "share":
        return (
            f"{shift.target} holds for {shift.now[0]:.0%}, "
            f"for {shift.then[0]:.0%} of the labelled items ({psi})"
        )
    return (
        f"{shift.target} is not sure for {1 - shift.now[0]:.0%}, "
        f"for {1 - shift.then[0]:.0%} of the labelled items ({psi})"
    )


def measure_drift(tx: Connection, run_id: int, models: Path) -> Drift | None:
    """Return how the articles of a run lie to the items that their model learned from.

    With fewer than ``MIN_ARTICLES`` articles, those of up to ``N_NIGHTS`` runs that brought some
    are taken together. ``None`` where nothing was classified, or where the model's card is missing
    or tells nothing of its items.
    """
    nights = runs_with_articles(tx, until=run_id, most=N_NIGHTS)
    judged = read_judged(tx, [run_id])
    n_nights = 1
    if _n_articles(judged) < MIN_ARTICLES and nights:
        judged, n_nights = read_judged(tx, nights), len(nights)
    if not judged:
        return None
    # After a change of models all is classified again; a broken-off run may leave some of both.
    [(model_id, _)] = Counter(one.model_id for one in judged).most_common(1)
    mine = [one for one in judged if one.model_id == model_id]
    enough = _n_articles(mine) >= MIN_ARTICLES
    try:
        reference = read_card(models, model_id).reference
        found = tuple(shifts(mine, reference)) if enough and reference else ()
    except (ModelError, LookupError, TypeError, ValueError, AttributeError):
        return None  # a card that is missing or no longer whole must not cost the report
    if not reference:
        return None
    return Drift(model_id=model_id, n_articles=_n_articles(mine), n_nights=n_nights, shifts=found)


def _n_articles(judged: Sequence[Judged]) -> int:
    return len({one.article_id for one in judged})


def shifts(judged: Sequence[Judged], reference: Mapping[str, Any]) -> list[Shift]:
    """Return two shifts a target: of its share, and of the confidence in it.

    Parameters
    ----------
    judged
        Decisions on articles, for each target on all of them.
    reference
        As the card of a model keeps it: ``n_items``, ``edges`` that lie alike on both sides of one
        half, and by target ``n_holds`` and ``confidence``.
    """
    by_target: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by_target[one.target].append(one)
    found = []
    for target, then in reference["targets"].items():
        now = by_target.get(target, [])
        if not now:
            continue
        n_then, n_holds = reference["n_items"], sum(one.holds for one in now)
        found += [
            _shift(
                target,
                "share",
                then=[then["n_holds"], n_then - then["n_holds"]],
                now=[n_holds, len(now) - n_holds],
            ),
            _shift(
                target,
                "confidence",
                then=_fold(then["confidence"]),
                now=_fold(_histogram([one.score for one in now], reference["edges"])),
            ),
        ]
    return found


def _histogram(scores: Sequence[float], edges: Sequence[float]) -> list[int]:
    counts = [0] * (len(edges) + 1)
    for score in scores:
        counts[sum(score >= edge for edge in edges)] += 1
    return counts


def _fold(bins: Sequence[int]) -> list[int]:
    """Return counts from the surest to those in doubt: 0.1 is as sure as 0.9."""
    outer = [bins[i] + bins[-1 - i] for i in range(len(bins) // 2)]
    return [*outer, bins[len(bins) // 2]] if len(bins) % 2 else outer


def _shift(target: str, what: str, *, then: Sequence[int], now: Sequence[int]) -> Shift:
    return Shift(
        target=target,
        what=what,
        psi=round(psi(then, now), 4),
        chance=round(chance_psi(sum(then), sum(now), n_cells=len(then)), 4),
        then=_shares(then),
        now=_shares(now),
    )


def _shares(counts: Sequence[int]) -> tuple[float, ...]:
    return tuple(round(count / max(sum(counts), 1), 4) for count in counts)


def psi(then: Sequence[int], now: Sequence[int]) -> float:
    """Return the population stability index of two rows of counts; 0 when they agree.

    Half a count is added to each cell, so that an empty one is rare and not impossible.
    """
    p, q = _smooth(then), _smooth(now)
    return sum((b - a) * math.log(b / a) for a, b in zip(p, q, strict=True))


def _smooth(counts: Sequence[int]) -> list[float]:
    total = sum(counts) + len(counts) / 2
    return [(count + 0.5) / total for count in counts]


def chance_psi(n: int, m: int, *, n_cells: int) -> float:
    """Return the PSI that two samples of one population exceed once in a thousand times.

    The quantile of chi-squared is Wilson and Hilferty's (1931), within 4 % of the exact one.
    """
    k = n_cells - 1
    quantile = k * (1 - 2 / (9 * k) + _CHANCE_Z * math.sqrt(2 / (9 * k))) ** 3
    return quantile * (1 / max(n, 1) + 1 / max(m, 1))


def drift_json(drift: Drift | None) -> dict[str, Any] | None:
    """Return the drift as JSON values."""
    if drift is None:
        return None
    return {
        "model": drift.model_id,
        "level": drift.level.value if drift.shifts else None,
        "headline": drift.headline,
        "articles": drift.n_articles,
        "nights": drift.n_nights,
        "thresholds": {"look": LOOK, "drift": DRIFT, "articles": MIN_ARTICLES},
        "shifts": [
            {
                **asdict(shift),
                "then": list(shift.then),
                "now": list(shift.now),
                "level": shift.level.value,
            }
            for shift in drift.shifts
        ],
    }
