"""Reading pages back: one by its place, its digest checked, or all of anyone's archive."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastwarc import ArchiveIterator, WarcRecordType

from alliance_nlp.archive.writer import ASKED_HEADER, ROLE_HEADER, SOURCE_HEADER
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.core.types import ArchiveRef, Page, Role

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
    for record in ArchiveIterator(
        stream, record_types=_KINDS, parse_http=True, auto_decode="none", fsspec_args=False
    ):
        url = _header(record, "WARC-Target-URI").strip("<>")
        http = record.http_headers
        body = record.reader.read()
        if http is None:
            status, headers = 200, (("Content-Type", _header(record, "Content-Type")),)
        else:
            status = http.status_code or 0
            headers = tuple((str(name), str(value)) for name, value in http.astuples())
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


def _header(record: Any, name: str) -> str:
    return str(record.headers.get(name) or "")


def _date(record: Any) -> datetime:
    at: datetime | None = record.record_date
    if at is None:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
