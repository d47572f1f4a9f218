"""The child's side: one spider that fetches what it is told, and the taps around it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from typing import IO, Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from alliance_nlp.collect.frames import write_frame
from alliance_nlp.collect.robots import RobotsDenied, RobotsUnavailable, is_too_large
from alliance_nlp.core.clock import now
from alliance_nlp.core.types import Page, Reason, Rejected, Role, Stage
from alliance_nlp.core.urls import host, is_web_url

# A listing may name any URL; one line too long for the reader would end the whole night.
_LONGEST_LINE = 1 << 27
_TLS_WORDS = ("ssl", "tls", "certificate")


class FetchSpider(scrapy.Spider):
    """Turns request lines on standard input into Scrapy requests, and their ends into frames."""

    name = "fetch"

    def __init__(self, *, frames: IO[bytes], at: datetime | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.frames = frames
        self.at = at

    async def start(self) -> AsyncIterator[Request]:
        """Yield requests as they are asked for, until the parent says end."""
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
            request = self._request(message)
            if request is not None:
                yield request

    def _request(self, message: dict[str, str]) -> Request | None:
        url = message["url"]
        if not is_web_url(url):
            self._done(message, _rejected(url, Reason.BAD_URL, "it is no address of the web"))
            return None
        # Back to the bytes they came in, see Tap.
        headers = {
            name: value.encode("latin-1", "replace")
            for name, value in (
                ("If-None-Match", message["etag"]),
                ("If-Modified-Since", message["last_modified"]),
            )
            if value
        }
        try:
            return Request(
                url,
                headers=headers,
                callback=self.succeeded,
                errback=self.failed,
                dont_filter=True,
                meta={"fetch": message},
                # Listings first: they bring work, and tell early when a source is gone.
                priority=10 if message["role"] == Role.LISTING else 0,
            )
        except ValueError as error:
            self._done(message, _rejected(url, Reason.BAD_URL, str(error)))
            return None

    def succeeded(self, response: Response) -> None:
        """Settle a request that brought a response of any status."""
        self._settle(response.meta["fetch"], response.status)

    def _settle(self, message: dict[str, str], status: int) -> None:
        if 200 <= status < 300 or status == 304:
            self._done(message, None)
        else:
            detail = f"answered with status {status}"
            self._done(message, _rejected(message["url"], Reason.HTTP_STATUS, detail))

    def failed(self, failure: Failure) -> None:
        """Settle a request that brought none, or one that Scrapy could not unpack."""
        meta = failure.request.meta  # type: ignore[attr-defined]
        message = meta["fetch"]
        if "arrived" in meta and not isinstance(failure.value, IgnoreRequest):
            self._settle(message, meta["arrived"])  # its Content-Encoding is wrong; we have it
            return
        self._done(message, explain(message["url"], failure.value or OSError("no cause given")))

    def _done(self, message: dict[str, str], rejected: Rejected | None) -> None:
        write_frame(self.frames, "done", key=message["key"], value=rejected)


class Tap:
    """Hands on every response as received: before decoding, redirects and robots.txt included."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> Tap:
        """Build the middleware as Scrapy asks for it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Forget what a try or a hop before this one brought."""
        request.meta.pop("arrived", None)

    def process_response(self, request: Request, response: Response) -> Response:
        """Write the response as a page frame."""
        message = request.meta.get("fetch")
        request.meta["arrived"] = response.status
        spider = self._crawler.spider
        page = Page(
            source_id=message["source_id"] if message else host(request.url),
            role=Role(message["role"]) if message else Role.ROBOTS,
            asked_url=message["url"] if message else request.url,
            url=response.url,
            status=response.status,
            headers=tuple(
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, values in response.headers.items()
                for value in values
            ),
            body=response.body,
            fetched_at=spider.at or now(),
        )
        write_frame(spider.frames, "page", key=message["key"] if message else "", value=page)
        return response


class Proxy:
    """Sends every request, those for robots.txt too, through the configured proxy."""

    def __init__(self, proxy: str) -> None:
        self._proxy = proxy

    @classmethod
    def from_crawler(cls, crawler: Any) -> Proxy:
        """Build the middleware as Scrapy asks for it."""
        return cls(crawler.settings.get("ALLIANCE_PROXY", ""))

    def process_request(self, request: Request) -> None:
        """Set the proxy where there is one."""
        if self._proxy:
            request.meta["proxy"] = self._proxy


def _rejected(url: str, reason: Reason, detail: str, *, failed: bool = True) -> Rejected:
    return Rejected(
        stage=Stage.COLLECT, subject_id=url, reason=reason, detail=detail, failed=failed
    )


_REASONS: tuple[tuple[type[BaseException], Reason, str], ...] = (
    (CannotResolveHostError, Reason.UNREACHABLE, "its host name is not known"),
    (DownloadConnectionRefusedError, Reason.UNREACHABLE, "it refused the connection"),
    (DownloadTimeoutError, Reason.TIMEOUT, "it did not answer in time"),
    (DownloadCancelledError, Reason.TOO_LARGE, "it is larger than collect.max_bytes allows"),
    (ResponseDataLossError, Reason.CUT_OFF, "its answer was cut off"),
    (UnsupportedURLSchemeError, Reason.BAD_URL, "its scheme is neither http nor https"),
    (ValueError, Reason.BAD_URL, "its URL cannot be requested"),
)


def explain(url: str, error: BaseException) -> Rejected:
    """Return a download error as a typed rejection."""
    said = " ".join(str(error).split())
    if isinstance(error, RobotsDenied):
        return _rejected(url, Reason.ROBOTS_DENIED, said, failed=False)
    if isinstance(error, RobotsUnavailable):
        if error.cause is not None:
            return explain(url, error.cause)
        return _rejected(url, Reason.ROBOTS_DENIED, said)
    if isinstance(error, IgnoreRequest) and is_too_large(error):
        return _rejected(url, Reason.TOO_LARGE, "it unpacks to more than collect.max_bytes allows")
    if isinstance(error, IgnoreRequest):
        return _rejected(url, Reason.REDIRECTS, said or "it redirects too often")
    for kind, reason, detail in _REASONS:
        if isinstance(error, kind):
            return _rejected(url, reason, detail)
    if any(word in said.lower() for word in _TLS_WORDS):
        return _rejected(url, Reason.TLS, f"its certificate or TLS is not in order: {said}")
    return _rejected(url, Reason.UNREACHABLE, f"it could not be reached: {said or error!r}")


def _settings(politeness: dict[str, Any]) -> dict[str, Any]:
    here = "alliance_nlp.collect.spider"
    return {
        "USER_AGENT": politeness["user_agent"],
        "ALLIANCE_PROXY": politeness["proxy"],
        "ROBOTSTXT_OBEY": False,  # Robots obeys it instead, see there
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": politeness["delay_s"],
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(politeness["concurrency_per_host"]),
        "DOWNLOAD_DELAY": politeness["delay_s"],
        "DOWNLOAD_DELAY_JITTER": 0,  # by default half the delay may do
        "DOWNLOAD_TIMEOUT": politeness["timeout_s"],
        "DOWNLOAD_MAXSIZE": politeness["max_bytes"],
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "CONCURRENT_REQUESTS": politeness["concurrency"],
        "CONCURRENT_REQUESTS_PER_DOMAIN": politeness["concurrency_per_host"],
        "RETRY_TIMES": politeness["retries"],
        "REDIRECT_MAX_TIMES": 5,
        "URLLENGTH_LIMIT": 0,  # drops a request without a word, and the parent waits for ever
        "COOKIES_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,  # by default it listens and executes what it is sent
        "LOG_LEVEL": "CRITICAL",  # what fails is reported as a value, once
        "DOWNLOADER_MIDDLEWARES": {
            "alliance_nlp.collect.robots.Robots": 100,
            f"{here}.Proxy": 740,
            f"{here}.Tap": 990,  # nearest to the network: before decoding and redirects
        },
    }


def main() -> None:
    """Read the settings from the first line of standard input and fetch until told to end."""
    frames = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not fall between the frames
    first = json.loads(_first_line())
    at = datetime.fromisoformat(first["at"]) if first["at"] else None
    process = AsyncCrawlerProcess(_settings(first["politeness"]))
    process.crawl(FetchSpider, frames=frames, at=at)
    process.start(install_signal_handlers=True)


def _first_line() -> bytes:
    # Unbuffered: the rest of standard input belongs to the event loop.
    line = bytearray()
    while (byte := os.read(0, 1)) not in (b"\n", b""):
        line += byte
    return bytes(line)
