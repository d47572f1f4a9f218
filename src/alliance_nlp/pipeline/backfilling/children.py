"""Processes that do tasks, watched from here: what hangs is ended, and its record quarantined."""

from __future__ import annotations

import atexit
import mmap
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from alliance_nlp.core.errors import ArchiveError, WorkspaceError
from alliance_nlp.core.types import Reason
from alliance_nlp.pipeline.backfilling.cascade import Portion
from alliance_nlp.pipeline.backfilling.child import Ended, Request, receive, send
from alliance_nlp.pipeline.backfilling.counting import Step
from alliance_nlp.pipeline.backfilling.portions import Way
from alliance_nlp.pipeline.backfilling.tasks import BackfillTask
from alliance_nlp.pipeline.backfilling.watching import NOTE_BYTES, Note, Watch

_PROGRAM = "from alliance_nlp.pipeline.backfilling.child import main; main({memory_fd})"
_LOOK_S = 0.5
# A server may take its time; a page may not.
_NETWORK_S = 600.0
_LOAD_S = 600.0
_IDLE_LIMITS = 3
_TICKS = os.sysconf("SC_CLK_TCK")
# Processes lost in a row without a portion in between: then it is not the records.
_MOST_LOST = 12
_MOST_LOST_EARLY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The end of a process that was still at work: where it stood; ``is_far`` is the network's."""

    note: Note
    reason: Reason
    detail: str
    is_far: bool = False


class Child:
    """A process that does tasks, one after the other."""

    def __init__(self) -> None:
        self.is_free = True
        with tempfile.TemporaryFile() as shared:
            shared.truncate(NOTE_BYTES)
            self._memory = mmap.mmap(shared.fileno(), NOTE_BYTES)
            self._watch = Watch(memory=self._memory)
            try:
                self._process = subprocess.Popen(  # noqa: S603 - this very interpreter
                    [sys.executable, "-c", _PROGRAM.format(memory_fd=shared.fileno())],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    bufsize=0,  # what waits in a buffer is nothing that select would see
                    pass_fds=(shared.fileno(),),
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                )
            except OSError as error:
                raise WorkspaceError(
                    f"no further process can be started: {error}; end some, then run again"
                ) from error

    def answers(self, task: BackfillTask, way: Way) -> Iterator[Portion | Ended | Lost]:
        """Give it a task; yield its portions, and then how it came to an end."""
        self.is_free = False
        try:
            send(_stream(self._process.stdin), Request(task=task, way=way))
        except OSError:
            yield self._lost()
            return
        while True:
            answer = self._answer(task)
            self.is_free = isinstance(answer, Ended)
            yield answer
            if not isinstance(answer, Portion):
                return

    def _answer(self, task: BackfillTask) -> Portion | Ended | Lost:
        stream = _stream(self._process.stdout)
        last, since, spent = self._watch.note(), time.monotonic(), self._cpu_s()
        while not select.select([stream], [], [], min(_LOOK_S, task.plan.time_limit_s))[0]:
            now = self._watch.note()
            if now.n != last.n:
                last, since, spent = now, time.monotonic(), self._cpu_s()
            elif _is_late(
                task, now, waited_s=time.monotonic() - since, spent_s=self._cpu_s() - spent
            ):
                self.close()
                is_far = _is_far(task) and now.step is Step.RECORD
                return Lost(note=now, reason=Reason.TIME_LIMIT, detail="hung", is_far=is_far)
        try:
            answer: Portion | Ended = receive(stream)
        except EOFError:
            return self._lost()
        return answer

    def _cpu_s(self) -> float:
        """Return what it has spent; 0 where the system does not tell, as outside Linux."""
        try:
            told = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii")
        except OSError:
            return 0.0
        user, system = told.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / _TICKS

    def _lost(self) -> Lost:
        code = self._process.wait()
        return Lost(
            note=self._watch.note(), reason=Reason.CRASHED, detail=f"ended with code {code}"
        )

    @property
    def exit_code(self) -> int | None:
        """Its exit code, minus the signal that ended it; ``None`` while it lives."""
        return self._process.poll()

    def close(self) -> None:
        """Let it end, and its memory go."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()


def _stream(stream: IO[bytes] | None) -> BinaryIO:
    return cast(BinaryIO, stream)  # it was asked for when the process was started


def _is_far(task: BackfillTask) -> bool:
    return "://" in task.path or "::" in task.path


def _is_late(task: BackfillTask, note: Note, *, waited_s: float, spent_s: float) -> bool:
    """Tell whether a process has stood too long where it stands.

    By its processor's time, so that a machine with too much to do is no fault of the page; but
    what waits for nothing spends none.
    """
    limit = task.plan.time_limit_s
    if note.step is None:
        return waited_s > _LOAD_S
    if _is_far(task) and note.step is Step.RECORD:
        return waited_s > _NETWORK_S
    return spent_s > limit or waited_s > limit * _IDLE_LIMITS


class _Pool:
    """Children without work: what they have loaded is not loaded again for the next task."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: list[Child] = []
        self._is_first = True

    @contextmanager
    def lent(self) -> Iterator[Child]:
        """Lend a child; it comes back only if it has done all that was asked."""
        child = self._take()
        try:
            yield child
        finally:
            if child.is_free:
                with self._lock:
                    self._free.append(child)
            else:
                child.close()

    def _take(self) -> Child:
        with self._lock:
            if self._is_first:
                atexit.register(self.close)
                self._is_first = False
            while self._free:
                child = self._free.pop()
                if child.exit_code is None:
                    return child
                child.close()
        return Child()

    def close(self) -> None:
        with self._lock:
            while self._free:
                self._free.pop().close()


_IDLE = _Pool()


def close_children() -> None:
    """End the processes that wait for work."""
    _IDLE.close()


def watched_portions(task: BackfillTask) -> Iterator[Portion]:
    """Yield what a task comes to, in order of place, done in a process that is watched.

    Raises
    ------
    InputError, ArchiveError, WorkspaceError
        If the archive cannot be opened or breaks off, or no process can be started.
    """
    way, n_lost = Way(at=task.start), 0
    while True:
        with _IDLE.lent() as child:
            last: Any = None
            for last in child.answers(task, way):
                if isinstance(last, Portion):
                    way.at, n_lost = last.following, 0
                    yield last
        if isinstance(last, Ended):
            if last.error is not None:
                raise last.error
            return
        n_lost += 1
        _take_down(task, way, last, n_lost=n_lost)


def _take_down(task: BackfillTask, way: Way, lost: Lost, *, n_lost: int) -> None:
    """Blame a record for the end of its process, where it is not something else.

    Raises
    ------
    ArchiveError, WorkspaceError
        If it is: to go on would help nothing.
    """
    if lost.note.step is None and n_lost >= _MOST_LOST_EARLY:
        raise WorkspaceError(
            f"the process for {task.path} {lost.detail} before it began; give it more memory or "
            "look at its messages above, then run again"
        )
    if lost.note.step is None:
        return
    if lost.is_far or n_lost >= _MOST_LOST:
        raise ArchiveError(
            f"{task.path}: the process {lost.detail} at byte {lost.note.offset}; run again to go on"
        )
    limit = f"{task.plan.time_limit_s:g} s (process.time_limit_s)"
    detail = (
        f"it took more than {limit}; look at it, then retry"
        if lost.reason is Reason.TIME_LIMIT
        else f"its process {lost.detail}; please report it"
    )
    way.blame(lost.note, lost.reason, detail)
