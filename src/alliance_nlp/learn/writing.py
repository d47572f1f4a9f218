"""Writing a file whole or not at all; labelled items as JSON Lines."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from alliance_nlp.core.errors import InputError
from alliance_nlp.learn.corpus import LabeledItem


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that whoever reads it sees the old one or the new one, whole.

    Raises
    ------
    InputError
        If it cannot be written; the old file is untouched then.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}; make room or mend its rights"
        ) from error


def write_items(path: Path, items: Iterable[LabeledItem], *, after: str = "") -> None:
    """Write items as the corpus keeps them, one a line, behind what stood there before.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    before = after if after.endswith("\n") or not after else f"{after}\n"
    lines = (json.dumps(asdict(item), ensure_ascii=False, default=str) for item in items)
    write_whole(path, before + "".join(f"{line}\n" for line in lines))
