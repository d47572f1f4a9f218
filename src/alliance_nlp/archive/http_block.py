"""The HTTP message in a record's block, as leniently as crawlers of all kinds have written it.

fastwarc reads an empty body where header lines end in bare line feeds, and takes what is no HTTP
at all for a head; both lose the body, so the head is taken apart here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

Pairs = tuple[tuple[str, str], ...]

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(r"\r?\n")
_FOLDED = re.compile(r"\r?\n[ \t]+")
_STATUS = re.compile(r"\S+[ \t]+(\d{3})(?!\d)")
_CHUNK_HEAD = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]*\r\n")
_SPACES = " \t"
_MAX_HEAD = 1024 * 1024


@dataclass(frozen=True, slots=True)
class HttpBlock:
    """First line, header fields in order and with repetition, and the body."""

    first_line: str
    headers: Pairs
    body: bytes

    @property
    def status(self) -> int:
        """The response's status; 0 where the first line has none."""
        match = _STATUS.match(self.first_line)
        return int(match[1]) if match else 0


def parse_http(block: bytes) -> HttpBlock | None:
    """Take an HTTP message apart; ``None`` if the block holds none."""
    match = _HEAD_END.search(block, 0, _MAX_HEAD)
    if match is None and len(block) > _MAX_HEAD:
        return None
    head, body = (block[: match.start()], block[match.end() :]) if match else (block, b"")
    text = _FOLDED.sub(" ", head.decode("latin-1"))
    first_line, *lines = _LINE_END.split(text)
    if "HTTP/" not in first_line:
        return None
    pairs = (line.partition(":") for line in lines if ":" in line)
    headers = tuple((name.strip(_SPACES), value.strip(_SPACES)) for name, _, value in pairs)
    return HttpBlock(first_line, headers, body)


def unchunked(http: HttpBlock) -> HttpBlock:
    """Undo the transfer coding that some crawlers archive; a body that has none stays as it is."""
    others = tuple(pair for pair in http.headers if pair[0].lower() != "transfer-encoding")
    body, out, at = http.body, bytearray(), 0
    while len(others) < len(http.headers) and (head := _CHUNK_HEAD.match(body, at)):
        size = int(head[1], 16)
        if size == 0:
            return HttpBlock(http.first_line, others, bytes(out))
        out += body[head.end() : head.end() + size]
        at = head.end() + size + len(b"\r\n")
    return http
