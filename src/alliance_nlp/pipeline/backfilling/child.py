"""The process that does a task: it may hang, swell or crash, and nothing but time is lost.

Its parent writes requests to its standard input and reads what it finds from its standard output;
where it stands, it notes in memory that both map. It is no child of ``multiprocessing``, which
the workers of a cluster may not have.
"""

from __future__ import annotations

import gc
import mmap
import os
import pickle
import resource
import signal
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from alliance_nlp.core.errors import AllianceError
from alliance_nlp.pipeline.backfilling.cascade import load_models
from alliance_nlp.pipeline.backfilling.full_chain import prepare
from alliance_nlp.pipeline.backfilling.portions import Way, iter_portions
from alliance_nlp.pipeline.backfilling.tasks import BackfillTask
from alliance_nlp.pipeline.backfilling.watching import NOTE_BYTES, Watch

_LENGTH = struct.Struct("<Q")
# A process whose parent was killed has no one to stop it; the kernel does, after so many limits.
_GRACE = 4
_PAGE_BYTES = resource.getpagesize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A task, and how far others have come with it."""

    task: BackfillTask
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The end of a request; ``error`` is what ended it early."""

    error: AllianceError | None = None


def send(stream: BinaryIO, value: Any) -> None:
    """Write a value for the other side."""
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    left = memoryview(_LENGTH.pack(len(data)) + data)
    while left:
        left = left[stream.write(left) :]  # of a pipe as much as it takes
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Read a value of the other side.

    Raises
    ------
    EOFError
        If it is gone.
    """
    head = _exactly(stream, _LENGTH.size)
    return pickle.loads(_exactly(stream, _LENGTH.unpack(head)[0]))  # noqa: S301 - our own process


def _exactly(stream: BinaryIO, n_bytes: int) -> bytes:
    pieces: list[bytes] = []
    while n_bytes:
        piece = stream.read(n_bytes)  # of a pipe as much as there is
        if not piece:
            raise EOFError("the other process is gone")
        pieces.append(piece)
        n_bytes -= len(piece)
    return b"".join(pieces)


def main(memory_fd: int) -> None:
    """Do what the parent asks until it has nothing more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    asked = sys.stdin.buffer
    # What a library prints must not come between the answers.
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    watch = Watch(memory=mmap.mmap(memory_fd, NOTE_BYTES), parent=os.getppid())
    while True:
        try:
            request: Request = receive(asked)
            for answer in _answers(request, watch):
                send(told, answer)
        except (EOFError, BrokenPipeError):
            return  # nobody is left to work for


def _answers(request: Request, watch: Watch) -> Iterator[Any]:
    plan = request.task.plan
    try:
        prepare(plan.models, plan.model_id, plan.knowledge_base)
        load_models(request.task)
        gc.freeze()  # tables of names by the hundred thousand: not to be looked through again
        watch.patience_s = int(plan.time_limit_s * _GRACE) + 1
        watch.begin()
        with _memory_limit(plan.memory_limit_bytes):
            yield from iter_portions(request.task, request.way, watch)
        watch.rest()
        yield Ended()
    except AllianceError as error:
        watch.rest()
        yield Ended(error=error)


class _memory_limit:  # noqa: N801 - read as a word in a with statement
    """So much address space and no more, beyond what there is."""

    def __init__(self, n_bytes: int) -> None:
        self._n_bytes = n_bytes
        self._before = resource.getrlimit(resource.RLIMIT_AS)

    def __enter__(self) -> None:
        resource.setrlimit(resource.RLIMIT_AS, (_address_space() + self._n_bytes, self._before[1]))

    def __exit__(self, *_: object) -> None:
        resource.setrlimit(resource.RLIMIT_AS, self._before)


def _address_space() -> int:
    try:
        sizes = Path("/proc/self/statm").read_text(encoding="ascii").split()
        return int(sizes[0]) * _PAGE_BYTES
    except OSError:
        return 1 << 40  # no such file outside Linux: no limit worth the name either
