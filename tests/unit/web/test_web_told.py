from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from alliance_nlp.core.types import SentenceSource, ToldBefore
from alliance_nlp.store import Database, read_stories, save_told

STORY = "story-visit"


def _tell(database: Database, **changes: Any) -> None:
    with database.write() as tx:
        story = read_stories(tx, [STORY])[STORY]
        told = ToldBefore(
            story_id=STORY,
            issue_id="vol-3.7",
            number=2,
            earlier_story_id="",
            on=date(2024, 4, 8),
            affinity=1.5,
            new=(
                SentenceSource(article_id=story.article_ids[0], start=0, end=12),
                SentenceSource(article_id="moved-away", start=0, end=12),
            ),
        )
        save_told(tx, [STORY], [replace(told, **changes)])


def test_story_tells_which_item_it_follows_and_its_new_sentences(own_filled_desk):
    _tell(own_filled_desk.seed.database)
    text = own_filled_desk.browser().get(f"/story/{STORY}").text
    assert '<a href="/issue/vol-3.7">Vol. 3.7, item 2</a>' in text
    assert "(April 8, 2024)" in text
    assert "1 new sentence<" in text  # what was moved away is not of this story


def test_story_links_to_the_candidate_that_it_follows(own_filled_desk):
    _tell(own_filled_desk.seed.database, issue_id="", number=0, earlier_story_id="story-before")
    text = own_filled_desk.browser().get(f"/story/{STORY}").text
    assert '<a href="/story/story-before">the candidate of April 8, 2024</a>' in text


def test_new_story_tells_of_no_earlier_item(browser):
    assert 'class="told"' not in browser.get(f"/story/{STORY}").text
