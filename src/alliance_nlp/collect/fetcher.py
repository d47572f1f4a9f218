"""The polite fetcher: requests in, pages out, while a Scrapy process of our own does the work.

A Twisted reactor cannot be started twice in one process, and a page that breaks the downloader
must not take the night with it; so Scrapy runs as a child (``python -m alliance_nlp.collect``),
reads requests as JSON lines and answers with frames (:mod:`alliance_nlp.collect.frames`).
"""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import IO, Self

from alliance_nlp.collect.frames import read_frames
from alliance_nlp.collect.messages import END, Fetch, Politeness, opening
from alliance_nlp.core.errors import CollectError
from alliance_nlp.core.types import Page, Reason, Rejected, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A response came, on the way or at the end; ``key`` is ``""`` for robots.txt."""

    key: str
    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A request is over: ``rejected`` tells why it failed, ``None`` that its last page is good."""

    key: str
    rejected: Rejected | None


class Fetcher:
    """A running fetcher; a context manager.

    Submit requests at any time, also while iterating over :meth:`events`, which ends when nothing
    is under way any more. Every submitted request gives exactly one :class:`Finished`.
    """

    def __init__(self, politeness: Politeness, *, at: datetime | None = None) -> None:
        self._politeness = politeness
        self._at = at
        self._pending: dict[str, Fetch] = {}
        self._outbox: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._process: subprocess.Popen[bytes] | None = None
        self._has_ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process = self._process
        if process is None:
            return
        if not self._has_ended:
            process.kill()  # left early: the child keeps nothing that would need an orderly end
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._outbox.put(None)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close(stream)

    def submit(self, fetch: Fetch) -> None:
        """Ask for a page; a key that is still under way is refused with ValueError."""
        if fetch.key in self._pending:
            raise ValueError(f"a request with the key {fetch.key!r} is under way")
        self._pending[fetch.key] = fetch
        if self._process is not None:
            self._outbox.put(fetch.line())

    def events(self) -> Iterator[Arrived | Finished]:
        """Yield what happens until nothing is under way."""
        if not self._pending:
            return
        process = self._start()
        assert process.stdout is not None
        for fetch in list(self._pending.values()):
            self._outbox.put(fetch.line())
        for kind, key, value in read_frames(process.stdout):
            if kind == "page":
                yield Arrived(key=key, page=value)
                continue
            if self._pending.pop(key, None) is not None:
                yield Finished(key=key, rejected=value)
            if not self._pending:
                self._has_ended = True
                self._outbox.put(END)
                return
        yield from self._abandoned(process)

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is not None:
            raise CollectError("this fetcher has finished; make a new one")
        command = [sys.executable, "-m", "alliance_nlp.collect"]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is the parent's to handle
        )
        self._outbox.put(opening(self._politeness, self._at))
        threading.Thread(target=self._write, args=(self._process,), daemon=True).start()
        return self._process

    def _write(self, process: subprocess.Popen[bytes]) -> None:
        # A thread of its own: were the reading side also to write, two full pipes would lock.
        assert process.stdin is not None
        while (line := self._outbox.get()) is not None:
            try:
                process.stdin.write(line.encode())
                process.stdin.flush()
            except (OSError, ValueError):
                return  # the child is gone; events() reports what it left undone

    def _abandoned(self, process: subprocess.Popen[bytes]) -> Iterator[Finished]:
        code = process.wait()
        while self._pending:  # whoever hears of one may submit more
            key = next(iter(self._pending))
            fetch = self._pending.pop(key)
            yield Finished(
                key=key,
                rejected=Rejected(
                    stage=Stage.COLLECT,
                    subject_id=fetch.url,
                    reason=Reason.CRASHED,
                    detail=f"the fetcher ended with code {code} before it came to this request",
                    failed=True,
                ),
            )


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        return
