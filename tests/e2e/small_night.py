"""A workspace with what a night leaves in the database, without the night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from alliance_nlp.core.types import (
    Candidate,
    Contribution,
    Dated,
    Relevance,
    Story,
    Topic,
    TopicLabel,
)
from alliance_nlp.store import (
    Connection,
    Database,
    save_article,
    save_candidates,
    save_stories,
    save_topics,
)
from alliance_nlp.workspace import Workspace
from tests.contract.store_values import fetch_page, make_article, make_run
from tests.e2e.in_process import invoke

START = datetime(2024, 4, 8, 12, tzinfo=UTC)
N_STORIES, N_EACH = 20, 2
_SCORES = {TopicLabel.DEFENSE: 0.97, TopicLabel.TRADE: 0.05, TopicLabel.ENERGY: 0.02}


def make_night(root: Path) -> Path:
    """Make a workspace of stories with two reports each, the first ones likeliest relevant."""
    assert invoke("init", root).code == 0
    with Database.open(Workspace(root).database_url) as database, database.write() as tx:
        run_id = make_run(tx)
        stories = [_keep_story(tx, run_id, number) for number in range(N_STORIES)]
        save_stories(tx, stories)
        save_candidates(tx, run_id, [_candidate(s.id, n) for n, s in enumerate(stories, start=1)])
    return root


def _keep_story(tx: Connection, run_id: int, number: int) -> Story:
    at = START + timedelta(hours=8 * number)
    ids = tuple(f"article-{number:02}-{report}" for report in range(N_EACH))
    for article_id in ids:
        dated = Dated(at=at, precision="time", found="", where="test", local_on=at.date())
        article = make_article(
            article_id,
            text=f"Words of {article_id}, that stand in no other report.",
            published=dated,
        )
        fetch_id = fetch_page(tx, run_id, url=article.url)
        save_article(tx, article, fetch_id=fetch_id, fetched_at=at)
        _keep_topics(tx, article_id, relevant=1 - number / N_STORIES)
    return Story(
        id=f"story-{number:02}", article_ids=ids, representative_id=ids[0], first_at=at, last_at=at
    )


def _keep_topics(tx: Connection, article_id: str, *, relevant: float) -> None:
    topics = [
        Topic(article_id=article_id, label=label, score=score, holds=score > 0.5, model_id="m")
        for label, score in _SCORES.items()
    ]
    judged = Relevance(article_id=article_id, score=relevant, relevant=relevant > 0.5, model_id="m")
    save_topics(tx, [article_id], topics=topics, bearing=[judged])


def _candidate(story_id: str, rank: int) -> Candidate:
    reason = Contribution(feature="bias", value=1.0, contribution=-1.0 * rank)
    return Candidate(story_id=story_id, rank=rank, score=0.5, logit=-1.0 * rank, reasons=(reason,))
