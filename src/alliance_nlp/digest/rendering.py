"""Issues as Markdown, HTML and JSON values, every sentence with its source where it has one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from alliance_nlp.core.types import Article, Issue, IssueItem, Sentence, SentenceSource
from alliance_nlp.core.urls import host, is_web_url

_NOT_IN_URLS = re.compile(r"[\s<>\"\\^`{|}]")
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_\[\]<>])")


@dataclass(frozen=True, slots=True)
class _Note:
    """A source as a reader sees it: ``number`` counts the sentences with sources."""

    number: int
    outlet: str
    title: str
    day: str
    link: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    notes: tuple[_Note, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    headline: str
    lines: tuple[_Line, ...]


def long_date(on: date) -> str:
    """Return ``April 14, 2024``."""
    return f"{on:%B} {on.day}, {on.year}"


def render_markdown(issue: Issue, articles: Mapping[str, Article]) -> str:
    """Return the issue as Markdown; sources are footnotes with article and offsets."""
    return _environment().get_template("issue.md.j2").render(**_context(issue, articles))


def render_html(issue: Issue, articles: Mapping[str, Article]) -> str:
    """Return the issue as one HTML page that loads nothing from elsewhere."""
    return _environment().get_template("issue.html.j2").render(**_context(issue, articles))


def issue_json(issue: Issue) -> dict[str, Any]:
    """Return the issue as JSON values: headlines and bullets, and each sentence's sources."""
    return {
        "id": issue.id,
        "volume": issue.volume,
        "number": issue.number,
        "title": issue.title,
        "date": _iso(issue.published_on),
        "since": _iso(issue.since_on),
        "until": _iso(issue.until_on),
        "headlines": [item.headline for item in issue.items],
        "bullets": [item.bullet for item in issue.items],
        "items": [_item_json(item) for item in issue.items],
        "footer": issue.footer,
    }


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None


def _item_json(item: IssueItem) -> dict[str, Any]:
    return {
        "headline": item.headline,
        "headline_article_id": item.headline_article_id or None,
        "story": item.story_id or None,
        "sentences": [
            {
                "text": sentence.text,
                "sources": [
                    {"article_id": s.article_id, "start": s.start, "end": s.end}
                    for s in sentence.sources
                ],
            }
            for sentence in item.sentences
        ],
    }


def _is_html(template: str | None) -> bool:
    return bool(template and ".html" in template)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("alliance_nlp.digest"),
        autoescape=_is_html,  # noqa: S701 - Markdown escapes by its own filter
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = lambda text: _MARKDOWN_SPECIAL.sub(r"\\\1", text)
    return environment


def _context(issue: Issue, articles: Mapping[str, Article]) -> dict[str, Any]:
    blocks, number = [], 0
    for item in issue.items:
        lines = []
        for sentence in item.sentences:
            notes, number = _notes(sentence, articles, number)
            lines.append(_Line(sentence.text, notes))
        blocks.append(_Block(item.headline, tuple(lines)))
    return {
        "issue": issue,
        "published": long_date(issue.published_on) if issue.published_on else "",
        "window": _window(issue),
        "blocks": blocks,
        "notes": [note for block in blocks for line in block.lines for note in line.notes],
    }


def _window(issue: Issue) -> str:
    if issue.since_on is None or issue.until_on is None:
        return ""
    return f"{long_date(issue.since_on)} to {long_date(issue.until_on)}"


def _notes(
    sentence: Sentence, articles: Mapping[str, Article], number: int
) -> tuple[tuple[_Note, ...], int]:
    notes = []
    for source in sentence.sources:
        article = articles.get(source.article_id)
        if article is not None:
            number += 1
            notes.append(_note(number, source, article))
    return tuple(notes), number


def _note(number: int, source: SentenceSource, article: Article) -> _Note:
    link = _NOT_IN_URLS.sub(lambda match: quote(match.group()), article.link or article.url)
    return _Note(
        number=number,
        outlet=article.outlet or host(article.url) or article.source_id,
        title=article.title,
        day=long_date(article.published.on) if article.published else "undated",
        link=link if is_web_url(link) else "",
        start=source.start,
        end=source.end,
    )
