"""The archive commands: what is kept, found, shown, verified and mended."""

from __future__ import annotations

import gzip
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alliance_nlp.archive import Archive
from alliance_nlp.core.types import Page, Role
from alliance_nlp.store import Database, commit_archive
from tests.e2e.conftest import Demo
from tests.e2e.in_process import body_of, invoke

FEED = "http://kanmon-nippo.example/rss.xml"
AT = datetime(2026, 3, 1, 6, tzinfo=UTC)
TEXTS = ("The first telling.", "The second telling, corrected.", "第三報。")


@pytest.fixture
def night(demo: Demo, tmp_path: Path) -> Path:
    """A copy of the demo's workspace after its night, to be damaged."""
    shutil.copytree(demo.once / "data", tmp_path / "data")
    shutil.copy(demo.once / "alliance.toml", tmp_path)
    return tmp_path


def warc(root: Path) -> Path:
    [file] = (root / "data" / "raw").rglob("*.warc.gz")
    return file


@pytest.fixture
def thrice(tmp_path: Path) -> Path:
    """A workspace that archived one page three times, packed as the server sent it."""
    (tmp_path / "alliance.toml").touch()
    archive = Archive(tmp_path / "data" / "raw")
    for number, text in enumerate(TEXTS):
        page = Page(
            source_id="harbor",
            role=Role.ARTICLE,
            asked_url="https://harbor.example/news/1",
            url="https://harbor.example/news/1",
            status=200,
            headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip")),
            body=gzip.compress(text.encode()),
            fetched_at=AT + timedelta(days=number),
        )
        ref = archive.append(page)
        with (
            Database.open(f"sqlite:///{tmp_path / 'data' / 'alliance.db'}") as database,
            database.write() as tx,
        ):
            commit_archive(tx, ref)
    return tmp_path


# --- list


def test_list_gives_every_record_in_its_place(demo: Demo) -> None:
    lines = invoke("archive", "list", "-w", demo.once).lines
    assert lines[0]["kind"] == "warcinfo"
    assert {"request", "response", "metadata"} <= {line["kind"] for line in lines}
    ends = [line["offset"] + line["length"] for line in lines]
    assert [line["offset"] for line in lines] == [0, *ends[:-1]]
    assert ends[-1] == warc(demo.once).stat().st_size


def test_list_leaves_to_the_pages_of_a_source(demo: Demo) -> None:
    lines = invoke("archive", "list", "-w", demo.once, "--pages", "--source", "kanmon-nippo").lines
    assert {line["source"] for line in lines} == {"kanmon-nippo"}
    assert {line["kind"] for line in lines} == {"response"}
    assert FEED in [line["url"] for line in lines]


def test_list_of_a_source_that_brought_nothing_is_empty(demo: Demo) -> None:
    done = invoke("archive", "list", "-w", demo.once, "--source", "nobody")
    assert (done.code, done.out) == (0, "")


# --- show


@pytest.mark.parametrize(
    "url", [FEED, "https://www.kanmon-nippo.example/rss.xml?utm_source=x#top"], ids=["as", "other"]
)
def test_show_finds_an_address_in_any_spelling(demo: Demo, url: str) -> None:
    [line] = invoke("archive", "show", url, "-w", demo.once).lines
    assert (line["url"], line["status"], line["number"]) == (FEED, 200, 1)


def test_show_names_every_copy(thrice: Path) -> None:
    lines = invoke("archive", "show", "https://harbor.example/news/1", "-w", thrice).lines
    assert [line["number"] for line in lines] == [1, 2, 3]
    assert [line["fetched_at"][:10] for line in lines] == ["2026-03-01", "2026-03-02", "2026-03-03"]


@pytest.mark.parametrize(("number", "place"), [(None, 2), (1, 0), (2, 1), (3, 2), (-1, 2), (-3, 0)])
def test_show_body_is_the_copy_asked_for_decoded(
    thrice: Path, number: int | None, place: int
) -> None:
    chosen = () if number is None else ("--number", str(number))
    url = "https://harbor.example/news/1"
    body = body_of("archive", "show", url, "--body", *chosen, "-w", thrice)
    assert body == TEXTS[place].encode()


@pytest.mark.parametrize("number", [0, 4, -4])
def test_show_of_a_copy_that_is_not_there_is_refused(thrice: Path, number: int) -> None:
    url = "https://harbor.example/news/1"
    done = invoke("archive", "show", url, "--number", str(number), "-w", thrice)
    assert done.code == 1
    assert "3 copies" in done.err


@pytest.mark.parametrize("url", ["http://kanmon-nippo.example/absent", "no address"])
def test_show_of_what_was_never_archived_says_where_to_look(demo: Demo, url: str) -> None:
    done = invoke("archive", "show", url, "-w", demo.once)
    assert done.code == 1
    assert url in done.err
    assert "alliance-nlp archive list" in done.err


# --- verify


def test_verify_of_a_whole_archive_is_silent_and_0(demo: Demo) -> None:
    done = invoke("archive", "verify", "-w", demo.once)
    assert (done.code, done.out) == (0, "")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.93])
def test_verify_finds_a_flipped_bit_and_exits_with_1(night: Path, share: float) -> None:
    file = warc(night)
    data = bytearray(file.read_bytes())
    place = int(len(data) * share)
    # No checksum covers the ten bytes that a gzip member begins with (RFC 1952, 2.3).
    place = max(place, data.rfind(b"\x1f\x8b\x08", 0, place + 1) + 10)
    data[place] ^= 0x10
    file.write_bytes(data)
    done = invoke("archive", "verify", "-w", night)
    assert done.code == 1
    first = done.lines[0]
    assert first["file"] == file.relative_to(night / "data" / "raw").as_posix()
    assert first["offset"] <= place
    assert first["fault"]
    assert first["do"]


def test_verify_finds_a_file_that_is_gone(night: Path) -> None:
    warc(night).unlink()
    done = invoke("archive", "verify", "-w", night)
    assert done.code == 1
    assert len(done.lines) == 1


# --- repair


def test_repair_of_a_whole_archive_changes_nothing(night: Path) -> None:
    before = warc(night).read_bytes()
    done = invoke("archive", "repair", "-w", night)
    assert (done.code, done.out) == (0, "nothing is torn\n")
    assert warc(night).read_bytes() == before


def test_repair_cuts_what_a_killed_run_left(night: Path) -> None:
    file = warc(night)
    before = file.read_bytes()
    file.write_bytes(before + before[:333])
    assert invoke("archive", "verify", "-w", night).code == 1
    done = invoke("archive", "repair", "-w", night)
    assert done.code == 0
    assert "cut 333 bytes" in done.out
    assert file.read_bytes() == before
    assert invoke("archive", "verify", "-w", night).code == 0


def test_repair_refuses_a_file_that_lost_committed_records(night: Path) -> None:
    file = warc(night)
    file.write_bytes(file.read_bytes()[:-100])
    done = invoke("archive", "repair", "-w", night)
    assert done.code == 1
    assert "100 bytes shorter" in done.err


def test_repair_of_a_foreign_file_needs_no_workspace(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    whole = warc(demo.once).read_bytes()
    file = tmp_path / "theirs.warc.gz"
    file.write_bytes(whole + whole[:99])
    done = invoke("archive", "repair", file)
    assert done.code == 0, done.err
    assert "cut 99 bytes" in done.out
    assert file.read_bytes() == whole


@pytest.mark.parametrize("content", [None, b"plain text, no archive\n"], ids=["absent", "text"])
def test_repair_leaves_alone_what_is_no_archive(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "theirs.warc.gz"
    if content is not None:
        file.write_bytes(content)
    done = invoke("archive", "repair", file)
    assert done.code == 1
    assert str(file) in done.err
    assert content is None or file.read_bytes() == content


@pytest.mark.parametrize(
    "command",
    [
        ("archive", "list"),
        ("archive", "show"),
        ("archive", "verify"),
        ("archive", "repair"),
        ("db", "backup"),
        ("db", "restore"),
        ("rebuild",),
        ("quarantine",),
        ("retry-quarantine",),
    ],
    ids=" ".join,
)
def test_help_has_an_example(command: tuple[str, ...]) -> None:
    said = " ".join(invoke(*command, "--help").out.split())
    assert "Example: " in said
    assert f"alliance-nlp {' '.join(command)}" in said
