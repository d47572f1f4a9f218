"""Our own archive from its first record to its last, so that a database is rebuilt from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alliance_nlp.archive.fields import from_fields
from alliance_nlp.archive.layout import archive_files
from alliance_nlp.archive.members import Damage, Member, scan
from alliance_nlp.archive.parsed import PAGE_KINDS, Record, page_of, parse_record
from alliance_nlp.archive.reader import read_page
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.core.types import ArchiveRef, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedPage:
    """A page, its place as :meth:`Archive.append` told it, and the fields of its ``warcinfo``.

    ``original`` is the place of what it repeats, if it was archived as a revisit.
    """

    page: Page
    archived: ArchiveRef
    info: Mapping[str, str]
    original: ArchiveRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedNote:
    """What a run left as it closed the archive, with the ``warcinfo`` fields of its file."""

    note: Mapping[str, str]
    archived: ArchiveRef
    info: Mapping[str, str]


def replay(root: Path, files: Sequence[str] | None = None) -> Iterator[ReplayedPage | ReplayedNote]:
    """Yield all pages and closing notes below ``root`` in the order of writing.

    The order is that of file names, or of ``files`` where they are named, then of offsets. Nothing
    is needed but the folder.

    Raises
    ------
    ArchiveError
        At the first damage, or a revisit whose original is gone; what came before was yielded.
    """
    paths = archive_files(root) if files is None else [root / file for file in files]
    for path in paths:
        try:
            yield from _replay_file(root, path)
        except OSError as error:
            raise ArchiveError(
                f"the archive file {path} cannot be read: {error.strerror or error}; "
                "restore it from a backup"
            ) from error


def _replay_file(root: Path, path: Path) -> Iterator[ReplayedPage | ReplayedNote]:
    file = path.relative_to(root).as_posix()
    info: Mapping[str, str] = {}
    request: Record | None = None
    for piece in scan(path):
        record, member = _whole(path, piece)
        ref = ArchiveRef(
            file=file,
            offset=member.offset,
            length=len(member.raw),
            sha256=sha256_hex(member.raw),
        )
        if record.kind == "warcinfo":
            info = from_fields(record.block)
        elif record.kind == "request":
            request = record
        elif record.kind == "metadata":
            yield ReplayedNote(note=from_fields(record.block), archived=ref, info=info)
        elif record.kind in PAGE_KINDS:
            is_revisit = record.kind == "revisit"
            page = read_page(root, ref) if is_revisit else page_of(record, request)
            yield ReplayedPage(page=page, archived=ref, info=info, original=record.original)


def _whole(path: Path, piece: Member | Damage) -> tuple[Record, Member]:
    if isinstance(piece, Member):
        try:
            return parse_record(piece.plain), piece
        except ValueError as error:
            detail = str(error)
    else:
        detail = piece.detail
    raise ArchiveError(
        f"the archive file {path} is damaged at byte {piece.offset}: {detail}; "
        "repair it or restore it from a backup, and begin again"
    )
