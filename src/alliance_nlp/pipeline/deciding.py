"""Decisions on stories, kept with what had been proposed, and taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import (
    AuditEntry,
    Candidate,
    Decision,
    Proposal,
    Story,
    Topic,
    TopicLabel,
    Verdict,
)
from alliance_nlp.review import seen_hash, standing
from alliance_nlp.store import (
    Connection,
    Database,
    append_audit,
    append_decision,
    hold_decisions,
    read_articles,
    read_candidate,
    read_decisions,
    read_relevance,
    read_stories,
    read_topics,
)

_LIST = "see: alliance-nlp candidates, or alliance-nlp stories list"
_NOTHING_SEEN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What is said of one story or of several."""

    verdict: Verdict
    reviewer: str
    note: str
    topics: tuple[TopicLabel, ...]
    at: datetime
    made_at: datetime | None = None


def record_decision(
    database: Database,
    *,
    story_id: str,
    verdict: Verdict,
    reviewer: str,
    note: str = "",
    topics: Sequence[TopicLabel] = (),
    seen: str = "",
    at: datetime | None = None,
) -> Decision:
    """Append a decision on a story, with its place in the newest ranking and what models said.

    Parameters
    ----------
    topics
        Those that the story has in truth, for ``retopic`` alone; none is a word too.
    seen
        What the reviewer saw (:func:`alliance_nlp.review.seen_hash`); the present state unless
        stated.
    at
        The present unless stated.

    Raises
    ------
    InputError
        If the story is unknown, a note is empty, topics come with another verdict, or the verdict
        is ``undo``.
    """
    [decision] = record_decisions(
        database,
        story_ids=[story_id],
        verdict=verdict,
        reviewer=reviewer,
        note=note,
        topics=topics,
        seen={story_id: seen} if seen else _NOTHING_SEEN,
        at=at,
    )
    return decision


def record_decisions(
    database: Database,
    *,
    story_ids: Sequence[str],
    verdict: Verdict,
    reviewer: str,
    note: str = "",
    topics: Sequence[TopicLabel] = (),
    seen: Mapping[str, str] = _NOTHING_SEEN,
    at: datetime | None = None,
    made_at: datetime | None = None,
) -> tuple[Decision, ...]:
    """Append the same decision on several stories, on all or none; ``seen`` is by story id.

    Parameters
    ----------
    made_at
        When it was made by the reviewer's clock, where it comes late: the audit keeps it, ``at``
        stays what counts.

    Raises
    ------
    InputError
        As :func:`record_decision` does, and if no story is named.
    """
    ids = list(dict.fromkeys(story_ids))
    if not ids:
        raise InputError("no story is named; name one or more")
    order = list(TopicLabel)
    said = _Said(
        verdict=verdict,
        reviewer=reviewer.strip(),
        note=note.strip(),
        topics=tuple(sorted(set(topics), key=order.index)),
        at=at or now(),
        made_at=made_at,
    )
    _check(said)
    with database.write() as tx:
        stories = read_stories(tx, ids)
        unknown = [story_id for story_id in ids if story_id not in stories]
        if unknown:
            raise InputError(f"there is no story {unknown[0]!r}; {_LIST}")
        return tuple(_append(tx, said, stories[i], seen=seen.get(i, "")) for i in ids)


def undo_decision(
    database: Database,
    *,
    story_id: str,
    reviewer: str,
    at: datetime | None = None,
    decision_id: int | None = None,
    made_at: datetime | None = None,
) -> Decision:
    """Take back the reviewer's last standing decision on a story; what was before it counts again.

    Parameters
    ----------
    decision_id
        Take back this one of the reviewer's. If that was done already the undoing that did it is
        returned, so asking twice does no harm.
    made_at
        As :func:`record_decisions` has it.

    Raises
    ------
    InputError
        If the reviewer has no such decision on the story.
    """
    with database.write() as tx:
        hold_decisions(tx)  # of two who undo at once, each takes back another one
        decisions = read_decisions(tx, [story_id])
        done = [d for d in decisions if decision_id is not None and d.undoes == decision_id]
        if done and done[0].reviewer == reviewer.strip():
            return done[0]
        own = [d for d in standing(decisions) if d.reviewer == reviewer.strip()]
        wanted = [d for d in own if decision_id in (None, d.id)]
        if not wanted:
            raise InputError(
                f"{reviewer} has no decision on {story_id} to take back; one is taken back by "
                "whoever made it"
            )
        decision = Decision(
            subject=story_id,
            verdict=Verdict.UNDO,
            reviewer=reviewer.strip(),
            decided_at=at or now(),
            undoes=wanted[-1].id,
        )
        return _keep(tx, decision, made_at=made_at)


def title_of(database: Database, story_id: str) -> str:
    """Return the title of a story's most typical report; the id where the story is no more."""
    with database.read() as tx:
        story = read_stories(tx, [story_id]).get(story_id)
        found = read_articles(tx, [story.representative_id]) if story else {}
    return found[story.representative_id].title if story and found else story_id


def _check(said: _Said) -> None:
    if said.verdict is Verdict.UNDO:
        raise InputError("an undo takes back a decision of one's own; ask for it as such")
    if said.verdict is Verdict.NOTE and not said.note:
        raise InputError("the note is empty; write what is to be noted")
    if said.topics and said.verdict is not Verdict.RETOPIC:
        raise InputError(f"topics do not go with {said.verdict.value}; decide retopic with them")
    if not said.reviewer:
        raise InputError("nobody decides; name the reviewer")


def _append(tx: Connection, said: _Said, story: Story, *, seen: str) -> Decision:
    candidate = read_candidate(tx, story.id)
    decision = Decision(
        subject=story.id,
        verdict=said.verdict,
        reviewer=said.reviewer,
        decided_at=said.at,
        note=said.note,
        seen_hash=seen or seen_hash(story, candidate),
        topics=said.topics,
        proposal=_proposal(tx, story, candidate) if candidate else None,
    )
    return _keep(tx, decision, made_at=said.made_at)


def _keep(tx: Connection, decision: Decision, *, made_at: datetime | None) -> Decision:
    kept = replace(decision, id=append_decision(tx, decision))
    if made_at is not None:
        late = AuditEntry(
            at=kept.decided_at,
            who=kept.reviewer,
            action="kept-late",
            subject=kept.subject,
            detail=f"{kept.verdict.value}, number {kept.id}: made {made_at:%Y-%m-%d %H:%M:%S} UTC "
            "by the browser's clock",
        )
        append_audit(tx, late)
    return kept


def _proposal(tx: Connection, story: Story, candidate: Candidate) -> Proposal:
    topics = read_topics(tx, story.article_ids)
    bearing = read_relevance(tx, story.article_ids)
    judged: list[Topic] = [topic for of_article in topics.values() for topic in of_article]
    held = {topic.label for topic in judged if topic.holds}
    models = {topic.model_id for topic in judged} | {r.model_id for r in bearing.values()}
    return Proposal(
        rank=candidate.rank,
        score=candidate.score,
        novelty=story.novelty,
        topics=tuple(label for label in TopicLabel if label in held),
        models=tuple(sorted(models)),
    )
