from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard

from alliance_nlp.archive import Archive, iter_pages
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.types import Page, Role


def record(block: bytes, *, kind: str = "response", media: str = "application/http") -> bytes:
    """Return one WARC record as a crawler of someone else's would write it."""
    return (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <https://fleet.example/1>\r\n"
        "WARC-Date: 2023-11-05T06:07:08Z\r\nWARC-Record-ID: <urn:uuid:0>\r\n"
        f"Content-Type: {media}\r\nContent-Length: {len(block)}\r\n\r\n"
    ).encode() + block + b"\r\n\r\n"  # fmt: skip


RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Fleet</p>"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    archive = Archive(tmp_path)
    for number in range(3):
        page = Page(
            source_id="fleet-news",
            role=Role.LISTING,
            asked_url=f"https://fleet.example/{number}",
            url=f"https://fleet.example/{number}",
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=f"<p>page {number}</p>".encode() * 100,
            fetched_at=datetime(2024, 4, 14, tzinfo=UTC),
        )
        file = archive.append(page).file
    return tmp_path / file


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("x.warc", bytes),
        ("x.warc.gz", gzip.compress),
        ("x.warc.zst", zstandard.ZstdCompressor().compress),
    ],
)
def test_iter_pages_reads_plain_gzip_and_zstd(tmp_path: Path, name: str, pack: object) -> None:
    assert callable(pack)
    (tmp_path / name).write_bytes(b"".join(pack(record(RESPONSE)) for _ in range(2)))
    first, second = iter_pages(tmp_path / name)
    assert first == second
    assert (first.url, first.asked_url) == ("https://fleet.example/1", "https://fleet.example/1")
    assert (first.status, first.body) == (200, b"<p>Fleet</p>")
    assert first.fetched_at == datetime(2023, 11, 5, 6, 7, 8, tzinfo=UTC)
    assert (first.source_id, first.role) == ("", Role.ARTICLE)


def test_iter_pages_leaves_requests_and_metadata_out(tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(
        record(b"software: x\r\n", kind="warcinfo", media="application/warc-fields")
        + record(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", kind="request")
        + record(RESPONSE)
    )
    assert [page.body for page in iter_pages(path)] == [b"<p>Fleet</p>"]


def test_iter_pages_gives_a_resource_its_media_type(tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(record(b"<p>saved</p>", kind="resource", media="text/html"))
    (page,) = iter_pages(path)
    assert (page.status, page.headers) == (200, (("Content-Type", "text/html"),))
    assert page.body == b"<p>saved</p>"


def test_iter_pages_undoes_the_chunks_that_some_crawlers_archive(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n"
    path = tmp_path / "x.warc"
    path.write_bytes(record(head + b"7;x=y\r\n<p>Flee\r\n5\r\nt</p>\r\n0\r\n\r\n"))
    (page,) = iter_pages(path)
    assert page.body == b"<p>Fleet</p>"
    assert page.headers == (("X-A", "b"),)


@pytest.mark.parametrize("body", [b"<p>Fleet</p>", b"5\r\nhell", b"-5\r\nhello\r\n", b"", b"0x"])
def test_iter_pages_takes_a_body_as_it_is_when_it_only_claims_chunks(
    tmp_path: Path, body: bytes
) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(
        record(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body) + record(RESPONSE)
    )
    assert [page.body for page in iter_pages(path)] == [body, b"<p>Fleet</p>"]


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
def test_iter_pages_never_passes_a_cut_off_page_for_a_good_one(own: Path, packed: bool) -> None:
    whole = list(iter_pages(own))
    raw = own.read_bytes() if packed else gzip.decompress(own.read_bytes())
    torn = own.parent / ("torn.warc.gz" if packed else "torn.warc")
    n_raised = 0
    for cut in range(1, len(raw), 11):
        torn.write_bytes(raw[:cut])
        got = []
        try:
            for page in iter_pages(torn):
                got.append(page)
        except ArchiveError:
            n_raised += 1
        assert got == whole[: len(got)], cut
    assert n_raised > 10


def test_iter_pages_yields_what_came_before_the_damage(own: Path) -> None:
    own.write_bytes(own.read_bytes()[:-40])
    pages = iter_pages(own)
    assert next(pages).url == "https://fleet.example/0"
    assert next(pages).url == "https://fleet.example/1"
    with pytest.raises(
        ArchiveError, match=r"cannot be read to its end.*what came before was taken"
    ):
        next(pages)


def test_iter_pages_refuses_what_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(b"no archive at all " * 50)
    with pytest.raises(ArchiveError, match=r"x\.warc\.gz"):
        list(iter_pages(path))


def test_iter_pages_names_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"gone\.warc"):
        list(iter_pages(tmp_path / "gone.warc"))


def test_iter_pages_is_empty_for_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "x.warc").touch()
    assert list(iter_pages(tmp_path / "x.warc")) == []
