"""Reading pages back: one by its place, its digest checked, or all of anyone's archive."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastwarc import ArchiveIterator, WarcRecordType

from alliance_nlp.archive.writer import ASKED_HEADER, ROLE_HEADER, SOURCE_HEADER
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.core.types import ArchiveRef, Page, Role

Headers = tuple[tuple[str, str], ...]

_CHUNK_HEAD = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]*\r\n")
_KINDS = WarcRecordType.response | WarcRecordType.resource


def read_page(root: Path, ref: ArchiveRef) -> Page:
    """Return the page that stands at a place below the archive's folder.

    Raises
    ------
    ArchiveError
        If the file is missing, or the bytes are not those that were recorded.
    """
    path = root / ref.file
    try:
        with path.open("rb") as stream:
            stream.seek(ref.offset)
            record = stream.read(ref.length)
    except OSError as error:
        raise ArchiveError(
            f"the archive file {path} cannot be read: {error.strerror or error}; "
            "restore it from a backup"
        ) from error
    if sha256_hex(record) != ref.sha256:
        raise ArchiveError(
            f"the archive record at {path}:{ref.offset} is not what was recorded; "
            "restore the file from a backup"
        )
    pages = list(_pages(io.BytesIO(record)))
    if len(pages) != 1:
        raise ArchiveError(f"the archive record at {path}:{ref.offset} holds no page")
    return pages[0]


def iter_pages(path: Path) -> Iterator[Page]:
    """Yield the responses and resources of a WARC file, gzip, zstd or plain, in order.

    Raises
    ------
    ArchiveError
        If the file cannot be read to its end; the pages before that were yielded.
    """
    try:
        with path.open("rb") as stream:
            yield from _pages(stream)
    except (OSError, ValueError, EOFError) as error:
        raise ArchiveError(
            f"the archive {path} cannot be read to its end: {error}; what came before was taken"
        ) from error


def _pages(stream: Any) -> Iterator[Page]:
    for record in ArchiveIterator(stream, record_types=_KINDS, parse_http=False, fsspec_args=False):
        block = record.reader.read()
        # fastwarc passes a torn record for a good one, even when its own headers are cut off.
        if len(block) != record.content_length or not _header(record, "Content-Length"):
            raise EOFError(f"the record at byte {record.stream_pos} is cut off")
        record.set_bytes_content(block)
        record.parse_http(auto_decode="none")
        url = _header(record, "WARC-Target-URI").strip("<>")
        http = record.http_headers
        body = record.reader.read()
        if http is None:
            status, headers = 200, (("Content-Type", _header(record, "Content-Type")),)
        else:
            status = http.status_code or 0
            headers = tuple(
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in http.items_bytes()
            )
            headers, body = _unchunked(headers, body)
        yield Page(
            source_id=_header(record, SOURCE_HEADER),
            role=Role(_header(record, ROLE_HEADER) or Role.ARTICLE.value),
            asked_url=_header(record, ASKED_HEADER) or url,
            url=url,
            status=status,
            headers=headers,
            body=body,
            fetched_at=_date(record),
        )


def _unchunked(headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """Undo the transfer coding that some crawlers archive; a body that has none stays as it is."""
    others = tuple(pair for pair in headers if pair[0].lower() != "transfer-encoding")
    out, at = bytearray(), 0
    while len(others) < len(headers) and (head := _CHUNK_HEAD.match(body, at)):
        size = int(head[1], 16)
        if size == 0:
            return others, bytes(out)
        out += body[head.end() : head.end() + size]
        at = head.end() + size + len(b"\r\n")
    return headers, body


def _header(record: Any, name: str) -> str:
    return str(record.headers.get(name) or "")


def _date(record: Any) -> datetime:
    at: datetime | None = record.record_date
    if at is None:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
