"""Which run wrote which files, and how far each of them came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alliance_nlp.archive.fields import from_fields
from alliance_nlp.archive.layout import archive_files
from alliance_nlp.archive.members import Member, scan
from alliance_nlp.archive.parsed import PAGE_KINDS, parse_record
from alliance_nlp.core.errors import ArchiveError

RUN = "isPartOf"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedRun:
    """The files of one run, in the order of writing, and what their ``warcinfo`` says.

    ``number`` is 0 for files that name no run, taken together.
    """

    number: int
    info: Mapping[str, str]
    files: tuple[str, ...]


def archived_runs(root: Path) -> list[ArchivedRun]:
    """Return the runs whose files stand below ``root``, by number.

    Raises
    ------
    ArchiveError
        If a file cannot be read.
    """
    infos: dict[int, Mapping[str, str]] = {}
    files: dict[int, list[str]] = {}
    for path in archive_files(root):
        info = file_info(path)
        number = run_number(info)
        infos.setdefault(number, info)
        files.setdefault(number, []).append(path.relative_to(root).as_posix())
    return [
        ArchivedRun(number=number, info=infos[number], files=tuple(files[number]))
        for number in sorted(files)
    ]


def run_number(info: Mapping[str, str]) -> int:
    """Return the run that a file's ``warcinfo`` names, 0 for none."""
    named = info.get(RUN, "")
    return int(named) if named.isdecimal() else 0


def file_info(path: Path) -> Mapping[str, str]:
    """Return the fields of a file's ``warcinfo``, none if it does not begin with one.

    Raises
    ------
    ArchiveError
        If the file cannot be read.
    """
    try:
        first = next(scan(path), None)
        if not isinstance(first, Member):
            return {}
        record = parse_record(first.plain)
    except ValueError:
        return {}
    except OSError as error:
        raise ArchiveError(
            f"the archive file {path} cannot be read: {error.strerror or error}; mend its rights"
        ) from error
    return from_fields(record.block) if record.kind == "warcinfo" else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """What stands in a file from a place on: whole records, pages among them, a closing note."""

    n_whole: int
    n_pages: int
    has_ended: bool


def tail_of(path: Path, start: int) -> Tail:
    """Return what a file holds from the byte ``start`` on.

    Raises
    ------
    ArchiveError
        If the file cannot be read.
    """
    n_whole, n_pages, has_ended = 0, 0, False
    try:
        for piece in scan(path):
            if isinstance(piece, Member) and piece.offset >= start:
                n_whole += 1
                kind = parse_record(piece.plain).kind
                n_pages += kind in PAGE_KINDS
                has_ended = kind == "metadata"
    except ValueError:
        return Tail(n_whole=n_whole, n_pages=n_pages, has_ended=False)
    except OSError as error:
        raise ArchiveError(
            f"the archive file {path} cannot be read: {error.strerror or error}; mend its rights"
        ) from error
    return Tail(n_whole=n_whole, n_pages=n_pages, has_ended=has_ended)
