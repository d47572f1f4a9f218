"""The archive: every page as received, in WARC files that any WARC tool reads.

warcio writes and fastwarc reads; neither is used elsewhere. A run writes files of its own
(:class:`Archive`), and each is a sequence of gzip members of one WARC/1.1 record each: a
``warcinfo``; for every page its ``request`` and then its ``response``, or a ``revisit`` where it
repeats an archived one; and a closing ``metadata``. Nothing but these files is needed to read
them back (:func:`read_page`, :func:`replay`), to look into them (:func:`list_records`,
:func:`find`) and to check them (:func:`verify`). :func:`iter_pages` reads archives of others.
"""

from alliance_nlp.archive.anywhere import (
    ArchiveFile,
    FoundRecord,
    TornRecord,
    expand_archives,
    iter_records,
    read_archived,
)
from alliance_nlp.archive.fields import payload_digest
from alliance_nlp.archive.foreign import iter_pages
from alliance_nlp.archive.layout import archive_files
from alliance_nlp.archive.listing import RecordInfo, find, list_records, place_of
from alliance_nlp.archive.payload import decoded
from alliance_nlp.archive.reader import original_of, read_page
from alliance_nlp.archive.records import Original
from alliance_nlp.archive.repair import repair_alone
from alliance_nlp.archive.replay import ReplayedNote, ReplayedPage, replay
from alliance_nlp.archive.runs import (
    ArchivedRun,
    Tail,
    archived_runs,
    file_info,
    run_number,
    tail_of,
)
from alliance_nlp.archive.verify import Fault, Finding, verify
from alliance_nlp.archive.writer import Archive

__all__ = [
    "Archive",
    "ArchiveFile",
    "ArchivedRun",
    "Fault",
    "Finding",
    "FoundRecord",
    "Original",
    "RecordInfo",
    "ReplayedNote",
    "ReplayedPage",
    "Tail",
    "TornRecord",
    "archive_files",
    "archived_runs",
    "decoded",
    "expand_archives",
    "file_info",
    "find",
    "iter_pages",
    "iter_records",
    "list_records",
    "original_of",
    "payload_digest",
    "place_of",
    "read_archived",
    "read_page",
    "repair_alone",
    "replay",
    "run_number",
    "tail_of",
    "verify",
]
