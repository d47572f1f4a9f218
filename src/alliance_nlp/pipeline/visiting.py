"""What a run's visit to a source comes to, added up as things happen."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime

from alliance_nlp.core.types import Outcome, Reason, Rejected, Source, Stage, Visit

_BLOCKED = frozenset({Reason.ROBOTS_DENIED, Reason.ADDRESS_DENIED, Reason.RATE_LIMITED})
_BLOCKED_STATUS = ("status 401", "status 403", "status 407", "status 429", "status 451")
_PERMANENT = frozenset({301, 308})


def refused(subject: str, reason: Reason, detail: str, *, failed: bool = False) -> Rejected:
    """Return the refusal of a listing or page by the stage that collects."""
    return Rejected(
        stage=Stage.COLLECT, subject_id=subject, reason=reason, detail=detail, failed=failed
    )


@dataclass(slots=True)
class Tally:
    """The sums of one source's visit."""

    source: Source
    n_listed: int = 0
    n_new: int = 0
    n_failed: int = 0
    n_bytes: int = 0
    n_answers: int = 0
    newest_at: datetime | None = None
    moved_to: str = ""
    refused: list[Rejected] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    _first_s: float | None = None
    _last_s: float = 0.0

    def asked(self) -> None:
        """Note that a request went out."""
        self._first_s = self._first_s or time.monotonic()

    def received(self, n_bytes: int) -> None:
        """Note that a response came."""
        self.n_bytes += n_bytes
        self._last_s = time.monotonic()

    def listed(self, n: int, newest_at: datetime | None) -> None:
        """Note what a listing named."""
        self.n_answers += 1
        self.n_listed += n
        if newest_at is not None:
            self.newest_at = max(newest_at, self.newest_at or newest_at)

    def visit(self, *, run_id: int, at: datetime) -> Visit:
        """Return the visit."""
        outcome = self._outcome()
        said = [rejected.detail for rejected in self.refused] + self.warnings
        return Visit(
            source_id=self.source.id,
            run_id=run_id,
            at=at,
            outcome=outcome,
            n_listed=self.n_listed,
            n_new=self.n_new,
            n_failed=self.n_failed,
            n_bytes=self.n_bytes,
            seconds=round(max(0.0, self._last_s - (self._first_s or self._last_s)), 3),
            newest_at=self.newest_at,
            moved_to=self.moved_to,
            detail="; ".join(dict.fromkeys(said))[:500],
        )

    def _outcome(self) -> Outcome:
        if self.n_new:
            return Outcome.NEW
        if self.n_answers or not self.refused:
            return Outcome.UNCHANGED
        if any(is_blocked(rejected) for rejected in self.refused):
            return Outcome.BLOCKED
        if all(rejected.reason is Reason.PUT_OFF for rejected in self.refused):
            return Outcome.PUT_OFF
        return Outcome.FAILED


def is_blocked(rejected: Rejected) -> bool:
    """Tell whether a site refused us, which is not the same as being broken."""
    return rejected.reason in _BLOCKED or (
        rejected.reason is Reason.HTTP_STATUS and rejected.detail.endswith(_BLOCKED_STATUS)
    )


@dataclass(slots=True)
class Hops:
    """The way of one request: whether all its redirects were permanent ones."""

    n: int = 0
    is_permanent: bool = True

    def add(self, status: int) -> None:
        """Note a response on the way."""
        if 300 <= status < 400 and status != 304:
            self.n += 1
            self.is_permanent = self.is_permanent and status in _PERMANENT

    def moved_to(self, url: str) -> str:
        """Return where the listing has moved for good, or ``""``."""
        return url if self.n and self.is_permanent else ""
