"""A disk that fills up in the middle of a night."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.night_runs import complaint, contents, finish, is_archive_whole, start, twin
from tests.sites import NewsWeb, news_web, serve

DISK_BYTES = 64 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "alliance-test", place],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.fixture(scope="module")
def web() -> Iterator[NewsWeb]:
    with serve(news_web(outlets=4, pages=10)) as running:
        yield running


def fill(disk: Path, *, but_bytes: int) -> Path:
    """Fill a disk up to some bytes; return the file to delete."""
    file = disk / "filler"
    free = shutil.disk_usage(disk).free
    with file.open("wb") as stream:
        for _ in range((free - but_bytes) >> 12):
            stream.write(b"\0" * 4096)
    return file


@pytest.mark.parametrize(
    "room", [0, *(pytest.param(n, marks=pytest.mark.long) for n in (150_000, 500_000, 900_000))]
)
def test_a_full_disk_is_named_and_with_room_the_night_is_whole(
    workspace: Path, web: NewsWeb, disk: Path, room: int
) -> None:
    web.write_config(workspace, delay_s=0.0)
    (disk / "models").symlink_to(workspace / "models")
    shutil.copy(workspace / "alliance.toml", disk)
    filler = fill(disk, but_bytes=room)
    assert start(disk).wait(timeout=120) == 1
    assert str(disk) in complaint(disk)
    assert "Traceback" not in complaint(disk)

    filler.unlink()
    finish(disk)
    assert is_archive_whole(disk)
    undisturbed = twin(workspace, "undisturbed")
    finish(undisturbed)
    assert contents(disk) == contents(undisturbed)
