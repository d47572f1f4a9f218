"""Drafts brought to the house style, so that an editor finds only what asks for judgement."""

from __future__ import annotations

from dataclasses import replace

from alliance_nlp.config import StyleSettings
from alliance_nlp.core.types import Issue, IssueItem
from alliance_nlp.digest import StyleRule, fix_all, house_rules


def in_house_style(issue: Issue, style: StyleSettings) -> Issue:
    """Return an issue with every fix of the house style made; its sources stay."""
    year = issue.published_on.year if issue.published_on else None
    rules = house_rules(**style.model_dump(), year=year)
    return replace(issue, items=tuple(_styled(item, rules) for item in issue.items))


def item_in_house_style(item: IssueItem, style: StyleSettings, *, year: int | None) -> IssueItem:
    """Return an item with every fix of the house style made; ``year`` is its issue's."""
    return _styled(item, house_rules(**style.model_dump(), year=year))


def _styled(item: IssueItem, rules: tuple[StyleRule, ...]) -> IssueItem:
    return replace(
        item,
        headline=fix_all(item.headline, rules, kind="headline"),
        sentences=tuple(
            replace(sentence, text=fix_all(sentence.text, rules)) for sentence in item.sentences
        ),
    )
