"""Zstandard archives whose records share a dictionary (WARC-Zstd, IIPC, section "dictionaries").

The dictionary stands in a skippable frame at the beginning of the file, packed or not. A record in
the middle can be read only with it.
"""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

import zstandard

SKIPPABLE = struct.pack("<I", 0x184D2A5D)
_FRAME = b"\x28\xb5\x2f\xfd"
_MOST_BYTES = 64 * 1024 * 1024


def zstd_dictionary(stream: BinaryIO) -> tuple[bytes, bytes]:
    """Return the frame of a file's dictionary and the dictionary, or empty bytes without one.

    Raises
    ------
    ValueError
        If the dictionary is cut off or damaged.
    """
    stream.seek(0)
    head = stream.read(8)
    if not head.startswith(SKIPPABLE) or len(head) < 8:
        return b"", b""
    (n_bytes,) = struct.unpack("<I", head[4:])
    inner = stream.read(n_bytes) if n_bytes <= _MOST_BYTES else b""
    if len(inner) < n_bytes:
        raise ValueError("its dictionary is cut off")
    return head + inner, _unpacked(inner)


def _unpacked(inner: bytes) -> bytes:
    if not inner.startswith(_FRAME):
        return inner
    try:
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(inner)) as reader:
            return reader.read(_MOST_BYTES)
    except zstandard.ZstdError as error:
        raise ValueError(f"its dictionary is damaged: {error}") from error


class WithDictionary:
    """A file from one place on, with its dictionary's frame in front."""

    def __init__(self, frame: bytes, stream: BinaryIO) -> None:
        self._frame = frame
        self._stream = stream
        self._start = stream.tell()
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """Read the frame, then the file."""
        head = self._frame[self._at : None if size < 0 else self._at + size]
        data = head or self._stream.read(size)
        self._at += len(data)
        return data

    def seekable(self) -> bool:
        """Tell whether any place can be read at once."""
        return True

    def tell(self) -> int:
        """Return how many bytes were read, the frame's among them."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, counted from the frame's beginning."""
        place = offset + (self._at if whence == io.SEEK_CUR else 0)
        self._stream.seek(self._start + max(0, place - len(self._frame)))
        self._at = place
        return place

    def close(self) -> None:
        """Leave the file open: it is another's."""
