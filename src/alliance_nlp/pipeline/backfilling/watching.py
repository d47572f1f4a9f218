"""Where a process stands in an archive, written where another can read it, for next to nothing.

A process that hangs can tell nobody. So each step of a record is first noted in memory that the
parent maps as well: what stands still there for too long is at fault.
"""

from __future__ import annotations

import mmap
import os
import signal
import struct
from dataclasses import dataclass, field

from alliance_nlp.pipeline.backfilling.counting import Step

# Number of notes, step, alone, place, furthest place.
_NOTE = struct.Struct("<QBBqq")
_STEPS = tuple(Step)
NOTE_BYTES = _NOTE.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Where a process stands.

    Attributes
    ----------
    n
        How many notes there were; it changes as long as the process gets on.
    step
        What it is doing; ``None`` before the first record.
    is_alone
        Whether it works record by record, so that ``offset`` names the one at fault.
    furthest
        The last record it came to.
    """

    n: int
    step: Step | None
    is_alone: bool
    offset: int
    furthest: int


@dataclass(slots=True)
class Watch:
    """Notes, in memory of one's own unless shared memory is given.

    ``patience_s`` of more than 0 is how long the kernel lets a process live that notes nothing and
    whose parent is gone.
    """

    memory: bytearray | mmap.mmap = field(default_factory=lambda: bytearray(NOTE_BYTES))
    patience_s: int = 0
    parent: int = 0
    is_alone: bool = False
    _n: int = 0
    _furthest: int = 0

    def begin(self) -> None:
        """Begin with another archive."""
        self._n, self._furthest, self.is_alone = self.note().n, 0, False

    def at(self, step: Step, offset: int) -> None:
        """Note that a step begins for the record at an offset, or for a batch that it closes."""
        self._n += 1
        self._furthest = max(self._furthest, offset)
        number = _STEPS.index(step)
        _NOTE.pack_into(self.memory, 0, self._n, number, self.is_alone, offset, self._furthest)
        if self.patience_s:
            signal.alarm(self.patience_s)
            if os.getppid() != self.parent:
                os._exit(1)

    def rest(self) -> None:
        """Note that nothing is being done."""
        self._n += 1
        _NOTE.pack_into(self.memory, 0, self._n, len(_STEPS), self.is_alone, 0, self._furthest)
        if self.patience_s:
            signal.alarm(0)

    def note(self) -> Note:
        """Return the last note."""
        n, number, is_alone, offset, furthest = _NOTE.unpack_from(self.memory)
        step = _STEPS[number] if n and number < len(_STEPS) else None
        return Note(n=n, step=step, is_alone=bool(is_alone), offset=offset, furthest=furthest)
