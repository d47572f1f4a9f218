"""What a published issue rested on, as plain JSON values."""

from __future__ import annotations

from typing import Any

from alliance_nlp import __version__
from alliance_nlp.config import Settings
from alliance_nlp.core.types import Article, IssueVersion
from alliance_nlp.pipeline.issue_citing import cited_ids
from alliance_nlp.store import (
    Connection,
    read_articles,
    read_candidates,
    read_relevance,
    read_stories,
    read_topics,
)

FORM = 1  # of the record; it grows when its keys change


def frozen_record(tx: Connection, settings: Settings, version: IssueVersion) -> dict[str, Any]:
    """Return the newest ranking, what it went by, and where what is cited is archived.

    ``archived`` gives the file in ``data/raw``, the place in it, and the SHA-256 of the bytes
    there.
    """
    candidates = read_candidates(tx)
    stories = read_stories(tx, [candidate.story_id for candidate in candidates])
    cited = cited_ids(version.issue)
    judged = sorted({story.representative_id for story in stories.values()} | set(cited))
    articles = read_articles(tx, cited)
    return {
        "form": FORM,
        "issue": version.issue.id,
        "version": version.number,
        "editor": version.editor,
        "published_at": version.saved_at.isoformat(),
        "program": __version__,
        "settings": {
            "rank": settings.rank.model_dump(mode="json"),
            "window_days": settings.digest.window_days,
        },
        "candidates": [{"story": c.story_id, "rank": c.rank, "score": c.score} for c in candidates],
        "models": _models(tx, judged),
        "articles": {
            article_id: _article(articles[article_id]) if article_id in articles else None
            for article_id in cited
        },
    }


def _models(tx: Connection, article_ids: list[str]) -> list[str]:
    topics, bearing = read_topics(tx, article_ids), read_relevance(tx, article_ids)
    models = {topic.model_id for of_article in topics.values() for topic in of_article}
    return sorted(models | {relevance.model_id for relevance in bearing.values()})


def _article(article: Article) -> dict[str, Any]:
    archived = article.archived
    return {
        "title": article.title,
        "url": article.url,
        "source": article.source_id,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "archived": {
            "file": archived.file,
            "offset": archived.offset,
            "length": archived.length,
            "sha256": archived.sha256,
        }
        if archived
        else None,
    }
