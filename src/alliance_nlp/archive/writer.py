"""Writing pages into WARC files, one gzip member a record, durable before it is named.

The order that loses nothing: :meth:`Archive.append` writes and fsyncs the record, and only then
does the caller commit the returned place to the database. What a killed run wrote beyond the
committed length is cut off by :meth:`Archive.repair` before anything is appended.
"""

from __future__ import annotations

import io
import os
from datetime import datetime
from io import RawIOBase
from pathlib import Path
from typing import Any
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.core.types import ArchiveRef, Page

SOURCE_HEADER = "X-Alliance-Source"
ROLE_HEADER = "X-Alliance-Role"
ASKED_HEADER = "X-Alliance-Asked-URI"
# One gigabyte, the size the WARC guidelines recommend for a file.
ROTATE_BYTES = 1_000_000_000


class Archive:
    """The WARC files below one folder (``data/raw``), named ``YYYY/MM/alliance-DAY-NNN.warc.gz``.

    Parameters
    ----------
    root
        The folder; made when first written to.
    rotate_bytes
        A file that reached this length is closed and the next one begun.
    """

    def __init__(self, root: Path, *, rotate_bytes: int = ROTATE_BYTES) -> None:
        self.root = root
        self._rotate_bytes = rotate_bytes
        self._sealed: set[str] = set()

    def repair(self, committed: dict[str, int]) -> list[tuple[str, int]]:
        """Cut what lies beyond the committed lengths; return (file, bytes cut).

        Files that the database does not know are never touched nor appended to.

        Raises
        ------
        ArchiveError
            If a file is shorter than what was committed, or gone: bytes are lost, restore a backup.
        """
        for file in sorted(committed):
            if committed[file] and not (self.root / file).exists():
                raise ArchiveError(
                    f"{self.root / file} is gone; restore it from a backup, the database names "
                    "records in it"
                )
        cut = []
        for path in sorted(self.root.glob("*/*/*.warc.gz")):
            file = path.relative_to(self.root).as_posix()
            if file not in committed:
                self._sealed.add(file)
                continue
            extra = path.stat().st_size - committed[file]
            if extra < 0:
                raise ArchiveError(
                    f"{path} is {-extra} bytes shorter than was committed; restore it from a "
                    "backup, its last records are lost"
                )
            if extra > 0:
                with path.open("r+b") as stream:
                    stream.truncate(committed[file])
                    os.fsync(stream.fileno())
                cut.append((file, extra))
        return cut

    def append(self, page: Page) -> ArchiveRef:
        """Write a page as one record and fsync it; return its place.

        Raises
        ------
        ArchiveError
            If the disk refuses; what was written of the record is cut off again.
        """
        record = encode(page)
        path = self._current_file(page.fetched_at)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            is_new = not path.exists()
            # Unbuffered: closing would write what a buffer still holds behind the truncated end.
            with path.open("ab", buffering=0) as stream:
                offset = stream.tell()
                try:
                    _write_all(stream, record)
                    os.fsync(stream.fileno())
                except OSError:
                    os.ftruncate(stream.fileno(), offset)
                    raise
            if is_new:
                _sync_folder(path.parent)
        except OSError as error:
            raise ArchiveError(
                f"cannot write the archive file {path}: {error.strerror or error}; "
                "make room or mend the folder's rights and run again, nothing is lost"
            ) from error
        return ArchiveRef(
            file=path.relative_to(self.root).as_posix(),
            offset=offset,
            length=len(record),
            sha256=sha256_hex(record),
        )

    def _current_file(self, at: datetime) -> Path:
        folder = self.root / f"{at:%Y}" / f"{at:%m}"
        number = 1
        while True:
            path = folder / f"alliance-{at:%Y%m%d}-{number:03}.warc.gz"
            is_sealed = path.relative_to(self.root).as_posix() in self._sealed
            if not path.exists() or (not is_sealed and path.stat().st_size < self._rotate_bytes):
                return path
            number += 1


def encode(page: Page) -> bytes:
    """Return a page as one gzipped WARC/1.1 record: response, or resource for a local file."""
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="WARC/1.1")
    is_local = page.url.startswith("file:")
    warc_headers = {
        "WARC-Date": page.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        SOURCE_HEADER: page.source_id,
        ROLE_HEADER: page.role.value,
        ASKED_HEADER: _ascii(page.asked_url),
    }
    http_headers = None
    if is_local:
        warc_headers["Content-Type"] = page.header("Content-Type") or "application/octet-stream"
    else:
        http_headers = _AsReceived(
            f"{page.status} {_REASONS.get(page.status, 'Status')}",
            [(_latin(name), _latin(value)) for name, value in page.headers],
            protocol="HTTP/1.1",
        )
    record = writer.create_warc_record(
        _ascii(page.url),
        "resource" if is_local else "response",
        payload=io.BytesIO(page.body),
        length=len(page.body),
        http_headers=http_headers,
        warc_headers_dict=warc_headers,
        warc_content_type=warc_headers.get("Content-Type", ""),
    )
    writer.write_record(record)
    return buffer.getvalue()


class _AsReceived(StatusAndHeaders):  # type: ignore[misc]  # warcio carries no types
    """Header fields in the bytes they came in; warcio would percent-encode those beyond ASCII."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        return bytes(self.to_bytes(filter_func, "latin-1"))


_REASONS = {200: "OK", 304: "Not Modified", 404: "Not Found", 410: "Gone"}


def _latin(text: str) -> str:
    # HTTP header fields are latin-1 on the wire; line breaks would forge further fields.
    return text.replace("\r", " ").replace("\n", " ").encode("latin-1", "replace").decode("latin-1")


_URL_SAFE = "!#$%&'()*+,/:;=?@[]~"


def _ascii(url: str) -> str:
    return quote(url, safe=_URL_SAFE, errors="replace")


def _write_all(stream: RawIOBase, data: bytes) -> None:
    rest = memoryview(data)
    while rest:  # a disk that fills up takes a part, and refuses only then
        rest = rest[stream.write(rest) or 0 :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
