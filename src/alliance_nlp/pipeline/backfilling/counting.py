"""What became of every record of a backfill: for each step, in = out + rejected + failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Step(StrEnum):
    """The steps of the cascade, in order; each is dearer than the one before it."""

    RECORD = "record"
    BYTES = "bytes"
    TEXT = "text"
    LOOK = "look"
    EXTRACT = "extract"
    CLASSIFY = "classify"
    TAG = "tag"


class Miss(StrEnum):
    """Why a step let a record go, beside the reasons that a nightly has too."""

    OTHER_RECORD = "other-record"
    NO_WEB_ADDRESS = "no-web-address"
    NO_ARTICLE_ADDRESS = "no-article-address"
    OUTSIDE_WINDOW = "outside-window"
    TOO_LARGE = "too-large"
    TOO_SMALL = "too-small"
    STATUS = "http-status"
    NOT_HTML = "not-html"
    NO_NAME = "no-name-of-the-field"
    UNLIKELY = "unlikely-text"
    FAR = "far-from-relevant"
    UNREADABLE = "unreadable"
    CUT_OFF = "cut-off"


@dataclass(slots=True)
class StepCount:
    """One step's subjects: those that came, went on, were turned away and broke, by reason."""

    n_in: int = 0
    n_out: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    @property
    def adds_up(self) -> bool:
        """Tell whether nothing was lost: in = out + rejected + failed."""
        return self.n_in == self.n_out + self.rejected.total() + self.failed.total()


@dataclass(slots=True)
class Counts:
    """The counts of a task or of a whole backfill, by step."""

    steps: dict[Step, StepCount] = field(
        default_factory=lambda: {step: StepCount() for step in Step}
    )
    n_bytes: int = 0

    def enter(self, step: Step, n: int = 1) -> None:
        """Note that subjects come to a step."""
        self.steps[step].n_in += n

    def leave(self, step: Step, n: int = 1) -> None:
        """Note that subjects go on."""
        self.steps[step].n_out += n

    def reject(self, step: Step, reason: str) -> None:
        """Note that a subject was turned away."""
        self.steps[step].rejected[str(reason)] += 1

    def fail(self, step: Step, reason: str) -> None:
        """Note that a subject broke the step."""
        self.steps[step].failed[str(reason)] += 1

    def add(self, other: Counts) -> None:
        """Add the counts of another part."""
        self.n_bytes += other.n_bytes
        for step, count in other.steps.items():
            mine = self.steps[step]
            mine.n_in += count.n_in
            mine.n_out += count.n_out
            mine.rejected += count.rejected
            mine.failed += count.failed

    @property
    def n_failed(self) -> int:
        """What broke, in all steps."""
        return sum(count.failed.total() for count in self.steps.values())

    @property
    def adds_up(self) -> bool:
        """Tell whether every step lost nothing."""
        return all(count.adds_up for count in self.steps.values())

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries and numbers, sorted."""
        return {
            "n_bytes": self.n_bytes,
            "steps": {
                step.value: {
                    "in": count.n_in,
                    "out": count.n_out,
                    "rejected": dict(sorted(count.rejected.items())),
                    "failed": dict(sorted(count.failed.items())),
                }
                for step, count in self.steps.items()
            },
        }


def counts_of(data: Mapping[str, Any]) -> Counts:
    """Return the counts that :meth:`Counts.to_json` wrote.

    Raises
    ------
    ValueError, KeyError, TypeError
        If it wrote something else.
    """
    steps = {step: StepCount() for step in Step}
    for name, entry in data["steps"].items():
        steps[Step(name)] = StepCount(
            n_in=int(entry["in"]),
            n_out=int(entry["out"]),
            rejected=Counter(entry["rejected"]),
            failed=Counter(entry["failed"]),
        )
    return Counts(steps=steps, n_bytes=int(data["n_bytes"]))
