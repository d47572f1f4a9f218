from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import fastwarc
import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from alliance_nlp.archive import Archive, iter_pages, list_records, original_of
from alliance_nlp.core.types import Page

MakePage = Callable[..., Page]

KINDS = [
    "warcinfo", "request", "response", "request", "revisit", "request", "revisit", "request",
    "response", "resource", "metadata",
]  # fmt: skip


@pytest.fixture
def path(tmp_path: Path, make_page: MakePage) -> Path:
    """Return a file with records of every kind, some of them awkward."""
    archive = Archive(tmp_path, run="r1", software="alliance-nlp/0.1")
    page = make_page(1)
    original = original_of(tmp_path, archive.append(page))
    archive.append(page, of=original)
    archive.append(replace(page, status=304, body=b""), of=original)
    body = b"HTTP/1.1 200 OK\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\n\r\n"
    archive.append(make_page(2, body=body, headers=(("X-Odd", "\x80\xff"), ("Empty", ""))))
    url = "file:///inbox/a%20b.html"
    ref = archive.append(make_page(3, url=url, asked_url=url, request_headers=()))
    archive.close({"as-of": "2024-04-14", "署名": "なし"})
    return tmp_path / ref.file


def test_warcio_reads_every_record_with_right_digests(path: Path) -> None:
    with path.open("rb") as stream:
        records = []
        for record in ArchiveIterator(stream, check_digests="raise"):
            record.content_stream().read()
            # warcio does not check what a revisit leaves out.
            assert record.digest_checker.passed is (None if record.rec_type == "revisit" else True)
            records.append(record.rec_type)
    assert records == KINDS


def test_warcio_s_own_check_passes(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Asked:
        inputs = (str(path),)
        verbose = True

    assert Checker(Asked()).process_all() == 0
    assert "failed" not in capsys.readouterr().out


def test_fastwarc_reads_every_record_with_right_digests(path: Path) -> None:
    kinds = []
    with path.open("rb") as stream:
        for record in fastwarc.ArchiveIterator(stream, parse_http=False, fsspec_args=False):
            kinds.append(record.headers["WARC-Type"])
            assert record.verify_block_digest(), kinds
            if kinds[-1] in ("request", "response"):  # it knows no payload of other kinds
                record.parse_http(auto_decode="none")
                assert record.verify_payload_digest(), kinds
    assert kinds == KINDS


def test_our_own_list_has_the_same_records(path: Path) -> None:
    assert [record.kind for record in list_records(path.parents[2])] == KINDS


def test_every_record_names_the_warcinfo_and_responses_their_request(path: Path) -> None:
    with path.open("rb") as stream:
        records = [record.rec_headers for record in ArchiveIterator(stream)]
    warcinfo = records[0].get_header("WARC-Record-ID")
    assert {record.get_header("WARC-Warcinfo-ID") for record in records[1:]} == {warcinfo}
    assert records[1].get_header("WARC-Concurrent-To") == records[2].get_header("WARC-Record-ID")
    assert records[2].get_header("WARC-IP-Address") == "192.0.2.7"
    ids = [record.get_header("WARC-Record-ID") for record in records]
    assert len(set(ids)) == len(ids)


def test_warcinfo_tells_software_run_and_standard(path: Path) -> None:
    with path.open("rb") as stream:
        record = next(iter(ArchiveIterator(stream)))
        lines = record.content_stream().read().decode().splitlines()
    assert record.rec_headers.get_header("WARC-Filename") == path.name
    assert record.content_type == "application/warc-fields"
    assert {"software: alliance-nlp/0.1", "isPartOf: r1", "format: WARC File Format 1.1"} < set(
        lines
    )


def test_request_is_as_it_was_sent(tmp_path: Path, make_page: MakePage) -> None:
    url = "https://user@fleet.example:8443/a/b?c=d#e"
    ref = Archive(tmp_path).append(make_page(1, url=url, request_headers=(("User-Agent", "x"),)))
    with (tmp_path / ref.file).open("rb") as stream:
        (request,) = [
            record.http_headers.to_str()
            for record in ArchiveIterator(stream)
            if record.rec_type == "request"
        ]
    assert request.split("\r\n")[:3] == [
        "GET /a/b?c=d HTTP/1.1",
        "Host: fleet.example:8443",
        "User-Agent: x",
    ]


def test_iter_pages_reads_our_own_file_with_its_revisits(path: Path, make_page: MakePage) -> None:
    statuses = [(page.status, len(page.body), page.ip) for page in iter_pages(path)]
    size = len(make_page(1).body)
    assert statuses[:3] == [
        (200, size, "192.0.2.7"),
        (200, size, "192.0.2.7"),
        (304, 0, "192.0.2.7"),
    ]
    assert len(statuses) == 5
