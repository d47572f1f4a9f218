"""How an article was edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import Article
from alliance_nlp.core.urls import is_web_url, url_key
from alliance_nlp.extract import Changes, diff, is_material
from alliance_nlp.store import Connection, read_articles, read_versions, read_withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A version, since when it was seen, and what changed from the one before."""

    article: Article
    seen_at: datetime
    changes: Changes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The versions of one address, oldest first; ``withdrawn`` says why, if it was."""

    url: str
    edits: tuple[Edit, ...]
    withdrawn: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries, lists, strings and numbers."""
        return {
            "url": self.url,
            "withdrawn": self.withdrawn or None,
            "versions": [
                {
                    "article": edit.article.id,
                    "seen_at": edit.seen_at.isoformat(),
                    "title": edit.article.title,
                    "is_material": is_material(edit.changes) if edit.changes else None,
                    "changes": edit.changes.to_json() if edit.changes else None,
                }
                for edit in self.edits
            ],
        }


def read_history(tx: Connection, url: str) -> History:
    """Return how an article was edited.

    Raises
    ------
    InputError
        If there is no article at this address.
    """
    key = url_key(url) if is_web_url(url) else url
    versions = read_versions(tx, key)
    if not versions:
        raise InputError(f"there is no article from {url}; see: alliance-nlp archive show {url}")
    articles = read_articles(tx, [article_id for article_id, _ in versions])
    withdrawn = read_withdrawn(tx, list(articles))
    edits: list[Edit] = []
    for article_id, seen_at in versions:
        article = articles[article_id]
        changes = diff(edits[-1].article, article) if edits else None
        edits.append(Edit(article=article, seen_at=seen_at, changes=changes))
    return History(url=key, edits=tuple(edits), withdrawn=withdrawn.get(edits[-1].article.id, ""))
