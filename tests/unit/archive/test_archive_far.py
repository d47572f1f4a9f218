from __future__ import annotations

import re
import struct
from itertools import pairwise
from pathlib import Path

import pytest
import zstandard
from tests.archives import news, write_archive
from tests.object_store import serve_objects
from tests.servers import Answer, Handler, in_turn, raw, reply, serve

from alliance_nlp.archive import (
    FoundRecord,
    TornRecord,
    expand_archives,
    iter_records,
    read_archived,
)
from alliance_nlp.core.errors import ArchiveError, InputError

N = 12


@pytest.fixture
def data(tmp_path: Path) -> bytes:
    return write_archive(tmp_path / "a.warc.gz", [news(str(n)) for n in range(N)]).read_bytes()


def ranged(data: bytes) -> Answer:
    """Answer as servers do that give stretches of a file."""

    def answer(handler: Handler) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", handler.headers.get("Range", ""))
        if asked is None:
            handler.send(200, {"Accept-Ranges": "bytes"}, data)
            return
        start, end = int(asked[1]), min(int(asked[2]), len(data) - 1)
        place = {"Content-Range": f"bytes {start}-{end}/{len(data)}"}
        handler.send(206, place, data[start : end + 1])

    return answer


def whole(found: FoundRecord | TornRecord) -> str:
    assert isinstance(found, FoundRecord)
    assert found.block()
    return found.url


def urls(path: str, start: int = 0, end: int | None = None) -> list[str]:
    return [whole(found) for found in iter_records(path, start=start, end=end)]


def stretches(path: str, n_bytes: int) -> list[str]:
    cuts = [0, n_bytes // 3, n_bytes // 2, None]
    return [url for a, b in pairwise(cuts) for url in urls(path, a or 0, b)]


ALL = [f"https://outlet.example/news/{n}" for n in range(N)]


def test_every_record_is_read_once_when_a_web_server_gives_stretches(data: bytes) -> None:
    with serve({"/a.warc.gz": ranged(data)}) as server:
        (file,) = expand_archives([f"http://{server.address}/a.warc.gz"])
        assert file.can_split
        assert stretches(file.path, file.n_bytes) == ALL


@pytest.mark.parametrize("is_sized", [True, False])
def test_all_is_read_from_the_beginning_when_a_web_server_gives_no_stretches(
    data: bytes, is_sized: bool
) -> None:
    answer = reply(data) if is_sized else raw(b"HTTP/1.1 200 OK\r\n\r\n" + data)
    with serve({"/a.warc.gz": answer}) as server:
        (file,) = expand_archives([f"http://{server.address}/a.warc.gz"])
        assert not file.can_split
        assert urls(file.path) == ALL


def test_a_page_is_read_back_when_a_web_server_gives_no_stretches(
    data: bytes, tmp_path: Path
) -> None:
    offset = [one.offset for one in iter_records(str(tmp_path / "a.warc.gz"))][7]
    with serve({"/a.warc.gz": reply(data)}) as server:
        assert read_archived(f"http://{server.address}/a.warc.gz", offset).url == ALL[7]


def test_all_is_read_when_a_server_breaks_off_once(data: bytes) -> None:
    cut = raw(
        b"HTTP/1.1 206 Partial Content\r\nContent-Length: %d\r\n\r\n" % len(data)
        + data[: len(data) // 2]
    )
    good = ranged(data)
    # Size, trial of a stretch, and then the read that breaks off.
    with serve({"/a.warc.gz": in_turn(good, good, cut, good)}) as server:
        assert urls(f"http://{server.address}/a.warc.gz") == ALL


def test_reading_ends_with_what_to_do_when_a_server_breaks_off_in_a_stream(data: bytes) -> None:
    big = data * 40  # more than is read at first, so that it opens
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(big)
    with (
        serve({"/a.warc.gz": raw(head + big[: len(big) // 2])}) as server,
        pytest.raises((ArchiveError, InputError), match="run again"),
    ):
        urls(f"http://{server.address}/a.warc.gz")


def test_an_archive_is_refused_when_a_server_does_not_have_it() -> None:
    with serve({}) as server, pytest.raises(InputError, match=r"none.warc.gz cannot be opened"):
        expand_archives([f"http://{server.address}/none.warc.gz"])


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    from fsspec.config import conf
    from s3fs import S3FileSystem

    S3FileSystem.clear_instance_cache()  # else the store of the test before is asked
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setitem(conf, "s3", {"anon": True})
    return monkeypatch


def test_every_record_is_read_once_when_archives_stand_in_a_bucket(
    data: bytes, s3: pytest.MonkeyPatch
) -> None:
    objects = {"news/2024/b.warc.gz": data, "news/2024/a.warc.gz": data, "news/read.me": b"x"}
    with serve_objects(objects) as store:
        s3.setenv("AWS_ENDPOINT_URL", store.address)
        found = expand_archives(["s3://news/2024/*.warc.gz"])
        assert [file.path for file in found] == [
            "s3://news/2024/a.warc.gz",
            "s3://news/2024/b.warc.gz",
        ]
        assert stretches(found[0].path, found[0].n_bytes) == ALL


def test_a_page_is_read_back_by_a_stretch_when_it_stands_in_a_bucket(
    tmp_path: Path, data: bytes, s3: pytest.MonkeyPatch
) -> None:
    offset = [one.offset for one in iter_records(str(tmp_path / "a.warc.gz"))][7]
    with serve_objects({"news/a.warc.gz": data}) as store:
        s3.setenv("AWS_ENDPOINT_URL", store.address)
        assert read_archived("s3://news/a.warc.gz", offset).url == ALL[7]
        assert store.ranges[-1].startswith(f"bytes={offset}-")


def test_an_archive_is_refused_when_a_bucket_does_not_have_it(s3: pytest.MonkeyPatch) -> None:
    with serve_objects({}) as store:
        s3.setenv("AWS_ENDPOINT_URL", store.address)
        with pytest.raises(InputError, match="none"):
            expand_archives(["s3://news/none.warc.gz"])


@pytest.mark.parametrize("is_packed", [True, False])
def test_every_record_is_read_once_when_a_dictionary_stands_in_front(
    tmp_path: Path, is_packed: bool
) -> None:
    trained = zstandard.train_dictionary(4000, [news(str(n)) for n in range(300)])
    told = trained.as_bytes()
    told = zstandard.ZstdCompressor().compress(told) if is_packed else told
    packer = zstandard.ZstdCompressor(dict_data=trained)
    frame = struct.pack("<II", 0x184D2A5D, len(told)) + told
    path = tmp_path / "d.warc.zst"
    path.write_bytes(frame + b"".join(packer.compress(news(str(n))) for n in range(N)))
    (file,) = expand_archives([str(path)])
    assert file.can_split
    cuts = [0, len(frame) + 50, len(frame) + 300, None]
    found = [one for a, b in pairwise(cuts) for one in iter_records(file.path, start=a or 0, end=b)]
    assert [one.url for one in found if isinstance(one, FoundRecord)] == ALL
    assert read_archived(file.path, found[5].offset).url == ALL[5]


def test_no_record_is_read_when_the_dictionary_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "d.warc.zst"
    path.write_bytes(struct.pack("<II", 0x184D2A5D, 5000) + b"x" * 100)
    assert [type(found) for found in iter_records(str(path))] == [TornRecord]
