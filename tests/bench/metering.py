"""CPU time of a bench's own process and of the database's."""

from __future__ import annotations

import os
from pathlib import Path
from time import process_time

from alliance_nlp.store import Database


class Meter:
    """CPU time, in ms, of this process and of what the database's server does for it.

    Parameters
    ----------
    served
        Whether others than ``database`` ask the server as well, as a desk does with connections of
        its own.
    """

    def __init__(self, database: Database, *, served: bool = False) -> None:
        self._pid = 0
        self._with_all = served
        if database.kind == "postgresql":
            with database.read() as tx:
                pid = tx.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            self._pid = int(pid or 0)

    def cpu_ms(self) -> float:
        """Return the CPU time so far."""
        return 1e3 * process_time() + sum(map(_cpu_ms, self._pids()))

    def _pids(self) -> list[int]:
        if not self._pid:
            return []
        if not self._with_all:
            return [self._pid]
        server = _fields(self._pid)[1]
        tasks = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        return [int(pid) for pid in tasks]


def _cpu_ms(pid: int) -> float:
    fields = _fields(pid)
    return 1e3 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _fields(pid: int) -> list[str]:
    """Return what the kernel tells of a process, from its state on; nothing of one that ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
