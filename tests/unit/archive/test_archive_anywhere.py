from __future__ import annotations

import gzip
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.archives import news, write_archive

from alliance_nlp.archive import (
    FoundRecord,
    TornRecord,
    expand_archives,
    iter_records,
    read_archived,
)
from alliance_nlp.core.errors import ArchiveError, InputError

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "x.warc.gz": gzip.compress,
    "x.warc.zst": zstandard.ZstdCompressor().compress,
}


@pytest.fixture(scope="module", params=PACKERS)
def packed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archives") / request.param
    path.write_bytes(b"".join(PACKERS[request.param](news(str(n))) for n in range(12)))
    return path


def places(path: Path, start: int = 0, end: int | None = None) -> list[tuple[int, str]]:
    found = iter_records(str(path), start=start, end=end)
    return [(one.offset, one.url) for one in found if isinstance(one, FoundRecord)]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_stretches_give_every_record_once_when_they_meet(packed: Path, data: st.DataObject) -> None:
    n_bytes = packed.stat().st_size
    cuts = sorted(data.draw(st.sets(st.integers(1, n_bytes - 1), max_size=4)))
    parts = [place for a, b in pairwise([0, *cuts, None]) for place in places(packed, a or 0, b)]
    assert parts == places(packed)


def test_a_page_is_read_back_when_its_place_is_named(packed: Path) -> None:
    offset, url = places(packed)[7]
    assert read_archived(str(packed), offset).url == url


def test_reading_back_is_refused_when_no_record_begins_there(packed: Path) -> None:
    with pytest.raises(ArchiveError, match="no page begins at byte"):
        read_archived(str(packed), places(packed)[7][0] + 9)


def test_reading_goes_on_behind_damage(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "d.warc.gz", [news(str(n)) for n in range(4)])
    raw = bytearray(path.read_bytes())
    offset = places(path)[1][0]
    raw[offset + 150 : offset + 210] = bytes(60)
    path.write_bytes(raw)
    kinds = [type(found) for found in iter_records(str(path))]
    assert kinds == [FoundRecord, TornRecord, FoundRecord, FoundRecord]


def test_a_cut_off_end_is_told_when_its_block_is_read(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "c.warc.gz", [news("a"), news("b")])
    path.write_bytes(path.read_bytes()[:-200])
    blocks = (found.block() for found in iter_records(str(path)) if isinstance(found, FoundRecord))
    next(blocks)
    with pytest.raises(ArchiveError, match="is cut off"):
        next(blocks)


def test_archives_are_found_when_a_glob_names_them(tmp_path: Path) -> None:
    for name in ("b.warc.gz", "a.warc.gz"):
        write_archive(tmp_path / name, [news("a")])
    found = expand_archives([str(tmp_path / "*.warc.gz")])
    assert [Path(file.path).name for file in found] == ["a.warc.gz", "b.warc.gz"]


def test_archives_are_read_when_fsspec_opens_them(packed: Path) -> None:
    (file,) = expand_archives([f"file://{packed}"])
    assert file.can_split
    assert [found.offset for found in iter_records(file.path)] == [o for o, _ in places(packed)]


def test_archives_are_refused_when_nothing_is_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no archive at"):
        expand_archives([str(tmp_path / "none*.warc.gz")])
