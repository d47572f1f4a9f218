"""Archives wherever they are: local paths, globs, HTTP and S3, whole or a stretch of one.

Local files need nothing but the standard library; everything else goes through fsspec, which the
extra ``backfill`` brings.
"""

from __future__ import annotations

import glob
import io
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import zstandard
from fastwarc import ArchiveIterator

from alliance_nlp.archive.parsed import from_fastwarc, page_of
from alliance_nlp.core.errors import ArchiveError, InputError
from alliance_nlp.core.types import Page

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?:::|://)", re.IGNORECASE)
_GLOB = re.compile(r"[*?\[]")
_GZIP, _ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
_STEP = 256 * 1024
_HEAD = 4096
# Longer than any real header, short enough that a flood of them fills no memory.
_READ_AHEAD = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFile:
    """An archive file and its size; ``can_split`` where a stretch can be read by itself."""

    path: str
    n_bytes: int
    can_split: bool


@dataclass(slots=True)
class FoundRecord:
    """A record as it comes by: its head is read, its block only when it is asked for.

    Attributes
    ----------
    offset
        Where it begins in the file, in compressed bytes.
    kind
        ``WARC-Type`` in lower case.
    url
        What it is of.
    n_bytes
        Length of its block, as its head states it.
    """

    offset: int
    kind: str
    url: str
    n_bytes: int
    _found: Any

    def field(self, name: str) -> str:
        """Return one of the record's own fields, or ``""``."""
        return str(self._found.headers.get(name) or "")

    @property
    def at(self) -> datetime | None:
        """When it was fetched, aware UTC; ``None`` where the head does not say."""
        at: datetime | None = self._found.record_date
        if at is None:
            return None
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)

    def block(self) -> bytes:
        """Read the block; once, before the next record is asked for.

        Raises
        ------
        ArchiveError
            If it is cut off.
        """
        try:
            block: bytes = self._found.reader.read()
        except (OSError, ValueError, EOFError) as error:
            raise ArchiveError(f"the record at byte {self.offset} is damaged: {error}") from error
        if len(block) != self._found.content_length:
            raise ArchiveError(f"the record at byte {self.offset} is cut off")
        return block

    def page(self, block: bytes) -> Page:
        """Return the page of a response or resource with this block."""
        return page_of(from_fastwarc(self._found, block))


def expand_archives(paths: Sequence[str]) -> tuple[ArchiveFile, ...]:
    """Return the files that paths, globs and URLs name, each once, in the order of naming.

    Raises
    ------
    InputError
        If one names nothing, or cannot be looked at.
    """
    names = dict.fromkeys(name for path in paths for name in _expanded(path))
    return tuple(_looked_at(name) for name in names)


def _expanded(path: str) -> list[str]:
    if _SCHEME.match(path):
        if not _GLOB.search(path) or path.lower().startswith(("http:", "https:")):
            return [path]  # a question mark in a web address is no pattern
        fs, inner = _file_system(path)
        found = sorted(fs.unstrip_protocol(name) for name in fs.glob(inner))
    elif Path(path).is_dir():
        found = sorted(str(file) for file in Path(path).rglob("*.warc*") if file.is_file())
    elif Path(path).exists():
        found = [path]
    else:
        found = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - a whole path, not a folder's
    if not found:
        raise InputError(f"there is no archive at {path}; check the path or the pattern")
    return found if _SCHEME.match(path) else [str(Path(name).resolve()) for name in found]


def _looked_at(path: str) -> ArchiveFile:
    with open_archive(path) as stream:
        can_seek = stream.seekable()
        head = stream.read(_HEAD)
        n_bytes = stream.seek(0, io.SEEK_END) if can_seek else 0
    # Only packed records have borders that can be found from anywhere in the file.
    packed = head.startswith((_GZIP, _ZSTD)) and _first_is_short(head)
    return ArchiveFile(path=path, n_bytes=n_bytes, can_split=can_seek and packed)


def _first_is_short(head: bytes) -> bool:
    """Tell whether the first member ends within the head, as a ``warcinfo`` of its own does."""
    if head.startswith(_ZSTD):
        return True  # a dictionary in front, or frames: both are looked for one by one
    unpacker = zlib.decompressobj(31)
    try:
        plain = unpacker.decompress(head)
    except zlib.error:
        return False
    return unpacker.eof or plain.count(b"\r\nWARC-Type:") < 2


def open_archive(path: str) -> BinaryIO:
    """Open an archive for reading, seekable where its place allows it.

    Raises
    ------
    InputError
        If it cannot be opened, or a library for its kind of place is missing.
    """
    try:
        if not _SCHEME.match(path):
            return Path(path).open("rb")
        fs, inner = _file_system(path)
        stream: BinaryIO = fs.open(inner, "rb", block_size=_READ_AHEAD, cache_type="readahead")
        return stream
    except (OSError, ValueError, ImportError) as error:
        raise InputError(
            f"the archive {path} cannot be opened: {error}; check the address and the rights"
        ) from error


def _file_system(path: str) -> tuple[Any, str]:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TornRecord:
    """A place in an archive at which no whole record stands; reading goes on behind it."""

    offset: int
    detail: str


def iter_records(
    path: str, *, start: int = 0, end: int | None = None
) -> Iterator[FoundRecord | TornRecord]:
    """Yield the records that begin from one offset up to another, in order.

    Stretches that meet give every record once. A record's block must be read before the next is
    asked for. Behind damage the next packed record is sought.

    Parameters
    ----------
    path
        As :func:`expand_archives` gives it.
    start, end
        Offsets in the file; ``end`` of ``None`` is the file's end.

    Raises
    ------
    InputError
        If the file cannot be opened.
    ArchiveError
        If what holds the file breaks off, so that the same may work later.
    """
    with open_archive(path) as stream:
        at = _border_from(path, stream, start) if start else 0
        while at is not None and (end is None or at < end):
            last, n_seen, detail = at, 0, ""
            try:
                for found in _records_from(path, stream, at):
                    if end is not None and found.offset >= end:
                        return
                    last, n_seen = found.offset, n_seen + 1
                    yield found
            except (ValueError, EOFError) as error:
                detail = str(error) or type(error).__name__
            if not detail:
                return
            if n_seen == 0:
                yield TornRecord(offset=at, detail=detail)
            at = _border_from(path, stream, last + 1)


def _records_from(path: str, stream: BinaryIO, at: int) -> Iterator[FoundRecord]:
    try:
        if at or stream.seekable():
            stream.seek(at)
        for found in ArchiveIterator(stream, parse_http=False, fsspec_args=False):
            # fastwarc passes a torn head for a good one, and takes a block of no bytes for it.
            if not found.headers.get("Content-Length"):
                raise ValueError("its head is cut off")
            yield _record(found)
    except OSError as error:
        if error.errno is None:  # fastwarc's own: the bytes are wrong, not the disk or the net
            raise ValueError(str(error)) from error
        raise _broken_off(path, at, error) from error


def _border_from(path: str, stream: BinaryIO, start: int) -> int | None:
    try:
        return _first_border(stream, start) if stream.seekable() else None
    except OSError as error:
        raise _broken_off(path, start, error) from error


def _broken_off(path: str, at: int, error: OSError) -> ArchiveError:
    return ArchiveError(
        f"reading the archive {path} from byte {at} broke off: {error}; run again to go on"
    )


def _record(found: Any) -> FoundRecord:
    headers = found.headers
    return FoundRecord(
        offset=found.stream_pos,
        kind=str(headers.get("WARC-Type") or "").lower(),
        url=str(headers.get("WARC-Target-URI") or "").removeprefix("<").removesuffix(">"),
        n_bytes=found.content_length,
        _found=found,
    )


def read_archived(path: str, offset: int) -> Page:
    """Return the page of the record that begins at an offset.

    Raises
    ------
    ArchiveError
        If no whole response or resource begins there.
    InputError
        If the file cannot be opened.
    """
    with open_archive(path) as stream:
        try:
            found = next(_records_from(path, stream, offset), None)
            if found is not None and found.kind in ("response", "resource"):
                return found.page(found.block())
        except ValueError as error:
            raise _no_page(path, offset) from error
    raise _no_page(path, offset)


def _no_page(path: str, offset: int) -> ArchiveError:
    return ArchiveError(
        f"no page begins at byte {offset} of {path}; the file is not the one that was read"
    )


def _first_border(stream: BinaryIO, start: int) -> int | None:
    """Return the first offset from ``start`` on at which a packed record begins."""
    stream.seek(0)
    magic = _ZSTD if stream.read(4) == _ZSTD else _GZIP
    begins = _zstd_begins if magic == _ZSTD else _gzip_begins
    stream.seek(start)
    at, window = start, b""
    while step := stream.read(_STEP):
        window += step
        # What stands too near the end to be looked at waits for more.
        found = window.find(magic)
        while 0 <= found <= len(window) - _HEAD or (found >= 0 and len(step) < _STEP):
            if begins(window[found : found + _HEAD]):
                return at + found
            found = window.find(magic, found + 1)
        keep = min(_HEAD, len(window)) if found < 0 else len(window) - found
        at += len(window) - keep
        window = window[len(window) - keep :]
    return _in_rest(window, magic, begins, at=at)


def _in_rest(
    window: bytes, magic: bytes, begins: Callable[[bytes], bool], *, at: int
) -> int | None:
    found = window.find(magic)
    while found >= 0:
        if begins(window[found : found + _HEAD]):
            return at + found
        found = window.find(magic, found + 1)
    return None


def _gzip_begins(head: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(head, 5) == b"WARC/"
    except zlib.error:
        return False


def _zstd_begins(head: bytes) -> bool:
    try:
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(head)) as reader:
            return reader.read(5) == b"WARC/"
    except zstandard.ZstdError:
        return False
