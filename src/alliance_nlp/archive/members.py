"""The gzip members of an archive file, one a record, each read whole or found damaged."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from isal import isal_zlib

from alliance_nlp.archive.inflating import GZIP, UnpackError

_WBITS = 31  # zlib's own number for a gzip frame with the largest window
_STEP = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A whole member: its compressed bytes and what they hold."""

    offset: int
    raw: bytes
    plain: bytes

    @property
    def end(self) -> int:
        """Where the next member begins."""
        return self.offset + len(self.raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A stretch of a file, ``offset`` to ``end``, that holds no whole member."""

    offset: int
    end: int
    detail: str
    is_cut_off: bool


def scan(path: Path) -> Iterator[Member | Damage]:
    """Yield all that a file consists of, in order; behind damage the next whole record is sought.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    size = path.stat().st_size
    at = 0
    with path.open("rb") as stream:
        while at < size:
            piece = _member(stream, at)
            if isinstance(piece, str):
                end = _next_record(stream, at + 1) or size
                is_cut_off = piece == _CUT_OFF and end == size
                yield Damage(offset=at, end=end, detail=piece, is_cut_off=is_cut_off)
                at = end
            else:
                yield piece
                at = piece.end


_CUT_OFF = "the file ends within the record"


def member_of(raw: bytes) -> Member | str:
    """Return the member that the bytes begin with, or what is wrong with it."""
    return _member(io.BytesIO(raw), 0)


def _member(stream: BinaryIO, offset: int) -> Member | str:
    """Return the member at a place, or what is wrong with it."""
    stream.seek(offset)
    unpacker = isal_zlib.decompressobj(_WBITS)
    raw, plain = bytearray(), bytearray()
    while not unpacker.eof:
        step = stream.read(_STEP)
        if not step:
            return _CUT_OFF
        raw += step
        try:
            plain += unpacker.decompress(step)
        except UnpackError as error:
            return f"no sound gzip member: {error}"
    n_raw = len(raw) - len(unpacker.unused_data)
    return Member(offset=offset, raw=bytes(raw[:n_raw]), plain=bytes(plain))


def _next_record(stream: BinaryIO, start: int) -> int | None:
    """Return the offset of the next member that begins as a WARC record does."""
    stream.seek(start)
    at, window = start, b""
    while step := stream.read(_STEP):
        window += step
        found = window.find(GZIP)
        while found >= 0:
            if _begins_a_record(stream, at + found):
                return at + found
            found = window.find(GZIP, found + 1)
        keep = min(len(GZIP) - 1, len(window))
        at += len(window) - keep
        window = window[len(window) - keep :]
        stream.seek(at + len(window))
    return None


def _begins_a_record(stream: BinaryIO, offset: int) -> bool:
    stream.seek(offset)
    try:
        head = zlib.decompressobj(_WBITS).decompress(stream.read(1024), 5)
    except zlib.error:
        return False
    return head == b"WARC/"
