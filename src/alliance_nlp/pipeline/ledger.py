"""The ledger of a run: every subject that enters a stage leaves it by exactly one door."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from alliance_nlp.core.types import Reason, Rejected, Stage, StageCount
from alliance_nlp.pipeline.progress import SILENT


class Ledger:
    """Counts subjects in and out of the stages of one run and keeps the problems.

    A subject that entered and never left is a fault of ours; :meth:`close` turns it into a
    failure, so the counts always add up and the loss is seen.
    """

    def __init__(self) -> None:
        self._open: dict[Stage, Counter[str]] = {}
        self._n_in: Counter[Stage] = Counter()
        self._n_out: Counter[Stage] = Counter()
        self._rejected: Counter[Stage] = Counter()
        self._failed: Counter[Stage] = Counter()
        self._reasons: dict[Stage, Counter[str]] = {}
        self._seconds: dict[Stage, float] = {}
        self._n_bytes: Counter[Stage] = Counter()
        self._unsaved: list[Rejected] = []
        self.on_problem: Callable[[Rejected], None] = SILENT.problem

    def enter(self, stage: Stage, subject_id: str, *, n_bytes: int = 0) -> None:
        """Note that a subject of some bytes enters a stage."""
        self.weigh(stage, n_bytes)
        self._open.setdefault(stage, Counter())[subject_id] += 1
        self._n_in[stage] += 1

    def weigh(self, stage: Stage, n_bytes: int) -> None:
        """Add bytes that a stage took in."""
        self._n_bytes[stage] += n_bytes

    def leave(self, stage: Stage, subject_id: str, rejected: Rejected | None = None) -> None:
        """Note that a subject leaves a stage: with a result, or rejected.

        Raises
        ------
        ValueError
            If it is not in the stage: it would be counted out twice.
        """
        members = self._open.get(stage, Counter())
        if members[subject_id] < 1:
            raise ValueError(f"{subject_id!r} is not in stage {stage}")
        members[subject_id] -= 1
        if rejected is None:
            self._n_out[stage] += 1
            return
        (self._failed if rejected.failed else self._rejected)[stage] += 1
        self._reasons.setdefault(stage, Counter())[rejected.reason.value] += 1
        self._unsaved.append(rejected)
        self.on_problem(rejected)

    @contextmanager
    def timed(self, stage: Stage) -> Iterator[None]:
        """Add the wall-clock seconds spent inside to a stage, which then shows in the counts."""
        started = time.monotonic()
        self._n_in[stage] += 0
        try:
            yield
        finally:
            spent = time.monotonic() - started
            self._seconds[stage] = self._seconds.get(stage, 0.0) + spent

    def take_problems(self) -> list[Rejected]:
        """Return the problems since the last call, for saving with what they belong to."""
        problems, self._unsaved = self._unsaved, []
        return problems

    def close(self) -> None:
        """Turn whatever is still inside a stage into a failure."""
        for stage, members in self._open.items():
            for subject_id in sorted(members.elements()):
                detail = "the run ended while this was under way; run again"
                self.leave(
                    stage,
                    subject_id,
                    Rejected(
                        stage=stage,
                        subject_id=subject_id,
                        reason=Reason.CRASHED,
                        detail=detail,
                        failed=True,
                    ),
                )

    @property
    def n_failed(self) -> int:
        """Failures in all stages."""
        return sum(self._failed.values())

    def counts(self) -> tuple[StageCount, ...]:
        """Return the counts of every stage that ran, in order."""
        return tuple(
            StageCount(
                stage=stage,
                n_in=self._n_in[stage],
                n_out=self._n_out[stage],
                n_rejected=self._rejected[stage],
                n_failed=self._failed[stage],
                n_bytes=self._n_bytes[stage],
                seconds=round(self._seconds.get(stage, 0.0), 3),
                reasons=tuple(sorted(self._reasons.get(stage, Counter()).items())),
            )
            for stage in Stage
            if stage in self._n_in
        )
