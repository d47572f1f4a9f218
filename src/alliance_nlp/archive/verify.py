"""Checking an archive record by record: what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from alliance_nlp.archive.fields import digest_is_right
from alliance_nlp.archive.http_block import parse_http
from alliance_nlp.archive.layout import archive_files
from alliance_nlp.archive.members import Damage, Member, scan
from alliance_nlp.archive.parsed import Record, parse_record
from alliance_nlp.archive.reader import read_page
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.core.types import ArchiveRef


class Fault(StrEnum):
    """What can be wrong with an archive."""

    CUT_OFF = "cut-off"
    DAMAGED = "damaged"
    NOT_A_RECORD = "not-a-record"
    BLOCK_DIGEST = "block-digest"
    PAYLOAD_DIGEST = "payload-digest"
    UNRESOLVED = "unresolved"
    NO_WARCINFO = "no-warcinfo"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    TOO_SHORT = "too-short"
    UNCOMMITTED = "uncommitted"
    UNKNOWN_FILE = "unknown-file"


_RESTORE = "restore the file from a backup"
_ADVICE = {
    Fault.CUT_OFF: "repair the archive: the record was never whole",
    Fault.DAMAGED: _RESTORE,
    Fault.NOT_A_RECORD: _RESTORE,
    Fault.BLOCK_DIGEST: _RESTORE,
    Fault.PAYLOAD_DIGEST: _RESTORE,
    Fault.UNRESOLVED: "restore the file that holds the original from a backup",
    Fault.NO_WARCINFO: "nothing is lost; the file does not tell which run wrote it",
    Fault.UNREADABLE: "mend the file's rights or the disk",
    Fault.MISSING: _RESTORE,
    Fault.TOO_SHORT: f"{_RESTORE}, its last records are lost",
    Fault.UNCOMMITTED: "repair the archive: the next run fetches these pages again",
    Fault.UNKNOWN_FILE: "rebuild the database to take it in, or move it elsewhere",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong: in which file below the archive's folder, at which byte."""

    file: str
    offset: int
    fault: Fault
    detail: str = ""

    @property
    def advice(self) -> str:
        """What to do about it."""
        return _ADVICE[self.fault]

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.file}:{self.offset}: {self.fault.value}{detail}; {self.advice}"


def verify(root: Path, committed: Mapping[str, int] | None = None) -> Iterator[Finding]:
    """Yield all that is wrong with the archive below ``root``, file by file; changes nothing.

    Every gzip member has to be whole, hold one whole record, and have the block and payload that
    its digests say. The first record of a file tells what wrote it, and what a revisit repeats
    has to be there.

    Parameters
    ----------
    committed
        File lengths in bytes that the database knows, to be compared; ``None`` for no database.
    """
    paths = {path.relative_to(root).as_posix(): path for path in archive_files(root)}
    for file in sorted(paths.keys() | (committed or {}).keys()):
        path = root / file
        try:
            if committed is not None:
                yield from _against(committed, file, path)
            if path.exists():
                yield from _in_file(root, file, path)
        except OSError as error:
            yield Finding(
                file=file, offset=0, fault=Fault.UNREADABLE, detail=error.strerror or str(error)
            )


def _against(committed: Mapping[str, int], file: str, path: Path) -> Iterator[Finding]:
    length = committed.get(file)
    if length is None:
        yield Finding(file=file, offset=0, fault=Fault.UNKNOWN_FILE)
        return
    if not path.exists():
        if length:
            yield Finding(file=file, offset=0, fault=Fault.MISSING)
        return
    extra = path.stat().st_size - length
    if extra < 0:
        detail = f"{-extra} bytes are missing"
        yield Finding(file=file, offset=length + extra, fault=Fault.TOO_SHORT, detail=detail)
    elif extra > 0:
        detail = f"{extra} bytes beyond what was committed"
        yield Finding(file=file, offset=length, fault=Fault.UNCOMMITTED, detail=detail)


def _in_file(root: Path, file: str, path: Path) -> Iterator[Finding]:
    for piece in scan(path):
        if isinstance(piece, Damage):
            fault = Fault.CUT_OFF if piece.is_cut_off else Fault.DAMAGED
            yield Finding(file=file, offset=piece.offset, fault=fault, detail=piece.detail)
            continue
        try:
            record = parse_record(piece.plain)
        except ValueError as error:
            fault = Fault.NOT_A_RECORD
            yield Finding(file=file, offset=piece.offset, fault=fault, detail=str(error))
            continue
        if piece.offset == 0 and record.kind != "warcinfo":
            yield Finding(file=file, offset=0, fault=Fault.NO_WARCINFO)
        for fault, detail in _in_record(root, record, file=file, member=piece):
            yield Finding(file=file, offset=piece.offset, fault=fault, detail=detail)


def _in_record(
    root: Path, record: Record, *, file: str, member: Member
) -> Iterator[tuple[Fault, str]]:
    block, payload = record.field("WARC-Block-Digest"), record.field("WARC-Payload-Digest")
    if block and not digest_is_right(block, record.block):
        yield Fault.BLOCK_DIGEST, block
    if record.kind == "revisit":
        ref = ArchiveRef(
            file=file,
            offset=member.offset,
            length=len(member.raw),
            sha256=sha256_hex(member.raw),
        )
        yield from _in_revisit(root, record, ref)
    elif payload and not digest_is_right(payload, _payload(record)):
        yield Fault.PAYLOAD_DIGEST, payload


def _in_revisit(root: Path, record: Record, ref: ArchiveRef) -> Iterator[tuple[Fault, str]]:
    try:
        # A 304 is read without its original, which has to be there all the same.
        read_page(root, (record.is_not_modified and record.original) or ref)
    except ArchiveError as error:
        yield Fault.UNRESOLVED, str(error)


def _payload(record: Record) -> bytes:
    is_http = record.field("Content-Type").startswith("application/http")
    http = parse_http(record.block) if is_http else None
    return record.block if http is None else http.body
