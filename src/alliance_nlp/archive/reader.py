"""Reading a page back by its place in our archive, its digest checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from alliance_nlp.archive import fields
from alliance_nlp.archive.http_block import parse_http
from alliance_nlp.archive.members import Member, member_of
from alliance_nlp.archive.parsed import PAGE_KINDS, Record, page_of, parse_record
from alliance_nlp.archive.records import Original
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.core.types import ArchiveRef, Page


def read_page(root: Path, ref: ArchiveRef) -> Page:
    """Return the page that stands at a place below the archive's folder, as the client saw it.

    A repeated page has the header fields that came with it and the body of its original; a 304
    has status 304 and no body.

    Raises
    ------
    ArchiveError
        If a file is missing, or the bytes are not those that were recorded.
    """
    record = _record_at(root, ref)
    if record.kind not in PAGE_KINDS:
        raise ArchiveError(f"the archive record at {root / ref.file}:{ref.offset} holds no page")
    page = page_of(record, _request_before(root, ref, record))
    if record.kind != "revisit" or record.is_not_modified:
        return page
    body = page_of(_first_of(root, record, ref)).body
    if not fields.digest_is_right(record.field("WARC-Payload-Digest"), body):
        raise ArchiveError(
            f"what the archive record at {root / ref.file}:{ref.offset} repeats has another "
            "payload; restore the files from a backup"
        )
    return replace(page, body=body)


def original_of(root: Path, ref: ArchiveRef) -> Original:
    """Return what a revisit of the page at a place has to name; of a revisit, its own original.

    Raises
    ------
    ArchiveError
        If a file is missing, or the bytes are not those that were recorded.
    """
    record = _record_at(root, ref)
    while record.original is not None:
        ref = record.original
        record = _record_at(root, ref)
    return Original(
        uri=record.field("WARC-Target-URI"),
        date=record.date,
        record_id=record.field("WARC-Record-ID"),
        payload_digest=fields.payload_digest(page_of(record).body),
        ref=ref,
    )


def _first_of(root: Path, record: Record, ref: ArchiveRef) -> Record:
    while record.kind == "revisit":
        if record.original is None:
            raise ArchiveError(
                f"the archive record at {root / ref.file}:{ref.offset} does not tell what it "
                "repeats; fetch the page again"
            )
        ref = record.original
        record = _record_at(root, ref)
    return record


def _record_at(root: Path, ref: ArchiveRef) -> Record:
    path = root / ref.file
    raw = _bytes_at(path, ref.offset, ref.length)
    if sha256_hex(raw) != ref.sha256:
        raise ArchiveError(
            f"the archive record at {path}:{ref.offset} is not what was recorded; "
            "restore the file from a backup"
        )
    member = member_of(raw)
    if isinstance(member, Member):
        try:
            return parse_record(member.plain)
        except ValueError as error:
            reason = str(error)
    else:
        reason = member
    raise ArchiveError(
        f"the archive record at {path}:{ref.offset} is cut off or no record ({reason}); "
        "restore the file from a backup"
    )


def _bytes_at(path: Path, offset: int, length: int) -> bytes:
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            return stream.read(length)
    except OSError as error:
        raise ArchiveError(
            f"the archive file {path} cannot be read: {error.strerror or error}; "
            "restore it from a backup"
        ) from error


def _request_before(root: Path, ref: ArchiveRef, record: Record) -> Record | None:
    """Return the request, or ``None``: a page is readable also where its request is not."""
    stated = record.field(fields.REQUEST_BYTES)
    length = int(stated) if stated.isdecimal() else 0
    if not 0 < length <= ref.offset:
        return None
    member = member_of(_bytes_at(root / ref.file, ref.offset - length, length))
    try:
        request = parse_record(member.plain) if isinstance(member, Member) else None
    except ValueError:
        return None
    return request if request and parse_http(request.block) else None
