from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from alliance_nlp.fold import FoldItem, make_story

AT = datetime(2024, 4, 14, 6, tzinfo=UTC)
ITEMS = [
    FoldItem(id="b", at=AT + timedelta(hours=2)),
    FoldItem(id="c", at=None),
    FoldItem(id="a", at=AT),
]
# c shares something with both others, which share nothing with each other.
X = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])


def test_made_story_holds_its_articles_in_order_of_time() -> None:
    story = make_story("story-1", ITEMS, X)
    assert story.id == "story-1"
    assert story.article_ids == ("c", "a", "b")
    assert (story.first_at, story.last_at) == (AT, AT + timedelta(hours=2))


def test_made_story_is_represented_by_the_article_most_like_the_others() -> None:
    assert make_story("story-1", ITEMS, X).representative_id == "c"


def test_made_story_is_the_same_in_whatever_order_its_articles_come() -> None:
    turned = make_story("story-1", ITEMS[::-1], X[::-1])
    assert turned == make_story("story-1", ITEMS, X)
