"""What analysts decided, and what that asks of the ranking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from alliance_nlp.core.ids import short_hash
from alliance_nlp.core.types import Candidate, Decision, Story, TopicLabel, Verdict

# What says whether a story is wanted; the other verdicts say something else of it.
_WORDS = (Verdict.ACCEPT, Verdict.REJECT, Verdict.LATER, Verdict.UNSURE)


def standing(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the decisions that nobody took back, oldest first, without the undoing itself."""
    made = tuple(decisions)
    undone = {decision.undoes for decision in made if decision.verdict is Verdict.UNDO}
    return tuple(
        decision
        for decision in made
        if decision.verdict is not Verdict.UNDO and not (decision.id and decision.id in undone)
    )


def latest(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """Return the standing verdict on each subject; decisions come oldest first.

    That is the last ``accept``, ``reject``, ``later`` or ``unsure`` that was not undone; notes
    and changes of topic are no verdicts.
    """
    return {
        decision.subject: decision for decision in standing(decisions) if decision.verdict in _WORDS
    }


def standing_topics(decisions: Iterable[Decision]) -> dict[str, tuple[TopicLabel, ...]]:
    """Return the topics that analysts gave to subjects, where they did, in the topics' order.

    An empty tuple means that the story has none of our topics.
    """
    order_of = list(TopicLabel)
    return {
        decision.subject: tuple(sorted(set(decision.topics), key=order_of.index))
        for decision in standing(decisions)
        if decision.verdict is Verdict.RETOPIC
    }


def notes(decisions: Iterable[Decision]) -> dict[str, tuple[Decision, ...]]:
    """Return the standing decisions that say something in words, by subject, oldest first."""
    found: dict[str, tuple[Decision, ...]] = {}
    for decision in standing(decisions):
        if decision.note:
            found[decision.subject] = (*found.get(decision.subject, ()), decision)
    return found


def seen_hash(story: Story, candidate: Candidate | None) -> str:
    """Return what the reviewer saw, in two halves: the story's articles and our proposal.

    The second half is empty for a story that is in no ranking.

    What changes without news of the story is no part of the proposal: its age, with every night,
    and the share of its topic in past issues, with every issue.
    """
    source = short_hash(*sorted(story.article_ids))
    if candidate is None:
        return f"{source}-"
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
