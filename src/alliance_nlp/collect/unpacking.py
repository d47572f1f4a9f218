"""Undoing content codings step by step, never more at once than a step.

A few bytes stand for gigabytes, so it is what comes out that is counted, of each coding.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import IO, cast

import brotli
import zstandard

_STEP_BYTES = 64 * 1024
# RFC 9659: no zstd window beyond 8 MiB on the web; a larger one would be memory for the asking.
_ZSTD_WINDOW = 8 * 1024 * 1024
_MOST_CODINGS = 8
_BROKEN = (zlib.error, brotli.error, zstandard.ZstdError, EOFError)


class TooMuchError(Exception):
    """A body unpacks to more than is allowed."""


def unpacked(body: bytes, content_encoding: str, *, most_bytes: int) -> Iterator[bytes]:
    """Yield the decoded body in pieces of about 64 KiB.

    A coding that is unknown ends the decoding there, and a body that is not in its coding at all
    is taken as it is: servers mislabel.

    Raises
    ------
    TooMuchError
        If the body is, at any coding, larger than ``most_bytes``.
    """
    codings = [coding.strip().lower() for coding in content_encoding.split(",")]
    codings = [coding for coding in codings if coding not in ("", "identity")]
    if len(codings) > _MOST_CODINGS:
        raise TooMuchError
    pieces: Iterable[bytes] = _pieces(body)
    for coding in reversed(codings):
        if coding not in _DECODERS:
            break
        pieces = _bounded(_DECODERS[coding](pieces), most_bytes)
    is_empty = True
    try:
        for piece in pieces:
            is_empty = is_empty and not piece
            yield piece
    except _BROKEN:
        if is_empty:
            yield from _pieces(body)


def _pieces(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), _STEP_BYTES):
        yield body[start : start + _STEP_BYTES]


def _bounded(pieces: Iterable[bytes], most_bytes: int) -> Iterator[bytes]:
    n_bytes = 0
    for piece in pieces:
        n_bytes += len(piece)
        if n_bytes > most_bytes:
            raise TooMuchError
        yield piece


def _gunzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    member = zlib.decompressobj(31)
    for piece in pieces:
        out = b""
        while piece or len(out) == _STEP_BYTES:  # a full step may leave some inside
            if member.eof:  # members may follow one another
                if not piece:
                    break
                member = zlib.decompressobj(31)
            out = member.decompress(piece, _STEP_BYTES)
            yield out
            piece = member.unconsumed_tail or member.unused_data


def _inflate(pieces: Iterable[bytes]) -> Iterator[bytes]:
    stream = None
    for piece in pieces:
        if stream is None:
            # Many servers send deflate without zlib's frame.
            is_framed = (
                len(piece) > 1 and piece[0] & 15 == 8 and (piece[0] << 8 | piece[1]) % 31 == 0
            )
            stream = zlib.decompressobj(15 if is_framed else -15)
        out = b""
        while (piece or len(out) == _STEP_BYTES) and not stream.eof:
            out = stream.decompress(piece, _STEP_BYTES)
            yield out
            piece = stream.unconsumed_tail


def _unbrotli(pieces: Iterable[bytes]) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    for piece in pieces:
        yield stream.process(piece, output_buffer_limit=_STEP_BYTES)
        # Not until it can accept more: it says so while there is more to come.
        while out := stream.process(b"", output_buffer_limit=_STEP_BYTES):
            yield out
        if stream.is_finished():
            return


class _Source:
    """Pieces as the file that zstandard reads from."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)

    def read(self, size: int = -1) -> bytes:
        return next((piece for piece in self._pieces if piece), b"")


def _unzstd(pieces: Iterable[bytes]) -> Iterator[bytes]:
    stream = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).stream_reader(
        cast("IO[bytes]", _Source(pieces)), read_size=_STEP_BYTES, read_across_frames=True
    )
    while piece := stream.read(_STEP_BYTES):
        yield piece


_DECODERS: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}


def is_within(body: bytes, content_encoding: str, *, most_bytes: int) -> bool:
    """Tell whether a body unpacks to no more than ``most_bytes``, keeping none of it."""
    try:
        for _ in unpacked(body, content_encoding, most_bytes=most_bytes):
            pass
    except TooMuchError:
        return False
    return True
