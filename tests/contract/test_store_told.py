from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from store_values import AT, hours, keep_articles, keep_stories, make_run, make_story

from alliance_nlp.core.types import Candidate, SentenceSource, ToldBefore
from alliance_nlp.store import (
    Database,
    finish_run,
    forget_derived,
    mark_ranked,
    read_told,
    save_candidates,
    save_stories,
    save_told,
    stories_shown,
)


def _told(story_id: str, **changes: Any) -> ToldBefore:
    told = ToldBefore(
        story_id=story_id,
        issue_id="vol-3.7",
        number=2,
        earlier_story_id="",
        on=date(2024, 4, 8),
        affinity=1.5,
        new=(SentenceSource(article_id=f"article-{story_id}", start=0, end=9),),
    )
    return replace(told, **changes)


def test_what_a_story_hangs_on_is_read_back(database: Database) -> None:
    with database.write() as tx:
        keep_stories(tx, "s", "t", "u")
        told = [_told("s"), _told("t", issue_id="", number=0, on=None, earlier_story_id="u")]
        save_told(tx, ["s", "t", "u"], told)
        assert read_told(tx, ["s", "t", "u", "none"]) == {one.story_id: one for one in told}


def test_story_hangs_on_nothing_any_more_when_it_is_judged_new(database: Database) -> None:
    with database.write() as tx:
        keep_stories(tx, "s", "t")
        save_told(tx, ["s", "t"], [_told("s"), _told("t")])
        save_told(tx, ["s"], [])
        assert set(read_told(tx, ["s", "t"])) == {"t"}


def test_what_stories_hang_on_is_forgotten_with_them(database: Database) -> None:
    with database.write() as tx:
        keep_stories(tx, "s")
        save_told(tx, ["s"], [_told("s")])
        forget_derived(tx)
        assert read_told(tx, ["s"]) == {}


def test_stories_shown_are_those_that_an_earlier_window_ranked_high(database: Database) -> None:
    before = AT + timedelta(days=20)
    with database.write() as tx:
        keep_articles(tx, *(f"article-{name}" for name in ("high", "low", "open", "old", "none")))
        ends = {"open": before, "old": AT - timedelta(days=99)}
        save_stories(
            tx,
            [
                make_story(name, f"article-{name}", last_at=ends.get(name, hours(5)))
                for name in ("high", "low", "open", "old", "none")
            ],
        )
        early, late = make_run(tx), make_run(tx)
        for run_id, until in ((early, AT + timedelta(days=1)), (late, before + timedelta(days=1))):
            mark_ranked(tx, run_id, until=until)
            finish_run(tx, run_id, state="done", at=until)
        ranked = {"high": 1, "open": 2, "old": 3, "low": 51}
        save_candidates(tx, early, [_candidate(name, rank) for name, rank in ranked.items()])
        save_candidates(tx, late, [_candidate("none", 1)])
        shown = stories_shown(tx, since=AT - timedelta(days=9), before=before, most_rank=50)
    assert [story.id for story in shown] == ["high"]


def _candidate(story_id: str, rank: int) -> Candidate:
    return Candidate(story_id=story_id, rank=rank, score=0.5, logit=0.0, reasons=())
