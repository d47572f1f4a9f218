"""How many stories a topic has, by the analysts' word where they gave one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from alliance_nlp.core.types import TopicLabel
from alliance_nlp.store import Connection, Facets, decided_candidates, read_stories, read_topics


def recounted(
    tx: Connection, found: Facets, retopiced: Mapping[str, tuple[TopicLabel, ...]]
) -> Facets:
    """Return the facets with the topics that analysts gave in place of the classifier's.

    The counts of the store are the classifier's; of the stories that were judged anew a night has
    a handful, so these are counted over.
    """
    if not retopiced:
        return found
    here = [story_id for story_id in decided_candidates(tx) if story_id in retopiced]
    stories = read_stories(tx, here)
    judged = read_topics(tx, [i for story in stories.values() for i in story.article_ids])
    counts = Counter(dict(found.topics))
    for story in stories.values():
        topics = [topic for i in story.article_ids for topic in judged.get(i, ())]
        counts.subtract({topic.label for topic in topics if topic.holds})
        counts.update(retopiced[story.id])
    order = {label: place for place, label in enumerate(TopicLabel)}
    listed = sorted(counts.items(), key=lambda one: (-one[1], order[one[0]]))
    return replace(found, topics=tuple((label, n) for label, n in listed if n > 0))
