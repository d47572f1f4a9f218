"""Processes that work on batches and can be killed: no page may hang, crash or swell a night.

A batch that ends badly is worked on again item by item, so that only the item at fault is lost.
"""

from __future__ import annotations

import resource
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import TimeoutError as TimeLimit
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from alliance_nlp.core.errors import AllianceError
from alliance_nlp.core.types import Reason

Item = TypeVar("Item")
Result = TypeVar("Result")

# Batches under way for each worker: one to work on and one to take up next.
_AHEAD = 2
# The last batches grow smaller, down to this many items, so that all workers end together.
_SMALLEST = 4
# A worker whose parent was killed has no one to stop it; the kernel does, after this many limits.
_GRACE = 4
_PAGE_BYTES = resource.getpagesize()


@dataclass(frozen=True, slots=True)
class Broken:
    """What became of an item that broke its worker."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class _Task(Generic[Item, Result]):
    items: Sequence[Item]
    future: ProcessFuture[Sequence[Result]]


class Workers:
    """A pool of processes, started when the first batch comes; a context manager.

    Parameters
    ----------
    jobs
        Processes at work.
    time_limit_s
        Seconds for a batch; an item that takes longer alone is broken.
    memory_limit_bytes
        What a worker may take beyond what it started with.
    prepare
        Called once in each worker before its first batch, outside the limits: what it loads.
    modules
        What all workers share: imported once, so that a worker that ended is soon replaced.
    meanwhile
        Called once, here, when the first batches are handed out and the processes still start.
    """

    def __init__(
        self,
        *,
        jobs: int,
        time_limit_s: float,
        memory_limit_bytes: int,
        prepare: Callable[[], None] | None = None,
        modules: Sequence[str] = (),
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        self._prepare = prepare
        self._meanwhile = meanwhile
        self._modules = modules
        self._jobs = jobs
        self._time_limit_s = time_limit_s
        self._memory_limit_bytes = memory_limit_bytes
        self._pool: ProcessPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            if error is None:
                self._pool.close()  # type: ignore[no-untyped-call]
            else:
                self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()

    def batches(self, items: Sequence[Item], *, size: int) -> Iterator[Sequence[Item]]:
        """Yield the items in order in batches of at most ``size``, smaller ones towards the end."""
        start = 0
        while start < len(items):
            share = size if self._jobs == 1 else (len(items) - start) // (_AHEAD * self._jobs)
            end = start + min(size, max(_SMALLEST, share))
            yield items[start:end]
            start = end

    def map(
        self,
        work: Callable[[Sequence[Item]], Sequence[Result]],
        batches: Iterable[Sequence[Item]],
    ) -> Iterator[tuple[Sequence[Item], Sequence[Result | Broken]]]:
        """Yield each batch with its results, in the order of the batches.

        ``work`` stands at the top of a module and gives one result an item, in order.
        """
        under_way: deque[_Task[Item, Result]] = deque()
        for items in batches:
            under_way.append(self._submit(work, items))
            if len(under_way) >= _AHEAD * self._jobs:
                self._use_the_wait()
                task = under_way.popleft()
                results = self._finish(work, task)
                yield task.items, results
        if under_way:
            self._use_the_wait()
        for task in under_way:
            results = self._finish(work, task)
            yield task.items, results

    def _use_the_wait(self) -> None:
        if self._meanwhile is not None:
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()

    def _submit(
        self, work: Callable[[Sequence[Item]], Sequence[Result]], items: Sequence[Item]
    ) -> _Task[Item, Result]:
        if self._pool is None:
            # Not by a plain fork: the workspace's lock must not pass to a child.
            context = get_context("forkserver")
            context.set_forkserver_preload(list(self._modules))
            self._pool = ProcessPool(
                max_workers=self._jobs,
                initializer=_prepare,
                initargs=(self._time_limit_s, self._memory_limit_bytes, self._prepare),
                context=context,
            )
        future = self._pool.schedule(_call, args=(work, items), timeout=self._time_limit_s)
        return _Task(items, future)

    def _finish(
        self, work: Callable[[Sequence[Item]], Sequence[Result]], task: _Task[Item, Result]
    ) -> list[Result | Broken]:
        outcome = self._wait(task.future)
        if not isinstance(outcome, Broken):
            return list(outcome)
        if len(task.items) == 1:
            return [outcome]
        results: list[Result | Broken] = []
        for item in task.items:
            alone = self._finish(work, self._submit(work, [item]))
            results.extend(alone)
        return results

    def _wait(self, future: ProcessFuture[Sequence[Result]]) -> Sequence[Result] | Broken:
        try:
            return future.result()
        except TimeLimit:
            limit = f"{self._time_limit_s:g} s (process.time_limit_s)"
            return Broken(Reason.TIME_LIMIT, f"it took more than {limit}; look at it, then retry")
        except MemoryError:
            limit = f"{self._memory_limit_bytes / 1e6:.0f} MB (process.memory_limit_mb)"
            return Broken(Reason.MEMORY_LIMIT, f"it took more than {limit}; look at it, then retry")
        except ProcessExpired as error:
            detail = f"it ended its worker with code {error.exitcode}; please report it"
            return Broken(Reason.CRASHED, detail)
        except AllianceError as error:
            return Broken(Reason.CRASHED, str(error))
        except Exception as error:  # noqa: BLE001 - one item must not end the night
            detail = f"{type(error).__name__}: {error}; please report it"
            return Broken(Reason.CRASHED, detail)


def _prepare(
    time_limit_s: float, memory_limit_bytes: int, prepare: Callable[[], None] | None
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _limits.update(seconds=int(time_limit_s * _GRACE) + 1, n_bytes=memory_limit_bytes)
    if prepare is not None:
        prepare()


_limits: dict[str, int] = {}


def _call(
    work: Callable[[Sequence[Item]], Sequence[Result]], items: Sequence[Item]
) -> Sequence[Result]:
    signal.alarm(_limits["seconds"])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + _limits["n_bytes"], hard))
    try:
        return work(items)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.alarm(0)


def _address_space() -> int:
    try:
        sizes = Path("/proc/self/statm").read_text(encoding="ascii").split()
        return int(sizes[0]) * _PAGE_BYTES
    except OSError:
        return 1 << 40  # no such file outside Linux: no limit worth the name either
