"""Rounds of measuring, what they come to as ratios, and the guard over them.

Every figure is a ratio to trafilatura's default with metadata, on the same pages and in the same
round; so a machine that is slow, or busy for a while, is so for both sides.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

OURS = "alliance-nlp, the whole chain"
# A ratio may be this much worse than the one in docs/benchmark.json.
MOST_WORSE = 0.15
# Of these figures a larger one is worse; of the others of the last line, a smaller one.
BY_CLOCK = "jobs2"
_MOST_OTHERS = 0.25
_LESS_IS_BETTER = frozenset({"chain"})
_DECIMALS = {"chain": 2, "naive": 1, "jobs2": 2, "backfill": 1, "recall": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one way takes a page: as a ratio (its rounds' median, least and most), and in ms.

    ``n_failed`` counts the pages on which it raised; they are left out on both sides.
    """

    name: str
    ratio: float
    low: float
    high: float
    cpu_ms: float
    n_pages: int
    n_failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A whole run: the rows, and the figures of the last line; one not measured is ``None``.

    ``pages`` says what was measured on, ``weights`` how heavy its pages are: by measure, what a
    quarter, half and three quarters of them do not exceed. ``others_cores`` are the cores that
    other work kept busy while jobs were compared by the clock.
    """

    pages: str
    weights: Mapping[str, tuple[float, float, float]]
    rows: tuple[Row, ...]
    headline: Mapping[str, float | None]
    notes: tuple[str, ...] = ()
    others_cores: float = 0.0

    def last_line(self) -> str:
        """Return the headline as one line."""
        return "; ".join(
            f"{name} " + ("not measured" if value is None else f"{value:.{_DECIMALS[name]}f}")
            for name, value in self.headline.items()
        )


def as_row(
    name: str,
    rounds: Sequence[tuple[float, float, int]],
    *,
    n_failed: int = 0,
) -> Row:
    """Return the row of a way from its rounds: (its seconds, the baseline's, pages)."""
    ratios = [seconds / base_s for seconds, base_s, _ in rounds]
    return Row(
        name=name,
        ratio=round(median(ratios), 4),
        low=round(min(ratios), 4),
        high=round(max(ratios), 4),
        cpu_ms=round(median(1000 * seconds / n for seconds, _, n in rounds), 2),
        n_pages=sum(n for _, _, n in rounds) // len(rounds),
        n_failed=n_failed,
    )


def worsened(now: Figures, before: Figures) -> dict[str, str]:
    """Return, by figure, what is worse than before by more than the guard lets pass.

    What either run did not measure is passed over, and so is what the work of others spoiled.
    """
    found = {}
    for name, old in before.headline.items():
        new = now.headline.get(name)
        is_spoiled = name == BY_CLOCK and now.others_cores > _MOST_OTHERS
        if old is None or new is None or is_spoiled:
            continue
        worse = new / old - 1 if name in _LESS_IS_BETTER else 1 - new / old
        if worse > MOST_WORSE:
            found[name] = f"{new:.3g}, was {old:.3g}: {worse:.0%} worse"
    return found


def save(runs: Mapping[str, Figures], path: Path) -> None:
    """Write runs, by kind of pages, as JSON."""
    data = {kind: asdict(figures) for kind, figures in runs.items()}
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")


def read(path: Path) -> dict[str, Figures]:
    """Return the runs of a file by kind of pages; none where there is no file."""
    if not path.exists():
        return {}
    return {kind: _figures(data) for kind, data in json.loads(path.read_text("utf-8")).items()}


def _figures(data: Mapping[str, Any]) -> Figures:
    return Figures(
        pages=data["pages"],
        weights={name: tuple(quarters) for name, quarters in data["weights"].items()},
        rows=tuple(Row(**row) for row in data["rows"]),
        headline=data["headline"],
        notes=tuple(data["notes"]),
        others_cores=data["others_cores"],
    )
