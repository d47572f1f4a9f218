"""What the tests let workers do; a module of its own, for another process imports it by name."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence

from alliance_nlp.core.errors import ExtractError


def treat(items: Sequence[str]) -> list[str]:
    """Return the items in capitals; some of them are poison."""
    return [_treat(item) for item in items]


def _treat(item: str) -> str:
    if item == "sleep":
        time.sleep(60)
    if item == "hold the interpreter":
        re.match(r"(a+)+$", "a" * 40 + "b")
    if item == "swell":
        return "x" * 4_000_000_000
    if item == "die":
        os._exit(7)
    if item == "raise":
        raise RuntimeError("no such thing")
    if item == "refuse":
        raise ExtractError("this page breaks the reader")
    return item.upper()


def process_id(items: Sequence[int]) -> list[int]:
    """Return the own process id for each item."""
    return [os.getpid() for _ in items]
