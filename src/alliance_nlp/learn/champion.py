"""Who comes to serve: the history of champions is added to, never edited.

Lines are only ever added. A promotion makes a model the champion, a rollback returns to the one
before it, and a refusal changes nothing but is kept, so that nobody tries the same again unaware.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alliance_nlp.artifacts import Event, load_model, read_history
from alliance_nlp.artifacts.champions import CHAMPIONS, succession
from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import ModelError


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
    line = succession(read_history(folder))
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
    path = folder / CHAMPIONS
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
