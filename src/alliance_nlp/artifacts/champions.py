"""Which model serves: the history of champions in ``champion.jsonl``, newest last.

Reading it loads no model and no library of models.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from alliance_nlp.core.errors import ModelError

CHAMPIONS = "champion.jsonl"


class Event(StrEnum):
    """What a line of the history tells."""

    PROMOTED = "promoted"
    REFUSED = "refused"
    ROLLED_BACK = "rolled-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the history.

    Attributes
    ----------
    event
        What happened.
    model
        The model that was promoted, refused, or returned to.
    reason
        Why, in words.
    at
        When, as ISO 8601 in UTC.
    verdict
        The trial's figures, where there was a trial.
    """

    event: Event
    model: str
    reason: str
    at: str
    verdict: Mapping[str, Any] = field(default_factory=dict)


def read_history(folder: Path) -> tuple[Change, ...]:
    """Return all that happened to the champions of a folder, oldest first.

    Raises
    ------
    ModelError
        If the file is damaged.
    """
    path = folder / CHAMPIONS
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return tuple(_change(json.loads(line)) for line in lines)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(f"{path} is damaged ({error}); mend or remove it") from error


def _change(entry: dict[str, Any]) -> Change:
    return Change(
        event=Event(entry.get("event", Event.PROMOTED)),
        model=str(entry["model"]),
        reason=str(entry.get("reason", "")),
        at=str(entry.get("at", entry.get("promoted_at", ""))),
        verdict=dict(entry.get("verdict", {})),
    )


def champion_id(folder: Path) -> str | None:
    """Return the id of the model that serves, or ``None``."""
    line = succession(read_history(folder))
    return line[-1] if line else None


def succession(history: Sequence[Change]) -> list[str]:
    """Return the champions that still count, the one that serves last."""
    line: list[str] = []
    for change in history:
        if change.event is Event.PROMOTED:
            line.append(change.model)
        elif change.event is Event.ROLLED_BACK:
            while line and line[-1] != change.model:
                line.pop()
    return line
