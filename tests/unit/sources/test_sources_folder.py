from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alliance_nlp.core.types import Page, Reason, Rejected, Role, Source, SourceKind
from alliance_nlp.sources import read_folder

SOURCE = Source(id="inbox", name="Inbox", kind=SourceKind.FOLDER, url="inbox")
AT = datetime(2024, 4, 14, tzinfo=UTC)


def read(root: Path) -> list[Page | Rejected]:
    return list(read_folder(SOURCE, root, at=AT))


def pages(root: Path) -> list[Page]:
    found = read(root)
    assert all(isinstance(one, Page) for one in found), found
    return [one for one in found if isinstance(one, Page)]


def refused(root: Path) -> Rejected:
    (only,) = read(root)
    assert isinstance(only, Rejected)
    assert only.failed
    return only


def test_files_become_pages_in_order_of_path(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.html", "a.txt", "sub/c d.htm", "z.md"):
        (tmp_path / name).write_text(name)
    assert [(page.url, page.header("Content-Type"), page.body) for page in pages(tmp_path)] == [
        ("file:///inbox/a.txt", "text/plain; charset=utf-8", b"a.txt"),
        ("file:///inbox/b.html", "text/html", b"b.html"),
        ("file:///inbox/sub/c%20d.htm", "text/html", b"sub/c d.htm"),
        ("file:///inbox/z.md", "text/plain; charset=utf-8", b"z.md"),
    ]


def test_page_of_a_file_tells_source_role_and_time(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>x</p>")
    (page,) = pages(tmp_path)
    assert (page.source_id, page.role, page.status) == ("inbox", Role.ARTICLE, 200)
    assert (page.fetched_at, page.asked_url) == (AT, page.url)


def test_gzip_file_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(b"<p>x</p>", mtime=0))
    (page,) = pages(tmp_path)
    assert page.body == b"<p>x</p>"
    assert page.headers == (("Content-Type", "text/html"),)


def test_gzip_file_that_unpacks_to_far_too_much_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(bytes(60_000_000)))
    assert refused(tmp_path).reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    "body", [b"no gzip", gzip.compress(b"<p>x</p>" * 99, mtime=0)[:-9], b"\x1f\x8b\x08"]
)
def test_gzip_file_that_is_damaged_is_refused(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "a.html.gz").write_bytes(body)
    assert "cannot be read" in refused(tmp_path).detail


def test_single_file_is_read_like_a_folder_of_one(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("x")
    (tmp_path / "b.html").write_text("y")
    assert [page.url for page in pages(tmp_path / "b.html")] == ["file:///inbox/b.html"]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    (tmp_path / ".git" / "x").mkdir(parents=True)
    for name in (".DS_Store", ".draft.html", ".git/a.html", ".git/x/b.html", "c.html"):
        (tmp_path / name).write_text("x")
    assert [page.url for page in pages(tmp_path)] == ["file:///inbox/c.html"]


def test_folder_that_is_itself_below_a_hidden_one_is_read(tmp_path: Path) -> None:
    root = tmp_path / ".hidden" / "inbox"
    root.mkdir(parents=True)
    (root / "a.html").write_text("x")
    assert len(pages(root)) == 1


def test_file_name_that_is_no_utf8_is_read_and_its_address_is_sound(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.html")).write_text("x")
    (page,) = pages(tmp_path)
    assert page.url == "file:///inbox/caf%E9.html"


def test_unreadable_file_name_is_refused_in_characters_a_store_takes(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.pdf")).write_text("x")
    rejected = refused(tmp_path)
    rejected.subject_id.encode()
    assert "caf" in rejected.subject_id


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a", "a.gz", "a.pdf.gz"])
def test_file_of_an_unknown_kind_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    rejected = refused(tmp_path)
    assert rejected.reason is Reason.UNREADABLE
    assert rejected.subject_id == str(tmp_path / name)
    assert "are not read" in rejected.detail


def test_missing_folder_is_refused_naming_the_source(tmp_path: Path) -> None:
    rejected = refused(tmp_path / "gone")
    assert rejected.subject_id == str(tmp_path / "gone")
    assert "mend url of source 'inbox'" in rejected.detail


def test_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert read(tmp_path) == []


def test_file_that_is_far_too_large_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "a.html").open("wb") as stream:
        stream.truncate(51 * 1024 * 1024)
    assert refused(tmp_path).reason is Reason.TOO_LARGE


LINES = (
    b'{"id": "First One", "title": "x"}\n'
    b"\n"
    b"not json\n"
    b'["a", "list"]\n'
    b'{"title": "no id"}\n'
    b'{"id": 7, "url": "https://fleet.example/news/7"}\n'
    b'{"id": "bad url", "url": "javascript:alert(1)"}\n'
    b'{"id": "surrogate", "url": "https://fleet.example/\\ud800"}\n'
    b"\xff\xfe\n"
    b'{"id": "last", "n": 1}'
)
IDS = ["first-one", "5", "", "bad-url", "surrogate", "last"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.jsonl.gz"])
def test_json_lines_become_a_page_each_and_bad_lines_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(LINES, mtime=0) if name.endswith("gz") else LINES)
    found = read(tmp_path)
    good = [one for one in found if isinstance(one, Page)]
    bad = [one for one in found if isinstance(one, Rejected)]
    assert [page.url for page in good] == [
        f"file:///inbox/{name}/{one}" if one else "https://fleet.example/news/7" for one in IDS
    ]
    assert {page.header("Content-Type") for page in good} == {"application/json; charset=utf-8"}
    assert json.loads(good[-1].body) == {"id": "last", "n": 1}
    assert [one.subject_id for one in bad] == [f"{path}:{number}" for number in (3, 4, 9)]
    assert all(f"line {one.subject_id.rpartition(':')[2]} is no" in one.detail for one in bad)


def test_json_lines_that_are_cut_off_give_the_whole_lines_and_a_refusal(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(b'{"id": %d}\n' % (n**7) for n in range(20_000)))
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    found = read(tmp_path)
    assert len(found) > 100
    assert isinstance(found[-1], Rejected)
    assert "cannot be read" in found[-1].detail


def test_json_line_without_end_is_refused_with_bounded_memory(tmp_path: Path) -> None:
    lines = b'"' + b"x" * 120_000_000 + b'"\n{"id":1}'
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines, mtime=0))
    found = read(tmp_path)
    assert isinstance(found[0], Rejected)
    assert found[0].reason is Reason.TOO_LARGE


def test_deeply_nested_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("[" * 100_000 + "]" * 100_000)
    assert refused(tmp_path).reason is Reason.UNREADABLE
