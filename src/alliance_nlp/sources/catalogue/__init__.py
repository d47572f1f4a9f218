"""The catalogue: real sources that ship with the package, one TOML entry each.

The tables beside this module are grouped by who speaks. URLs change: ``alliance-nlp sources
check`` fetches them live and says which ones moved or died.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


@cache
def _entries() -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    tables = sorted(
        (path for path in resources.files(__package__).iterdir() if path.name.endswith(".toml")),
        key=lambda path: path.name,
    )
    for path in tables:
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["sources"]:
            if entry["id"] in found:
                raise ValueError(f"the catalogue has two entries {entry['id']!r}, see {path.name}")
            found[entry["id"]] = entry
    return found


def catalogue_entry(source_id: str) -> Mapping[str, Any]:
    """Return the catalogue's entry of a source, empty when it has none."""
    return _entries().get(source_id, {})


def catalogue_entries() -> tuple[Mapping[str, Any], ...]:
    """Return all entries, table by table."""
    return tuple(_entries().values())
