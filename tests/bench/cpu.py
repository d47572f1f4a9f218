"""Processor time of this process and of all that it started, alive or ended (Linux)."""

from __future__ import annotations

import os
import resource
from pathlib import Path
from time import perf_counter, process_time

_TICKS = os.sysconf("SC_CLK_TCK")


def tree_cpu_s() -> float:
    """Return the seconds of processor time of this process, its children and theirs.

    The helper process that ``multiprocessing`` forks from outlives a pool, so what ended workers
    took stands in that helper's books, not in ours.
    """
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + ended.ru_utime + ended.ru_stime + _descendants_s()


class Bystanders:
    """How many cores were busy with the work of others since this was made."""

    def __init__(self) -> None:
        self._since = perf_counter(), machine_cpu_s() - tree_cpu_s()

    def cores(self) -> float:
        """Return the cores that others kept busy, on average."""
        began_s, others_s = self._since
        return max(0.0, machine_cpu_s() - tree_cpu_s() - others_s) / (perf_counter() - began_s)


def machine_cpu_s() -> float:
    """Return the seconds that all cores have been busy since the machine started."""
    for line in Path("/proc/stat").read_text(encoding="ascii").splitlines():
        name, *ticks = line.split()
        if name == "cpu":
            user, nice, system, _idle, _waiting, interrupts, soft, stolen = map(int, ticks[:8])
            return (user + nice + system + interrupts + soft + stolen) / _TICKS
    raise RuntimeError("/proc/stat names no processor time; the benchmark wants Linux")


def _descendants_s() -> float:
    parents: dict[int, int] = {}
    seconds: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name stands in brackets and may hold spaces and brackets of its own.
            fields = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        pid = int(path.parent.name)
        parents[pid] = int(fields[1])
        seconds[pid] = sum(map(int, fields[11:15])) / _TICKS
    return sum(seconds[pid] for pid in parents if _is_below(pid, parents))


def _is_below(pid: int, parents: dict[int, int]) -> bool:
    me = os.getpid()
    while (pid := parents.get(pid, 0)) > 1:
        if pid == me:
            return True
    return False
