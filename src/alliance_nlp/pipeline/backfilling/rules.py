"""The cheapest questions: what a record's head and its address tell before a byte is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from alliance_nlp.archive import FoundRecord
from alliance_nlp.core.errors import ConfigError
from alliance_nlp.core.types import Page
from alliance_nlp.core.urls import is_web_url
from alliance_nlp.pipeline.backfilling.counting import Miss

# Smaller than any page with an article in it, head of the answer included.
_LEAST_BYTES = 256
# What is fetched so long after the window's end was hardly written within it.
_LATEST_FETCH = timedelta(days=31)
_HTML = ("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml", "")
_OTHER_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|json|xml|rss|atom|pdf|zip|gz|mp[34]|m4[av]|webm|avi"
    r"|mov|wav|docx?|xlsx?|pptx?|epub|ics|txt|woff2?|ttf)$",
    re.IGNORECASE,
)
# Whole path segments that list, sell or ask, on sites of any language that use English paths.
_NO_ARTICLES = re.compile(
    r"/(?:tags?|topics?|category|categories|authors?|search|login|signin|sign-in|register|signup"
    r"|subscribe|subscription|account|cart|checkout|newsletters?|feeds?|rss|sitemaps?|archives?"
    r"|wp-admin|wp-json|cgi-bin|classifieds|horoscopes?|crosswords?|obituaries|puzzles)/?$",
    re.IGNORECASE,
)
_PAGE_OF_LIST = re.compile(r"/(?:tag|category|author|topic)s?/.*/page/\d+/?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days that count, both included; ``None`` leaves a side open."""

    since: date | None = None
    until: date | None = None

    def holds(self, on: date) -> bool:
        """Tell whether a day counts."""
        return (self.since is None or on >= self.since) and (self.until is None or on <= self.until)

    def may_hold(self, fetched_at: datetime) -> bool:
        """Tell whether a page that was fetched then may be of one of the days.

        Nothing is published after it was fetched, but for the zones' sake a day is given.
        """
        day = timedelta(days=1)
        if self.since is not None and fetched_at < _midnight(self.since) - day:
            return False
        return self.until is None or fetched_at < _midnight(self.until) + day + _LATEST_FETCH


def parse_window(since: str | None, until: str | None) -> Window:
    """Read the options ``--since`` and ``--until``.

    Raises
    ------
    ConfigError
        If one is no day, or the last is before the first.
    """
    window = Window(since=_day("--since", since), until=_day("--until", until))
    if window.since and window.until and window.until < window.since:
        raise ConfigError(f"--until {until} is before --since {since}; swap them")
    return window


def _day(option: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ConfigError(f"{option} {text!r} is no day; write 2024-01-31") from error


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), tzinfo=UTC)


def miss_of_head(found: FoundRecord, window: Window, *, max_bytes: int) -> Miss | None:
    """Tell why a record is no article page, by its head alone; ``None`` lets it go on."""
    if found.kind != "response":
        return Miss.OTHER_RECORD
    if found.n_bytes > max_bytes:
        return Miss.TOO_LARGE
    if found.n_bytes < _LEAST_BYTES:
        return Miss.TOO_SMALL
    at = found.at
    if at is not None and not window.may_hold(at):
        return Miss.OUTSIDE_WINDOW
    return miss_of_address(found.url)


def miss_of_address(url: str) -> Miss | None:
    """Tell why no article stands at an address; ``None`` where one may."""
    if not is_web_url(url):
        return Miss.NO_WEB_ADDRESS
    parts = urlsplit(url)
    path = parts.path
    is_front = path in ("", "/") and not parts.query
    if (
        is_front
        or _OTHER_FILES.search(path)
        or _NO_ARTICLES.search(path)
        or _PAGE_OF_LIST.search(path)
    ):
        return Miss.NO_ARTICLE_ADDRESS
    return None


def miss_of_answer(page: Page) -> Miss | None:
    """Tell why an answer is no article page, by its status and type; ``None`` lets it go on."""
    if page.status != 200:
        return Miss.STATUS
    kind = page.header("content-type").split(";", 1)[0].strip().lower()
    return None if kind in _HTML else Miss.NOT_HTML
