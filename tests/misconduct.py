"""What bad servers do: answers that are too slow, too large, endless or no HTTP at all."""

from __future__ import annotations

import asyncio
import gzip
import io
import random
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from functools import cache

LATE_S = 20.0
BOMB_BYTES = 1 << 30
VAST_URLS = 500_000
POISON_WORDS = 200_000
_PIECE = 1 << 20


async def drip(writer: asyncio.StreamWriter, data: bytes) -> None:
    """Send one byte a second until the client has had enough."""
    for byte in data:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(1)


async def _bomb(writer: asyncio.StreamWriter, _root: str, _path: str) -> None:
    body = await asyncio.to_thread(_packed_zeros)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n"
    writer.write(head.encode() + b"Content-Encoding: gzip\r\n\r\n" + body)
    await writer.drain()


@cache
def _packed_zeros() -> bytes:
    """Return a gibibyte of spaces in one megabyte of gzip."""
    packed, piece = io.BytesIO(), b" " * _PIECE
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0) as stream:
        for _ in range(BOMB_BYTES // _PIECE):
            stream.write(piece)
    return packed.getvalue()


async def _loop(writer: asyncio.StreamWriter, root: str, path: str) -> None:
    to = f"{root}/there" if path == "/here" else f"{root}/here"
    writer.write(f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())
    await writer.drain()


async def _endless_headers(writer: asyncio.StreamWriter, _root: str, _path: str) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    line = b"X-More: " + b"and more " * 100 + b"\r\n"
    while True:
        writer.write(line)
        await writer.drain()


async def _garbage(writer: asyncio.StreamWriter, _root: str, _path: str) -> None:
    writer.write(random.Random(9).randbytes(50_000))
    await writer.drain()


async def _reset(writer: asyncio.StreamWriter, _root: str, _path: str) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nthe first words")
    await writer.drain()
    connection: socket.socket = writer.get_extra_info("socket")
    # Lingering for no time at all, the kernel sends RST.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _vast_sitemap(writer: asyncio.StreamWriter, root: str, _path: str) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nConnection: close\r\n\r\n"
    writer.write(head + b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">')
    for start in range(0, VAST_URLS, 1000):
        entries = (
            f"<url><loc>{root}/news/2025/{n}</loc></url>" for n in range(start, start + 1000)
        )
        writer.write("".join(entries).encode())
        await writer.drain()
    writer.write(b"</urlset>")
    await writer.drain()


BY_NAME: Mapping[str, Callable[[asyncio.StreamWriter, str, str], Awaitable[None]]] = {
    "bomb": _bomb,
    "loop": _loop,
    "endless-headers": _endless_headers,
    "garbage": _garbage,
    "reset": _reset,
    "vast-sitemap": _vast_sitemap,
}


@cache
def poison(title: str) -> bytes:
    """Return a page of one paragraph whose words are an element each: it takes a minute to read."""
    words = "".join(f"<span>word {n} </span>" for n in range(POISON_WORDS))
    page = f"<!doctype html><title>{title}</title><article><h1>{title}</h1><p>{words}</p></article>"
    return page.encode()
