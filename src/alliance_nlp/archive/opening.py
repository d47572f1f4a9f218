"""Opening archives wherever they are: local files as they are, all others by fsspec, with patience.

A far archive is read by ranges. A read that fails is tried again, so that a server which breaks
off now and then costs time alone. A server that gives no ranges is read from the beginning on.
"""

from __future__ import annotations

import io
import re
import time
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

from alliance_nlp.core.errors import InputError

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?:::|://)", re.IGNORECASE)
_WEB = ("http://", "https://")
# A stretch of a task is read in a few of these; one record is read in one of the small ones.
AHEAD_BYTES = 4 * 1024 * 1024
ALONE_BYTES = 256 * 1024
# Seconds before a read is tried again: a server that restarts is back by then.
_PAUSES_S = (0.5, 2.0, 8.0)


class BrokenOffError(OSError):
    """What holds an archive failed again and again; the archive itself may be whole."""


class FarStream:
    """An archive elsewhere, as a binary stream.

    Attributes
    ----------
    fault
        What ended the reading for good; ``None`` as long as it goes on.
    """

    def __init__(self, stream: Any, *, can_seek: bool) -> None:
        self._stream = stream
        self._can_seek = can_seek
        self._at = 0
        self.fault: BrokenOffError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def seekable(self) -> bool:
        """Tell whether any place can be read at once."""
        return self._can_seek

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        if not self._can_seek:
            if (offset, whence) in ((self._at, io.SEEK_SET), (0, io.SEEK_CUR)):
                return self._at
            raise io.UnsupportedOperation("the server gives the file only from its beginning on")
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: int(self._stream.size or 0)}
        self._at = base[whence] + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Read from here on.

        Raises
        ------
        BrokenOffError
            If it cannot be read after several trials.
        """
        for pause_s in (*_PAUSES_S, None):
            try:
                if self._can_seek:
                    self._stream.seek(self._at)
                data: bytes = self._stream.read(size)
            except Exception as error:
                if pause_s is None or not self._can_seek:
                    self.fault = BrokenOffError(5, f"{type(error).__name__}: {error}")
                    raise self.fault from error
                time.sleep(pause_s)
            else:
                self._at += len(data)
                return data
        raise AssertionError("the last trial returns or raises")

    def close(self) -> None:
        """Let the place go."""
        self._stream.close()


def open_archive(path: str, *, block_bytes: int = AHEAD_BYTES) -> BinaryIO:
    """Open an archive for reading, seekable where its place allows it.

    Parameters
    ----------
    block_bytes
        Bytes that are asked for at once where it is elsewhere.

    Raises
    ------
    InputError
        If it cannot be opened, or a library for its kind of place is missing.
    """
    try:
        if not SCHEME.match(path):
            return Path(path).open("rb")
        fs, inner = file_system(path)
        can_seek = _gives_ranges(fs, path, inner)
        how = {"block_size": block_bytes, "cache_type": "readahead"} if can_seek else {}
        stream = fs.open(inner, "rb", **(how or {"block_size": 0}))
        return cast(BinaryIO, FarStream(stream, can_seek=can_seek))
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"the archive {path} cannot be opened: {_told(error)}; check the address and the rights"
        ) from error


def _gives_ranges(fs: Any, path: str, inner: str) -> bool:
    """Tell whether a place can be read from anywhere; web servers need not let one."""
    if not path.lower().startswith(_WEB):
        return True
    with fs.open(inner, "rb", block_size=ALONE_BYTES, cache_type="none") as stream:
        if not getattr(stream, "size", None):
            return False
        if stream.size < 2:
            return True
        try:
            stream.seek(1)
            return len(stream.read(1)) == 1
        except ValueError:  # fsspec's, when all of the file comes instead
            return False


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def file_system(path: str) -> tuple[Any, str]:
    """Return fsspec's file system for an address, and what it calls the address.

    Raises
    ------
    InputError
        If the extra is missing, or the address is of no kind that fsspec knows.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise InputError(
            f"to read {path}, install the extra: pip install 'alliance-nlp[backfill]'"
        ) from error
    try:
        found: tuple[Any, str] = url_to_fs(path)
    except (ImportError, ValueError) as error:
        raise InputError(f"the address {path} cannot be read: {error}") from error
    return found
