"""How a run tells how far it is, and what went wrong, while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from alliance_nlp.core.types import Rejected

ProgressCallback = Callable[[str, int, int | None], None]
"""Called with a stage's name, how many are done, and how many there are (``None``: unknown)."""


def _ignore(*_: Any) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Whoever follows a run: told of its start, its progress and each refusal."""

    progress: ProgressCallback = _ignore
    started: Callable[[int], None] = _ignore
    problem: Callable[[Rejected], None] = _ignore


SILENT = Watch()
