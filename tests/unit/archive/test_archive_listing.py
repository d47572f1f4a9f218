from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from alliance_nlp.archive import (
    Archive,
    find,
    list_records,
    original_of,
    place_of,
    read_page,
)
from alliance_nlp.core.types import ArchiveRef, Page, Role

MakePage = Callable[..., Page]


@pytest.fixture
def refs(tmp_path: Path, make_page: MakePage) -> list[ArchiveRef]:
    archive = Archive(tmp_path, run="r1")
    page = make_page(1, role=Role.LISTING)
    first = archive.append(page)
    not_modified = make_page(1, status=304, body=b"", headers=(("ETag", '"a"'),))
    local = make_page(
        3, url="file:///inbox/a.txt", asked_url="file:///inbox/a.txt",
        headers=(("Content-Type", "text/plain"),), request_headers=(),
    )  # fmt: skip
    refs = [
        first,
        archive.append(not_modified, of=original_of(tmp_path, first)),
        archive.append(make_page(2, status=404, headers=())),
        archive.append(local),
    ]
    archive.close({"ended": "yes"})
    return refs


def test_list_records_gives_every_record_in_order(tmp_path: Path, refs: list[ArchiveRef]) -> None:
    records = list(list_records(tmp_path))
    assert [record.kind for record in records] == [
        "warcinfo", "request", "response", "request", "revisit", "request", "response",
        "resource", "metadata",
    ]  # fmt: skip
    ends = [record.offset + record.length for record in records]
    assert [record.offset for record in records] == [0, *ends[:-1]]
    assert ends[-1] == (tmp_path / refs[0].file).stat().st_size


def test_list_records_tells_the_head_of_each_page(tmp_path: Path, refs: list[ArchiveRef]) -> None:
    pages = [record for record in list_records(tmp_path) if record.role]
    assert [(record.status, record.content_type, record.role, record.url) for record in pages] == [
        (200, "text/html; charset=shift_jis", Role.LISTING, "https://fleet.example/news/1/1"),
        (304, "", Role.ARTICLE, "https://fleet.example/news/1/1"),
        (404, "", Role.ARTICLE, "https://fleet.example/news/1/2"),
        (200, "text/plain", Role.ARTICLE, "file:///inbox/a.txt"),
    ]
    assert {record.source_id for record in pages} == {"fleet-news"}
    assert pages[0].date.isoformat() == "2024-04-14T01:02:03+00:00"


def test_place_of_a_listed_page_is_that_of_appending(
    tmp_path: Path, refs: list[ArchiveRef]
) -> None:
    pages = [record for record in list_records(tmp_path) if record.role]
    assert [place_of(tmp_path, record) for record in pages] == refs
    assert read_page(tmp_path, place_of(tmp_path, pages[3])).url == "file:///inbox/a.txt"


@pytest.mark.parametrize(
    ("url", "numbers"),
    [
        ("https://fleet.example/news/1/1", [0, 1]),
        ("http://www.FLEET.example/news/1/1/?utm_source=x#top", [0, 1]),
        ("https://fleet.example/news/1?a=%20b", [0, 1, 2]),
        ("file:///inbox/a.txt", [3]),
        ("https://fleet.example/news", []),
        ("no url", []),
    ],
)
def test_find_takes_any_spelling_of_the_asked_or_final_url(
    tmp_path: Path, refs: list[ArchiveRef], url: str, numbers: list[int]
) -> None:
    found = [record.offset for record in find(tmp_path, url)]
    assert found == [refs[number].offset for number in numbers]


def test_list_records_goes_on_with_the_next_file_behind_a_torn_one(
    tmp_path: Path, refs: list[ArchiveRef], make_page: MakePage
) -> None:
    other = Archive(tmp_path).append(make_page(5))
    path = tmp_path / refs[0].file
    path.write_bytes(path.read_bytes()[: refs[1].offset + 20])
    records = list(list_records(tmp_path))
    assert refs[0].offset in [record.offset for record in records if record.file == refs[0].file]
    assert (other.file, other.offset) == (records[-1].file, records[-1].offset)


def test_list_records_of_no_archive_is_empty(tmp_path: Path) -> None:
    assert list(list_records(tmp_path / "none")) == []
