"""What an issue may say beyond its sources: who the people in them are, by the knowledge base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from alliance_nlp.core.types import Issue, IssueItem
from alliance_nlp.pipeline.introducing import introduction
from alliance_nlp.pipeline.issue_citing import cited_by, cited_ids
from alliance_nlp.store import Connection, read_articles, read_mentions, read_stories
from alliance_nlp.tag import KnowledgeBase, Official, Record, load_knowledge_base, offices_on


def granted_phrases(
    tx: Connection, issue: Issue, *, kb: KnowledgeBase | None = None
) -> tuple[tuple[str, ...], ...]:
    """Return for each item the names and offices of those whom its cited articles name.

    So a digest may write "Nagano Governor Shuichi Abe" where the report says "the governor", or
    name in English whom a Japanese report names. Offices are those of the days of the story.

    Parameters
    ----------
    kb
        The package's own tables unless stated.
    """
    tables = kb or load_knowledge_base()
    stories = read_stories(tx, [item.story_id for item in issue.items if item.story_id])
    ids = {*cited_ids(issue), *(i for story in stories.values() for i in story.article_ids)}
    articles = read_articles(tx, sorted(ids))
    days = {i: a.published.on for i, a in articles.items() if a.published}
    mentions = read_mentions(tx, sorted(articles))

    def of_item(item: IssueItem) -> tuple[str, ...]:
        cited = cited_by(item)
        story = stories.get(item.story_id)
        on = sorted({days[i] for i in (*cited, *(story.article_ids if story else ())) if i in days})
        entities = {m.entity_id for i in cited for m in mentions.get(i, ())}
        records = [tables.records[e] for e in sorted(entities) if e in tables.records]
        return tuple(dict.fromkeys(p for record in records for p in _phrases(record, on)))

    return tuple(of_item(item) for item in issue.items)


def _phrases(record: Record, days: Sequence[date]) -> Iterator[str]:
    yield record.name
    yield from record.aliases
    if not isinstance(record, Official):
        return
    for on in days:
        if introduced := introduction(record, on):
            yield introduced
        for office in offices_on(record, on):
            yield f"{office.title} {record.name}"
            yield f"{office.org} {office.title} {record.name}"
