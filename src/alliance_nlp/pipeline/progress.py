"""How a run tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

ProgressCallback = Callable[[str, int, int | None], None]
"""Called with a stage's name, how many are done, and how many there are (``None``: unknown)."""


def silent(stage: str, done: int, total: int | None) -> None:
    """Report no progress."""
