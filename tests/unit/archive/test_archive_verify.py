from __future__ import annotations

import gzip
import random
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from alliance_nlp.archive import (
    Archive,
    Fault,
    Finding,
    ReplayedPage,
    archive_files,
    original_of,
    read_page,
    repair_alone,
    replay,
    verify,
)
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.types import ArchiveRef, Page

MakePage = Callable[..., Page]


@pytest.fixture
def refs(tmp_path: Path, make_page: MakePage) -> list[ArchiveRef]:
    archive = Archive(tmp_path, run="r1")
    return [archive.append(make_page(number)) for number in range(1, 5)]


@pytest.fixture
def path(tmp_path: Path, refs: list[ArchiveRef]) -> Path:
    return tmp_path / refs[0].file


def end(ref: ArchiveRef) -> int:
    return ref.offset + ref.length


def faults(root: Path, committed: dict[str, int] | None = None) -> list[tuple[Fault, int]]:
    return [(finding.fault, finding.offset) for finding in verify(root, committed)]


def replaced(path: Path, ref: ArchiveRef, record: bytes) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: ref.offset] + record + raw[end(ref) :])


def plain(path: Path, ref: ArchiveRef) -> bytes:
    return gzip.decompress(path.read_bytes()[ref.offset : end(ref)])


def test_verify_finds_nothing_in_a_whole_archive(tmp_path: Path, refs: list[ArchiveRef]) -> None:
    again = read_page(tmp_path, refs[0])
    archive = Archive(tmp_path)
    archive.append(again, of=original_of(tmp_path, refs[0]))
    archive.append(replace(again, status=304, body=b""), of=original_of(tmp_path, refs[0]))
    note = archive.close({"ended": "yes"})
    assert note is not None
    assert faults(tmp_path) == []
    assert faults(tmp_path, {refs[0].file: end(refs[-1]), note.file: end(note)}) == []


def test_verify_detects_each_of_500_cuts_and_repair_keeps_what_came_before(
    tmp_path: Path, refs: list[ArchiveRef], path: Path
) -> None:
    whole = path.read_bytes()
    committed = {refs[0].file: len(whole)}
    for cut in random.Random(3).sample(range(1, len(whole)), 500):
        path.write_bytes(whole[:cut])
        found = faults(tmp_path, committed)
        assert (Fault.TOO_SHORT, cut) in found
        n_cut = repair_alone(path)
        left = path.read_bytes()
        # Only a cut right between two records leaves nothing that tells of it but the database.
        assert (len(found) > 1) == (n_cut > 0)
        assert left == whole[: cut - n_cut]
        assert faults(tmp_path) == []
        for ref in refs:
            if end(ref) <= cut:
                read_page(tmp_path, ref)
        assert not any(len(left) < end(ref) <= cut for ref in refs)


def test_verify_detects_a_changed_bit_wherever_it_is(tmp_path: Path, path: Path) -> None:
    whole = path.read_bytes()
    # Notes in the gzip header and the bits that fill the last byte say nothing of the record.
    for at in random.Random(4).sample(range(len(whole)), 300):
        raw = bytearray(whole)
        raw[at] ^= 0x10
        path.write_bytes(raw)
        assert faults(tmp_path) or _unpacked(bytes(raw)) == _unpacked(whole), at


def _unpacked(raw: bytes) -> bytes | None:
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error):
        return None


def test_verify_finds_damage_and_goes_on_behind_it(
    tmp_path: Path, refs: list[ArchiveRef], path: Path
) -> None:
    raw = bytearray(path.read_bytes())
    for ref in (refs[0], refs[2]):
        raw[ref.offset + ref.length // 2] ^= 0xFF
    path.write_bytes(raw)
    assert faults(tmp_path) == [(Fault.DAMAGED, refs[0].offset), (Fault.DAMAGED, refs[2].offset)]


def test_verify_finds_records_appended_behind_a_tear(
    tmp_path: Path, refs: list[ArchiveRef], path: Path
) -> None:
    raw = path.read_bytes()
    torn = raw[: refs[1].offset + 50]
    path.write_bytes(torn + raw[refs[2].offset :])
    assert faults(tmp_path) == [(Fault.DAMAGED, refs[1].offset)]
    assert repair_alone(path) == 0
    assert path.read_bytes() == torn + raw[refs[2].offset :]


@pytest.mark.parametrize("n_bytes", [1, 2, 65_534, 65_535, 65_536, 65_537, 131_072])
def test_verify_finds_the_next_record_behind_junk_of_any_length(
    tmp_path: Path, refs: list[ArchiveRef], path: Path, n_bytes: int
) -> None:
    raw = path.read_bytes()
    cut = end(refs[1])
    path.write_bytes(raw[:cut] + bytes(n_bytes) + raw[cut:])
    assert faults(tmp_path) == [(Fault.DAMAGED, cut)]
    assert repair_alone(path) == 0


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"text/html", b"text/htmx", Fault.BLOCK_DIGEST),
        (b"WARC-Payload-Digest: sha256:", b"WARC-Payload-Digest: sha256:A", Fault.PAYLOAD_DIGEST),
        (b"Content-Length: ", b"Content-Length: 1", Fault.NOT_A_RECORD),
        (b"WARC/1.1", b"PARK/1.1", Fault.NOT_A_RECORD),
    ],
)
def test_verify_tells_what_is_wrong_with_a_record(
    tmp_path: Path, refs: list[ArchiveRef], path: Path, old: bytes, new: bytes, fault: Fault
) -> None:
    record = plain(path, refs[1])
    at = record.index(old)
    changed = record[:at] + new + record[at + len(new) :]
    assert changed != record
    replaced(path, refs[1], gzip.compress(changed))
    assert fault in [found for found, offset in faults(tmp_path) if offset == refs[1].offset]


def test_verify_reports_a_revisit_whose_original_is_gone(
    tmp_path: Path, refs: list[ArchiveRef], path: Path, make_page: MakePage
) -> None:
    archive = Archive(tmp_path)
    original = original_of(tmp_path, refs[0])
    same = archive.append(make_page(1), of=original)
    unchanged = archive.append(make_page(1, status=304, body=b""), of=original)
    path.unlink()
    assert faults(tmp_path) == [
        (Fault.UNRESOLVED, same.offset),
        (Fault.UNRESOLVED, unchanged.offset),
    ]


def test_verify_reports_a_file_that_does_not_begin_with_warcinfo(
    tmp_path: Path, refs: list[ArchiveRef], path: Path
) -> None:
    path.write_bytes(path.read_bytes()[refs[0].offset :])
    assert faults(tmp_path) == [(Fault.NO_WARCINFO, 0)]


def test_verify_compares_with_what_was_committed(
    tmp_path: Path, refs: list[ArchiveRef], path: Path
) -> None:
    stray = path.with_name("alliance-20240414-002.warc.gz")
    shutil.copy(path, stray)
    gone = "2024/04/alliance-20240401-001.warc.gz"
    assert [
        (finding.file, finding.fault, finding.offset)
        for finding in verify(tmp_path, {refs[0].file: end(refs[2]), gone: 7})
    ] == [
        (gone, Fault.MISSING, 0),
        (refs[0].file, Fault.UNCOMMITTED, end(refs[2])),
        (stray.relative_to(tmp_path).as_posix(), Fault.UNKNOWN_FILE, 0),
    ]


WRITER = """
import random, sys
from datetime import UTC, datetime
from pathlib import Path
from alliance_nlp.archive import Archive
from alliance_nlp.core.types import Page, Role

archive = Archive(Path(sys.argv[1]), rotate_bytes=400_000)
for number in range(100_000):
    ref = archive.append(Page(
        source_id="s", role=Role.ARTICLE, asked_url=f"https://a.example/{number}",
        url=f"https://a.example/{number}", status=200, headers=(),
        body=random.Random(number).randbytes(60_000), fetched_at=datetime(2024, 4, 14, tzinfo=UTC),
    ))
    print(ref.file, ref.offset + ref.length, flush=True)
"""


@pytest.mark.parametrize("n_before", [1, 7, 20])
def test_killed_writer_leaves_what_it_reported_and_a_tail_that_repair_cuts(
    tmp_path: Path, n_before: int
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(n_before)]
        writer.kill()
        lines += [line for line in writer.stdout if line.endswith("\n")]
    committed = {file: int(end) for file, end in map(str.split, lines)}
    Archive(tmp_path).repair(committed)
    for path in archive_files(tmp_path):
        if path.relative_to(tmp_path).as_posix() not in committed:
            repair_alone(path)
    assert [fault for fault, _ in faults(tmp_path, committed) if fault != Fault.UNKNOWN_FILE] == []
    urls = [item.page.url for item in replay(tmp_path) if isinstance(item, ReplayedPage)]
    assert urls[: len(lines)] == [f"https://a.example/{number}" for number in range(len(lines))]
    assert len(urls) <= len(lines) + 1


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_comes_with_advice(fault: Fault) -> None:
    text = str(Finding(file="2024/04/a.warc.gz", offset=7, fault=fault, detail="so"))
    assert text.startswith(f"2024/04/a.warc.gz:7: {fault.value} (so); ")
    assert len(text.split("; ")[1]) > 10


def test_repair_alone_touches_no_whole_file(path: Path) -> None:
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    assert repair_alone(path) == 0
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_repair_alone_cuts_zeros_that_a_crash_left(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole + bytes(200_000))
    assert repair_alone(path) == 200_000
    assert path.read_bytes() == whole


def test_repair_alone_refuses_what_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "notes.warc.gz"
    path.write_bytes(b"some notes")
    with pytest.raises(ArchiveError, match="nothing was cut"):
        repair_alone(path)
    assert path.read_bytes() == b"some notes"


def test_repair_alone_refuses_a_file_that_is_one_gzip_member(tmp_path: Path, path: Path) -> None:
    packed = gzip.compress(gzip.decompress(path.read_bytes()))
    other = tmp_path / "other.warc.gz"
    other.write_bytes(packed[:-30])
    with pytest.raises(ArchiveError, match="one gzip member a record, so nothing was cut"):
        repair_alone(other)
    other.write_bytes(packed)
    assert repair_alone(other) == 0
    assert other.read_bytes() == packed


def test_repair_alone_names_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"gone\.warc\.gz cannot be repaired"):
        repair_alone(tmp_path / "gone.warc.gz")
