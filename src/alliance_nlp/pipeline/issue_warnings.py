"""What became of the articles that an issue cites: edits and withdrawals since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alliance_nlp.core.errors import DigestError
from alliance_nlp.core.types import Article, Issue
from alliance_nlp.extract import Change, diff, is_material
from alliance_nlp.pipeline.issue_citing import cited_ids
from alliance_nlp.store import (
    Connection,
    Database,
    read_articles,
    read_issue,
    read_versions,
    read_withdrawn,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueWarning:
    """A cited article that is no longer what was cited.

    Attributes
    ----------
    kind
        ``"edited"``, ``"withdrawn"``, or ``"missing"`` where the store has no such article.
    numbers
        The items that cite it, from 1.
    at
        When the edited text was first seen; ``None`` for the other kinds.
    why
        What is known of a withdrawal.
    title_change
        The titles before and after, empty when they are equal.
    changes
        What the edit changed, in order.
    lost
        The cited passages that the article no longer has word by word.
    """

    kind: str
    article_id: str
    title: str
    url: str
    numbers: tuple[int, ...]
    at: datetime | None = None
    why: str = ""
    title_change: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    lost: tuple[str, ...] = ()


def warnings_of(database: Database, issue_id: str) -> tuple[IssueWarning, ...]:
    """Return the warnings on an issue, in order of its items; edits that say the same are none.

    Raises
    ------
    DigestError
        If there is no such issue.
    """
    with database.read() as tx:
        found = read_issue(tx, issue_id)
        if found is None:
            raise DigestError(f"there is no issue {issue_id}; see: alliance-nlp digest list")
        issue = found[0]
        ids = cited_ids(issue)
        articles, withdrawn = read_articles(tx, ids), read_withdrawn(tx, ids)
        made = [
            warning
            for article_id in ids
            for warning in _of_article(tx, issue, article_id, articles=articles, why=withdrawn)
        ]
    return tuple(sorted(made, key=lambda warning: (warning.numbers, warning.article_id)))


def _of_article(
    tx: Connection,
    issue: Issue,
    article_id: str,
    *,
    articles: Mapping[str, Article],
    why: Mapping[str, str],
) -> list[IssueWarning]:
    numbers = _citing(issue, article_id)
    article = articles.get(article_id)
    if article is None:
        missing = IssueWarning(
            kind="missing", article_id=article_id, title="", url="", numbers=numbers
        )
        return [missing]
    made = []
    if article_id in why:
        made.append(
            IssueWarning(
                kind="withdrawn",
                article_id=article_id,
                title=article.title,
                url=article.url,
                numbers=numbers,
                why=why[article_id],
            )
        )
    edited = _edited(tx, issue, article, numbers=numbers)
    return [*made, edited] if edited else made


def _edited(
    tx: Connection, issue: Issue, article: Article, *, numbers: tuple[int, ...]
) -> IssueWarning | None:
    versions = read_versions(tx, article.url)
    if not versions or versions[-1][0] == article.id:
        return None
    newest_id, seen_at = versions[-1]
    newest = read_articles(tx, [newest_id])[newest_id]
    changes = diff(article, newest)
    if not is_material(changes):
        return None
    passages = {
        article.text[source.start : source.end]
        for item in issue.items
        for sentence in item.sentences
        for source in sentence.sources
        if source.article_id == article.id
    }
    return IssueWarning(
        kind="edited",
        article_id=article.id,
        title=article.title,
        url=article.url,
        numbers=numbers,
        at=seen_at,
        title_change=changes.title,
        changes=changes.changes,
        lost=tuple(sorted(passage for passage in passages if passage not in newest.text)),
    )


def _citing(issue: Issue, article_id: str) -> tuple[int, ...]:
    return tuple(
        number
        for number, item in enumerate(issue.items, start=1)
        if item.headline_article_id == article_id
        or any(s.article_id == article_id for x in item.sentences for s in x.sources)
    )
