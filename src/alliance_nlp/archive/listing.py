"""What the archive holds, read from the records' heads alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from fastwarc import ArchiveIterator

from alliance_nlp.archive import fields
from alliance_nlp.archive.layout import archive_files
from alliance_nlp.archive.parsed import PAGE_KINDS, from_fastwarc
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.core.types import ArchiveRef, Role
from alliance_nlp.core.urls import url_key

_HTTP_KINDS = frozenset({"response", "revisit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInfo:
    """One record's place (bytes) and head.

    ``kind`` is its ``WARC-Type``; ``status`` is 0 and ``role`` ``None`` where there is none;
    ``content_type`` is the page's own, for records of other kinds that of the block.
    """

    file: str
    offset: int
    length: int
    kind: str
    url: str
    asked_url: str
    status: int
    date: datetime
    content_type: str
    role: Role | None
    source_id: str


def list_records(root: Path) -> Iterator[RecordInfo]:
    """Yield the records of every file, in the order of writing.

    Of a damaged file, what stands before the damage; :func:`~alliance_nlp.archive.verify` tells
    of damage, and this does not look for it.

    Raises
    ------
    ArchiveError
        If a file cannot be opened.
    """
    for path in archive_files(root):
        try:
            with path.open("rb") as stream:
                yield from _in_file(path.relative_to(root).as_posix(), path.stat().st_size, stream)
        except OSError as error:
            raise ArchiveError(
                f"the archive file {path} cannot be read: {error.strerror or error}; "
                "mend its rights or restore it from a backup"
            ) from error


def find(root: Path, url: str) -> list[RecordInfo]:
    """Return the responses, revisits and resources of a URL in any of its spellings, in order.

    Raises
    ------
    ArchiveError
        If a file cannot be opened.
    """
    wanted = _key(url)
    return [
        record
        for record in list_records(root)
        if record.kind in PAGE_KINDS and wanted in _keys(record)
    ]


def place_of(root: Path, record: RecordInfo) -> ArchiveRef:
    """Return a listed record's place with the digest of the bytes that stand there now.

    Raises
    ------
    ArchiveError
        If the file cannot be read.
    """
    path = root / record.file
    try:
        with path.open("rb") as stream:
            stream.seek(record.offset)
            raw = stream.read(record.length)
    except OSError as error:
        raise ArchiveError(
            f"the archive file {path} cannot be read: {error.strerror or error}; "
            "restore it from a backup"
        ) from error
    return ArchiveRef(
        file=record.file, offset=record.offset, length=record.length, sha256=sha256_hex(raw)
    )


def _in_file(file: str, size: int, stream: Any) -> Iterator[RecordInfo]:
    before: RecordInfo | None = None
    for head in _heads(file, stream):
        if before is not None:
            yield replace(before, length=head.offset - before.offset)
        before = head
    if before is not None:
        yield replace(before, length=size - before.offset)


def _heads(file: str, stream: Any) -> Iterator[RecordInfo]:
    try:
        for found in ArchiveIterator(stream, parse_http=False, fsspec_args=False):
            yield _head(file, found)
    except (OSError, ValueError, EOFError):
        return


def _head(file: str, found: Any) -> RecordInfo:
    record = from_fastwarc(found, b"")
    is_page = record.kind in PAGE_KINDS
    status, content_type = 200 if record.kind == "resource" else 0, record.field("Content-Type")
    if record.kind in _HTTP_KINDS:
        found.parse_http(auto_decode="none")
        http = found.http_headers
        if http is not None:
            status = http.status_code or 0
            content_type = http.get("Content-Type") or ""
    return RecordInfo(
        file=file,
        offset=found.stream_pos,
        length=0,
        kind=record.kind,
        url=record.url,
        asked_url=record.asked_url,
        status=status,
        date=record.date,
        content_type=content_type,
        role=record.role if is_page else None,
        source_id=record.field(fields.SOURCE),
    )


def _keys(record: RecordInfo) -> set[str]:
    return {_key(record.url), _key(record.asked_url)}


def _key(url: str) -> str:
    try:
        return url_key(url)
    except ValueError:
        return url
