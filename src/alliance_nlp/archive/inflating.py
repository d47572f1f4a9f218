"""A gzip archive read unpacked, with the places of its members kept.

isal unpacks twice as fast as zlib, and half again as fast as what fastwarc brings; unpacking is
most of what an archive of others costs, where few of its pages are wanted.
"""

from __future__ import annotations

from collections import deque
from typing import BinaryIO

from isal import igzip_lib, isal_zlib

# Its stub takes the class for an instance.
UnpackError: type[Exception] = igzip_lib.IsalError  # type: ignore[assignment]
GZIP = b"\x1f\x8b\x08"
_WBITS = 31  # zlib's own number for a gzip frame with the largest window
_STEP = 64 * 1024
# Of what a few bytes may unpack to, so much is held at once.
_MOST = 256 * 1024


class Inflated:
    """What the gzip members of a file hold, from where the file stands, one after the other.

    Reading raises ``OSError`` without a number where the bytes are no sound member; where the file
    ends within one, what is there ends.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._unpacker = isal_zlib.decompressobj(_WBITS)
        self._is_open = False
        self._rest = b""
        self._plain, self._read = b"", 0
        # Bytes unpacked so far, bytes of the file that they took, and both where members begin.
        self._n_plain, self._n_packed = 0, stream.tell()
        self._begins: deque[tuple[int, int]] = deque()

    def read(self, size: int = -1) -> bytes:
        """Read at most ``size`` bytes, of a negative number what is at hand; empty at the end."""
        while self._read >= len(self._plain):
            if not self._unpack():
                return b""
        end = len(self._plain) if size < 0 else self._read + size
        data = self._plain[self._read : end]
        self._read += len(data)
        return data

    def _unpack(self) -> bool:
        """Unpack some more; tell whether there was any."""
        data = self._rest or self._stream.read(_STEP)
        if not self._is_open:
            if not data:
                return False
            self._unpacker = isal_zlib.decompressobj(_WBITS)
            self._begins.append((self._n_plain, self._n_packed))
        try:
            self._plain = self._unpacker.decompress(data, _MOST)
        except UnpackError as error:
            raise OSError(f"no sound gzip member: {error}") from error
        self._is_open = not self._unpacker.eof
        unpacker = self._unpacker
        self._rest = unpacker.unconsumed_tail if self._is_open else unpacker.unused_data
        self._n_packed += len(data) - len(self._rest)
        self._n_plain += len(self._plain)
        self._read = 0
        return bool(data or self._plain)

    def packed_at(self, place: int) -> int:
        """Return where in the file the member begins that holds a place of the unpacked bytes.

        Places are asked for in rising order.
        """
        while len(self._begins) > 1 and self._begins[1][0] <= place:
            self._begins.popleft()
        return self._begins[0][1]

    def seekable(self) -> bool:
        """Tell whether any place can be read at once."""
        return False

    def tell(self) -> int:
        """Return the place of the next unpacked byte."""
        return self._n_plain - len(self._plain) + self._read

    def close(self) -> None:
        """Leave the file open: it is another's."""
