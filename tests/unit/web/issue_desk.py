"""A desk with an issue in the making, and the editor's form as a browser would send it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from alliance_nlp.core.types import (
    Article,
    Issue,
    IssueItem,
    IssueVersion,
    Sentence,
    SentenceSource,
)
from alliance_nlp.store import newest_version, save_issue

YARD = (
    "The yard in Kure will repair 12 tankers a year from April.\n"
    "Mayor Aoi Sato welcomed the plan.\n"
    "Work on a second dock starts in 2025."
)
SAYS = "The yard in Kure will repair 12 tankers a year."
HEADLINE = "Yard in Kure Will Repair 12 Tankers a Year"


class _Fields(HTMLParser):
    """Collects the fields of the editor's form, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._inside = False
        self._area: str | None = None
        self._skips = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = found.get("id") == "edit"
        self._skips = tag == "noscript" or (self._skips and tag == "textarea")
        if self._inside and tag == "input" and "name" in found:
            self.fields.append((found["name"], found.get("value", "")))
        if self._inside and tag == "textarea" and not self._skips:
            self._area = found["name"]
            self.fields.append((self._area, ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[-1] = (self._area, self.fields[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        if tag == "form":
            self._inside = False


def fields_of(page: str) -> list[tuple[str, str]]:
    """Return what a browser would send of the editor's form."""
    reader = _Fields()
    reader.feed(page)
    return reader.fields


def changed(fields: list[tuple[str, str]], name: str, value: str) -> list[tuple[str, str]]:
    """Return the fields with the first of a name changed."""
    at = next(i for i, (one, _) in enumerate(fields) if one == name)
    return [*fields[:at], (name, value), *fields[at + 1 :]]


@dataclass
class IssueDesk:
    """An issue on a desk, and a browser that edits it."""

    served: Any
    browser: Any
    article: Article
    other: Article
    draft: Issue

    def begin(self) -> None:
        """Let there be a draft of this test's own, in a volume of its own."""
        self.draft = replace(self.draft, volume=self.draft.volume + 1)
        with self.served.seed.database.write() as tx:
            save_issue(tx, self.draft, state="draft", editor="kano")

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/issue/{self.draft.id}"

    def page(self) -> str:
        """The issue's page."""
        found: str = self.browser.get(self.path).text
        return found

    def fields(self) -> list[tuple[str, str]]:
        """The editor's fields as they are now."""
        return fields_of(self.page())

    def send(self, path: str, fields: Any, **headers: str) -> Any:
        """Post fields, which may come several times under one name."""
        pairs = fields.items() if isinstance(fields, dict) else fields
        sent = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://{self.browser.host}",
            "Sec-Fetch-Site": "same-origin",
            **headers,
        }
        return self.browser.ask("POST", path, body=urlencode(list(pairs)), headers=sent)

    def edit(self, name: str, value: str, **more: str) -> Any:
        """Save with one field changed."""
        return self.send(self.path, [*changed(self.fields(), name, value), *more.items()])

    def post(self, what: str, **fields: str) -> Any:
        """Post to a move or an override, with what its form carries."""
        last = self.last()
        csrf = dict(self.fields() or [("csrf", self.csrf())]).get("csrf") or self.csrf()
        return self.send(f"{self.path}/{what}", {"csrf": csrf, "base": str(last.number), **fields})

    def csrf(self) -> str:
        """What the desk's pages carry."""
        found = re.search(r'data-csrf="([^"]+)"', self.page())
        assert found
        return found[1]

    def last(self) -> IssueVersion:
        """The newest version in the store."""
        with self.served.seed.database.read() as tx:
            found = newest_version(tx, self.draft.id)
        assert found
        return found

    def sentences(self) -> list[str]:
        """The texts of the first item's bullet."""
        return [sentence.text for sentence in self.last().issue.items[0].sentences]


def said(page: str) -> str:
    """Return a page's words."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def make(served: Any) -> IssueDesk:
    """Rank two stories and write a draft on the first of them."""
    seed = served.seed
    article = seed.article("Kure yard to repair tankers", YARD)
    other = seed.article(
        "Pier in Sasebo closes", "The pier in Sasebo closed on Monday for 3 weeks of work."
    )
    seed.rank(seed.story("story-yard", article), seed.story("story-pier", other))
    source = SentenceSource(article_id=article.id, start=0, end=YARD.index("\n"))
    item = IssueItem(
        headline=HEADLINE,
        sentences=(Sentence(text=SAYS, sources=(source,)),),
        story_id="story-yard",
        headline_article_id=article.id,
    )
    issue = Issue(
        volume=2,
        number=7,
        title="US-Japan Alliance Digest",
        published_on=date(2024, 4, 14),
        items=(item,),
        since_on=date(2024, 4, 1),
        until_on=date(2024, 4, 14),
    )
    return IssueDesk(
        served=served, browser=served.browser(), article=article, other=other, draft=issue
    )
