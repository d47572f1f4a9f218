"""What analysts decided, and what that asks of the ranking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from alliance_nlp.core.ids import short_hash
from alliance_nlp.core.types import Candidate, Decision, Story, Verdict


def latest(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """Return the last word on each subject; decisions come oldest first."""
    return {decision.subject: decision for decision in decisions}


def seen_hash(story: Story, candidate: Candidate) -> str:
    """Return what the reviewer saw, in two halves: the story's articles and our proposal.

    What changes without news of the story is no part of the proposal: its age, with every night,
    and the share of its topic in past issues, with every issue.
    """
    source = short_hash(*sorted(story.article_ids))
    features = sorted(
        f"{part.feature}={part.value:.3f}"
        for part in candidate.reasons
        if part.feature not in ("age", "topic-prior")
    )
    return f"{source}-{short_hash(*features)}"


def is_open(story: Story, candidate: Candidate, decision: Decision | None) -> bool:
    """Tell whether a candidate waits for a decision.

    Decided ones are asked again only if both the articles and the proposal changed, and those put
    off or marked unsure stay open.
    """
    if decision is None or decision.verdict in (Verdict.LATER, Verdict.UNSURE):
        return True
    seen_source, _, seen_proposal = decision.seen_hash.partition("-")
    source, _, proposal = seen_hash(story, candidate).partition("-")
    return source != seen_source and proposal != seen_proposal


def order(
    candidates: Sequence[Candidate], decisions: Mapping[str, Decision]
) -> tuple[Candidate, ...]:
    """Return the candidates to draft from: accepted first, rejected left out, else by rank."""

    def verdict(candidate: Candidate) -> Verdict | None:
        decision = decisions.get(candidate.story_id)
        return decision.verdict if decision else None

    kept = [candidate for candidate in candidates if verdict(candidate) is not Verdict.REJECT]
    return tuple(sorted(kept, key=lambda c: (verdict(c) is not Verdict.ACCEPT, c.rank)))
