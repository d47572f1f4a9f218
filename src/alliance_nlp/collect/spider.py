"""The child's side: one spider that fetches what it is told."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from alliance_nlp.collect.frames import FrameWriter
from alliance_nlp.collect.messages import POLITENESS, Fetch, Politeness, read_opening
from alliance_nlp.collect.refusals import TOO_LARGE, Refused, explain
from alliance_nlp.collect.retries import last_outcome
from alliance_nlp.collect.settings import settings
from alliance_nlp.collect.turns import Turns
from alliance_nlp.collect.unpacking import is_within
from alliance_nlp.core.types import Reason, Role
from alliance_nlp.core.urls import is_web_url

# A listing may name any URL; one line too long for the reader would end the whole night.
_LONGEST_LINE = 1 << 27
_LISTING_FIRST = 10


class FetchSpider(scrapy.Spider):
    """Turns request lines on standard input into Scrapy requests, and their ends into frames."""

    name = "fetch"

    def __init__(
        self, *, frames: FrameWriter, at: datetime | None, politeness: Politeness, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.frames = frames
        self.at = at
        self.turns = Turns(politeness, frames.is_congested)
        self._max_bytes = politeness.max_bytes

    async def start(self) -> AsyncIterator[Request]:
        """Yield requests as they are asked for, until the parent says end."""
        self.turns.start()
        reader = asyncio.StreamReader(limit=_LONGEST_LINE)
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while True:
            line = await reader.readline()
            if not line:
                os._exit(1)  # the parent is gone: whatever is under way has no one to go to
            message = json.loads(line)
            if message.get("end"):
                return
            request = self._request(Fetch.read(message))
            if request is not None:
                yield request

    def _request(self, fetch: Fetch) -> Request | None:
        if not is_web_url(fetch.url):
            self._done(fetch, Refused(Reason.BAD_URL, "it is no address of the web"))
            return None
        # Back to the bytes they came in, see Tap.
        headers = {
            name: value.encode("latin-1", "replace")
            for name, value in (
                ("If-None-Match", fetch.etag),
                ("If-Modified-Since", fetch.last_modified),
            )
            if value
        }
        try:
            return Request(
                fetch.url,
                headers=headers,
                callback=self.succeeded,
                errback=self.failed,
                dont_filter=True,
                meta={"fetch": fetch, "home": fetch.home},
                # Listings first: they bring work, and tell early when a source is gone.
                priority=fetch.priority + (_LISTING_FIRST if fetch.role is Role.LISTING else 0),
            )
        except ValueError as error:
            self._done(fetch, Refused(Reason.BAD_URL, str(error)))
            return None

    def succeeded(self, response: Response) -> None:
        """Settle a request that brought a response of any status."""
        fetch = response.meta["fetch"]
        coding = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        if is_within(response.body, coding, most_bytes=self._max_bytes):
            self._settle(fetch, response.status)
        else:
            self._done(fetch, Refused(Reason.TOO_LARGE, f"unpacked, {TOO_LARGE}"))

    def failed(self, failure: Failure) -> None:
        """Settle a request that brought none, or a redirect that cannot be followed."""
        request: Request = failure.request  # type: ignore[attr-defined]
        fetch: Fetch = request.meta["fetch"]
        refused = explain(failure.value or OSError("no cause given"))
        if refused.reason is Reason.PUT_OFF:
            # What a try has told is worth more than that there was no further one.
            refused = last_outcome(request) or refused
        elif refused.reason is Reason.BAD_URL and "arrived" in request.meta:
            self._settle(fetch, request.meta["arrived"])
            return
        self._done(fetch, refused)

    def _settle(self, fetch: Fetch, status: int) -> None:
        if 200 <= status < 300 or status == 304:
            self._done(fetch, None)
        else:
            self._done(fetch, Refused(Reason.HTTP_STATUS, f"answered with status {status}"))

    def _done(self, fetch: Fetch, refused: Refused | None) -> None:
        rejected = refused.rejected(fetch.url) if refused else None
        self.frames.write("done", key=fetch.key, value=rejected)


class Proxy:
    """Sends every request, those for robots.txt too, through the configured proxy."""

    def __init__(self, proxy: str) -> None:
        self._proxy = proxy

    @classmethod
    def from_crawler(cls, crawler: Any) -> Proxy:
        """Build the middleware as Scrapy asks for it."""
        return cls(crawler.settings[POLITENESS].proxy)

    def process_request(self, request: Request) -> None:
        """Set the proxy where there is one."""
        if self._proxy:
            request.meta["proxy"] = self._proxy


def main() -> None:
    """Read the settings from the first line of standard input and fetch until told to end."""
    frames = FrameWriter(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)  # whatever a library prints must not fall between the frames
    politeness, at = read_opening(_first_line())
    process = AsyncCrawlerProcess(settings(politeness))
    process.crawl(FetchSpider, frames=frames, at=at, politeness=politeness)
    process.start(install_signal_handlers=True)
    frames.close()


def _first_line() -> bytes:
    # Unbuffered: the rest of standard input belongs to the event loop.
    line = bytearray()
    while (byte := os.read(0, 1)) not in (b"\n", b""):
        line += byte
    return bytes(line)
