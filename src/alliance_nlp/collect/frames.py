"""Frames between the fetcher and its child: 8 bytes of length, then a pickle.

Pickle is safe here: both ends are this package in one session, joined by a private pipe.
"""

from __future__ import annotations

import os
import pickle
import queue
import threading
from collections.abc import Iterator
from typing import IO, Any

_LENGTH_BYTES = 8
_MUCH_BYTES = 32 * 1024 * 1024


def write_frame(stream: IO[bytes], kind: str, *, key: str, value: Any) -> None:
    """Write one frame: ``kind`` is ``"page"`` or ``"done"``."""
    stream.write(_frame(kind, key, value))
    stream.flush()


def read_frames(stream: IO[bytes]) -> Iterator[tuple[str, str, Any]]:
    """Yield frames until the stream ends; a cut-off last frame is dropped."""
    while len(head := stream.read(_LENGTH_BYTES)) == _LENGTH_BYTES:
        size = int.from_bytes(head, "big")
        data = stream.read(size)
        if len(data) < size:
            return
        yield pickle.loads(data)  # noqa: S301 - written by our own child


def _frame(kind: str, key: str, value: Any) -> bytes:
    data = pickle.dumps((kind, key, value), protocol=pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(_LENGTH_BYTES, "big") + data


class FrameWriter:
    """Writes frames in order from a thread of its own.

    The pipe is full while the parent is busy; were the event loop to wait for it, the deadlines of
    all exchanges would pass meanwhile.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._n_bytes = 0
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def write(self, kind: str, *, key: str, value: Any) -> None:
        """Queue one frame."""
        frame = _frame(kind, key, value)
        with self._lock:
            self._n_bytes += len(frame)
        self._waiting.put(frame)

    def is_congested(self) -> bool:
        """Tell whether the parent is so far behind that no more should be fetched for now."""
        return self._n_bytes > _MUCH_BYTES

    def close(self) -> None:
        """Write what is left and end."""
        self._waiting.put(None)
        self._thread.join()

    def _write(self) -> None:
        while (frame := self._waiting.get()) is not None:
            try:
                self._stream.write(frame)
                self._stream.flush()
            except OSError:
                os._exit(1)  # the parent is gone
            with self._lock:
                self._n_bytes -= len(frame)
