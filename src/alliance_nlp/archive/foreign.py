"""Reading all pages of anyone's archive: gzip, zstd or plain, by whatever crawler."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fastwarc import ArchiveIterator

from alliance_nlp.archive.http_block import parse_http
from alliance_nlp.archive.parsed import PAGE_KINDS, Record, from_fastwarc, page_of
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.types import Page

_KINDS = PAGE_KINDS | {"request"}
# Films and disk images are no news pages; a block is held in memory whole.
_MAX_BYTES = 256 * 1024 * 1024


def iter_pages(path: Path, *, max_bytes: int = _MAX_BYTES) -> Iterator[Page]:
    """Yield the responses, resources and revisits of a WARC file, in order.

    A revisit is given the body of its original if that stands before it in the same file; a 304
    is yielded without a body. Any other revisit is passed over: its payload is not in this file,
    and the file that holds it yields it.

    Parameters
    ----------
    path
        The file.
    max_bytes
        Records with a larger block are passed over.

    Raises
    ------
    ArchiveError
        If the file cannot be read to its end; the pages before that were yielded.
    """
    try:
        with path.open("rb") as stream:
            yield from _pages(stream, _Originals(path), max_bytes)
    except (OSError, ValueError, EOFError) as error:
        raise ArchiveError(
            f"the archive {path} cannot be read to its end: {error}; what came before was taken"
        ) from error


def _pages(stream: Any, originals: _Originals, max_bytes: int) -> Iterator[Page]:
    request: Record | None = None
    for found in _iterate(stream):
        if _kind(found) not in _KINDS or found.content_length > max_bytes:
            continue
        record = _whole(found)
        if record.kind == "request":
            request = record
        elif record.kind == "revisit":
            page = _revisited(record, request, originals)
            if page is not None:
                yield page
        else:
            originals.add(record, found.stream_pos)
            yield page_of(record, request)


def _iterate(stream: Any) -> Any:
    # Not by record_types: fastwarc knows a record's type only where WARC-Type is spelled so.
    return ArchiveIterator(stream, parse_http=False, fsspec_args=False)


def _kind(found: Any) -> str:
    return str(found.headers.get("WARC-Type") or "").lower()


def _whole(found: Any) -> Record:
    block = found.reader.read()
    record = from_fastwarc(found, block)
    # fastwarc passes a torn record for a good one, even when its own headers are cut off.
    if len(block) != found.content_length or not record.field("Content-Length"):
        raise EOFError(f"the record at byte {found.stream_pos} is cut off")
    return record


def _revisited(record: Record, request: Record | None, originals: _Originals) -> Page | None:
    page = page_of(record, request)
    if page.status == 304 or record.is_not_modified:
        return replace(page, status=304, body=b"")
    original = originals.find(record)
    if original is None:
        return None
    whole = page_of(original)
    if parse_http(record.block) is None:  # some tools leave the header fields out as well
        page = replace(page, status=whole.status, headers=whole.headers)
    return replace(page, body=whole.body)


@dataclass(slots=True)
class _Originals:
    """Where the pages that were passed stand in their file, by each key a revisit may name."""

    path: Path
    _offsets: dict[str, int] = field(default_factory=dict)

    def add(self, record: Record, offset: int) -> None:
        for key in _keys(record):
            self._offsets.setdefault(key, offset)

    def find(self, record: Record) -> Record | None:
        """Return the original; the digest decides where the revisit states one."""
        uri, date = "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date"
        digest = record.field("WARC-Payload-Digest")
        for key in (
            record.field("WARC-Refers-To"),
            _place(record.field(uri), record.field(date)),
            digest,
        ):
            original = self._read(key)
            stated = original.field("WARC-Payload-Digest") if original else ""
            if original is not None and (not digest or not stated or digest == stated):
                return original
        return None

    def _read(self, key: str) -> Record | None:
        offset = self._offsets.get(key) if key else None
        if offset is None:
            return None
        with self.path.open("rb") as stream:
            stream.seek(offset)
            record = next((_whole(found) for found in _iterate(stream)), None)
        # In a file that is one gzip member as a whole, no record can be gone to.
        return record if record and key in _keys(record) else None


def _keys(record: Record) -> set[str]:
    place = _place(record.field("WARC-Target-URI"), record.field("WARC-Date"))
    return {record.field("WARC-Record-ID"), record.field("WARC-Payload-Digest"), place}


def _place(uri: str, date: str) -> str:
    return f"{uri.strip('<>')} {date}" if uri else ""
