from __future__ import annotations

import errno
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from alliance_nlp.archive import Archive, read_page
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.core.types import ArchiveRef, Page, Role

PAGE = Page(
    source_id="fleet-news",
    role=Role.ARTICLE,
    asked_url="http://fleet.example/news/1?a=%20b",
    url="https://fleet.example/news/1",
    status=200,
    headers=(
        ("Content-Type", "text/html; charset=shift_jis"),
        ("ETag", 'W/"a, b"'),
        ("Set-Cookie", "one=1"),
        ("Set-Cookie", "two=2"),
        ("X-Author", "Jos\xe9"),
    ),
    body=bytes(range(256)) * 4,
    fetched_at=datetime(2024, 4, 14, 1, 2, 3, tzinfo=UTC),
)


def numbered(number: int) -> Page:
    return replace(PAGE, url=f"{PAGE.url}/{number}", body=sha256_hex(bytes([number])).encode() * 99)


@contextmanager
def file_size_limited(limit: int) -> Iterator[None]:
    """Let the kernel refuse to grow any file beyond ``limit`` bytes, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_append_gives_a_place_from_which_the_same_page_is_read(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.append(numbered(1))
    assert read_page(tmp_path, archive.append(PAGE)) == PAGE


def test_append_names_files_by_the_day_of_fetching(tmp_path: Path) -> None:
    ref = Archive(tmp_path).append(PAGE)
    assert ref.file == "2024/04/alliance-20240414-001.warc.gz"
    later = replace(PAGE, fetched_at=PAGE.fetched_at + timedelta(days=20))
    assert Archive(tmp_path).append(later).file == "2024/05/alliance-20240504-001.warc.gz"


def test_append_tells_offset_length_and_digest_of_the_bytes(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first, second = archive.append(PAGE), archive.append(numbered(2))
    raw = (tmp_path / first.file).read_bytes()
    assert (first.offset, second.offset, len(raw)) == (
        0,
        first.length,
        first.length + second.length,
    )
    assert sha256_hex(raw[second.offset :]) == second.sha256


def test_append_begins_a_new_file_when_the_last_is_full(tmp_path: Path) -> None:
    archive = Archive(tmp_path, rotate_bytes=1)
    files = [archive.append(numbered(number)).file[-11:] for number in range(3)]
    assert files == ["001.warc.gz", "002.warc.gz", "003.warc.gz"]


def test_append_continues_a_committed_file_in_a_later_run(tmp_path: Path) -> None:
    first = Archive(tmp_path).append(PAGE)
    later = Archive(tmp_path)
    later.repair({first.file: first.length})
    second = later.append(numbered(2))
    assert (second.file, second.offset) == (first.file, first.length)
    assert read_page(tmp_path, first) == PAGE


def test_append_leaves_a_file_alone_that_was_never_committed(tmp_path: Path) -> None:
    orphan = Archive(tmp_path).append(PAGE)
    before = (tmp_path / orphan.file).read_bytes()
    later = Archive(tmp_path)
    assert later.repair({}) == []
    assert later.append(numbered(2)).file != orphan.file
    assert (tmp_path / orphan.file).read_bytes() == before


def test_another_warc_tool_reads_every_record_with_good_digests(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    pages = [PAGE, numbered(1), replace(PAGE, status=304, body=b"")]
    (file,) = {archive.append(page).file for page in pages}
    with (tmp_path / file).open("rb") as stream:
        records = [
            (record.rec_type, record.http_headers.statusline, record.content_stream().read())
            for record in ArchiveIterator(stream, check_digests="raise")
        ]
    assert records == [
        ("response", "200 OK", PAGE.body),
        ("response", "200 OK", numbered(1).body),
        ("response", "304 Not Modified", b""),
    ]


def test_local_page_becomes_a_resource_and_comes_back(tmp_path: Path) -> None:
    page = replace(
        PAGE,
        url="file:///inbox/a%20b.html",
        asked_url="file:///inbox/a%20b.html",
        headers=(("Content-Type", "text/html"),),
    )
    assert read_page(tmp_path, Archive(tmp_path).append(page)) == page


def test_header_with_line_breaks_forges_no_further_header(tmp_path: Path) -> None:
    page = replace(PAGE, headers=(("X-One", "a\r\nX-Two: b\r\n\r\nbody"),))
    back = read_page(tmp_path, Archive(tmp_path).append(page))
    assert [name for name, _ in back.headers] == ["X-One"]
    assert back.body == page.body


def test_lone_surrogate_in_a_url_is_archived_all_the_same(tmp_path: Path) -> None:
    page = replace(PAGE, url="https://fleet.example/\ud800")
    assert read_page(tmp_path, Archive(tmp_path).append(page)).body == page.body


def test_repair_cuts_a_torn_end_and_says_how_much(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first, second = archive.append(PAGE), archive.append(numbered(2))
    path = tmp_path / first.file
    path.write_bytes(path.read_bytes()[: second.offset + 7])
    later = Archive(tmp_path)
    assert later.repair({first.file: second.offset}) == [(first.file, 7)]
    assert path.stat().st_size == second.offset
    third = later.append(numbered(3))
    assert read_page(tmp_path, first) == PAGE
    assert read_page(tmp_path, third) == numbered(3)


def test_repair_touches_nothing_when_all_is_committed(tmp_path: Path) -> None:
    ref = Archive(tmp_path).append(PAGE)
    before = (tmp_path / ref.file).stat()
    assert Archive(tmp_path).repair({ref.file: ref.length}) == []
    after = (tmp_path / ref.file).stat()
    assert (after.st_mtime_ns, after.st_size) == (before.st_mtime_ns, before.st_size)


def test_repair_refuses_when_a_file_is_shorter_than_committed(tmp_path: Path) -> None:
    ref = Archive(tmp_path).append(PAGE)
    with pytest.raises(ArchiveError, match=r"5 bytes shorter than was committed; restore it"):
        Archive(tmp_path).repair({ref.file: ref.length + 5})


def test_repair_refuses_when_a_committed_file_is_gone(tmp_path: Path) -> None:
    ref = Archive(tmp_path).append(PAGE)
    (tmp_path / ref.file).unlink()
    with pytest.raises(ArchiveError, match=r"alliance-20240414-001.*restore it from a backup"):
        Archive(tmp_path).repair({ref.file: ref.length})


@pytest.mark.parametrize("room", [0, 1, 500, 5_000, 9_000])
def test_append_leaves_no_torn_end_when_the_disk_is_full(tmp_path: Path, room: int) -> None:
    archive = Archive(tmp_path)
    first = archive.append(PAGE)
    path = tmp_path / first.file
    noise = b"".join(sha256_hex(bytes([n % 256, n // 256])).encode() for n in range(400))
    with (
        file_size_limited(first.length + room),
        pytest.raises(ArchiveError, match=r"001\.warc\.gz.*make room") as caught,
    ):
        archive.append(replace(PAGE, body=noise))
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.EFBIG
    assert path.stat().st_size == first.length


def test_append_goes_on_once_there_is_room_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first = archive.append(PAGE)
    with file_size_limited(first.length + 10), pytest.raises(ArchiveError):
        archive.append(numbered(2))
    again = archive.append(numbered(2))
    assert again.offset == first.length
    assert read_page(tmp_path, again) == numbered(2)


def test_append_names_the_folder_it_cannot_write_to(tmp_path: Path) -> None:
    (tmp_path / "2024").write_text("in the way")
    with pytest.raises(ArchiveError, match=r"cannot write the archive file .*2024"):
        Archive(tmp_path).append(PAGE)


def test_read_page_refuses_bytes_that_were_altered(tmp_path: Path) -> None:
    ref = Archive(tmp_path).append(PAGE)
    raw = bytearray((tmp_path / ref.file).read_bytes())
    raw[len(raw) // 2] ^= 1
    (tmp_path / ref.file).write_bytes(raw)
    with pytest.raises(ArchiveError, match=r"001\.warc\.gz:0 is not what was recorded; restore"):
        read_page(tmp_path, ref)


def test_read_page_refuses_a_record_that_is_cut_off(tmp_path: Path) -> None:
    ref = Archive(tmp_path).append(PAGE)
    raw = (tmp_path / ref.file).read_bytes()
    (tmp_path / ref.file).write_bytes(raw[:-1])
    with pytest.raises(ArchiveError, match="is not what was recorded"):
        read_page(tmp_path, ref)


def test_read_page_says_restore_when_the_file_is_missing(tmp_path: Path) -> None:
    ref = ArchiveRef(file="2024/04/gone.warc.gz", offset=0, length=1, sha256="")
    with pytest.raises(ArchiveError, match=r"gone\.warc\.gz cannot be read.*restore it"):
        read_page(tmp_path, ref)
