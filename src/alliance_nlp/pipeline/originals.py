"""An article's page as it was archived, as text to look at and never as a page to run."""

from __future__ import annotations

import re
from dataclasses import dataclass

from alliance_nlp.archive import decoded, read_page
from alliance_nlp.core.types import Article, Page
from alliance_nlp.store import Database, read_articles
from alliance_nlp.workspace import Workspace

_MOST_BYTES = 32 * 1024 * 1024
_META_READS = 2_048
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# Controls but tab and line feed, and what turns the direction of text, which could disguise it.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalText:
    """An archived page: who it belongs to, its head, and its source as text."""

    article: Article
    page: Page
    text: str


def read_original(workspace: Workspace, database: Database, article_id: str) -> OriginalText | None:
    """Return an article's archived page; ``None`` where the article or its place is not known.

    Raises
    ------
    ArchiveError
        If the archive has not what was recorded.
    """
    with database.read() as tx:
        article = read_articles(tx, [article_id]).get(article_id)
    if article is None or article.archived is None:
        return None
    page = decoded(read_page(workspace.raw, article.archived), max_bytes=_MOST_BYTES)
    return OriginalText(article=article, page=page, text=as_text(page))


def as_text(page: Page) -> str:
    """Return a page's source; controls and what turns text around are written as their numbers."""
    text = page.body.decode(_charset(page), "replace").replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _charset(page: Page) -> str:
    said = (page.header("Content-Type"), page.body[:_META_READS].decode("latin-1"))
    for text in said:
        found = _CHARSET.search(text)
        if found and _is_known(found[1]):
            return found[1]
    return "utf-8"


def _is_known(name: str) -> bool:
    try:
        return isinstance(b"a".decode(name), str)
    except (LookupError, ValueError):
        return False
