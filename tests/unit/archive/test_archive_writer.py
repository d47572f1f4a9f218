from __future__ import annotations

import errno
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from alliance_nlp.archive import Archive, read_page, verify
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
    request_headers=(("Host", "fleet.example"), ("User-Agent", "digest (desk@fleet.example)")),
    ip="192.0.2.7",
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
    assert sha256_hex(raw[second.offset : second.offset + second.length]) == second.sha256
    assert sha256_hex(raw[first.offset : first.offset + first.length]) == first.sha256


def test_append_ends_its_place_where_all_that_it_wrote_ends(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for number in range(3):
        ref = archive.append(numbered(number))
        assert ref.offset + ref.length == (tmp_path / ref.file).stat().st_size


def test_append_begins_a_new_file_when_the_last_is_full(tmp_path: Path) -> None:
    archive = Archive(tmp_path, rotate_bytes=1)
    files = [archive.append(numbered(number)).file[-11:] for number in range(3)]
    assert files == ["001.warc.gz", "002.warc.gz", "003.warc.gz"]


def test_a_later_run_leaves_the_files_of_earlier_ones_as_they_are(tmp_path: Path) -> None:
    first = Archive(tmp_path).append(PAGE)
    before = (tmp_path / first.file).read_bytes()
    later = Archive(tmp_path)
    later.repair({first.file: first.offset + first.length})
    second = later.append(replace(PAGE, status=304, body=b""))
    later.close({"ended": "yes"})
    assert second.file == "2024/04/alliance-20240414-002.warc.gz"
    assert (tmp_path / first.file).read_bytes() == before


def test_archive_makes_no_file_until_there_is_something_to_write(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "raw", run="r1")
    archive.repair({})
    assert archive.close({"ended": "yes"}) is None
    assert list(tmp_path.iterdir()) == []


def test_files_of_a_day_sort_in_order_beyond_the_thousandth(tmp_path: Path) -> None:
    folder = tmp_path / "2024/04"
    folder.mkdir(parents=True)
    names = []
    for taken in ("998", "", "", "a9998", "", ""):
        if taken:
            (folder / f"alliance-20240414-{taken}.warc.gz").touch()
        names.append(Archive(tmp_path).append(PAGE).file)
    assert [name[26:-8] for name in names] == ["999", "a1000", "a1001", "a9999", "b10000", "b10001"]
    assert names == sorted(names)


def test_a_number_is_not_given_twice_when_an_earlier_file_is_gone(tmp_path: Path) -> None:
    first = Archive(tmp_path).append(PAGE)
    second = Archive(tmp_path).append(PAGE)
    (tmp_path / first.file).unlink()
    assert Archive(tmp_path).append(PAGE).file > second.file


def test_a_run_begins_a_new_file_when_the_day_changes(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    days = [0, 0, 1, 1, 0, 2]
    files = [
        archive.append(replace(PAGE, fetched_at=PAGE.fetched_at + timedelta(days=day))).file
        for day in days
    ]
    # A page of an earlier day stays with the run, so files sort in the order of writing.
    assert [file[17:25] for file in files] == [
        "20240414", "20240414", "20240415", "20240415", "20240415", "20240416",
    ]  # fmt: skip


def test_files_of_a_run_sort_in_order_when_a_full_one_is_followed_by_an_earlier_day(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path, rotate_bytes=1)
    later = archive.append(PAGE)
    earlier = archive.append(replace(PAGE, fetched_at=PAGE.fetched_at - timedelta(days=40)))
    assert later.file < earlier.file


def test_the_day_is_that_of_utc(tmp_path: Path) -> None:
    at = datetime(2024, 4, 14, 1, tzinfo=timezone(timedelta(hours=9)))
    ref = Archive(tmp_path).append(replace(PAGE, fetched_at=at))
    assert ref.file == "2024/04/alliance-20240413-001.warc.gz"
    assert read_page(tmp_path, ref).fetched_at == at


def test_append_goes_to_a_new_file_when_another_wrote_into_its_own(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first = archive.append(PAGE)
    with (tmp_path / first.file).open("ab") as stream:
        stream.write(b"not ours")
    second = archive.append(PAGE)
    assert second.file != first.file
    assert read_page(tmp_path, second) == PAGE


def test_an_append_that_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    # In a process of its own, since the signal has to strike within the write itself.
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, str(tmp_path)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout == "8 interrupted, []\n"


INTERRUPTED = """
import random, signal, sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from alliance_nlp.archive import Archive, verify
from alliance_nlp.core.types import Page, Role

page = Page(
    source_id="s", role=Role.ARTICLE, asked_url="https://a.example/", url="https://a.example/",
    status=200, headers=(), body=b"x", fetched_at=datetime(2024, 4, 14, tzinfo=UTC),
)
root = Path(sys.argv[1])
archive = Archive(root)
archive.append(page)
big = replace(page, body=random.Random(1).randbytes(2_000_000))
n_interrupted = 0
for step in range(8):
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.02 + 0.013 * step)
    try:
        while True:
            archive.append(big)
    except KeyboardInterrupt:
        n_interrupted += 1
print(n_interrupted, "interrupted,", list(verify(root)))
"""


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
            if record.http_headers
        ]
    responses = [record for record in records if record[0] == "response"]
    assert responses == [
        ("response", "200 OK", PAGE.body),
        ("response", "200 OK", numbered(1).body),
        ("response", "304 Not Modified", b""),
    ]


def test_local_page_becomes_a_resource_and_comes_back(tmp_path: Path) -> None:
    page = replace(
        PAGE,
        url="file:///inbox/a%20b.html",
        asked_url="file:///inbox/a%20b.html",
        request_headers=(),
        headers=(("Content-Type", "text/html"),),
        ip="",
    )
    assert read_page(tmp_path, Archive(tmp_path).append(page)) == page


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, ()),
        (200, (("content-type", "text/html"),)),
        (404, (("Content-Type", "text/html"),)),
        (200, (("Content-Type", "text/html"), ("X-Author", "Jos\xe9"))),
    ],
)
def test_local_page_keeps_whatever_head_it_has(
    tmp_path: Path, status: int, headers: tuple[tuple[str, str], ...]
) -> None:
    url = "file:///inbox/a.html"
    page = replace(PAGE, url=url, asked_url=url, status=status, headers=headers, request_headers=())
    assert read_page(tmp_path, Archive(tmp_path).append(page)) == page


def test_header_with_line_breaks_forges_no_further_header(tmp_path: Path) -> None:
    page = replace(PAGE, headers=(("X-One", "a\r\nX-Two: b\r\n\r\nbody"),))
    back = read_page(tmp_path, Archive(tmp_path).append(page))
    assert [name for name, _ in back.headers] == ["X-One"]
    assert back.body == page.body


@pytest.mark.parametrize("field", ["source_id", "ip"])
def test_own_field_with_line_breaks_forges_no_further_field(tmp_path: Path, field: str) -> None:
    page = replace(PAGE, **{field: "a\r\nWARC-Type: warcinfo\r\n\r\nb"})
    back = read_page(tmp_path, Archive(tmp_path).append(page))
    assert getattr(back, field) == "a WARC-Type: warcinfo b"
    assert back.body == page.body


@pytest.mark.parametrize(
    "url",
    [
        "https://fleet.example/\ud800",
        "https://fleet.example/\u65e5\u672c?q=\u7c73",
        "https://fleet.example/a b\r\nX: y",
        "https://fleet.example/100%",
        "https://[fleet.example/",
        "https://fleet.example/<a>",
    ],
)
def test_any_url_comes_back_as_it_was(tmp_path: Path, url: str) -> None:
    page = replace(PAGE, url=url, asked_url=url)
    assert read_page(tmp_path, Archive(tmp_path).append(page)) == page


def test_fraction_of_a_second_comes_back(tmp_path: Path) -> None:
    page = replace(PAGE, fetched_at=PAGE.fetched_at.replace(microsecond=1_230))
    assert read_page(tmp_path, Archive(tmp_path).append(page)) == page


@pytest.mark.parametrize("sent", [(), (("User-Agent", "x"),), (("Host", "a"), ("Host", "b"))])
def test_request_headers_come_back_as_they_were(
    tmp_path: Path, sent: tuple[tuple[str, str], ...]
) -> None:
    page = replace(PAGE, request_headers=sent)
    assert read_page(tmp_path, Archive(tmp_path).append(page)) == page


def test_repair_cuts_a_torn_end_and_says_how_much(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first, second = archive.append(PAGE), archive.append(numbered(2))
    path = tmp_path / first.file
    path.write_bytes(path.read_bytes()[: second.offset + 7])
    later = Archive(tmp_path)
    committed = first.offset + first.length
    assert later.repair({first.file: committed}) == [(first.file, second.offset + 7 - committed)]
    assert path.stat().st_size == committed
    third = later.append(numbered(3))
    assert read_page(tmp_path, first) == PAGE
    assert read_page(tmp_path, third) == numbered(3)


def test_repair_touches_nothing_when_all_is_committed(tmp_path: Path) -> None:
    ref = Archive(tmp_path).append(PAGE)
    before = (tmp_path / ref.file).stat()
    assert Archive(tmp_path).repair({ref.file: ref.offset + ref.length}) == []
    after = (tmp_path / ref.file).stat()
    assert (after.st_mtime_ns, after.st_size) == (before.st_mtime_ns, before.st_size)


def test_repair_refuses_when_a_file_is_shorter_than_committed(tmp_path: Path) -> None:
    ref = Archive(tmp_path).append(PAGE)
    with pytest.raises(ArchiveError, match=r"5 bytes shorter than was committed; restore it"):
        Archive(tmp_path).repair({ref.file: ref.offset + ref.length + 5})


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
        file_size_limited(path.stat().st_size + room),
        pytest.raises(ArchiveError, match=r"001\.warc\.gz.*make room") as caught,
    ):
        archive.append(replace(PAGE, body=noise))
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.EFBIG
    assert path.stat().st_size == first.offset + first.length


def test_append_goes_on_once_there_is_room_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first = archive.append(PAGE)
    with (
        file_size_limited((tmp_path / first.file).stat().st_size + 10),
        pytest.raises(ArchiveError),
    ):
        archive.append(numbered(2))
    again = archive.append(numbered(2))
    assert again.file == first.file
    assert read_page(tmp_path, again) == numbered(2)
    assert list(verify(tmp_path, {again.file: again.offset + again.length})) == []


@pytest.mark.parametrize("room", [0, 1, 300, 700, 1_200])
def test_append_leaves_no_file_when_the_disk_is_full_at_its_first_page(
    tmp_path: Path, room: int
) -> None:
    archive = Archive(tmp_path)
    with file_size_limited(room), pytest.raises(ArchiveError, match=r"001\.warc\.gz.*make room"):
        archive.append(PAGE)
    assert list(tmp_path.rglob("*.warc.gz")) == []
    again = archive.append(PAGE)
    assert again.file.endswith("-001.warc.gz")
    assert read_page(tmp_path, again) == PAGE


def test_close_leaves_no_torn_end_when_the_disk_is_full(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    ref = archive.append(PAGE)
    size = (tmp_path / ref.file).stat().st_size
    with file_size_limited(size + 20), pytest.raises(ArchiveError, match="make room"):
        archive.close({"ended": "yes"})
    assert (tmp_path / ref.file).stat().st_size == size
    note = archive.close({"ended": "yes"})
    assert note is not None
    assert note.offset == size


def test_append_names_the_folder_it_cannot_write_to(tmp_path: Path) -> None:
    (tmp_path / "2024").write_text("in the way")
    with pytest.raises(ArchiveError, match=r"cannot write the archive file .*2024"):
        Archive(tmp_path).append(PAGE)


def test_read_page_refuses_bytes_that_were_altered(tmp_path: Path) -> None:
    ref = Archive(tmp_path).append(PAGE)
    raw = bytearray((tmp_path / ref.file).read_bytes())
    raw[ref.offset + ref.length // 2] ^= 1
    (tmp_path / ref.file).write_bytes(raw)
    with pytest.raises(ArchiveError, match=r"001\.warc\.gz:\d+ is not what was recorded; restore"):
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
