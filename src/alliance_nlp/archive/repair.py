"""Cutting torn ends off archive files, and nothing else."""

from __future__ import annotations

import os
import zlib
from collections.abc import Mapping
from pathlib import Path

from alliance_nlp.archive.layout import archive_files
from alliance_nlp.archive.members import Member, scan
from alliance_nlp.core.errors import ArchiveError


def cut_to_committed(root: Path, committed: Mapping[str, int]) -> list[tuple[str, int]]:
    """Cut each file that the database knows to its committed length; return (file, bytes cut).

    Raises
    ------
    ArchiveError
        If a file is shorter than what was committed, or gone: bytes are lost, restore a backup.
    """
    for file in sorted(committed):
        if committed[file] and not (root / file).exists():
            raise ArchiveError(
                f"{root / file} is gone; restore it from a backup, the database names records in it"
            )
    cut = []
    for path in archive_files(root):
        file = path.relative_to(root).as_posix()
        if file not in committed:
            continue
        extra = path.stat().st_size - committed[file]
        if extra < 0:
            raise ArchiveError(
                f"{path} is {-extra} bytes shorter than was committed; restore it from a "
                "backup, its last records are lost"
            )
        if extra > 0:
            _truncate(path, committed[file])
            cut.append((file, extra))
    return cut


def repair_alone(path: Path) -> int:
    """Cut a file back to the end of its last whole record; return the bytes cut, 0 for none.

    For a file that no database knows. Damage with whole records behind it is left as it is, since
    cutting would lose them; :func:`~alliance_nlp.archive.verify` tells where it lies.

    Raises
    ------
    ArchiveError
        If the file cannot be read or written, or is no archive of one gzip member a record.
    """
    try:
        size = path.stat().st_size
        end = _last_whole_end(path)
        if end < size:
            _truncate(path, end)
    except OSError as error:
        raise ArchiveError(
            f"the archive file {path} cannot be repaired: {error.strerror or error}; "
            "mend its rights or copy it to where it can be written"
        ) from error
    return size - end


def _last_whole_end(path: Path) -> int:
    end = 0
    for piece in scan(path):
        if isinstance(piece, Member):
            end = piece.end
        elif piece.offset == 0 and not _is_one_torn_record(path):
            raise ArchiveError(
                f"{path} does not hold one gzip member a record, so nothing was cut; "
                "restore it from where it came"
            )
    return end


_GZIP_HEAD = b"\x1f\x8b\x08"
_NEXT_RECORD = b"\r\n\r\nWARC/1."
_STEP = 1024 * 1024


def _is_one_torn_record(path: Path) -> bool:
    """Tell a first record that was cut off from what is no such archive and must not be cut."""
    with path.open("rb") as stream:
        raw = stream.read(_STEP)
    if not _GZIP_HEAD.startswith(raw[: len(_GZIP_HEAD)]):
        return False
    try:
        return _NEXT_RECORD not in zlib.decompressobj(31).decompress(raw, _STEP)
    except zlib.error:
        return True


def _truncate(path: Path, length: int) -> None:
    with path.open("r+b") as stream:
        stream.truncate(length)
        os.fsync(stream.fileno())
