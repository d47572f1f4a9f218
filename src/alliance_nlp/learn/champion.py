"""Which model serves: the history of champions in ``champion.jsonl``, newest last.

Lines are only ever added. A promotion makes a model the champion, a rollback returns to the one
before it, and a refusal changes nothing but is kept, so that nobody tries the same again unaware.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from alliance_nlp.artifacts import load_model
from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import ModelError


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
    path = _path(folder)
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


def _path(folder: Path) -> Path:
    return folder / "champion.jsonl"


def champion_id(folder: Path) -> str | None:
    """Return the id of the model that serves, or ``None``."""
    line = _succession(read_history(folder))
    return line[-1] if line else None


def _succession(history: Sequence[Change]) -> list[str]:
    """Return the champions that still count, the one that serves last."""
    line: list[str] = []
    for change in history:
        if change.event is Event.PROMOTED:
            line.append(change.model)
        elif change.event is Event.ROLLED_BACK:
            while line and line[-1] != change.model:
                line.pop()
    return line


def promote(
    folder: Path, model_id: str, *, reason: str, verdict: Mapping[str, Any] | None = None
) -> None:
    """Make a model the champion, the one that serves; the reason and the time are kept.

    Nothing is compared here: :func:`~alliance_nlp.learn.challenge` does that first.

    Raises
    ------
    ModelError
        If the model is not whole, or the folder cannot be written.
    """
    load_model(folder, model_id)
    record(folder, Event.PROMOTED, model_id, reason=reason, verdict=verdict)


def roll_back(folder: Path, *, reason: str) -> str:
    """Return to the champion before the present one; return its id.

    Raises
    ------
    ModelError
        If there is none, or it is not whole: the present one serves on.
    """
    line = _succession(read_history(folder))
    earlier = [model_id for model_id in line if model_id != line[-1]]
    if not earlier:
        raise ModelError(
            f"there is no earlier champion in {folder} to return to; promote another with: "
            "alliance-nlp models promote ID"
        )
    load_model(folder, earlier[-1])
    record(folder, Event.ROLLED_BACK, earlier[-1], reason=reason)
    return earlier[-1]


def record(
    folder: Path,
    event: Event,
    model_id: str,
    *,
    reason: str,
    verdict: Mapping[str, Any] | None = None,
) -> None:
    """Add a line to the history; the file is always whole.

    Raises
    ------
    ModelError
        If the history is damaged or the folder cannot be written.
    """
    read_history(folder)
    path = _path(folder)
    entry = {"event": event.value, "model": model_id, "reason": reason, "at": now().isoformat()}
    line = json.dumps(entry | ({"verdict": dict(verdict)} if verdict else {}), ensure_ascii=False)
    draft = folder / f".{path.name}.{os.getpid()}"
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        draft.write_text(f"{before.rstrip()}\n{line}\n".lstrip(), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise ModelError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)
