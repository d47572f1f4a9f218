"""A finished issue as the desk shows it: sentences numbered to the passages they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alliance_nlp.core.types import Article, Issue, SentenceSource, Source
from alliance_nlp.web.views import outlet_of, web_link


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A source of a sentence; ``text`` is what the article says there."""

    number: int
    outlet: str
    title: str
    language: str
    link: str
    text: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence and the numbers of its passages."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A headline with its bullet; ``n_words`` counts the bullet's."""

    headline: str
    story_id: str
    lines: tuple[Line, ...]
    passages: tuple[Passage, ...]
    n_words: int


def issue_view(
    issue: Issue, cited: Mapping[str, Article], sources: Mapping[str, Source]
) -> tuple[Item, ...]:
    """Return the items of an issue; passages are numbered through the whole issue."""
    items = []
    number = 0
    for item in issue.items:
        lines, passages = [], []
        for sentence in item.sentences:
            numbers = []
            for source in sentence.sources:
                number += 1
                numbers.append(number)
                passages.append(
                    _passage(number, source, cited.get(source.article_id), sources=sources)
                )
            lines.append(Line(text=sentence.text, numbers=tuple(numbers)))
        items.append(
            Item(
                headline=item.headline,
                story_id=item.story_id,
                lines=tuple(lines),
                passages=tuple(passages),
                n_words=len(item.bullet.split()),
            )
        )
    return tuple(items)


def _passage(
    number: int,
    source: SentenceSource,
    article: Article | None,
    *,
    sources: Mapping[str, Source],
) -> Passage:
    return Passage(
        number=number,
        outlet=outlet_of(article, sources) if article else "not in the store",
        title=article.title if article else source.article_id,
        language=article.language if article else "",
        link=web_link(article) if article else "",
        text=article.text[source.start : source.end] if article else "",
        where=f"article {source.article_id}, characters {source.start} to {source.end}",
    )
