"""How far two annotators agree: the same items labelled twice, the second time blind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.metrics import cohen_kappa_score

from alliance_nlp.classify import TOPICS
from alliance_nlp.core.errors import InputError
from alliance_nlp.learn.lines import read_objects

FILE = "agreement/second-labels.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What one annotator said of an item: its topics, primary first, and its relevance."""

    topics: tuple[str, ...]
    relevant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Twice:
    """An item labelled twice; ``settled`` names whose labels stand, ``""`` where both agreed."""

    id: str
    first: Labels
    second: Labels
    settled: str


def read_twice(folder: Path) -> tuple[Twice, ...]:
    """Return the items labelled twice of a folder of labelled items.

    Raises
    ------
    InputError
        If a line lacks a field; the message names file and line.
    """
    return tuple(_twice(data, where) for data, where in read_objects(folder / FILE))


def _twice(data: dict[str, Any], where: str) -> Twice:
    try:
        sides = [
            Labels(topics=tuple(data[side]["topics"]), relevant=bool(data[side]["relevant"]))
            for side in ("first", "second")
        ]
        return Twice(
            id=data["id"], first=sides[0], second=sides[1], settled=data.get("settled", "")
        )
    except (KeyError, TypeError) as error:
        raise InputError(
            f"{where}: an item labelled twice needs id, first and second with topics and "
            f"relevant ({error}); mend or remove it"
        ) from error


def agreement(items: Sequence[Twice]) -> pd.DataFrame:
    """Return a frame indexed by decision: ``n`` items, ``agreed`` share and Cohen's ``kappa``.

    Decisions are each topic (holds or not), ``primary`` (which one, or none) and ``relevant``.
    """
    readings: dict[str, Callable[[Labels], object]] = {
        **{topic: _holds(topic) for topic in TOPICS},
        "primary": lambda labels: labels.topics[0] if labels.topics else "none",
        "relevant": lambda labels: labels.relevant,
    }
    rows = {}
    for name, reading in readings.items():
        one = [str(reading(item.first)) for item in items]
        other = [str(reading(item.second)) for item in items]
        same = sum(a == b for a, b in zip(one, other, strict=True))
        rows[name] = {
            "n": len(items),
            "agreed": same / len(items) if items else float("nan"),
            "kappa": float(cohen_kappa_score(one, other)) if len({*one, *other}) > 1 else 1.0,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _holds(topic: str) -> Callable[[Labels], object]:
    return lambda labels: topic in labels.topics
