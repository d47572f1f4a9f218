"""robots.txt by RFC 9309, read by Protego.

Scrapy's own middleware is not used. It lets everything pass when robots.txt answers with a server
error or not at all, where the RFC (section 2.3.1.4) asks for the opposite; and in 2.19 only the
first of several requests that wait for one robots.txt gets its rules, the others pass unasked.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

# RFC 9309, section 2.5: at least this much must be parsed; more is not read.
PARSED_BYTES = 500 * 1024
_ASKED_FIRST = 1000


class RobotsDenied(IgnoreRequest):
    """The site's robots.txt asks us to stay away from this URL."""


class RobotsUnavailable(IgnoreRequest):
    """The site's robots.txt could not be had, which counts as a refusal for now."""

    def __init__(self, said: str, cause: BaseException | None = None) -> None:
        super().__init__(said)
        self.cause = cause


def is_too_large(error: IgnoreRequest) -> bool:
    """Tell a body that unpacks to too much, which has a cause, from too many redirects."""
    return error.__cause__ is not None and not isinstance(error, RobotsUnavailable)


class Robots:
    """Asks each origin's robots.txt once a run, before anything else of that origin."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        # The product token alone: groups for words that our contact holds are not for us.
        self._agent = crawler.settings["USER_AGENT"].split("/")[0].strip()
        self._rules: dict[str, asyncio.Task[Protego]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> Robots:
        """Build the middleware as Scrapy asks for it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass or refuse it."""
        if request.meta.get("is_robots"):
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._ask(origin))
        rules = await asyncio.shield(self._rules[origin])
        if not rules.can_fetch(request.url, self._agent):
            raise RobotsDenied("its robots.txt asks robots to stay away")

    async def _ask(self, origin: str) -> Protego:
        request = Request(
            f"{origin}/robots.txt",
            priority=_ASKED_FIRST,
            meta={"is_robots": True},
            callback=NO_CALLBACK,
            dont_filter=True,
        )
        try:
            response: Response = await self._crawler.engine.download_async(request)
        except IgnoreRequest as error:
            if is_too_large(error):
                raise RobotsUnavailable("its robots.txt is too large", error) from error
            return Protego.parse("")  # too many redirects count as "unavailable": all is allowed
        except Exception as error:
            raise RobotsUnavailable("its robots.txt could not be fetched", error) from error
        if response.status >= 500:
            raise RobotsUnavailable(
                f"its robots.txt answered {response.status}, which RFC 9309 reads as a refusal"
            )
        if response.status >= 400:
            return Protego.parse("")
        return Protego.parse(response.body[:PARSED_BYTES].decode("utf-8-sig", "replace"))
