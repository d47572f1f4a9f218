"""Writing pages into WARC files, one gzip member a record, durable before it is named.

The order that loses nothing: :meth:`Archive.append` writes and fsyncs the records, and only then
does the caller commit the returned place to the database. What a killed run wrote beyond the
committed length is cut off by :meth:`Archive.repair` before the next run begins.

A run writes files of its own and leaves those of earlier runs as they are, byte for byte. A file
is named by the day on which its first page was fetched. The next one is begun when it is full or
a page of a later day comes; a page of an earlier day (out of somebody's archive) goes where the
run is, so that a run's files, sorted by name, hold its pages in the order of writing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from io import RawIOBase
from pathlib import Path

from alliance_nlp.archive import records
from alliance_nlp.archive.fields import payload_digest
from alliance_nlp.archive.layout import next_file
from alliance_nlp.archive.records import Original
from alliance_nlp.archive.repair import cut_to_committed
from alliance_nlp.core.clock import now, utc
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.core.types import ArchiveRef, Page

# One gigabyte, the size the WARC guidelines recommend for a file.
ROTATE_BYTES = 1_000_000_000


@dataclass(slots=True, kw_only=True)
class _File:
    path: Path
    day: date
    warcinfo_id: str
    end: int = 0


class Archive:
    """What one run writes below one folder (``data/raw``).

    Parameters
    ----------
    root
        The folder; made when first written to.
    run
        The run's id, which every file of the run names as ``isPartOf``.
    software
        Name and version of what fetches.
    info
        Further fields for the ``warcinfo`` record of each file.
    rotate_bytes
        A file that reached this length is closed and the next one begun.
    """

    def __init__(
        self,
        root: Path,
        *,
        run: str = "",
        software: str = "",
        info: Mapping[str, str] | None = None,
        rotate_bytes: int = ROTATE_BYTES,
    ) -> None:
        self.root = root
        named = {"software": software, "isPartOf": run, **(info or {})}
        self._info = {name: value for name, value in named.items() if value}
        self._rotate_bytes = rotate_bytes
        self._file: _File | None = None

    def repair(self, committed: Mapping[str, int]) -> list[tuple[str, int]]:
        """Cut what lies beyond the committed lengths; return (file, bytes cut).

        Files that the database does not know are left as they are.

        Raises
        ------
        ArchiveError
            If a file is shorter than what was committed, or gone: bytes are lost, restore a backup.
        """
        return cut_to_committed(self.root, committed)

    def append(self, page: Page, *, of: Original | None = None) -> ArchiveRef:
        """Write a page, with the request for it before it, and fsync; return the page's place.

        The place ends where all that was written ends: ``offset + length`` is what to commit.

        Parameters
        ----------
        page
            A ``response`` record, or a ``resource`` if it is a local file (``file:``).
        of
            The archived page that this one repeats: a ``revisit`` record is written, profile
            server-not-modified for a 304 and identical-payload-digest else. Should the payload
            differ from the original's after all, or the original be gone, the page is written in
            full, so no body is ever lost to a mistake.

        Raises
        ------
        ArchiveError
            If the disk refuses; what was written is cut off again.
        """
        file = self._file_for(utc(page.fetched_at).date())
        if of is not None and not self._repeats(page, of):
            of = None
        *before, record = records.page_records(page, warcinfo_id=file.warcinfo_id, of=of)
        return self._write(file, before, record)

    def close(self, note: Mapping[str, str], *, on: date | None = None) -> ArchiveRef | None:
        """End the run's files with a ``metadata`` record; return its place, to be committed too.

        ``None`` if the run wrote nothing and no day ``on`` is given for a file with the note alone.
        What is appended afterwards goes into a new file.

        Raises
        ------
        ArchiveError
            If the disk refuses; what was written is cut off again.
        """
        file = self._file
        if file is None or not _stands(file):
            if on is None:
                return None
            file = self._file_for(on)
        record = records.metadata(note, warcinfo_id=file.warcinfo_id, at=now())
        ref = self._write(file, [], record)
        self._file = None
        return ref

    def _repeats(self, page: Page, of: Original) -> bool:
        if page.url.startswith("file:"):
            return False
        if page.status == HTTPStatus.NOT_MODIFIED:
            return not page.body
        try:
            is_there = (self.root / of.ref.file).stat().st_size >= of.ref.offset + of.ref.length
        except OSError:
            return False
        return is_there and of.payload_digest == payload_digest(page.body)

    def _file_for(self, day: date) -> _File:
        file = self._file
        if file is not None:
            if file.end < self._rotate_bytes and day <= file.day and _stands(file):
                return file
            day = max(day, file.day)
        path = next_file(self.root, day)
        return _File(path=path, day=day, warcinfo_id=records.new_record_id())

    def _write(self, file: _File, before: list[bytes], record: bytes) -> ArchiveRef:
        if file.end == 0:
            first = records.warcinfo(
                self._info, record_id=file.warcinfo_id, file=file.path.name, at=now()
            )
            before = [first, *before]
        data = b"".join([*before, record])
        try:
            _append(file, data)
        except OSError as error:
            raise ArchiveError(
                f"cannot write the archive file {file.path}: {error.strerror or error}; "
                "make room or mend the folder's rights and run again, nothing is lost"
            ) from error
        file.end += len(data)
        self._file = file
        return ArchiveRef(
            file=file.path.relative_to(self.root).as_posix(),
            offset=file.end - len(record),
            length=len(record),
            sha256=sha256_hex(record),
        )


def _stands(file: _File) -> bool:
    """Tell whether the file is as we left it; another's bytes in it are not to be built upon."""
    try:
        return file.path.stat().st_size == file.end
    except OSError:
        return False


def _append(file: _File, data: bytes) -> None:
    """Add the bytes durably, or leave the file as it was, whatever interrupts."""
    folder = file.path.parent
    folder.mkdir(parents=True, exist_ok=True)
    # Unbuffered: closing would write what a buffer still holds behind the truncated end.
    with file.path.open("ab" if file.end else "xb", buffering=0) as stream:
        try:
            _write_all(stream, data)
            os.fsync(stream.fileno())
            if file.end == 0:
                for path in (folder, folder.parent, folder.parent.parent):
                    _sync_folder(path)
        except BaseException:
            os.ftruncate(stream.fileno(), file.end)
            if file.end == 0:
                file.path.unlink()
            raise


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
