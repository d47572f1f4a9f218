"""A task portion by portion: what is done stays done, and what breaks is found record by record."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from dataclasses import dataclass, field

from alliance_nlp.archive import iter_records
from alliance_nlp.core.errors import AllianceError, ArchiveError
from alliance_nlp.core.types import Reason
from alliance_nlp.pipeline.backfilling.cascade import Cascade, Fault, Portion, Quarantined
from alliance_nlp.pipeline.backfilling.counting import Step
from alliance_nlp.pipeline.backfilling.tasks import BackfillTask
from alliance_nlp.pipeline.backfilling.watching import Note, Watch

# Records that cannot be got past; with more of them the archive is no archive.
_MOST_UNREAD = 20


@dataclass(slots=True)
class Way:
    """How far a task has come, and what is known of what lies ahead.

    Attributes
    ----------
    at
        The place from which to go on; ``None`` when all is done.
    alone_until
        Up to this place records are worked on one by one: one of them broke a portion.
    faults
        What broke, by the offset of its record.
    unread
        Records from which the next could not be reached.
    """

    at: int | None
    alone_until: int = -1
    faults: dict[int, Fault] = field(default_factory=dict)
    unread: dict[int, Fault] = field(default_factory=dict)

    def blame(self, note: Note, reason: str, detail: str) -> None:
        """Take down what a process stood at when it ended badly."""
        step = note.step or Step.RECORD
        if not note.is_alone:
            self.alone_until = max(self.alone_until, note.furthest)
            return
        fault = Fault(step=step, reason=reason, detail=detail)
        known = self.faults if note.offset not in self.faults else self.unread
        known[note.offset] = fault


def iter_portions(task: BackfillTask, way: Way, watch: Watch) -> Iterator[Portion]:
    """Yield what a task comes to, from a place on, in order of place.

    A record that raises or needs too much memory is quarantined; one that hangs or ends the
    process is its parent's business.

    Raises
    ------
    InputError, ArchiveError
        If the archive cannot be opened or breaks off.
    """
    while way.at is not None:
        try:
            for portion in _portions(task, way, watch):
                way.at = portion.following
                yield portion
        except AllianceError:
            raise
        except MemoryError:
            limit = f"{task.plan.memory_limit_bytes / 1e6:.0f} MB (process.memory_limit_mb)"
            told = f"it took more than {limit}; look at it, then retry"
            way.blame(watch.note(), Reason.MEMORY_LIMIT, told)
        except Exception as error:  # noqa: BLE001 - one record must not end a year's work
            told = f"{type(error).__name__}: {error}; please report it"
            way.blame(watch.note(), Reason.CRASHED, told)


def _portions(task: BackfillTask, way: Way, watch: Watch) -> Iterator[Portion]:
    assert way.at is not None
    start = way.at
    if start in way.unread:
        if len(way.unread) > _MOST_UNREAD:
            raise ArchiveError(
                f"{task.path} cannot be read on from byte {start}: {way.unread[start].detail}; "
                "fetch it again or leave it out"
            )
        yield _skipped(task, start, way.unread[start])
        start += 1
    cascade = Cascade(task, watch, way.faults)
    portion, before = Portion(start=start), _cpu_s()
    watch.is_alone = start <= way.alone_until
    watch.at(Step.RECORD, start)
    for found in iter_records(task.path, start=start, end=task.end):
        if portion.n_read and (portion.is_full or watch.is_alone):
            cascade.finish(portion)
            portion.following = found.offset
            before, portion.cpu_s = _cpu_s(), _cpu_s() - before
            yield portion
            portion = Portion(start=found.offset)
        watch.is_alone = found.offset <= way.alone_until
        cascade.read(portion, found)
    cascade.finish(portion)
    portion.cpu_s = _cpu_s() - before
    yield portion


def _skipped(task: BackfillTask, offset: int, fault: Fault) -> Portion:
    portion = Portion(start=offset, following=offset + 1)
    portion.counts.enter(Step.RECORD)
    portion.counts.fail(Step.RECORD, fault.reason)
    portion.quarantined.append(
        Quarantined(file=task.path, offset=offset, url="", reason=fault.reason, detail=fault.detail)
    )
    return portion


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
