from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from alliance_nlp.archive import (
    Archive,
    ReplayedNote,
    ReplayedPage,
    original_of,
    read_page,
    replay,
)
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.types import Page, Role

MakePage = Callable[..., Page]


def pages_of(root: Path) -> list[ReplayedPage]:
    return [item for item in replay(root) if isinstance(item, ReplayedPage)]


def test_replay_gives_pages_and_places_in_the_order_of_writing(
    tmp_path: Path, make_page: MakePage
) -> None:
    pages, refs = [], []
    for day in range(3):
        archive = Archive(tmp_path, rotate_bytes=2_000)
        at = make_page().fetched_at + timedelta(days=day)
        for number in range(4):
            page = make_page(number, fetched_at=at, role=list(Role)[number % 3])
            pages.append(page)
            refs.append(archive.append(page))
    replayed = pages_of(tmp_path)
    assert [item.page for item in replayed] == pages
    assert [item.archived for item in replayed] == refs
    assert len({ref.file for ref in refs}) > 3


def test_replay_keeps_two_runs_of_one_fixed_day_in_order(
    tmp_path: Path, make_page: MakePage
) -> None:
    for run in ("first", "second"):
        Archive(tmp_path, run=run).append(make_page())
    assert [item.info["isPartOf"] for item in replay(tmp_path)] == ["first", "second"]


def test_replay_hands_on_what_the_run_said_of_itself(tmp_path: Path, make_page: MakePage) -> None:
    info = {"operator": "日米 desk", "robots": "obeyed", "empty": ""}
    archive = Archive(tmp_path, run="r-7", software="alliance-nlp/0.1", info=info)
    archive.append(make_page())
    (item,) = replay(tmp_path)
    assert {"empty": "none", **item.info} == {
        "software": "alliance-nlp/0.1",
        "isPartOf": "r-7",
        "operator": "日米 desk",
        "robots": "obeyed",
        "format": "WARC File Format 1.1",
        "conformsTo": item.info["conformsTo"],
        "empty": "none",
    }


def test_replay_hands_on_the_closing_note_after_the_run_s_pages(
    tmp_path: Path, make_page: MakePage
) -> None:
    for run in ("first", "second"):
        archive = Archive(tmp_path, run=run)
        archive.append(make_page())
        ref = archive.close({"as-of": "2024-04-14T23:59:59Z", "run": run, "note": "a: b\r\nc"})
        assert ref is not None
    page, note, _, last = replay(tmp_path)
    assert isinstance(page, ReplayedPage)
    assert isinstance(note, ReplayedNote)
    assert note.note == {"as-of": "2024-04-14T23:59:59Z", "run": "first", "note": "a: b c"}
    assert note.info["isPartOf"] == "first"
    assert isinstance(last, ReplayedNote)
    assert last.archived == ref


def test_archive_begins_a_new_file_after_its_closing_note(
    tmp_path: Path, make_page: MakePage
) -> None:
    archive = Archive(tmp_path)
    first = archive.append(make_page())
    archive.close({})
    assert archive.append(make_page(1)).file != first.file
    kinds = [type(item) for item in replay(tmp_path)]
    assert kinds == [ReplayedPage, ReplayedNote, ReplayedPage]


def test_replay_gives_revisits_whole_and_says_of_what(tmp_path: Path, make_page: MakePage) -> None:
    page = make_page(1)
    first = Archive(tmp_path).append(page)
    archive = Archive(tmp_path)
    not_modified = replace(page, status=304, body=b"")
    for again in (page, not_modified):
        archive.append(again, of=original_of(tmp_path, first))
    items = pages_of(tmp_path)
    assert [item.page for item in items] == [page, page, not_modified]
    assert [item.original for item in items] == [None, first, first]


def test_replayed_places_can_be_read(tmp_path: Path, make_page: MakePage) -> None:
    archive = Archive(tmp_path)
    for number in range(3):
        archive.append(make_page(number))
    for item in pages_of(tmp_path):
        assert read_page(tmp_path, item.archived) == item.page


def test_replay_stops_at_damage_and_says_where(tmp_path: Path, make_page: MakePage) -> None:
    archive = Archive(tmp_path)
    archive.append(make_page(1))
    second = archive.append(make_page(2))
    path = tmp_path / second.file
    path.write_bytes(path.read_bytes()[:-1])
    items = replay(tmp_path)
    assert next(items).archived.offset < second.offset
    with pytest.raises(ArchiveError, match=rf"damaged at byte {second.offset}: .*repair it"):
        next(items)


def test_replay_of_an_empty_folder_is_empty(tmp_path: Path) -> None:
    assert list(replay(tmp_path / "none")) == []
