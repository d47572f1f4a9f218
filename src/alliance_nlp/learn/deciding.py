"""Analysts' decisions on stories as labelled items, with their provenance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from alliance_nlp.core.ids import short_hash
from alliance_nlp.core.types import Article, Decision, Story, Topic, Verdict
from alliance_nlp.learn.corpus import LabeledItem
from alliance_nlp.learn.rows import Defaults, Row, item_of, text_key
from alliance_nlp.learn.wording import split_topics, topics_of
from alliance_nlp.review import latest, standing
from alliance_nlp.store import (
    Connection,
    read_articles,
    read_decisions,
    read_stories,
    read_topics,
)

DECISIONS_FILE = "from-decisions.jsonl"  # made anew each time: decisions are its one origin
_RELEVANT = {Verdict.ACCEPT: True, Verdict.REJECT: False}
_RETOPIC = re.compile(r"\btopics?:\s*([^.\n]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecidable:
    """A decision that gave no label, and why."""

    subject: str
    why: str


def decision_id(decision: Decision) -> str:
    """Return 16 hexadecimal digits that stand for one decision, the same for ever."""
    return short_hash(
        "decision",
        decision.subject,
        decision.verdict.value,
        decision.reviewer,
        decision.decided_at.isoformat(),
        decision.note,
    )


def items_of_decisions(
    tx: Connection,
) -> tuple[tuple[LabeledItem, ...], tuple[Undecidable, ...]]:
    """Return a labelled item for the last word on each story, and the decisions that gave none.

    The item is the story's most typical report, which is what the reviewer saw first. ``accept``
    makes it relevant and ``reject`` not; ``later`` and ``unsure`` are no labels. Its topics are
    those that the decision's note states, as in ``topics: trade, energy`` or ``topics: none``, or
    those of a ``retopic``, whichever came last; else those that the model held when the reviewer
    looked. The item's note says which.
    """
    told = read_decisions(tx)
    decisions, retopics = latest(told), _retopics(told)
    stories = read_stories(tx, sorted(decisions))
    ids = sorted(story.representative_id for story in stories.values())
    articles, topics = read_articles(tx, ids), read_topics(tx, ids)
    items: dict[str, LabeledItem] = {}
    without = [
        Undecidable(subject=subject, why="its topics were told, but no accept or reject")
        for subject in sorted(retopics.keys() - decisions.keys())
    ]
    for subject, decision in sorted(decisions.items()):
        story = stories.get(subject)
        held = topics.get(story.representative_id, ()) if story else ()
        made = _item(decision, story, articles=articles, held=held, retopic=retopics.get(subject))
        if isinstance(made, LabeledItem):
            items.setdefault(made.id, made)
        else:
            without.append(Undecidable(subject=subject, why=made))
    return tuple(items.values()), tuple(without)


def _retopics(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """Return the last standing change of topics by subject."""
    return {d.subject: d for d in standing(decisions) if d.verdict is Verdict.RETOPIC}


def _item(
    decision: Decision,
    story: Story | None,
    *,
    articles: Mapping[str, Article],
    held: Sequence[Topic],
    retopic: Decision | None,
) -> LabeledItem | str:
    if decision.verdict not in _RELEVANT:
        return f"the last word is {decision.verdict.value}"
    if story is None or story.representative_id not in articles:
        return "its story is no more: folding moved its articles to others"
    article = articles[story.representative_id]
    stated, unknown = _stated_topics(decision.note)
    if unknown:
        return f"its note names the topic {unknown!r}, which is none of ours"
    if retopic is not None and (stated is None or retopic.id > decision.id):
        topics = tuple(label.value for label in retopic.topics)
        whose = f"topics as {retopic.reviewer} gave them"
    elif stated is not None:
        topics, whose = stated, "topics as the note states"
    else:
        topics = tuple(topic.label.value for topic in held if topic.holds)
        whose = "topics as the model held"
    row = Row(
        line=0,
        title=article.title,
        text=article.text,
        date=(article.published.on if article.published else decision.decided_at).isoformat(),
        topics=topics,
        relevant=_RELEVANT[decision.verdict],
        language=article.language,
        genre="article",
        story=story.id,
        annotator=decision.reviewer,
        note=f"decision {decision_id(decision)}: {decision.verdict.value}; {whose}",
    )
    made = item_of(row, Defaults())
    return made if isinstance(made, LabeledItem) else made.detail or made.reason.value


def _stated_topics(note: str) -> tuple[tuple[str, ...] | None, str]:
    match = _RETOPIC.search(note)
    return topics_of(split_topics(match[1])) if match else (None, "")


def without_known(
    items: Iterable[LabeledItem], known: Iterable[LabeledItem]
) -> tuple[LabeledItem, ...]:
    """Return the items whose words no known item has: a label made with care goes before."""
    there = {text_key(item.title, item.text) for item in known}
    return tuple(item for item in items if text_key(item.title, item.text) not in there)
