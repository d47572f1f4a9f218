from __future__ import annotations

import gzip
import tempfile
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import brotli
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.archive import (
    Archive,
    ReplayedPage,
    decoded,
    iter_pages,
    original_of,
    read_page,
    repair_alone,
    replay,
    verify,
)
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.types import Page, Role

# A field's name and value as an HTTP parser hands them on: latin-1, no space at the ends.
NAMES = st.from_regex(r"\A[A-Za-z0-9!#$%&'*+.^_`|~-]{1,20}\Z").filter(
    lambda name: name.lower() != "transfer-encoding"
)
VALUES = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=30
).filter(lambda value: value == value.strip(" "))
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=5).map(tuple)
URLS = st.text(max_size=20).map("https://fleet.example/".__add__) | st.from_regex(
    r"\Ahttps?://[a-z]{1,9}\.example/[!#-&(-;=?-Z_a-z~%]{0,40}\Z"
)
PAGES = st.builds(
    Page,
    source_id=st.from_regex(r"\A[a-z0-9-]{1,12}\Z"),
    role=st.sampled_from(Role),
    asked_url=URLS,
    url=URLS,
    status=st.integers(100, 599),
    headers=HEADERS,
    request_headers=HEADERS,
    ip=st.ip_addresses().map(str) | st.just(""),
    body=st.one_of(st.binary(max_size=2000), st.just(b"HTTP/1.1 200 OK\r\n\r\nWARC/1.1\r\n")),
    fetched_at=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
        lambda at: at.replace(tzinfo=UTC)
    ),
)


@given(PAGES)
@settings(deadline=None)
def test_any_page_comes_back_from_the_archive_as_it_was(page: Page) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ref = Archive(Path(folder)).append(page)
        assert read_page(Path(folder), ref) == page
        assert list(iter_pages(Path(folder, ref.file))) == [page]


@given(
    st.lists(PAGES, min_size=1, max_size=5),
    st.integers(0, 5),
    st.floats(0, 1, exclude_max=True),
    PAGES,
)
@settings(deadline=None, max_examples=60)
def test_repair_restores_exactly_the_committed_records_after_a_tear(
    pages: list[Page], n_committed: int, torn: float, after: Page
) -> None:
    day = pages[0].fetched_at
    pages = [_at(page, day) for page in pages]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        archive = Archive(root)
        refs = [archive.append(page) for page in pages]
        path = root / refs[0].file
        raw = path.read_bytes()
        kept = refs[: max(1, min(n_committed, len(refs)))]
        committed = kept[-1].offset + kept[-1].length
        path.write_bytes(raw[: committed + int((len(raw) - committed) * torn)])

        later = Archive(root)
        later.repair({refs[0].file: committed})
        assert path.read_bytes() == raw[:committed]
        later.append(_at(after, day))
        assert [read_page(root, ref) for ref in kept] == pages[: len(kept)]
        replayed = [item.page for item in replay(root) if isinstance(item, ReplayedPage)]
        assert replayed == [*pages[: len(kept)], _at(after, day)]


@given(st.lists(st.tuples(PAGES, st.integers(0, 3)), min_size=1, max_size=6), st.integers(1, 5000))
@settings(deadline=None, max_examples=50)
def test_replay_gives_back_every_page_and_place_in_the_order_of_writing(
    given_pages: list[tuple[Page, int]], rotate_bytes: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        archive = Archive(root, rotate_bytes=rotate_bytes)
        written = []
        for page, back in given_pages:
            again, of = page, None
            if 0 < back <= len(written):  # the same payload as some page before
                of = original_of(root, written[-back][1])
                again = replace(page, body=written[-back][0].body)
            written.append((again, archive.append(again, of=of)))
        items = [item for item in replay(root) if isinstance(item, ReplayedPage)]
        assert [(item.page, item.archived) for item in items] == written
        assert [read_page(root, ref) for _, ref in written] == [page for page, _ in written]
        assert list(verify(root)) == []


@given(st.lists(PAGES, min_size=1, max_size=3), st.floats(0, 1, exclude_max=True))
@settings(deadline=None, max_examples=60)
def test_repair_alone_leaves_exactly_the_whole_records_before_a_cut(
    pages: list[Page], torn: float
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        archive = Archive(root)
        refs = [archive.append(_at(page, pages[0].fetched_at)) for page in pages]
        path = root / refs[0].file
        raw = path.read_bytes()
        cut = int(len(raw) * torn)
        path.write_bytes(raw[:cut])
        n_cut = repair_alone(path)
        assert path.read_bytes() == raw[: cut - n_cut]
        assert list(verify(root)) == []
        whole = [ref for ref in refs if ref.offset + ref.length <= cut]
        assert all(ref.offset + ref.length <= cut - n_cut for ref in whole)
        assert len(list(iter_pages(path))) == len(whole)


def _at(page: Page, at: datetime) -> Page:
    return replace(page, fetched_at=at)


CODINGS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


@given(
    st.one_of(
        st.binary(max_size=300),
        st.builds(
            lambda byte, n: byte * n, st.binary(min_size=1, max_size=3), st.integers(0, 9999)
        ),
    ),
    st.lists(st.sampled_from([*CODINGS, "identity", "unknown"]), max_size=3),
    st.booleans(),
    st.integers(0, 20_000),
)
@settings(deadline=None)
def test_decoded_is_never_larger_than_allowed(
    body: bytes, codings: list[str], packed: bool, max_bytes: int
) -> None:
    plain = body
    if packed:
        for coding in codings:
            body = CODINGS.get(coding, bytes)(body)
    page = Page(
        source_id="s",
        role=Role.ARTICLE,
        asked_url="https://a.example/",
        url="https://a.example/",
        status=200,
        headers=(("Content-Encoding", ", ".join(codings)),),
        body=body,
        fetched_at=datetime(2024, 4, 14, tzinfo=UTC),
    )
    try:
        got = decoded(page, max_bytes=max_bytes).body
    except ArchiveError:
        return
    assert len(got) <= max_bytes
    if packed:
        assert got == plain
