"""Frames between the fetcher and its child: 8 bytes of length, then a pickle.

Pickle is safe here: both ends are this package in one session, joined by a private pipe.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import IO, Any

_LENGTH_BYTES = 8


def write_frame(stream: IO[bytes], kind: str, *, key: str, value: Any) -> None:
    """Write one frame: ``kind`` is ``"page"`` or ``"done"``."""
    data = pickle.dumps((kind, key, value), protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(len(data).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(data)
    stream.flush()


def read_frames(stream: IO[bytes]) -> Iterator[tuple[str, str, Any]]:
    """Yield frames until the stream ends; a cut-off last frame is dropped."""
    while len(head := stream.read(_LENGTH_BYTES)) == _LENGTH_BYTES:
        size = int.from_bytes(head, "big")
        data = stream.read(size)
        if len(data) < size:
            return
        yield pickle.loads(data)  # noqa: S301 - written by our own child
