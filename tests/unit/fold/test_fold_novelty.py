from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from alliance_nlp.core.types import Novelty, Story
from alliance_nlp.fold import Judged, ReadArticle, ToldItem, judge_against
from alliance_nlp.pipeline.novelty import READING

ITEM = ToldItem(
    title="Japan halts plan for Aegis Ashore",
    text=(
        "Defense Minister Kono said on June 15 that Japan would stop deployment of two Aegis "
        "Ashore missile defense systems in Akita and Yamaguchi. The booster could not be sure to "
        "fall inside the training ground. Japan had signed contracts for 180 billion yen."
    ),
    on=date(2020, 6, 22),
    issue_id="vol-1.1",
    number=2,
)
OTHER = ToldItem(
    title="Farm ministers discuss beef duties",
    text="Officials of the United States and Japan met in Tokyo to talk of beef and pork duties.",
    on=date(2020, 6, 22),
    issue_id="vol-1.1",
    number=1,
)
REPEAT = (
    "Kono said on June 15 that Japan would stop deployment of the Aegis Ashore missile defense "
    "systems in Akita and Yamaguchi. The booster could not be sure to fall inside the training "
    "ground."
)
ADDED = "The cabinet approved two ships to carry the Aegis Ashore radars bought for Akita."
MORE = "Shipyards in Nagasaki will compete for the hulls, at a price that the cabinet left open."
QUAKE = "A strong earthquake shook Hokkaido and cut power to a harbor full of fishing boats."
JAPANESE = (
    "河野防衛相は15日、秋田県と山口県に計画した地上配備型迎撃システム、イージス・アショアの配備を停止すると"
    "表明した。日本は米国と1800億円の契約を結んでいた。"
)


def _article(text: str, *, on: tuple[int, int] = (6, 24), name: str = "a") -> ReadArticle:
    at = datetime(2020, *on, 9, tzinfo=UTC)
    return ReadArticle(id=name, title=text.split(".")[0][:60], text=text, at=at)


def _judge(
    *articles: ReadArticle,
    told: Sequence[ToldItem] = (ITEM, OTHER),
    seen: Sequence[ReadArticle] = (),
    story_id: str = "s",
) -> Judged:
    story = Story(
        id=story_id,
        article_ids=tuple(article.id for article in articles),
        representative_id=articles[0].id,
        first_at=None,
        last_at=None,
    )
    by_id = {article.id: article for article in articles}
    (judged,) = judge_against([story], by_id, told, reading=READING, seen=seen)
    return judged


def test_story_is_new_when_nothing_was_told() -> None:
    assert _judge(_article(REPEAT), told=()).novelty is Novelty.NEW


def test_story_is_new_when_no_item_is_close() -> None:
    judged = _judge(_article(QUAKE))
    assert (judged.novelty, judged.told, judged.new) == (Novelty.NEW, None, ())


def test_story_repeats_when_the_item_covers_it() -> None:
    judged = _judge(_article(REPEAT))
    assert judged.novelty is Novelty.REPEAT
    assert judged.told is ITEM
    assert judged.n_read == 2


def test_japanese_report_repeats_an_english_item() -> None:
    judged = _judge(_article(JAPANESE))
    assert judged.novelty is Novelty.REPEAT
    assert judged.told is ITEM


def test_story_follows_up_when_its_sentences_are_new() -> None:
    article = _article(f"{ADDED} {MORE}", on=(12, 18))
    judged = _judge(article)
    assert judged.novelty is Novelty.FOLLOW_UP
    assert judged.told is ITEM
    assert [article.text[one.start : one.end] for one in judged.new] == [ADDED, MORE]


def test_articles_beside_the_representative_count_when_they_tell_more() -> None:
    later = _article(f"{ADDED} {MORE}", on=(12, 18), name="b")
    judged = _judge(_article(REPEAT), later)
    assert judged.novelty is Novelty.FOLLOW_UP
    assert {one.article_id for one in judged.new} == {"b"}


def test_sentence_is_not_new_when_an_article_of_before_the_item_had_it() -> None:
    before = _article(f"{ADDED} {MORE}", on=(6, 20), name="before")
    later = _article(f"{ADDED} {MORE}", on=(12, 18), name="b")
    judged = _judge(_article(REPEAT), later, seen=[before])
    assert (judged.novelty, judged.new) == (Novelty.REPEAT, ())


def test_sentence_stays_new_when_an_article_of_after_the_item_has_it_too() -> None:
    after = _article(f"{ADDED} {MORE}", on=(6, 23), name="after")
    later = _article(f"{ADDED} {MORE}", on=(12, 18), name="b")
    judged = _judge(_article(REPEAT), later, seen=[after])
    assert judged.novelty is Novelty.FOLLOW_UP


def test_story_of_before_the_item_repeats_when_it_is_the_event_told() -> None:
    judged = _judge(_article(REPEAT, on=(6, 16)))
    assert (judged.novelty, judged.n_read) == (Novelty.REPEAT, 0)


def test_item_drafted_from_the_story_is_one_affair_whatever_it_says() -> None:
    own = ToldItem(title=OTHER.title, text=OTHER.text, on=OTHER.on, story_id="s", number=1)
    judged = _judge(_article(QUAKE), told=[own])
    assert judged.novelty is Novelty.FOLLOW_UP
    assert judged.told is own


def test_second_matter_of_an_item_is_found_when_it_says_separately() -> None:
    both = ToldItem(
        title="Beef duties",
        text=f"{OTHER.text} {OTHER.text} Separately, {ITEM.text}",
        on=ITEM.on,
    )
    assert _judge(_article(REPEAT), told=[both]).novelty is Novelty.REPEAT


@pytest.mark.parametrize("text", ["", "...", "12"])
def test_story_without_words_is_new(text: str) -> None:
    assert _judge(_article(text)).novelty is Novelty.NEW


def test_story_is_a_follow_up_when_it_tells_a_later_step_in_words_of_the_item() -> None:
    text = (
        "Defense Minister Kono said on Wednesday that Japan has canceled the deployment of Aegis "
        "Ashore in Akita and Yamaguchi. The National Security Council approved this after a review."
    )
    assert _judge(_article(text, on=(6, 25))).novelty is Novelty.FOLLOW_UP


def test_story_repeats_when_it_tells_the_item_in_other_words() -> None:
    text = (
        "Kono stopped the Aegis Ashore batteries for Akita and Yamaguchi on June 15. Nobody could "
        "warrant that spent rockets come down inside the training ground."
    )
    assert _judge(_article(text)).novelty is Novelty.REPEAT


def test_reasons_tell_what_a_decision_hangs_on_most_first() -> None:
    judged = _judge(_article(REPEAT))
    sizes = [abs(part) for _, part in judged.why]
    assert {"new", "gap", "fresh"} <= {name for name, _ in judged.why}
    assert sizes == sorted(sizes, reverse=True)
