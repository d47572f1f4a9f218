"""Issues as Markdown, HTML and JSON values, every sentence with its source where it has one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from alliance_nlp.core.text import one_line
from alliance_nlp.core.types import Article, Issue, IssueItem
from alliance_nlp.digest.laying_out import Layout, lay_out, web_link

# docs/formats.md describes it; a change that breaks readers counts the version up.
JSON_FORMAT = "alliance-nlp-issue"
JSON_VERSION = 1

_MARKDOWN_SPECIAL = re.compile(r"[\\`*_\[\]<>~]|&(?=#?\w+;)")
# What at the head of a line would begin a heading, a list or a quotation.
_LINE_HEAD = re.compile(r"^(?:[#+-]|\d{1,9}(?=[.)]))")


def render_markdown(issue: Issue, articles: Mapping[str, Article]) -> str:
    """Return the issue as Markdown; sources are footnotes with article and offsets.

    What :func:`parse_issue` reads of it renders to the same text again.
    """
    return render_page("issue.md.j2", lay_out(issue, articles))


def render_html(issue: Issue, articles: Mapping[str, Article]) -> str:
    """Return the issue as one HTML page that loads nothing from elsewhere."""
    return render_page("issue.html.j2", lay_out(issue, articles))


def issue_json(issue: Issue, articles: Mapping[str, Article] | None = None) -> dict[str, Any]:
    """Return the issue as JSON values: headlines and bullets, and each sentence's sources.

    With ``articles``, ``articles`` lists those that are cited. ``docs/formats.md`` has the schema.
    """
    data = {
        "format": JSON_FORMAT,
        "version": JSON_VERSION,
        "id": issue.id,
        "volume": issue.volume,
        "number": issue.number,
        "title": issue.title,
        "date": issue.published_on.isoformat() if issue.published_on else None,
        "since": issue.since_on.isoformat() if issue.since_on else None,
        "until": issue.until_on.isoformat() if issue.until_on else None,
        "headlines": [item.headline for item in issue.items],
        "bullets": [item.bullet for item in issue.items],
        "items": [_item_json(item) for item in issue.items],
        "footer": issue.footer,
    }
    if articles is not None:
        data["articles"] = _articles_json(issue, articles)
    return data


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


def _articles_json(issue: Issue, articles: Mapping[str, Article]) -> list[dict[str, Any]]:
    cited = dict.fromkeys(
        source.article_id
        for item in issue.items
        for sentence in item.sentences
        for source in sentence.sources
    )
    return [
        {
            "id": article.id,
            "outlet": article.outlet or article.source_id,
            "title": one_line(article.title),
            "link": web_link(article.link or article.url) or None,
            "published": article.published.on.isoformat() if article.published else None,
            "language": article.language or None,
        }
        for article_id in cited
        if (article := articles.get(article_id)) is not None
    ]


def escape_markdown(text: str) -> str:
    """Return a single line that Markdown shows as it is, also at the head of a list item."""
    escaped = _MARKDOWN_SPECIAL.sub(r"\\\g<0>", one_line(text))
    return _LINE_HEAD.sub(_escape_head, escaped)


def _escape_head(match: re.Match[str]) -> str:
    head = match.group()
    return f"{head}\\" if head.isdigit() else f"\\{head}"


def render_page(template: str, layout: Layout) -> str:
    """Return a page of the templates' folder; what ends in ``.html.j2`` is escaped."""
    return _environment().get_template(template).render(page=layout)


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
    environment.filters["md"] = escape_markdown
    return environment
