"""The payload of a page: its body with the content coding undone, never larger than allowed."""

from __future__ import annotations

import zlib
from dataclasses import replace

import brotli
import zstandard

from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.types import Page

_STEP = 64 * 1024
# RFC 9659: no larger window may be asked of a receiver, so none is reserved.
_ZSTD_WINDOW = 8 * 1024 * 1024


def decoded(page: Page, *, max_bytes: int) -> Page:
    """Return the page with its content coding undone and the header that named it gone.

    A body that does not hold what its header says is taken as it is, since servers mislabel.

    Raises
    ------
    ArchiveError
        If the decoded body would be larger than ``max_bytes``.
    """
    body = page.body
    codings = [part.strip().lower() for part in page.header("Content-Encoding").split(",")]
    for coding in reversed([coding for coding in codings if coding not in ("", "identity")]):
        try:
            body = _decode(body, coding, max_bytes)
        except (zlib.error, brotli.error, zstandard.ZstdError, EOFError):
            break
        if len(body) > max_bytes:
            break  # it was cut there: what lies below a further coding is not to be had
    if len(body) > max_bytes:
        raise ArchiveError(
            f"the page {page.url} decodes to more than {max_bytes} bytes; "
            "raise collect.max_bytes if that is right"
        )
    headers = tuple(pair for pair in page.headers if pair[0].lower() != "content-encoding")
    return replace(page, body=body, headers=headers)


def _decode(body: bytes, coding: str, max_bytes: int) -> bytes:
    if coding in ("gzip", "x-gzip"):
        return _inflate(body, 31, max_bytes)
    if coding == "deflate":
        try:
            return _inflate(body, 15, max_bytes)
        except zlib.error:
            return _inflate(body, -15, max_bytes)  # many servers send it without zlib's frame
    if coding == "br":
        return _unbrotli(body, max_bytes)
    if coding == "zstd":
        return _unzstd(body, max_bytes)
    return body


# Each stops one byte beyond what is allowed. The limit is on what comes out: a few bytes of
# brotli or zstd stand for gigabytes, so small steps in would not do.


def _inflate(body: bytes, wbits: int, max_bytes: int) -> bytes:
    out = bytearray()
    while body and len(out) <= max_bytes:
        member = zlib.decompressobj(wbits)
        try:
            out += member.decompress(body, max_bytes + 1 - len(out))
        except zlib.error:
            if not out:
                raise
            break  # what stands behind a good member and is none is padding
        body = member.unused_data
    return bytes(out)


def _unbrotli(body: bytes, max_bytes: int) -> bytes:
    stream = brotli.Decompressor()
    out = bytearray(stream.process(body, output_buffer_limit=_STEP))
    # More may be left inside although it could take more: it is empty when nothing comes out.
    while len(out) <= max_bytes and (more := stream.process(b"", output_buffer_limit=_STEP)):
        out += more
    return bytes(out)


def _unzstd(body: bytes, max_bytes: int) -> bytes:
    stream = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    with stream.stream_reader(body, read_across_frames=True) as reader:
        return reader.read(max_bytes + 1)
