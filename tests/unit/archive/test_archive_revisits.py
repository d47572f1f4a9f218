from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from alliance_nlp.archive import Archive, Original, original_of, payload_digest, read_page
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.types import ArchiveRef, Page

MakePage = Callable[..., Page]

AGAIN = (("Content-Type", "text/html"), ("Date", "Mon, 15 Apr 2024 01:02:03 GMT"))


@pytest.fixture
def page(make_page: MakePage) -> Page:
    return make_page(1)


@pytest.fixture
def first(tmp_path: Path, page: Page) -> ArchiveRef:
    return Archive(tmp_path).append(page)


def warc_fields(root: Path, ref: ArchiveRef) -> dict[str, str]:
    with (root / ref.file).open("rb") as stream:
        stream.seek(ref.offset)
        return dict(next(iter(ArchiveIterator(stream))).rec_headers.headers)


def test_identical_payload_comes_back_with_its_own_headers_and_the_first_body(
    tmp_path: Path, page: Page, first: ArchiveRef
) -> None:
    again = replace(page, headers=AGAIN, asked_url="https://fleet.example/other")
    ref = Archive(tmp_path).append(again, of=original_of(tmp_path, first))
    assert warc_fields(tmp_path, ref)["WARC-Type"] == "revisit"
    assert read_page(tmp_path, ref) == again


def test_not_modified_comes_back_as_304_without_a_body(
    tmp_path: Path, page: Page, first: ArchiveRef
) -> None:
    again = replace(page, status=304, headers=(("ETag", 'W/"a"'),), body=b"")
    ref = Archive(tmp_path).append(again, of=original_of(tmp_path, first))
    assert read_page(tmp_path, ref) == again


@pytest.mark.parametrize(
    ("status", "profile"), [(200, "identical-payload-digest"), (304, "server-not-modified")]
)
def test_revisit_names_what_it_repeats(
    tmp_path: Path, page: Page, first: ArchiveRef, status: int, profile: str
) -> None:
    original = original_of(tmp_path, first)
    again = replace(page, status=status, body=b"" if status == 304 else page.body)
    own = warc_fields(tmp_path, Archive(tmp_path).append(again, of=original))
    assert own["WARC-Type"] == "revisit"
    assert own["WARC-Profile"] == f"http://netpreserve.org/warc/1.1/revisit/{profile}"
    assert own["WARC-Refers-To"] == warc_fields(tmp_path, first)["WARC-Record-ID"]
    assert own["WARC-Refers-To-Target-URI"] == page.url
    assert own["WARC-Refers-To-Date"] == "2024-04-14T01:02:03Z"
    assert own.get("WARC-Payload-Digest", "") == (
        payload_digest(page.body) if status == 200 else ""
    )
    assert (own["X-Alliance-Refers-To-File"], own["X-Alliance-Refers-To-Offset"]) == (
        first.file,
        str(first.offset),
    )


def test_original_of_a_revisit_is_what_that_repeats(
    tmp_path: Path, page: Page, first: ArchiveRef
) -> None:
    ref = first
    for _ in range(3):
        ref = Archive(tmp_path).append(page, of=original_of(tmp_path, ref))
    assert original_of(tmp_path, ref) == original_of(tmp_path, first)
    assert original_of(tmp_path, ref).ref == first


def test_revisit_of_a_revisit_is_followed_to_the_first(
    tmp_path: Path, page: Page, first: ArchiveRef
) -> None:
    ref = first
    for _ in range(3):
        original = Original(
            uri=page.url, date=page.fetched_at, payload_digest=payload_digest(page.body), ref=ref
        )
        ref = Archive(tmp_path).append(page, of=original)
    assert read_page(tmp_path, ref) == page


def test_page_is_written_in_full_when_its_payload_is_another(
    tmp_path: Path, page: Page, first: ArchiveRef
) -> None:
    other = replace(page, body=page.body + b"!")
    ref = Archive(tmp_path).append(other, of=original_of(tmp_path, first))
    assert warc_fields(tmp_path, ref)["WARC-Type"] == "response"
    assert read_page(tmp_path, ref) == other


def test_page_is_written_in_full_when_its_original_is_gone(
    tmp_path: Path, page: Page, first: ArchiveRef
) -> None:
    original = original_of(tmp_path, first)
    (tmp_path / first.file).unlink()
    ref = Archive(tmp_path).append(page, of=original)
    assert read_page(tmp_path, ref) == page


def test_page_is_written_in_full_when_its_original_was_cut_off(
    tmp_path: Path, page: Page, first: ArchiveRef
) -> None:
    original = original_of(tmp_path, first)
    path = tmp_path / first.file
    path.write_bytes(path.read_bytes()[:-1])
    ref = Archive(tmp_path).append(page, of=original)
    assert read_page(tmp_path, ref) == page


def test_read_page_refuses_a_revisit_that_leads_to_another_payload(
    tmp_path: Path, page: Page, make_page: MakePage
) -> None:
    other = Archive(tmp_path).append(make_page(2))
    wrong = replace(original_of(tmp_path, other), payload_digest=payload_digest(page.body))
    ref = Archive(tmp_path).append(page, of=wrong)
    with pytest.raises(ArchiveError, match="has another payload; restore"):
        read_page(tmp_path, ref)


def test_304_with_a_body_keeps_it(tmp_path: Path, page: Page, first: ArchiveRef) -> None:
    odd = replace(page, status=304, body=b"odd")
    ref = Archive(tmp_path).append(odd, of=original_of(tmp_path, first))
    assert read_page(tmp_path, ref) == odd


def test_read_page_refuses_a_revisit_whose_original_was_altered(
    tmp_path: Path, page: Page, first: ArchiveRef
) -> None:
    ref = Archive(tmp_path).append(page, of=original_of(tmp_path, first))
    raw = bytearray((tmp_path / first.file).read_bytes())
    raw[first.offset + first.length // 2] ^= 1
    (tmp_path / first.file).write_bytes(raw)
    with pytest.raises(ArchiveError, match=r"001\.warc\.gz:\d+ is not what was recorded; restore"):
        read_page(tmp_path, ref)


def test_read_page_names_the_file_when_an_original_is_gone(
    tmp_path: Path, page: Page, first: ArchiveRef
) -> None:
    ref = Archive(tmp_path).append(page, of=original_of(tmp_path, first))
    (tmp_path / first.file).unlink()
    with pytest.raises(ArchiveError, match=r"001\.warc\.gz cannot be read"):
        read_page(tmp_path, ref)
