"""An issue as its readers see it: clean text, numbered sources, the same in every format."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from urllib.parse import quote, urlsplit, urlunsplit

from alliance_nlp.core.text import one_line
from alliance_nlp.core.types import Article, Issue, IssueItem, Sentence
from alliance_nlp.core.urls import host, is_web_url

_NOT_IN_URLS = re.compile(r"[\s<>\"\\^`{|}\x00-\x1f\x7f]")
_KEPT_IN_URLS = "/:?#[]@!$&'()*+,;=%~-._"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A cited article: ``number`` counts from 1 in the order of first citing."""

    number: int
    outlet: str
    title: str
    day: str
    link: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a sentence comes from: ``number`` counts an issue's places from 1."""

    number: int
    article_id: str
    start: int
    end: int
    cited: Cited


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence; ``marks`` are the numbers to print after it.

    A run of sentences that cite the same articles is marked once, at its end.
    """

    text: str
    places: tuple[Place, ...]
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A headline and the sentences of its bullet."""

    headline: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """An issue ready to be set; all texts are clean single lines.

    Attributes
    ----------
    volume
        Such as ``"Vol 2.6"``.
    published, window
        ``"April 14, 2024"`` and ``"April 1 to April 14, 2024"``, or ``""``.
    """

    id: str
    title: str
    volume: str
    published_on: date | None
    published: str
    window: str
    blocks: tuple[Block, ...]
    sources: tuple[Cited, ...]
    footer: str

    @property
    def name(self) -> str:
        """Title and volume, for a window's title or a subject."""
        return f"{self.title} {self.volume}".strip()

    @property
    def subline(self) -> str:
        """Volume, date and window in one line."""
        window = f"covers {self.window}" if self.window else ""
        return " · ".join(part for part in (self.volume, self.published, window) if part)


@dataclass(slots=True)
class _Counting:
    articles: Mapping[str, Article]
    cited: dict[str, Cited] = field(default_factory=dict)
    n_places: int = 0


def long_date(on: date) -> str:
    """Return ``April 14, 2024``."""
    return f"{on:%B} {on.day}, {on.year}"


def span(since: date, until: date) -> str:
    """Return ``April 1 to April 14, 2024``: the year once where it is one."""
    first = long_date(since) if since.year != until.year else f"{since:%B} {since.day}"
    return f"{first} to {long_date(until)}"


def lay_out(issue: Issue, articles: Mapping[str, Article]) -> Layout:
    """Return the issue as it is set; articles that are not known are not cited."""
    counting = _Counting(articles)
    return Layout(
        id=issue.id,
        title=one_line(issue.title),
        volume=f"Vol {issue.volume}.{issue.number}",
        published_on=issue.published_on,
        published=long_date(issue.published_on) if issue.published_on else "",
        window=_window(issue),
        blocks=tuple(_block(item, counting) for item in issue.items),
        sources=tuple(counting.cited.values()),
        footer=one_line(issue.footer),
    )


def _window(issue: Issue) -> str:
    if issue.since_on is None or issue.until_on is None:
        return ""
    return span(issue.since_on, issue.until_on)


def _block(item: IssueItem, counting: _Counting) -> Block:
    placed = [
        (text, _places(sentence, counting))
        for sentence in item.sentences
        if (text := one_line(sentence.text))
    ]
    return Block(headline=one_line(item.headline), lines=_lines(placed))


def _lines(placed: Sequence[tuple[str, tuple[Place, ...]]]) -> tuple[Line, ...]:
    numbers = [tuple(sorted({p.cited.number for p in places})) for _, places in placed]
    marks = [here if here != after else () for here, after in pairwise([*numbers, ()])]
    return tuple(
        Line(text=text, places=places, marks=shown)
        for (text, places), shown in zip(placed, marks, strict=True)
    )


def _places(sentence: Sentence, counting: _Counting) -> tuple[Place, ...]:
    places = []
    for source in sentence.sources:
        article = counting.articles.get(source.article_id)
        if article is None:
            continue
        counting.n_places += 1
        places.append(
            Place(
                number=counting.n_places,
                article_id=source.article_id,
                start=source.start,
                end=source.end,
                cited=_cite(article, counting.cited),
            )
        )
    return tuple(places)


def _cite(article: Article, cited: dict[str, Cited]) -> Cited:
    if article.id not in cited:
        cited[article.id] = Cited(
            number=len(cited) + 1,
            outlet=one_line(article.outlet or host(article.url) or article.source_id),
            title=one_line(article.title),
            day=long_date(article.published.on) if article.published else "undated",
            link=web_link(article.link or article.url),
            language=article.language if article.language.isascii() else "",
        )
    return cited[article.id]


def web_link(address: str) -> str:
    """Return an http(s) address in ASCII that no markup can be broken with; ``""`` for others."""
    link = _NOT_IN_URLS.sub(lambda match: quote(match.group()), address)
    if not is_web_url(link):
        return ""
    parts = urlsplit(link)
    try:
        netloc = parts.netloc.encode("idna").decode("ascii") if not link.isascii() else parts.netloc
    except UnicodeError:
        return ""
    rest = (quote(part, safe=_KEPT_IN_URLS) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme.lower(), netloc, *rest))
