"""What an issue cites."""

from __future__ import annotations

from alliance_nlp.core.types import Issue, IssueItem


def cited_by(item: IssueItem) -> tuple[str, ...]:
    """Return the ids of the articles that an item's sentences and headline come from, sorted."""
    ids = {source.article_id for sentence in item.sentences for source in sentence.sources}
    return tuple(sorted(ids | ({item.headline_article_id} - {""})))


def cited_ids(issue: Issue) -> tuple[str, ...]:
    """Return the ids of the articles that an issue's items cite, sorted."""
    return tuple(sorted({article_id for item in issue.items for article_id in cited_by(item)}))
