"""Values that the store's tests save and read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from alliance_nlp.core.types import (
    ArchiveRef,
    Article,
    Dated,
    Lead,
    Page,
    Reason,
    Rejected,
    Role,
    Stage,
    Story,
)
from alliance_nlp.store import (
    Arrival,
    Connection,
    save_article,
    save_articles,
    save_fetch,
    save_stories,
    start_run,
)

AT = datetime(2024, 4, 14, 6, 30, tzinfo=UTC)
_offsets = count(0, 100)


def hours(n: float) -> datetime:
    """Return the time ``n`` hours after :data:`AT`."""
    return AT + timedelta(hours=n)


def make_run(tx: Connection, *, at: datetime = AT) -> int:
    return start_run(tx, command="nightly", as_of=AT, at=at)


def make_page(**changes: Any) -> Page:
    page = Page(
        source_id="gazette",
        role=Role.ARTICLE,
        asked_url="https://gazette.example/a",
        url="https://gazette.example/a",
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=b"<p>words</p>",
        fetched_at=AT,
    )
    return replace(page, **changes)


def make_ref(*, file: str = "night.warc.gz", offset: int | None = None) -> ArchiveRef:
    start = next(_offsets) if offset is None else offset
    return ArchiveRef(file=file, offset=start, length=100, sha256="ab" * 32)


def fetch_page(
    tx: Connection, run_id: int, *, lead_key: str | None = None, payload: str = "p", **changes: Any
) -> int:
    return save_fetch(
        tx,
        make_page(**changes),
        make_ref(),
        run_id=run_id,
        payload_sha256=payload,
        lead_key=lead_key,
    )


def make_lead(name: str, **changes: Any) -> Lead:
    lead = Lead(
        source_id="gazette",
        url=f"https://gazette.example/{name}",
        title=f"Title of {name}",
        published="Sun, 14 Apr 2024 06:00:00 +0900",
    )
    return replace(lead, **changes)


def make_article(article_id: str, **changes: Any) -> Article:
    article = Article(
        id=article_id,
        source_id="gazette",
        url=f"https://gazette.example/{article_id}",
        link=f"https://www.gazette.example/{article_id}?page=1",
        title=f"Title of {article_id}",
        text="First sentence.\nSecond sentence.",
        authors=("A. Writer", "B. Writer"),
        published=Dated(
            at=AT,
            precision="time",
            found="2024-04-14T15:30:00+09:00",
            where="json-ld:datePublished",
            local_on=date(2024, 4, 14),
        ),
        language="en",
        outlet="The Gazette",
        flags=("paywalled",),
    )
    return replace(article, **changes)


def keep_article(tx: Connection, article: Article, *, fetched_at: datetime = AT) -> bool:
    """Save an article with a fetch of its own; tell whether it was new."""
    fetch_id = fetch_page(tx, make_run(tx), url=article.url, fetched_at=fetched_at)
    return save_article(tx, article, fetch_id=fetch_id, fetched_at=fetched_at)


def keep_articles(tx: Connection, *ids: str) -> None:
    fetch_id = fetch_page(tx, make_run(tx))
    save_articles(
        tx, [Arrival(article=make_article(i), fetch_id=fetch_id, fetched_at=AT) for i in ids]
    )


def rejected(reason: Reason, *, failed: bool = False, detail: str = "so it is") -> Rejected:
    return Rejected(
        stage=Stage.EXTRACT, subject_id="subject", reason=reason, detail=detail, failed=failed
    )


def make_story(story_id: str, *article_ids: str, **changes: Any) -> Story:
    story = Story(
        id=story_id,
        article_ids=article_ids,
        representative_id=article_ids[0],
        first_at=AT,
        last_at=hours(5),
    )
    return replace(story, **changes)


def keep_stories(tx: Connection, *ids: str) -> None:
    """Save stories of one article each."""
    keep_articles(tx, *(f"article-{story_id}" for story_id in ids))
    save_stories(tx, [make_story(story_id, f"article-{story_id}") for story_id in ids])
