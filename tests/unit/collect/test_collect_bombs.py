"""Bodies that unpack to far more than they are."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.servers import Answer, reply, serve

from alliance_nlp.collect import Arrived, Fetch, Fetcher, Politeness
from alliance_nlp.collect.unpacking import TooMuchError, is_within, unpacked
from alliance_nlp.core.types import Reason

MIB = 1024 * 1024


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw deflate": raw_deflate,
    "br": lambda data: bytes(brotli.compress(data, quality=1)),
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}


def coding(name: str) -> str:
    return name.removeprefix("raw ")


def whole(body: bytes, content_encoding: str, most_bytes: int = 10 * MIB) -> bytes:
    return b"".join(unpacked(body, content_encoding, most_bytes=most_bytes))


def bomb(name: str, n_bytes: int) -> bytes:
    """Return so many zero bytes packed, without ever holding them."""
    piece = bytes(MIB)
    packer: Any
    if name == "zstd":
        packer = zstandard.ZstdCompressor(level=1).compressobj()
        add, end = packer.compress, packer.flush
    elif name == "br":
        packer = brotli.Compressor(quality=1)
        add, end = packer.process, packer.finish
    else:
        packer = zlib.compressobj(1, wbits={"gzip": 31, "deflate": 15, "raw deflate": -15}[name])
        add, end = packer.compress, packer.flush
    return b"".join([*(add(piece) for _ in range(n_bytes // MIB)), end()])


BOMBS = {name: bomb(name, 200 * MIB) for name in PACK}


@pytest.mark.parametrize("name", PACK)
@given(data=st.binary(max_size=300) | st.builds(lambda piece: piece * 3000, st.binary(max_size=99)))
@settings(deadline=None, max_examples=25)
def test_packed_body_is_unpacked_whole(name: str, data: bytes) -> None:
    assert whole(PACK[name](data), coding(name)) == data


@pytest.mark.parametrize("n_bytes", [65535, 65536, 65537, 2 * 65536, 3 * 65536 + 1])
@pytest.mark.parametrize("name", PACK)
def test_packed_body_is_whole_when_it_ends_at_a_step(name: str, n_bytes: int) -> None:
    data = bytes(n_bytes)
    assert whole(PACK[name](data), coding(name)) == data


def test_stacked_codings_are_undone_from_the_last() -> None:
    body = PACK["br"](PACK["zstd"](PACK["gzip"](b"news")))
    assert whole(body, "gzip, Zstd,identity , br") == b"news"


def test_members_of_gzip_are_joined() -> None:
    assert whole(gzip.compress(b"one ") + gzip.compress(b"two"), "x-gzip") == b"one two"


@pytest.mark.parametrize("content_encoding", ["", "identity", "klingon", "aes128gcm, klingon"])
def test_body_is_taken_as_it_is_when_its_coding_is_not_known(content_encoding: str) -> None:
    assert whole(b"news", content_encoding) == b"news"


@given(
    body=st.binary(max_size=400),
    content_encoding=st.lists(st.sampled_from(["gzip", "deflate", "br", "zstd", "x"])).map(
        ",".join
    ),
)
@settings(deadline=None)
def test_any_bytes_under_any_coding_are_no_error(body: bytes, content_encoding: str) -> None:
    is_within(body, content_encoding, most_bytes=MIB)


@pytest.mark.parametrize("name", PACK)
def test_limit_is_on_what_comes_out(name: str) -> None:
    body = PACK[name](bytes(200_000))
    assert whole(body, coding(name), 200_000) == bytes(200_000)
    with pytest.raises(TooMuchError):
        whole(body, coding(name), 199_999)


@pytest.mark.parametrize("name", PACK)
def test_bomb_is_seen_in_little_memory(name: str) -> None:
    body = BOMBS[name]
    tracemalloc.start()
    try:
        assert not is_within(body, coding(name), most_bytes=10 * MIB)
        assert tracemalloc.get_traced_memory()[1] < 4 * MIB
    finally:
        tracemalloc.stop()


def test_bomb_inside_another_coding_is_seen_though_little_comes_out() -> None:
    inner = bomb("gzip", 64 * MIB)
    assert not is_within(gzip.compress(inner), "gzip, gzip", most_bytes=10 * MIB)
    assert not is_within(b"x", ", ".join(["gzip"] * 20), most_bytes=10 * MIB)


def bombs() -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for name, body in BOMBS.items():
        host = name.replace(" ", "-")
        kind = {"content_encoding": coding(name), "content_type": "text/html"}
        for code in (200, 404, 500):
            answers[f"{host}.example/{code}"] = reply(body, code, **kind)
        answers[f"{host}-robots.example/robots.txt"] = reply(body, **kind)
        answers[f"{host}-robots.example/page"] = reply("x")
    stacked = gzip.compress(BOMBS["br"])
    answers["stacked.example/200"] = reply(stacked, content_encoding="br, gzip")
    answers["moved.example/302"] = lambda handler: handler.send(
        302, {"Location": "/page", "Content-Encoding": "br"}, BOMBS["br"]
    )
    answers["moved.example/page"] = reply("x")
    return answers


def peak_kib(pid: int) -> int:
    with open(f"/proc/{pid}/status") as file:  # noqa: PTH123 - procfs, no file of ours
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))


@pytest.fixture(scope="module")
def night(politeness: Callable[..., Politeness], ask: Callable[..., Fetch]) -> Iterator[Any]:
    ends: dict[str, Reason | None] = {}
    peaks: list[int] = []
    answers = bombs()
    with serve(answers) as server:
        settings = politeness(proxy=f"http://{server.address}", max_bytes=10 * MIB, timeout_s=20.0)
        with Fetcher(settings) as fetcher:
            fetcher.submit(ask("http://calm.example/page", key="calm"))
            for event in fetcher.events():
                assert fetcher._process is not None
                peaks.append(peak_kib(fetcher._process.pid))
                if isinstance(event, Arrived):
                    continue
                ends[event.key] = event.rejected.reason if event.rejected else None
                if event.key == "calm":
                    for place in answers:
                        if "robots.txt" not in place:
                            fetcher.submit(ask(f"http://{place}", key=place))
    yield ends, peaks, server


@pytest.mark.parametrize("place", [place for place in bombs() if place[-3:] in ("200", "404")])
def test_bomb_is_too_large_whatever_its_status(night: Any, place: str) -> None:
    assert night[0][place] is Reason.TOO_LARGE


@pytest.mark.parametrize("name", PACK)
def test_bomb_for_robots_is_no_permission(night: Any, name: str) -> None:
    ends, _, server = night
    assert ends[f"{name.replace(' ', '-')}-robots.example/page"] is Reason.TOO_LARGE
    assert server.requests(f"{name.replace(' ', '-')}-robots.example/page") == []


def test_bomb_of_a_redirect_is_never_unpacked(night: Any) -> None:
    assert night[0]["moved.example/302"] is None


def test_child_grows_little_from_bombs(night: Any) -> None:
    peaks = night[1]
    assert peaks[-1] - peaks[0] < 64 * 1024
