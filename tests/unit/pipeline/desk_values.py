"""A ranking of three stories, and an issue about one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from alliance_nlp.core import ids
from alliance_nlp.core.types import (
    ArchiveRef,
    Article,
    Candidate,
    Contribution,
    Dated,
    Issue,
    IssueItem,
    Label,
    Mention,
    Novelty,
    Page,
    Relevance,
    Role,
    Sentence,
    SentenceSource,
    Story,
    Topic,
    TopicLabel,
)
from alliance_nlp.store import (
    Connection,
    Database,
    mark_ranked,
    save_article,
    save_candidates,
    save_fetch,
    save_mentions,
    save_stories,
    save_topics,
    start_run,
)

AT = datetime(2024, 4, 14, 6, 0, tzinfo=UTC)
SENTENCE = "The yard at Sasebo will repair 12 ships a year from April 2025, the ministry said."
TEXT = f"{SENTENCE}\nThe mayor asked for a road to the pier."


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def make_article(name: str, text: str = TEXT) -> Article:
    url = f"https://gazette.example/{name}"
    return Article(
        id=ids.article_id(url, text),
        source_id="gazette",
        url=url,
        link=url,
        title=f"Report of {name}",
        text=text,
        published=Dated(at=AT, precision="time", found="2024-04-14", where="meta"),
        language="en",
    )


def keep(tx: Connection, article: Article, *, at: datetime = AT) -> None:
    run_id = start_run(tx, command="nightly", as_of=at, at=at)
    page = Page(
        source_id="gazette", role=Role.ARTICLE, asked_url=article.url, url=article.url,
        status=200, headers=(), body=b"x", fetched_at=at,
    )  # fmt: skip
    ref = ArchiveRef(file=f"{article.id}.warc.gz", offset=0, length=9, sha256="ab" * 32)
    fetch_id = save_fetch(tx, page, ref, run_id=run_id, payload_sha256=article.id, lead_key=None)
    save_article(tx, article, fetch_id=fetch_id, fetched_at=at)


ARTICLES = tuple(make_article(name) for name in ("docks", "fuel", "base"))
STORY_IDS = tuple(f"story-{name}" for name in ("docks", "fuel", "base"))


def seed(database: Database) -> None:
    """Write three stories that were ranked; the model holds trade and defense for the first."""
    with database.write() as tx:
        for article in ARTICLES:
            keep(tx, article)
        save_stories(
            tx,
            [
                Story(
                    id=story_id, article_ids=(article.id,), representative_id=article.id,
                    first_at=AT, last_at=AT, novelty=Novelty.FOLLOW_UP,
                )
                for story_id, article in zip(STORY_IDS, ARTICLES, strict=True)
            ],
        )  # fmt: skip
        first = ARTICLES[0].id
        save_topics(
            tx,
            [first],
            topics=[
                Topic(article_id=first, label=label, score=score, holds=holds, model_id="model-a")
                for label, score, holds in (
                    (TopicLabel.DEFENSE, 0.9, True),
                    (TopicLabel.TRADE, 0.6, True),
                    (TopicLabel.ENERGY, 0.1, False),
                )
            ],
            bearing=[Relevance(article_id=first, score=0.8, relevant=True, model_id="model-b")],
        )
        run_id = start_run(tx, command="nightly", as_of=AT, at=AT)
        save_candidates(
            tx,
            run_id,
            [
                Candidate(
                    story_id=story_id, rank=rank, score=1 - rank / 10, logit=0.0,
                    reasons=(Contribution(feature="bias", value=1.0, contribution=0.0),),
                )
                for rank, story_id in enumerate(STORY_IDS[:2], start=1)
            ],
        )  # fmt: skip
        mark_ranked(tx, run_id, until=AT)


def mention(article: Article, surface: str, entity_id: str) -> Mention:
    start = article.text.index(surface)
    return Mention(
        article_id=article.id, start=start, end=start + len(surface), label=Label.OFFICIAL,
        entity_id=entity_id, how="test",
    )  # fmt: skip


def mentioned(database: Database, article: Article, *mentions: Mention) -> None:
    with database.write() as tx:
        save_mentions(tx, [article.id], mentions)


def make_issue(*texts: str, article: Article = ARTICLES[0], **changes: object) -> Issue:
    """Return an issue of one item; all its sentences rest on the article's first one."""
    source = SentenceSource(article_id=article.id, start=0, end=len(article.text.split("\n")[0]))
    item = IssueItem(
        headline="Yard at Sasebo will repair 12 ships",
        story_id=STORY_IDS[0],
        headline_article_id=article.id,
        sentences=tuple(Sentence(text=text, sources=(source,)) for text in texts or (SENTENCE,)),
    )
    issue = Issue(
        volume=3,
        number=7,
        title="US-Japan Alliance Digest",
        published_on=date(2024, 4, 14),
        items=(item,),
        since_on=date(2024, 4, 1),
        until_on=date(2024, 4, 14),
    )
    return replace(issue, **changes)  # type: ignore[arg-type]
