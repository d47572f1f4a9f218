"""Files of JSON Lines: their objects, each with the place to name in an error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alliance_nlp.core.errors import InputError


def read_objects(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each line's object and where it stands, ``"FILE, line N"``; blank lines are passed.

    Raises
    ------
    InputError
        If the file cannot be read or a line is no JSON object in UTF-8.
    """
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    where = f"{path}, line {number}"
                    yield parse_object(line, where), where
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}; mend its path or its rights"
        ) from error


def parse_object(line: bytes, where: str) -> dict[str, Any]:
    """Return a line's JSON object.

    Raises
    ------
    InputError
        If the line is no JSON object in UTF-8.
    """
    try:
        data = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(f"{where} is not UTF-8: {error}; save the file as UTF-8") from error
    except ValueError as error:
        raise InputError(f"{where} is not JSON: {error}; mend or remove it") from error
    if not isinstance(data, dict):
        raise InputError(f"{where} is no JSON object; mend or remove it")
    return data
