from __future__ import annotations

import gzip
import subprocess
import sys
import zlib
from datetime import UTC, datetime

import brotli
import pytest
import zstandard

from alliance_nlp.archive import decoded
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.types import Page, Role

TEXT = "<p>日米の艦隊</p>".encode() * 50


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "identity": bytes,
    "": bytes,
}


def page(body: bytes, coding: str) -> Page:
    headers = (("Content-Type", "text/html"), ("content-encoding", coding), ("X-A", "b"))
    return Page(
        source_id="s",
        role=Role.ARTICLE,
        asked_url="https://fleet.example/1",
        url="https://fleet.example/1",
        status=200,
        headers=headers,
        body=body,
        fetched_at=datetime(2024, 4, 14, tzinfo=UTC),
    )


@pytest.mark.parametrize("coding", PACKERS)
def test_decoded_undoes_a_coding_and_drops_its_header(coding: str) -> None:
    plain = decoded(page(PACKERS[coding](TEXT), coding), max_bytes=len(TEXT))
    assert plain.body == TEXT
    assert plain.headers == (("Content-Type", "text/html"), ("X-A", "b"))


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", ""])
def test_decoded_refuses_one_byte_too_many(coding: str) -> None:
    with pytest.raises(ArchiveError, match=r"decodes to more than .* collect.max_bytes"):
        decoded(page(PACKERS[coding](TEXT), coding), max_bytes=len(TEXT) - 1)


def test_decoded_takes_deflate_without_the_zlib_frame() -> None:
    assert decoded(page(raw_deflate(TEXT), "deflate"), max_bytes=10_000).body == TEXT


def test_decoded_undoes_several_codings_from_the_last() -> None:
    body = brotli.compress(gzip.compress(TEXT))
    assert decoded(page(body, "gzip, BR"), max_bytes=10_000).body == TEXT


def test_decoded_refuses_when_only_an_inner_layer_is_too_large() -> None:
    with pytest.raises(ArchiveError):
        decoded(page(gzip.compress(gzip.compress(b"x")), "gzip, gzip"), max_bytes=10)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_decoded_reads_all_members_of_a_body_that_has_several(pack: object) -> None:
    assert callable(pack)
    coding = "gzip" if pack is gzip.compress else "zstd"
    body = pack(TEXT[:100]) + pack(TEXT[100:])
    assert decoded(page(body, coding), max_bytes=10_000).body == TEXT
    with pytest.raises(ArchiveError):
        decoded(page(body, coding), max_bytes=len(TEXT) - 1)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "compress", "nonsense"])
def test_decoded_takes_a_mislabelled_body_as_it_is(coding: str) -> None:
    plain = decoded(page(TEXT, coding), max_bytes=10_000)
    assert plain.body == TEXT
    assert plain.header("Content-Encoding") == ""


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_decoded_gives_the_beginning_of_a_body_that_is_cut_off(coding: str) -> None:
    noise = b"".join(str(n**5).encode() for n in range(12_000))
    packed = PACKERS[coding](noise)
    body = decoded(page(packed[: len(packed) * 3 // 4], coding), max_bytes=10**6).body
    assert len(body) > 1000
    assert noise.startswith(body)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_decoded_takes_an_empty_body(coding: str) -> None:
    assert decoded(page(b"", coding), max_bytes=10).body == b""


# In a process of its own: only so is the peak of memory that of the decoding.
BOMB = """
import resource, sys, zlib
from datetime import UTC, datetime
import brotli, zstandard
from alliance_nlp.archive import decoded
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.types import Page, Role

def packer(coding):
    if coding == "br":
        made = brotli.Compressor(quality=1, lgwin=24)
        return made.process, made.finish
    made = {
        "gzip": lambda: zlib.compressobj(1, wbits=31),
        "deflate": lambda: zlib.compressobj(1, wbits=15),
        "zstd": lambda: zstandard.ZstdCompressor(level=3).compressobj(),
    }[coding]()
    return made.compress, made.flush

codings = sys.argv[1].split(", ")
parts = [bytes(1 << 20)] * int(sys.argv[2])
for coding in codings:
    push, end = packer(coding)
    parts = [push(part) for part in parts] + [end()]
body = b"".join(parts)
page = Page(
    source_id="s", role=Role.ARTICLE, asked_url="https://a.example/", url="https://a.example/",
    status=200, headers=(("Content-Encoding", sys.argv[1]),), body=body,
    fetched_at=datetime(2024, 4, 14, tzinfo=UTC),
)
del parts, push, end
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    decoded(page, max_bytes=10_000_000)
except ArchiveError:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


N_MIB = "128"


@pytest.mark.parametrize(
    "codings", ["gzip", "deflate", "br", "zstd", "gzip, br", "br, gzip", "zstd, zstd, deflate"]
)
def test_decoded_refuses_a_bomb_with_little_memory(codings: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BOMB, codings, N_MIB],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    grown_kib = int(done.stdout)
    assert grown_kib < 64 * 1024
