"""What would move a candidate up: the smallest change of one feature that does."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from alliance_nlp.core.types import Candidate
from alliance_nlp.rank.features import THIN_BELOW

# A logit must be higher by this much to count as higher.
_MORE = 1e-9
_MOST_OUTLETS = 20
_OFFICES = (
    (0.2, "an official"),
    (0.4, "a legislator or governor"),
    (0.6, "an ambassador or commander"),
    (0.8, "a minister or secretary"),
    (1.0, "a head of state or government"),
)
# What counts as one whole change of a feature, to compare changes by.
_SPANS = {"outlets": 1.0, "age": 7.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A change of one feature: from ``value`` to ``wanted``, which adds ``gain`` to the logit.

    ``is_enough`` tells whether it alone lifts the candidate; if not, it is the most the feature
    can do.
    """

    feature: str
    value: float
    wanted: float
    gain: float
    is_enough: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What stands between a candidate and the first ``n``.

    ``over`` is the story to be passed, or ``""`` when the candidate is among the first already;
    ``gap`` is how many logits it is behind. Of ``moves`` those that are enough come first, the
    smallest change before the others.
    """

    n: int
    over: str = ""
    gap: float = 0.0
    moves: tuple[Move, ...] = ()


def what_would_move(
    candidate: Candidate,
    others: Sequence[Candidate],
    *,
    weights: Mapping[str, float],
    n: int = 10,
) -> Moves:
    """Return the smallest changes of single features that lift a candidate among the first ``n``.

    Only what later news can change is considered: further independent outlets, reports from both
    countries, a higher official, a fresh report, a new part of a story told before, a longer
    report, or news where there was opinion or analysis.

    Parameters
    ----------
    candidate
        The candidate, with the value of every feature among its reasons.
    others
        The ranking; the candidate itself may be among it.
    weights
        The weights that made the ranking, by feature.
    n
        How many places count.
    """
    rivals = sorted(
        (other for other in others if other.story_id != candidate.story_id),
        key=lambda other: (-other.logit, other.story_id),
    )
    if len(rivals) < n or candidate.rank <= n:
        return Moves(n=n)
    last = rivals[n - 1]
    gap = last.logit - candidate.logit
    values = {reason.feature: reason.value for reason in candidate.reasons}
    found = [
        move
        for feature, value in values.items()
        if (move := _move(feature, value, weight=weights.get(feature, 0.0), gap=gap))
    ]
    found.sort(key=_effort)
    return Moves(n=n, over=last.story_id, gap=gap, moves=tuple(found))


def _effort(move: Move) -> tuple[bool, float, str]:
    size = abs(move.wanted - move.value) / _SPANS.get(move.feature, 1.0)
    return (not move.is_enough, size if move.is_enough else -move.gain, move.feature)


def _move(feature: str, value: float, *, weight: float, gap: float) -> Move | None:
    """Return the smallest step of a feature that closes the gap, or else its most useful one."""
    best: Move | None = None
    for wanted, text in _steps(feature, value, needed=gap / weight if weight else math.inf):
        gain = weight * (wanted - value)
        move = Move(
            feature=feature,
            value=value,
            wanted=wanted,
            gain=gain,
            is_enough=gain >= gap + _MORE,
            text=text,
        )
        if move.is_enough:
            return move
        if gain > (best.gain if best else 0.0):
            best = move
    return best


def _steps(feature: str, value: float, *, needed: float) -> Iterator[tuple[float, str]]:
    """Yield the values that a feature can take by one change, the smallest change first.

    ``needed`` is the change that closes the gap: of what moves freely it is the first step.
    """
    if feature == "outlets":
        now = round(2 ** (value + 1) - 1)
        for more in range(1, _MOST_OUTLETS + 1):
            plural = "s" if more > 1 else ""
            yield (
                math.log2(1 + now + more) - 1,
                f"{more} more independent outlet{plural} ({now} to {now + more})",
            )
    elif feature == "officials-rank":
        for level, who in _OFFICES:
            if level > value:
                yield level, f"{who} named in it ({value:.1f} to {level:.1f})"
    elif feature in ("follow-up", "repeat") and value:
        yield 0.0, "a new event: nothing of it told in an earlier issue"
    elif feature == "thin" and value:
        yield 0.0, f"a report of {THIN_BELOW} words or more"
    elif feature == "balance" and value < 1:
        for wanted in _between(value, needed, end=1.0):
            yield (
                wanted,
                f"more reports from the other country (balance {value:.2f} to {wanted:.2f})",
            )
    elif feature in ("opinion", "analysis") and value > 0:
        for wanted in _between(value, needed, end=0.0):
            yield wanted, f"news reports beside the {feature} (share {value:.2f} to {wanted:.2f})"
    elif feature == "age" and value > 0:
        for wanted in _between(value, needed, end=0.0):
            yield wanted, f"a fresh report (the last one {value:.1f} to {wanted:.1f} days old)"


def _between(value: float, needed: float, *, end: float) -> Iterator[float]:
    """Yield the first hundredth that makes the needed change before the end, and the end."""
    up = 1 if end > value else -1
    if math.isfinite(needed) and needed * up > 0:
        wanted = (math.floor if up < 0 else math.ceil)((value + needed) * 100 + up * 1e-6) / 100
        if (end - wanted) * up > 0:
            yield wanted
    yield end
