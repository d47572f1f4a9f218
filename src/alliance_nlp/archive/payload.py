"""The payload of a page: its body with the content coding undone, never larger than allowed."""

from __future__ import annotations

import zlib
from dataclasses import replace

import brotli
import zstandard

from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.types import Page

_STEP = 64 * 1024


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
        return _stream(brotli.Decompressor().process, body, max_bytes)
    if coding == "zstd":
        return _stream(zstandard.ZstdDecompressor().decompressobj().decompress, body, max_bytes)
    return body


def _inflate(body: bytes, wbits: int, max_bytes: int) -> bytes:
    return zlib.decompressobj(wbits).decompress(body, max_bytes + 1)


def _stream(decompress: object, body: bytes, max_bytes: int) -> bytes:
    assert callable(decompress)
    out = bytearray()
    # Small steps in: a bomb shows itself before it has grown.
    for start in range(0, len(body), _STEP):
        out += decompress(body[start : start + _STEP])
        if len(out) > max_bytes:
            break
    return bytes(out)
