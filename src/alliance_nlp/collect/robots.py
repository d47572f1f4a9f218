"""robots.txt by RFC 9309, read by Protego.

Scrapy's own middleware is not used. It lets everything pass when robots.txt answers with a server
error or not at all, where the RFC (section 2.3.1.4) asks for the opposite; and in 2.19 only the
first of several requests that wait for one robots.txt gets its rules, the others pass unasked.

Status 429 counts as a server error, as Google counts it: a host that asks us to slow down has not
said that everything may be fetched.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from alliance_nlp.collect.addresses import is_home, place
from alliance_nlp.collect.messages import POLITENESS
from alliance_nlp.collect.refusals import TOO_LARGE, Refused, explain
from alliance_nlp.collect.unpacking import TooMuchError, unpacked
from alliance_nlp.core.types import Reason

# RFC 9309, section 2.5: at least this much must be parsed; more is not read.
PARSED_BYTES = 500 * 1024
# Section 2.4: no copy should be used for longer.
KEPT_S = 24 * 3600.0
_ASKED_FIRST = 1000


class Robots:
    """Asks each origin's robots.txt once a day, before anything else of that origin."""

    def __init__(self, crawler: Any, clock: Callable[[], float] = time.monotonic) -> None:
        self._crawler = crawler
        self._clock = clock
        self._most_bytes: int = crawler.settings[POLITENESS].max_bytes
        # The product token alone: groups for words that our contact holds are not for us.
        self._agent = crawler.settings["USER_AGENT"].split("/")[0].strip()
        self._rules: dict[tuple[str, bool], tuple[float, asyncio.Task[Protego]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> Robots:
        """Build the middleware as Scrapy asks for it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass or refuse it."""
        if request.meta.get("is_robots"):
            return
        try:
            rules = await asyncio.shield(self._asked(request))
        except Refused as refused:
            raise refused.again() from None
        if not rules.can_fetch(request.url, self._agent):
            raise Refused(
                Reason.ROBOTS_DENIED, "its robots.txt asks robots to stay away", failed=False
            )

    def _asked(self, request: Request) -> asyncio.Task[Protego]:
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        home = request.meta.get("home", "")
        # Who may not go inside must not learn from the robots.txt of one who may.
        key = (origin, is_home(request.url, home))
        asked_at, rules = self._rules.get(key, (-math.inf, None))
        if rules is None or self._clock() - asked_at > KEPT_S:
            rules = asyncio.ensure_future(self._ask(origin, home))
            self._rules[key] = (self._clock(), rules)
        return rules

    async def _ask(self, origin: str, home: str) -> Protego:
        request = Request(
            f"{origin}/robots.txt",
            priority=_ASKED_FIRST,
            meta={"is_robots": True, "home": home},
            callback=NO_CALLBACK,
            dont_filter=True,
        )
        try:
            response: Response = await self._crawler.engine.download_async(request)
        except Refused as refused:
            raise refused.again() from None
        except IgnoreRequest:
            return Protego.parse("")  # too many redirects count as "unavailable": all is allowed
        except Exception as error:
            cause = explain(error)
            raise Refused(cause.reason, f"{cause.detail} (asked for robots.txt)") from error
        rules = self._read(response)
        delay_s = rules.crawl_delay(self._agent)
        if delay_s is not None and delay_s > 0:
            self._crawler.spider.turns.slow_down(place(origin), delay_s)
        return rules

    def _read(self, response: Response) -> Protego:
        status = response.status
        if status == 429 or status >= 500:
            raise Refused(
                Reason.ROBOTS_DENIED,
                f"its robots.txt answered {status}, which RFC 9309 reads as a refusal for now",
            )
        if not 200 <= status < 300:
            return Protego.parse("")
        coding = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        try:
            body = b"".join(unpacked(response.body, coding, most_bytes=self._most_bytes))
        except TooMuchError:
            raise Refused(Reason.TOO_LARGE, f"{TOO_LARGE} (its robots.txt)") from None
        return Protego.parse(_parsed_part(body).decode("utf-8-sig", "replace"))


def _parsed_part(body: bytes) -> bytes:
    if len(body) <= PARSED_BYTES:
        return body
    # Half a path would match more than the whole one does.
    return body[: body.rfind(b"\n", 0, PARSED_BYTES) + 1] or body[:PARSED_BYTES]
