"""What the ranking weighs by: weights from decisions and past issues, and their topics."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from alliance_nlp.classify import classify
from alliance_nlp.config import RankSettings
from alliance_nlp.core.clock import now, utc
from alliance_nlp.core.types import Candidate, Decision, Issue, TopicLabel, Verdict
from alliance_nlp.rank import DEFAULT_WEIGHTS, FEATURES, Learned, fit_weights
from alliance_nlp.review import latest, standing_topics
from alliance_nlp.store import (
    Connection,
    candidates_seen,
    last_ranking,
    read_decisions,
    read_issues,
)


def weights_at(tx: Connection, settings: RankSettings, until: datetime) -> Learned:
    """Return the weights for a ranking at a time: what was decided later does not count.

    An example is a story with the values that it had in the last ranking before it was decided on.
    Accepted stories and those of published issues are wanted ones, rejected stories are not; the
    last decision on a story counts, and overrules an issue.
    """
    prior = {**DEFAULT_WEIGHTS, **settings.weights}
    X: list[dict[str, float]] = []
    y: list[bool] = []
    if settings.learn:
        verdicts = _verdicts(read_decisions(tx), _published(tx, until), until)
        seen = candidates_seen(tx, {story_id: at for story_id, (_, at) in verdicts.items()})
        for story_id, candidate in sorted(seen.items()):
            values = {reason.feature: reason.value for reason in candidate.reasons}
            if values.keys() >= FEATURES.keys():  # else of a ranking by an older version
                X.append(values)
                y.append(verdicts[story_id][0])
    return fit_weights(X, y, prior=prior)


def standing_weights(tx: Connection, settings: RankSettings) -> Learned:
    """Return what the newest ranking learned; what was decided since counts for the next."""
    return weights_at(tx, settings, last_ranking(tx) or now())


@dataclass(slots=True)
class StandingWeights:
    """The weights of the newest ranking, learned once for each."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    ranked_at: datetime | None = None
    learned: Learned | None = None

    def read(self, tx: Connection, settings: RankSettings) -> Learned:
        """Return what :func:`standing_weights` returns."""
        ranked_at = last_ranking(tx)
        with self.lock:
            if self.learned is None or ranked_at is None or ranked_at != self.ranked_at:
                self.learned = standing_weights(tx, settings)
                self.ranked_at = ranked_at
            return self.learned


def _verdicts(
    decisions: Sequence[Decision], issues: Sequence[Issue], until: datetime
) -> dict[str, tuple[bool, datetime]]:
    """Return whether each story was wanted, and when that was said."""
    verdicts: dict[str, tuple[bool, datetime]] = {}
    for issue in issues:
        if issue.published_on is not None:
            # An issue tells of stories as they were before its day, and not as told already.
            at = utc(datetime.combine(issue.published_on, time()))
            verdicts |= {item.story_id: (True, at) for item in issue.items if item.story_id}
    told = latest(decision for decision in decisions if decision.decided_at <= until)
    for story_id, decision in told.items():
        if decision.verdict in (Verdict.ACCEPT, Verdict.REJECT):
            verdicts[story_id] = (decision.verdict is Verdict.ACCEPT, decision.decided_at)
    return verdicts


def _published(tx: Connection, until: datetime) -> list[Issue]:
    return [
        issue
        for issue, state in read_issues(tx)
        if state == "published"
        and (issue.published_on is None or issue.published_on <= until.date())
    ]


def topics_told(tx: Connection, until: datetime) -> dict[str, tuple[TopicLabel, ...]]:
    """Return the topics that analysts had given to stories by a time."""
    return standing_topics(d for d in read_decisions(tx) if d.decided_at <= until)


def past_items(tx: Connection, until: datetime) -> list[tuple[str, str]]:
    """Return headline and bullet of the items published until a time."""
    return [(item.headline, item.bullet) for issue in _published(tx, until) for item in issue.items]


def topic_shares(
    items: Sequence[tuple[str, str]], model: Any, *, model_id: str
) -> dict[TopicLabel, float]:
    """Return the share of each topic among past items, smoothed: one more item for each topic.

    An item counts for its most probable topic that holds, and for none when none does.
    """
    counts = dict.fromkeys(TopicLabel, 1)
    triples = [(str(number), *item) for number, item in enumerate(items)]
    for topics, _ in classify(model, triples, model_id=model_id):
        leading = next((topic.label for topic in topics if topic.holds), None)
        if leading is not None:
            counts[leading] += 1
    total = sum(counts.values())
    return {label: count / total for label, count in counts.items()}


def tell_weights(learned: Learned, prior: Mapping[str, float]) -> str:
    """Return in words where a ranking's weights come from, and which moved most."""
    if not learned.is_learned:
        return (
            f"ranked by the configured weights; {learned.n_accepted} accepted and "
            f"{learned.n_rejected} rejected stories are too few to learn from"
        )
    moved = sorted(
        learned.weights.items(), key=lambda pair: (-abs(pair[1] - prior.get(*pair)), pair[0])
    )
    told = ", ".join(f"{n} {prior.get(n, 0.0):+.2f} to {w:+.2f}" for n, w in moved[:5])
    return (
        f"ranked by weights learned from {learned.n_accepted} accepted and "
        f"{learned.n_rejected} rejected stories; moved most: {told}"
    )


def weights_of(candidates: Sequence[Candidate], otherwise: Mapping[str, float]) -> dict[str, float]:
    """Return the weights that made a ranking, read from its own contributions.

    ``otherwise`` gives those of features that are 0 throughout.
    """
    found = dict(otherwise)
    for candidate in candidates:
        for reason in candidate.reasons:
            if reason.value:
                found[reason.feature] = reason.contribution / reason.value
    return found
