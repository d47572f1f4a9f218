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
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import zstandard
from fastwarc import ArchiveIterator

from alliance_nlp.archive.dictionaries import SKIPPABLE, WithDictionary, zstd_dictionary
from alliance_nlp.archive.inflating import GZIP, Inflated
from alliance_nlp.archive.opening import (
    ALONE_BYTES,
    SCHEME,
    BrokenOffError,
    file_system,
    open_archive,
)
from alliance_nlp.archive.parsed import from_fastwarc, page_of
from alliance_nlp.core.errors import ArchiveError, InputError
from alliance_nlp.core.types import Page

_GLOB = re.compile(r"[*?\[]")
_ZSTD = b"\x28\xb5\x2f\xfd"
_STEP = 256 * 1024
_HEAD = 4096


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
        InputError
            If what holds the archive breaks off, so that the same may work later.
        """
        try:
            block: bytes = self._found.reader.read()
        except BrokenOffError as error:
            raise InputError(
                f"reading the record at byte {self.offset} broke off: {error}; run again to go on"
            ) from error
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
    if SCHEME.match(path):
        if not _GLOB.search(path) or path.lower().startswith(("http:", "https:")):
            return [path]  # a question mark in a web address is no pattern
        fs, inner = file_system(path)
        found = sorted(fs.unstrip_protocol(name) for name in fs.glob(inner))
    elif Path(path).is_dir():
        found = sorted(str(file) for file in Path(path).rglob("*.warc*") if file.is_file())
    elif Path(path).exists():
        found = [path]
    else:
        found = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - a whole path, not a folder's
    if not found:
        raise InputError(f"there is no archive at {path}; check the path or the pattern")
    return found if SCHEME.match(path) else [str(Path(name).resolve()) for name in found]


def _looked_at(path: str) -> ArchiveFile:
    with open_archive(path) as stream:
        can_seek = stream.seekable()
        head = _read_head(path, stream)
        n_bytes = stream.seek(0, io.SEEK_END) if can_seek else 0
    # Only packed records have borders that can be found from anywhere in the file.
    packed = head.startswith((GZIP, _ZSTD, SKIPPABLE)) and _first_is_short(head)
    return ArchiveFile(path=path, n_bytes=n_bytes, can_split=can_seek and packed)


def _read_head(path: str, stream: BinaryIO) -> bytes:
    try:
        return stream.read(_HEAD)
    except OSError as error:
        raise InputError(
            f"the archive {path} cannot be read: {error}; check it, then run again"
        ) from error


def _first_is_short(head: bytes) -> bool:
    """Tell whether the first member ends within the head, as a ``warcinfo`` of its own does."""
    if head.startswith((_ZSTD, SKIPPABLE)):
        return True  # a dictionary in front, or frames: both are looked for one by one
    unpacker = zlib.decompressobj(31)
    try:
        plain = unpacker.decompress(head)
    except zlib.error:
        return False
    return unpacker.eof or plain.count(b"\r\nWARC-Type:") < 2


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
                    if found.offset >= start:
                        yield found
            except (ValueError, EOFError) as error:
                detail = str(error) or type(error).__name__
            if not detail:
                return
            if n_seen == 0:
                yield TornRecord(offset=at, detail=detail)
            at = _border_from(path, stream, last + 1) if stream.seekable() else None


def _records_from(path: str, stream: BinaryIO, at: int) -> Iterator[FoundRecord]:
    try:
        source, place = _source(stream, at)
        for found in ArchiveIterator(source, parse_http=False, fsspec_args=False):
            # fastwarc passes a torn head for a good one, and takes a block of no bytes for it.
            if not found.headers.get("Content-Length"):
                raise ValueError("its head is cut off")
            yield _record(found, place(found.stream_pos))
    except OSError as error:
        if error.errno is None and getattr(stream, "fault", None) is None:
            # fastwarc's own: the bytes are wrong, not the disk or the net.
            raise ValueError(str(error)) from error
        raise _broken_off(path, at, getattr(stream, "fault", None) or error) from error


def _source(stream: BinaryIO, at: int) -> tuple[Any, Callable[[int], int]]:
    """Return what fastwarc is to read from an offset on, and what tells a place in it as offset."""
    if not stream.seekable():
        return stream, int
    stream.seek(at)
    magic = stream.read(len(_ZSTD))
    frame = zstd_dictionary(stream)[0] if at and magic == _ZSTD else b""
    stream.seek(at)
    if frame:
        return WithDictionary(frame, stream), (at - len(frame)).__add__
    if magic.startswith(GZIP):
        inflated = Inflated(stream)
        return inflated, inflated.packed_at
    return stream, int


def _border_from(path: str, stream: BinaryIO, start: int) -> int | None:
    try:
        # Where only the whole can be read, what stands in front is read too and left out.
        return _first_border(stream, start) if stream.seekable() else 0
    except OSError as error:
        raise _broken_off(path, start, error) from error
    except ValueError:
        return None  # the dictionary is damaged, and so nothing can be read


def _broken_off(path: str, at: int, error: OSError) -> ArchiveError:
    return ArchiveError(
        f"reading the archive {path} from byte {at} broke off: {error}; run again to go on"
    )


def _record(found: Any, offset: int) -> FoundRecord:
    headers = found.headers
    return FoundRecord(
        offset=offset,
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
    with open_archive(path, block_bytes=ALONE_BYTES) as stream:
        try:
            found = _record_at(path, stream, offset)
            if found is not None and found.kind in ("response", "resource"):
                return found.page(found.block())
        except ValueError as error:
            raise _no_page(path, offset) from error
    raise _no_page(path, offset)


def _record_at(path: str, stream: BinaryIO, offset: int) -> FoundRecord | None:
    if stream.seekable():
        return next(_records_from(path, stream, offset), None)
    records = _records_from(path, stream, 0)
    return next((found for found in records if found.offset == offset), None)


def _no_page(path: str, offset: int) -> ArchiveError:
    return ArchiveError(
        f"no page begins at byte {offset} of {path}; the file is not the one that was read"
    )


def _first_border(stream: BinaryIO, start: int) -> int | None:
    """Return the first offset from ``start`` on at which a packed record begins."""
    dictionary = zstd_dictionary(stream)[1]
    stream.seek(0)
    is_zstd = bool(dictionary) or stream.read(4) == _ZSTD
    magic = _ZSTD if is_zstd else GZIP
    begins = partial(_zstd_begins, dictionary) if is_zstd else _gzip_begins
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


def _zstd_begins(dictionary: bytes, head: bytes) -> bool:
    known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    try:
        unpacker = zstandard.ZstdDecompressor(dict_data=known)
        with unpacker.stream_reader(io.BytesIO(head)) as reader:
            return reader.read(5) == b"WARC/"
    except zstandard.ZstdError:
        return False
