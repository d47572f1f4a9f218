"""What stands decided, kept between requests: decisions are only ever added to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from alliance_nlp.core.types import Decision, TopicLabel, Verdict
from alliance_nlp.review import latest, standing_topics
from alliance_nlp.store import Connection, read_decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The standing verdicts and topics by story."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    topics: Mapping[str, tuple[TopicLabel, ...]] = field(default_factory=dict)


class DecisionLog:
    """The decisions read so far; each reading asks for later ones alone."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._read: list[Decision] = []
        self._decided = Decided()

    def decided(self, tx: Connection) -> Decided:
        """Return what stands decided now."""
        with self._lock:
            new = read_decisions(tx, after=self._read[-1].id if self._read else 0)
            if new:
                self._read += new
                self._decided = Decided(
                    verdicts={i: d.verdict for i, d in latest(self._read).items()},
                    topics=standing_topics(self._read),
                )
            return self._decided
